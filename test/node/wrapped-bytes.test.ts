/** Bytes that GStreamer reads without a copy are let go of when it has freed their memory, and not before. */
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { assert } from 'chai';
import { host } from '#host';
import { Buffer, Memory } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';
import { sleep } from '../harness/sleep.ts';
import { engines, inChild, type Look } from './child.ts';

describe('The ArrayBuffer of wrapped bytes', () => {
  it('is not transferred, even once its bytes are free', () => {
    const bytes = new Uint8Array(100).fill(3);
    Memory.newWrapped(bytes).dispose();
    using _again = Buffer.newWrapped(bytes.subarray(50));
    assert.throws(() => (bytes.buffer as ArrayBuffer & { transfer(): ArrayBuffer }).transfer(), TypeError, /wrapped/);
    const { port1 } = new MessageChannel();
    assert.throws(() => port1.postMessage(bytes, [bytes.buffer]), /Cannot transfer/);
    port1.close();
    assert.strictEqual(bytes[99], 3);
  });

  it('lives as long as the last part of its memory', async () => {
    const collected = { is: false };
    const registry = new FinalizationRegistry(() => {
      collected.is = true;
    });
    const part = (() => {
      const bytes = new Uint8Array(1000);
      registry.register(bytes.buffer, null);
      using memory = Memory.newWrapped(bytes);
      return memory.share(500, 10);
    })();
    // The timer looks several times meanwhile.
    for (let count = 0; count < 5; count++) {
      await sleep(100);
      await host.collect();
    }
    assert.isFalse(collected.is);
    part.dispose();
    while (!collected.is) {
      await sleep(20);
      await host.collect();
    }
  });

  it('stays free of GStreamer in a worker, which may be terminated at any time', async () => {
    const source = `
      import { parentPort } from 'node:worker_threads';
      import { Buffer, features } from ${JSON.stringify(new URL('../../src/index.js', import.meta.url).href)};
      const bytes = new Uint8Array(8).fill(1);
      const buffer = Buffer.newWrapped(bytes);
      bytes.fill(2);
      const seen = [...buffer.extract()];
      buffer.dispose();
      parentPort.postMessage([features().wrappedBytes.available, ...seen, ...new Uint8Array(bytes.buffer.transfer()).slice(6)]);`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    const [message] = await once(worker, 'message');
    assert.deepEqual(message, [false, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
    await worker.terminate();
  });

  it('is refused where it cannot be kept from transfers', () => {
    throws(() => Memory.newWrapped(Object.freeze(new ArrayBuffer(4))), TypeError, /frozen/);
  });
});

for (const engine of engines) {
  describe(`20,000 buffers of wrapped bytes (${engine})`, function () {
    this.timeout(120_000);
    for (const [fate, sink] of [
      ['read', 'appsink name=sink sync=false max-buffers=4'],
      ['dropped unread, in pipelines that stop in the midst', 'identity ! appsink name=sink max-buffers=2 drop=true'],
    ] as const)
      it(`take no memory once they are ${fate}`, async () => {
        const { code, value, stderr } = await inChild(
          engine,
          async ({ Buffer, Pipeline }, { look, collect }, sink) => {
            let collected = 0;
            let wrong = 0;
            const registry = new FinalizationRegistry(() => collected++);
            const looks: Look[] = [];
            for (let round = 0; round < 4; round++) {
              const pipeline = Pipeline.parse(`appsrc name=source max-bytes=1000000 ! ${sink}`);
              await pipeline.play();
              const isRead = !sink.includes('drop');
              const source = pipeline.appSrc('source');
              for (let count = 0; count < 5000; count++) {
                const bytes = new Uint8Array(32_768).fill(count);
                registry.register(bytes.buffer, null);
                const buffer = Buffer.newWrapped(bytes);
                await source.push(buffer);
                buffer.dispose();
                if (!isRead) continue;
                const sample = await pipeline.appSink('sink').pull();
                const seen = sample?.buffer?.extract();
                if (![0, 10_000, 32_767].every((at) => seen?.[at] === (count & 255))) wrong++;
                sample?.dispose();
              }
              await pipeline.stop();
              pipeline.dispose();
              for (let wait = 0; wait < 20 && collected < 5000 * (round + 1); wait++) await collect();
              looks.push(look());
            }
            return { collected, wrong, rss: looks.map(({ rss }) => rss) };
          },
          { argument: sink },
        );
        assert.strictEqual(stderr, '');
        assert.strictEqual(code, 0);
        const { collected, wrong, rss } = value as { collected: number; wrong: number; rss: number[] };
        if (process.env.GST_ALLOCATORS_FIGURES) console.log(`      RSS ${rss.map((each) => each.toFixed(0))} MiB`);
        assert.deepEqual({ collected, wrong }, { collected: 20_000, wrong: 0 });
        // 5,000 that were kept would be 156 MiB.
        assert.isBelow((rss[3] as number) - (rss[1] as number), 60);
      });
  });
}

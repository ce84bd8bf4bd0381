import { assert } from 'chai';
import { host } from '#host';
import { FrameReader, FrameWriter, PipelineError, type Sample, type TransportName } from '../../src/index.ts';
import { grayCaps } from '../harness/caps.ts';
import type { Program } from '../harness/host.ts';
import { itInOwnProcess } from '../harness/own-process.ts';
import { sleep } from '../harness/sleep.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const caps = grayCaps(64, 64);
const size = 64 * 64;

const frame = (value: number): Uint8Array => new Uint8Array(size).fill(value);

/** Writes frames until the reader has what it wants. */
async function writeUntil(writer: FrameWriter, done: () => boolean, value = 1): Promise<void> {
  for (let index = 0; index < 400 && !done(); index++) {
    await writer.write(frame(value), { pts: index * 1e6, timeout: 2e9 });
    await sleep(5);
  }
}

async function take(reader: FrameReader, count: number, seen: (sample: Sample) => void): Promise<void> {
  let left = count;
  for await (const sample of reader) {
    seen(sample);
    sample.dispose();
    if (--left === 0) return;
  }
}

/** Writer and reader in a program with a large heap: how long the longest write took, and a collection. In milliseconds. */
const beside: Program<{ longest: number; collecting: number }> = async (gst, { collect }) => {
  // biome-ignore lint/suspicious/noExplicitAny: raw
  const { GLib } = gst.gi as any;
  const path: string = GLib.getenv('SPEC_SOCKET');
  const transport = GLib.getenv('SPEC_TRANSPORT') as TransportName;
  const caps = 'video/x-raw, format=GRAY8, width=64, height=64, framerate=30/1';
  const length = 1e6;
  const heap = Array.from({ length }, () => ({ next: {}, other: {} }));
  // From each to one far away, which is what makes collectors slow.
  for (const [index, one] of heap.entries()) one.next = heap[(index * 7919) % length] ?? {};
  const begin = Date.now();
  await collect();
  const collecting = (Date.now() - begin) / 3;
  const writer = await gst.FrameWriter.open(path, { caps, transport });
  let left = 6;
  const reading = (async () => {
    for await (const sample of gst.FrameReader.follow(path, { transport, caps })) {
      sample.dispose();
      if (--left === 0) return;
    }
  })();
  let longest = 0;
  while (left > 0) {
    const before = Date.now();
    await writer.write(new Uint8Array(4096));
    longest = Math.max(longest, Date.now() - before);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await reading;
  await writer.close();
  return { longest, collecting: heap.length ? collecting : 0 };
};

for (const transport of ['unixfd', 'shm'] as TransportName[]) {
  describe(`frames between processes over ${transport}`, function () {
    this.timeout(20000);

    it('arrive at a reader that came before the writer', async () => {
      const path = temporaryPath('socket');
      let got = 0;
      const reading = take(FrameReader.follow(path, { transport, caps }), 5, (sample) => {
        got++;
        assert.deepEqual([...(sample.buffer?.extract(0, 3) ?? [])], [7, 7, 7]);
        assert.include(sample.caps ?? '', 'GRAY8');
        assert.equal(sample.buffer?.size, size);
      });
      await sleep(100);
      const writer = await FrameWriter.open(path, { caps, transport });
      await writeUntil(writer, () => got >= 5, 7);
      await reading;
      await writer.close();
      assert.equal(got, 5);
    });

    it('are preceded by a connection, which the reader tells of', async () => {
      const path = temporaryPath('socket');
      await using writer = await FrameWriter.open(path, { caps, transport });
      const controller = new AbortController();
      const reader = FrameReader.follow(path, { transport, caps, signal: controller.signal });
      const frames = reader[Symbol.asyncIterator]();
      const first = frames.next();
      assert.isFalse(reader.isConnected);
      for (let waited = 0; !reader.isConnected && waited < 300; waited++) await sleep(10);
      assert.isTrue(reader.isConnected);
      assert.strictEqual(reader.connections, 1);
      let came = false;
      first.then(({ value }) => {
        came = true;
        (value as Sample | undefined)?.dispose();
      });
      await writeUntil(writer, () => came);
      assert.isTrue(came);
      controller.abort();
      await frames.return(undefined);
      assert.isFalse(reader.isConnected);
    });

    it('come back every one: a writer with a single buffer goes on', async () => {
      const writer = await FrameWriter.open(temporaryPath('socket'), { caps, transport, buffers: 1 });
      let written = 0;
      for (; written < 4; written++) {
        using buffer = await writer.acquire(size, { timeout: 2e9 });
        await writer.write(buffer, { timeout: 2e9 });
      }
      assert.strictEqual(written, 4);
      await writer.close();
    });

    it('reach several readers, and one that leaves disturbs nobody', async () => {
      const path = temporaryPath('socket');
      const writer = await FrameWriter.open(path, { caps, transport });
      const got = [0, 0, 0];
      const readers = got.map((_, index) => {
        const count = index === 0 ? 2 : 20;
        return take(FrameReader.follow(path, { transport, caps }), count, () => {
          got[index] = (got[index] ?? 0) + 1;
        });
      });
      await writeUntil(writer, () => got.every((count, index) => count >= (index === 0 ? 2 : 20)));
      await Promise.all(readers);
      await writer.close();
      assert.deepEqual(got, [2, 20, 20]);
    });

    it('come again after a writer has gone and another come', async () => {
      const path = temporaryPath('socket');
      const reader = FrameReader.follow(path, { transport, caps });
      const values: number[] = [];
      const reading = take(reader, 60, (sample) => void values.push(sample.buffer?.extract(0, 1)[0] ?? 0));
      for (const value of [1, 2]) {
        const writer = await FrameWriter.open(path, { caps, transport });
        await writeUntil(writer, () => values.filter((seen) => seen === value).length >= 20, value);
        await writer.close();
      }
      const last = await FrameWriter.open(path, { caps, transport });
      await writeUntil(last, () => values.length >= 60, 2);
      await reading;
      await last.close();
      assert.isAtLeast(reader.connections, 2);
      assert.include(values, 1);
      assert.include(values, 2);
    });

    it('are refused a path where another writer listens, or that is no socket', async () => {
      const path = temporaryPath('socket');
      const writer = await FrameWriter.open(path, { caps, transport });
      assert.instanceOf(
        await FrameWriter.open(path, { caps, transport }).catch((error: unknown) => error),
        PipelineError,
      );
      await writer.write(frame(1), { timeout: 2e9 });
      await writer.close();
      await writer.close();
      assert.instanceOf(
        await FrameWriter.open('/etc/hostname', { caps, transport }).catch((error: unknown) => error),
        PipelineError,
      );
    });

    it('come back from a reader in whose program collecting takes long', async () => {
      const ran = await host.run(beside, { SPEC_SOCKET: temporaryPath('socket'), SPEC_TRANSPORT: transport });
      assert.strictEqual(ran.status, 0, ran.stderr);
      const { longest = Number.NaN, collecting = Number.NaN } = ran.value ?? {};
      assert.isBelow(longest, 1000 + 4 * collecting, `a collection takes ${collecting} ms`);
    }).timeout(60_000);

    it('end for a reader with its signal, also while nobody writes', async () => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      for await (const _ of FrameReader.follow(temporaryPath('socket'), { transport, caps, signal: abort.signal }))
        assert.fail('there is no frame');
      assert.isTrue(abort.signal.aborted);
    });
  });
}

describe('frames between processes over unixfd', function () {
  this.timeout(20000);

  it('arrive in the memory they were written to, and end with the writer', async () => {
    const path = temporaryPath('socket');
    const writer = await FrameWriter.open(path, { caps });
    const written = new Set<string>();
    const read = new Set<string>();
    const reading = (async () => {
      for await (const sample of FrameReader.follow(path, { reconnect: false })) {
        const memory = sample.buffer?.memory(0);
        read.add(host.fileOf(memory?.fd ?? -1));
        memory?.dispose();
        sample.dispose();
      }
    })();
    for (let index = 0; index < 300 && read.size === 0; index++) {
      const buffer = await writer.acquire(size, { timeout: 2e9 });
      const memory = buffer.memory(0);
      written.add(host.fileOf(memory.fd ?? -1));
      memory.dispose();
      buffer.memset(0, 1, size);
      await writer.write(buffer, { pts: index * 1e6 });
      buffer.dispose();
      await sleep(5);
    }
    await writer.close();
    await reading;
    assert.isNotEmpty([...read]);
    for (const file of read) assert.isTrue(written.has(file));
  });

  it('change caps in mid-stream', async () => {
    const path = temporaryPath('socket');
    const writer = await FrameWriter.open(path, { caps });
    const seen = new Set<string>();
    const reading = take(FrameReader.follow(path), 1000, (sample) => {
      seen.add(/width=\(int\)(\d+)/.exec(sample.caps ?? '')?.[1] ?? '');
      if (seen.size > 1) throw new Error('both seen');
    }).catch((error: Error) => assert.equal(error.message, 'both seen'));
    await writeUntil(writer, () => seen.has('64'));
    writer.caps = caps.replace('width=64', 'width=32');
    for (let index = 0; index < 300 && seen.size < 2; index++) {
      await writer.write(new Uint8Array(size / 2), { timeout: 2e9 });
      await sleep(5);
    }
    await reading;
    await writer.close();
    assert.deepEqual([...seen], ['64', '32']);
  });

  it('refuse bad paths, transports and options', async () => {
    assert.throws(() => FrameReader.follow('x'.repeat(108)), RangeError);
    assert.throws(() => FrameReader.follow(''), RangeError);
    assert.throws(() => FrameReader.follow('/tmp/x', { transport: 'pigeon' as TransportName }), RangeError);
    assert.throws(() => FrameReader.follow('/tmp/x', { transport: 'shm' }), TypeError);
    assert.throws(() => FrameReader.follow('/tmp/x', { recconnect: true } as object), /did you mean `reconnect`/);
    assert.instanceOf(
      await FrameWriter.open('/tmp/x', {} as { caps: string }).catch((error: unknown) => error),
      TypeError,
    );
  });
});

describe('FrameWriter.write', () => {
  itInOwnProcess(
    'refuses a frame without bytes, over each transport',
    ['RangeError', 'RangeError', 'RangeError', 'RangeError'],
    async (gst, attempt) => {
      const caps = 'video/x-raw, format=GRAY8, width=2, height=2, framerate=1/1';
      const buffer = new gst.Buffer();
      for (const transport of ['unixfd', 'shm'] as const) {
        const path = `/tmp/gst-allocators-hostile-${performance.now()}`;
        const writer = await gst.FrameWriter.open(path, { caps, transport });
        for (const frame of [buffer, new Uint8Array(0)]) await attempt(() => writer.write(frame));
        await writer.close();
      }
      buffer.dispose();
    },
  );
});

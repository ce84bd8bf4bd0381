import { assert } from 'chai';
import { host } from '#host';
import { type AppSrc, Buffer, BufferFlags, Pipeline } from '../../src/index.ts';
import { sleep } from '../harness/sleep.ts';

const second = 1e9;

/** 100 bytes that last a second. */
async function push(
  source: AppSrc,
  at: number,
  { size = 100, duration = second as number | null } = {},
): Promise<void> {
  using buffer = Buffer.from(new Uint8Array(size));
  buffer.pts = at * second;
  buffer.duration = duration;
  await source.push(buffer);
}

/** A pipeline that is held by its sink: the first buffer is on its way there, all others stay in the source. */
async function held(options: string): Promise<Pipeline> {
  const pipeline = Pipeline.parse(`appsrc name=source format=time ${options} ! appsink name=sink sync=false`);
  await pipeline.pause();
  const source = pipeline.appSrc('source');
  await push(source, 0);
  while (Number(source.get('current-level-buffers')) > 0) await sleep(1);
  return pipeline;
}

const levels = (source: AppSrc) =>
  ['bytes', 'buffers', 'time'].map((what) => Number(source.get(`current-level-${what}`)));

/** Times in seconds, with a mark behind those that come after a gap. */
async function seen(pipeline: Pipeline): Promise<string[]> {
  pipeline.appSrc('source').endOfStream();
  const found: string[] = [];
  for await (using sample of pipeline.appSink('sink').frames()) {
    using buffer = sample.buffer as Buffer;
    found.push(`${Number(buffer.pts) / second}${found.length && buffer.flags & BufferFlags.DISCONT ? '!' : ''}`);
  }
  return found;
}

const limits = [
  ['max-bytes', 'max-bytes=200'],
  ['max-buffers', 'max-bytes=0 max-buffers=2'],
  ['max-time', 'max-bytes=0 max-time=2000000000'],
] as const;

describe('AppSrc limits', () => {
  for (const [limit, options] of limits) {
    for (const block of ['false', 'true']) {
      it(`${limit} has pushes wait, in their order, with block=${block}`, async () => {
        await using pipeline = await held(`${options} block=${block}`);
        const source = pipeline.appSrc('source');
        assert.strictEqual(source.get('block'), block === 'true');
        let pushed = 0;
        const pushes = Array.from({ length: 8 }, (_, index) => push(source, index + 1).then(() => pushed++));
        await sleep(50);
        assert.strictEqual(pushed, 2);
        assert.deepEqual(levels(source), [200, 2, 2 * second]);
        await pipeline.play();
        const times = seen(pipeline);
        await Promise.all(pushes);
        assert.deepEqual(await times, ['0', '1', '2', '3', '4', '5', '6', '7', '8']);
      });
    }

    it(`${limit} drops instead of waiting with a leaky-type`, async () => {
      await using pipeline = await held(`${options} leaky-type=upstream`);
      const source = pipeline.appSrc('source');
      await push(source, 1);
      await push(source, 2);
      assert.deepEqual(levels(source), [200, 2, 2 * second]);
      // The new one goes.
      await push(source, 3);
      assert.deepEqual(levels(source), [200, 2, 2 * second]);
      source.set('leaky-type', 'downstream');
      // The oldest one goes.
      await push(source, 4);
      assert.deepEqual(levels(source).slice(0, 2), [200, 2]);
      await pipeline.play();
      assert.deepEqual(await seen(pipeline), ['0', '2!', '4!']);
    });
  }

  it('of none never have a push wait', async () => {
    await using pipeline = await held('max-bytes=0 block=true');
    const source = pipeline.appSrc('source');
    let pushed = 0;
    for (let index = 1; index <= 500; index++) push(source, index).then(() => pushed++);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    assert.strictEqual(pushed, 500);
    assert.strictEqual(source.get('current-level-buffers'), 500);
  });

  it('that change let waiting pushes through', async () => {
    await using pipeline = await held('max-bytes=0 max-buffers=1');
    const source = pipeline.appSrc('source');
    let pushed = 0;
    const pushes = Array.from({ length: 6 }, (_, index) => push(source, index + 1).then(() => pushed++));
    await sleep(10);
    assert.strictEqual(pushed, 1);
    source.set('max-buffers', 3);
    await sleep(10);
    assert.strictEqual(pushed, 3);
    source.set('leaky-type', 'upstream');
    await Promise.all(pushes);
    assert.strictEqual(source.get('current-level-buffers'), 3);
  });

  it('let a buffer through that is larger than they are, once nothing is ahead of it', async () => {
    await using pipeline = await held('max-bytes=10 max-time=1');
    const source = pipeline.appSrc('source');
    await push(source, 1);
    const next = push(source, 2);
    assert.strictEqual(await Promise.race([next.then(() => 'pushed'), sleep(20)]), undefined);
    await pipeline.play();
    const times = seen(pipeline);
    await next;
    assert.deepEqual(await times, ['0', '1', '2']);
  });

  it('count empty buffers, and no time that is unknown', async () => {
    await using pipeline = await held('max-bytes=0 max-buffers=3 max-time=1000000000');
    const source = pipeline.appSrc('source');
    let pushed = 0;
    const untimed = async () => {
      using buffer = new Buffer();
      await source.push(buffer);
      pushed++;
    };
    const pushes = Array.from({ length: 5 }, untimed);
    await sleep(20);
    assert.strictEqual(pushed, 3);
    assert.deepEqual(levels(source), [0, 3, 0]);
    await pipeline.play();
    const times = seen(pipeline);
    await Promise.all(pushes);
    assert.lengthOf(await times, 6);
  });
});

describe('AppSrc block', () => {
  it('is what it was set to, and off in the element as long as there is a facade', async () => {
    using pipeline = Pipeline.parse('appsrc name=source block=true ! fakesink');
    const source = pipeline.appSrc('source');
    // biome-ignore lint/suspicious/noExplicitAny: the raw object
    const raw = source.gi as any;
    for (const [wanted, value] of [
      [true, true],
      ['false', false],
      ['true', true],
    ] as const) {
      source.set('block', wanted);
      assert.strictEqual(source.get('block'), value);
      assert.isFalse(raw.block);
    }
    source.dispose();
    assert.isTrue(raw.block);
    assert.isTrue(pipeline.appSrc('source').get('block'));
    assert.isFalse(raw.block);
    pipeline.appSrc('source').set('block', false);
    pipeline.appSrc('source').dispose();
    assert.isFalse(raw.block);
  });

  // In a process of its own: a thread that blocks can say nothing.
  it('that the raw element was given holds no thread either', async () => {
    const ran = await host.run(async ({ Buffer, Pipeline }) => {
      const pipeline = Pipeline.parse('appsrc name=source max-bytes=0 max-buffers=2 ! fakesink');
      await pipeline.pause();
      const source = pipeline.appSrc('source');
      // biome-ignore lint/suspicious/noExplicitAny: the raw object
      (source.gi as any).block = true;
      let pushed = 0;
      const pushes = Array.from({ length: 8 }, async () => {
        const buffer = Buffer.from(new Uint8Array(10));
        await source.push(buffer);
        buffer.dispose();
        pushed++;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const before = pushed;
      await pipeline.play();
      await Promise.all(pushes);
      await pipeline.stop();
      pipeline.dispose();
      return [before < 4, pushed];
    });
    assert.deepEqual(ran.value, [true, 8], ran.stderr);
  });
});

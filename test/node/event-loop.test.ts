/** Node's event loop goes on while pipelines run: nothing of ours blocks it, or sits on the threads that fs and dns need. */
import { assert } from 'chai';
import { inChild } from './child.ts';

describe('The event loop', function () {
  this.timeout(60_000);

  it('is not blocked for longer than 5 ms while 4 sinks take 720p as fast as it comes', async () => {
    const { code, value, stderr } = await inChild('node', async ({ Pipeline }, { sleep }) => {
      const { monitorEventLoopDelay } = await import('node:perf_hooks');
      const numbers = [1, 2, 3, 4];
      const source = 'videotestsrc pattern=black ! video/x-raw, format=I420, width=1280, height=720';
      const results: object[] = [];
      // The first shows what the machine does to a loop that has nothing to do, beside four busy threads.
      for (const sink of ['fakesink', 'appsink']) {
        const pipeline = Pipeline.parse(
          numbers.map((number) => `${source} ! ${sink} sync=false name=sink${number}`).join(' '),
        );
        await pipeline.play();
        const stop = new AbortController();
        let frames = 0;
        const loops = numbers.map(async (number) => {
          if (sink === 'fakesink') return;
          for await (const sample of pipeline.appSink(`sink${number}`).frames({ signal: stop.signal })) {
            if (sample.buffer?.withMapping(1, (bytes) => bytes.length) === (1280 * 720 * 3) / 2) frames++;
            sample.dispose();
          }
        });
        // What compiles and binds itself at its first use has done so by then.
        await sleep(500);
        const delay = monitorEventLoopDelay({ resolution: 1 });
        delay.enable();
        await sleep(2000);
        delay.disable();
        stop.abort();
        await Promise.all(loops);
        await pipeline.stop();
        pipeline.dispose();
        // The histogram counts from one look to the next, which are a millisecond apart.
        const milliseconds = (nanoseconds: number) => nanoseconds / 1e6 - 1;
        results.push({
          frames,
          median: milliseconds(delay.percentile(50)),
          high: milliseconds(delay.percentile(99)),
          max: milliseconds(delay.max),
        });
      }
      return results;
    });
    assert.strictEqual(stderr, '');
    assert.strictEqual(code, 0);
    const [idle, busy] = value as Record<'frames' | 'median' | 'high' | 'max', number>[];
    if (process.env.GST_ALLOCATORS_FIGURES) console.log('      nothing to do:', idle, 'four sinks:', busy);
    assert.isAbove(busy?.frames ?? 0, 400);
    assert.isBelow(busy?.high ?? 0, 5 + (idle?.high ?? 0));
  });

  it('has its turn after a millisecond of frames, however many sinks there are', async () => {
    const { code, value, stderr } = await inChild('node', async ({ Pipeline }, { sleep }) => {
      const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
      const source = 'videotestsrc ! video/x-raw, width=16, height=16 ! appsink sync=false';
      const pipeline = Pipeline.parse(numbers.map((number) => `${source} name=sink${number}`).join(' '));
      await pipeline.play();
      const stop = new AbortController();
      let frames = 0;
      const loops = numbers.map(async (number) => {
        for await (const sample of pipeline.appSink(`sink${number}`).frames({ signal: stop.signal })) {
          frames++;
          for (const end = performance.now() + 0.25; performance.now() < end; );
          sample.dispose();
        }
      });
      await sleep(100);
      const perTurn: number[] = [];
      for (let before = frames; perTurn.length < 200; before = frames) {
        await new Promise((resolve) => setImmediate(resolve));
        perTurn.push(frames - before);
      }
      stop.abort();
      await Promise.all(loops);
      await pipeline.stop();
      pipeline.dispose();
      // Of the few longest turns the machine may have its part.
      return perTurn.sort((one, other) => one - other)[190];
    });
    assert.strictEqual(stderr, '');
    assert.strictEqual(code, 0);
    if (process.env.GST_ALLOCATORS_FIGURES) console.log(`      at most ${value} frames in 19 of 20 turns`);
    assert.isAbove(value as number, 0);
    // A quarter of a millisecond each, and one more of each sink.
    assert.isAtMost(value as number, 4 + 8);
  });

  it('answers fs and dns while 16 sinks wait for frames, and while they take them', async () => {
    const { code, value, stderr } = await inChild('node', async ({ Pipeline }, { sleep }) => {
      const { readFile } = await import('node:fs/promises');
      const { lookup } = await import('node:dns/promises');
      const numbers = Array.from({ length: 16 }, (_, index) => index);
      const live = 'videotestsrc is-live=true ! video/x-raw, width=320, height=240, framerate=30/1 ! appsink';
      const never = 'appsrc ! appsink sync=false async=false';
      const answers: number[][] = [];
      for (const source of [live, never]) {
        const pipeline = Pipeline.parse(numbers.map((number) => `${source} name=sink${number}`).join(' '));
        await pipeline.play();
        const stop = new AbortController();
        let frames = 0;
        const loops = numbers.map(async (number) => {
          for await (const sample of pipeline.appSink(`sink${number}`).frames({ signal: stop.signal })) {
            frames++;
            sample.dispose();
          }
        });
        await sleep(200);
        const times: number[] = [];
        for (let round = 0; round < 20; round++) {
          const begin = performance.now();
          await Promise.all([readFile('/proc/self/status'), lookup('localhost'), readFile('/etc/hostname')]);
          times.push(performance.now() - begin);
          await sleep(20);
        }
        stop.abort();
        await Promise.all(loops);
        await pipeline.stop();
        pipeline.dispose();
        answers.push([frames, times.sort((a, b) => a - b)[10] as number, Math.max(...times)]);
      }
      return answers;
    });
    assert.strictEqual(stderr, '');
    assert.strictEqual(code, 0);
    const [live, never] = value as [number, number, number][];
    if (process.env.GST_ALLOCATORS_FIGURES)
      console.log(`      frames, median and longest ms: live ${live}; without frames ${never}`);
    assert.isAbove(live?.[0] ?? 0, 16 * 5);
    assert.strictEqual(never?.[0], 0);
    for (const [, median, longest] of value as [number, number, number][]) {
      assert.isBelow(median, 50);
      assert.isBelow(longest, 1500);
    }
  });
});

/** libuv's few threads: what takes its time leaves some to the rest of the program. */
import { assert } from 'chai';
import { inChild } from './child.ts';

describe('Calls off the main thread', function () {
  this.timeout(60_000);

  it('leave a thread to stop() and to fs while a dozen slow pictures are made', async () => {
    const { code, signal, stderr, value } = await inChild(
      'node',
      async ({ Pipeline, convertSample }, { sleep }) => {
        const { readFile } = await import('node:fs/promises');
        const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=3840, height=2160 ! appsink name=sink');
        await pipeline.play();
        const sample = await pipeline.appSink('sink').pull();
        if (!sample) throw new Error('no frame');
        let made = 0;
        const first = performance.now();
        const pictures = Array.from({ length: 12 }, async () => {
          (await convertSample(sample, 'image/png', { timeout: null })).dispose();
          made++;
        });
        await sleep(50);
        const begin = performance.now();
        await Promise.all([readFile('/proc/self/stat'), pipeline.stop()]);
        const [time, madeThen] = [performance.now() - begin, made];
        await Promise.all(pictures);
        const whole = performance.now() - first;
        sample.dispose();
        pipeline.dispose();
        return { time, whole, madeThen, made };
      },
      { limit: 50_000 },
    );
    const { time, whole, madeThen, made } = value as Record<string, number>;
    assert.deepEqual({ code, signal, stderr, made }, { code: 0, signal: null, stderr: '', made: 12 });
    assert.isBelow(madeThen as number, 6);
    assert.isBelow(time as number, (whole as number) / 3);
  });

  it('leave one where everything waits for streams that are stuck, and none is made that nobody wants any more', async () => {
    const { code, signal, stderr, value } = await inChild(
      'node',
      async ({ Buffer, Pipeline, convertSample }, { sleep }) => {
        const { readFile } = await import('node:fs/promises');
        const outcomes: string[] = [];
        const note = (promise: Promise<unknown>) =>
          promise.then(
            () => outcomes.push('fine'),
            (error: Error) => outcomes.push(error.name),
          );
        const stuck = Pipeline.parse('appsrc name=source ! appsink name=sink max-buffers=1');
        stuck.appSrc('source').caps = 'video/x-raw, format=GRAY8, width=4, height=4, framerate=1/1';
        await stuck.play();
        for (let index = 0; index < 3; index++) {
          const buffer = Buffer.alloc(16);
          await stuck.appSrc('source').push(buffer);
          buffer.dispose();
        }
        await sleep(50);
        const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=3840, height=2160 ! appsink name=sink');
        await pipeline.play();
        const sample = await pipeline.appSink('sink').pull();
        if (!sample) throw new Error('no frame');
        const first = performance.now();
        (await convertSample(sample, 'image/png', { timeout: null })).dispose();
        const one = performance.now() - first;
        const queries = Array.from({ length: 8 }, () => note(stuck.appSrc('source').allocation()));
        const begin = performance.now();
        const pictures = Array.from({ length: 40 }, () => note(convertSample(sample, 'image/png', { timeout: 2e8 })));
        await Promise.all(pictures);
        await Promise.all([readFile('/proc/self/stat'), pipeline.stop(), stuck.stop()]);
        await Promise.all(queries);
        const time = performance.now() - begin;
        for (const each of [sample, pipeline, stuck]) each.dispose();
        return { time, one, late: outcomes.filter((name) => name === 'TimeoutError').length, all: outcomes.length };
      },
      { limit: 50_000 },
    );
    const { time, one, late, all } = value as Record<string, number>;
    assert.deepEqual({ code, signal, stderr, all }, { code: 0, signal: null, stderr: '', all: 48 });
    assert.isAtLeast(late as number, 30);
    // All 40 would take twenty times as long as one, on two processors.
    assert.isBelow(time as number, 1000 + 10 * (one as number));
  });
});

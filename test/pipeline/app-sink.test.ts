import { assert } from 'chai';
import { host } from '#host';
import {
  allocationCounters,
  DisposedError,
  gi,
  MapFlags,
  Pipeline,
  PipelineError,
  type Sample,
} from '../../src/index.ts';
import { grayCaps } from '../harness/caps.ts';
import { rejects, throws } from '../harness/expectations.ts';
import { sleep } from '../harness/sleep.ts';

const small = grayCaps(32, 32);
const frames = (count: number, more = '') =>
  `videotestsrc num-buffers=${count} ! ${small} ! ${more} appsink name=sink sync=false`;
const endless = `videotestsrc ! ${small} ! appsink name=sink sync=false`;
const frameTime = 1e9 / 30;

/** Pulls all, gives their timestamps. */
async function collect(samples: AsyncIterable<Sample>): Promise<number[]> {
  const times: number[] = [];
  for await (using sample of samples) times.push(sample.buffer?.pts as number);
  return times;
}

describe('AppSink.frames', () => {
  it('gives every frame, in its order, to the end of the stream', async () => {
    await using pipeline = Pipeline.parse(frames(100));
    await pipeline.play();
    const times = await collect(pipeline.appSink('sink').frames());
    assert.strictEqual(times.length, 100);
    for (const [index, time] of times.entries()) assert.approximately(time, index * frameTime, 1);
    assert.isTrue(pipeline.appSink('sink').isEnded);
    assert.deepEqual(await collect(pipeline.appSink('sink').frames()), []);
  });

  it('may be iterated before the pipeline plays', async () => {
    await using pipeline = Pipeline.parse(frames(10));
    const times = collect(pipeline.appSink('sink').frames());
    await sleep(5);
    await pipeline.play();
    assert.strictEqual((await times).length, 10);
  });

  it('gives frames that come slowly', async () => {
    await using pipeline = Pipeline.parse(frames(6).replace('sync=false', 'sync=true'));
    await pipeline.play();
    assert.strictEqual((await collect(pipeline.appSink('sink').frames())).length, 6);
  });

  /** Buffers that have passed the identity. */
  const passed = (pipeline: Pipeline) =>
    Number(/num-buffers=\(guint64\)(\d+)/.exec(String(pipeline.get('gate').get('stats')))?.[1]);

  it('lets no more wait than maxBuffers', async () => {
    // Live, so that few frames come while it starts to play: in GJS the limit holds from then on.
    await using pipeline = Pipeline.parse(
      frames(40, 'identity name=gate !').replace('videotestsrc', 'videotestsrc is-live=true').replace('30/1', '300/1'),
    );
    const sink = pipeline.appSink('sink');
    const samples = sink.frames({ maxBuffers: 2 });
    let count = 0;
    const iterate = async () => {
      for await (using _ of samples) {
        await sleep(8);
        count++;
        // Beside those that wait, one is at the door, and one is here.
        assert.isAtMost(passed(pipeline) - count, 4);
      }
    };
    await Promise.all([pipeline.play(), iterate()]);
    assert.strictEqual(count, 40);
    assert.strictEqual(sink.get('max-buffers'), 2);
  });

  it('with drop gives the newest and never makes upstream wait', async () => {
    await using pipeline = Pipeline.parse(frames(50, 'identity name=gate !'));
    const sink = pipeline.appSink('sink');
    sink.set('drop', true).set('max-buffers', 3);
    await pipeline.play();
    while (passed(pipeline) < 50) await sleep(1);
    await sleep(20);
    const times = await collect(sink.frames({ maxBuffers: 3, drop: true }));
    assert.strictEqual(times.length, 3);
    assert.approximately(times.at(-1) as number, 49 * frameTime, 1);
  });

  it('takes the options of the element where none are given', async () => {
    await using pipeline = Pipeline.parse(`${endless} max-buffers=7`);
    await pipeline.play();
    for await (using _ of pipeline.appSink('sink').frames()) break;
    assert.strictEqual(pipeline.appSink('sink').get('max-buffers'), 7);
    await using plain = Pipeline.parse(endless);
    assert.strictEqual(plain.appSink('sink').get('max-buffers'), 2);
  });

  it('leaves nothing after a break', async () => {
    const before = allocationCounters();
    {
      await using pipeline = Pipeline.parse(endless);
      await pipeline.play();
      let count = 0;
      for await (using _ of pipeline.appSink('sink').frames()) if (++count === 5) break;
      const { Sample: samples = 0 } = allocationCounters();
      assert.strictEqual(samples, before.Sample ?? 0);
      // And can be begun again.
      for await (using _ of pipeline.appSink('sink').frames()) if (++count === 10) break;
    }
    assert.deepEqual(allocationCounters(), before);
  });

  it('ends when its body throws, with that error', async () => {
    await using pipeline = Pipeline.parse(endless);
    await pipeline.play();
    const failing = async () => {
      for await (using _ of pipeline.appSink('sink').frames()) throw new Error('of the body');
    };
    await rejects(failing(), Error, /of the body/);
  });

  it('ends after a stop from inside its body', async () => {
    await using pipeline = Pipeline.parse(endless);
    await pipeline.play();
    let count = 0;
    for await (using _ of pipeline.appSink('sink').frames()) if (++count === 3) await pipeline.stop();
    assert.strictEqual(count, 3);
    assert.strictEqual(pipeline.state, 'null');
  });

  it('ends when the pipeline is stopped elsewhere while it waits', async () => {
    await using pipeline = Pipeline.parse(`videotestsrc ! valve drop=true ! ${small} ! appsink name=sink async=false`);
    await pipeline.play();
    const times = collect(pipeline.appSink('sink').frames());
    await sleep(10);
    await pipeline.stop();
    assert.deepEqual(await times, []);
  });

  it('ends when the pipeline is disposed while it iterates', async () => {
    const pipeline = Pipeline.parse(endless);
    const sink = pipeline.appSink('sink');
    await pipeline.play();
    let count = 0;
    for await (using _ of sink.frames()) if (++count === 3) pipeline.dispose();
    assert.strictEqual(count, 3);
    await rejects(collect(sink.frames()), DisposedError);
  });

  it('plays again after a stop', async () => {
    await using pipeline = Pipeline.parse(frames(5));
    for (let round = 0; round < 3; round++) {
      await pipeline.play();
      assert.strictEqual((await collect(pipeline.appSink('sink').frames())).length, 5);
      await pipeline.stop();
    }
  });

  it('throws the error of the pipeline, after the frames before it', async () => {
    // Live, so that it does not fail before it plays.
    await using pipeline = Pipeline.parse(
      frames(50, 'identity name=fuse error-after=11 !')
        .replace('videotestsrc', 'videotestsrc is-live=true')
        .replace('30/1', '100/1'),
    );
    await pipeline.play();
    let count = 0;
    const iterate = async () => {
      for await (using _ of pipeline.appSink('sink').frames()) count++;
    };
    const error = (await rejects(iterate(), PipelineError)) as PipelineError;
    assert.strictEqual(error.element, 'fuse');
    assert.strictEqual(count, 10);
    await rejects(pipeline.appSink('sink').pull(), PipelineError);
    await rejects(pipeline.play(), PipelineError);
    await pipeline.stop();
    assert.deepEqual(await collect(pipeline.appSink('sink').frames()).catch((error) => error.element), 'fuse');
  });

  it('ends with the signal, without an error', async () => {
    await using pipeline = Pipeline.parse(endless);
    await pipeline.play();
    const controller = new AbortController();
    let count = 0;
    for await (using _ of pipeline.appSink('sink').frames({ signal: controller.signal })) {
      if (++count === 3) controller.abort();
    }
    assert.strictEqual(count, 3);
    assert.deepEqual(await collect(pipeline.appSink('sink').frames({ signal: controller.signal })), []);
  });

  it('ends with the signal while it waits', async () => {
    await using pipeline = Pipeline.parse(`appsrc ! appsink name=sink`);
    await pipeline.play();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    assert.deepEqual(await collect(pipeline.appSink('sink').frames({ signal: controller.signal })), []);
  });

  it('ends with return() while it waits', async () => {
    await using pipeline = Pipeline.parse(`appsrc ! appsink name=sink`);
    await pipeline.play();
    const sink = pipeline.appSink('sink');
    const iterator = sink.frames();
    const next = iterator.next();
    const other = sink.frames({ timeout: 5e7 }).next();
    assert.deepEqual(await iterator.return(), { done: true, value: undefined });
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.strictEqual((await other.catch((error) => error)).name, 'TimeoutError');
    await using unused = sink.frames();
    assert.strictEqual(unused[Symbol.asyncIterator](), unused);
  });

  it('throws a TimeoutError when a frame is overdue', async () => {
    await using pipeline = Pipeline.parse(`appsrc ! appsink name=sink`);
    await pipeline.play();
    const error = await collect(pipeline.appSink('sink').frames({ timeout: 3e6 })).catch((error) => error);
    assert.strictEqual(error.name, 'TimeoutError');
  });

  it('shares the frames between two iterators', async () => {
    await using pipeline = Pipeline.parse(frames(60));
    await pipeline.play();
    const sink = pipeline.appSink('sink');
    const [first, second] = await Promise.all([collect(sink.frames()), collect(sink.frames())]);
    assert.deepEqual(
      [...first, ...second].sort((a, b) => a - b).map((time) => Math.round(time / frameTime)),
      Array.from({ length: 60 }, (_, index) => index),
    );
  });

  it('serves one iterator when the other has gone', async () => {
    await using pipeline = Pipeline.parse(frames(30));
    await pipeline.play();
    const sink = pipeline.appSink('sink');
    const all = collect(sink.frames());
    for await (using _ of sink.frames()) break;
    assert.isAtLeast((await all).length, 29);
  });

  it('refuses wrong options', async () => {
    await using pipeline = Pipeline.parse(endless);
    const sink = pipeline.appSink('sink');
    for (const [options, wanted, words] of [
      [{ maxBuffers: 0 }, RangeError, /maxBuffers/],
      [{ maxBuffers: 1.5 }, RangeError, /maxBuffers/],
      [{ maxBuffers: '4' }, TypeError, /maxBuffers/],
      [{ drop: 1 }, TypeError, /drop/],
      [{ timeout: -1 }, RangeError, /timeout/],
      [{ signal: {} }, TypeError, /signal/],
      [{ maxBufers: 1 }, TypeError, /did you mean `maxBuffers`/],
      [5, TypeError, /options/],
    ] as const) {
      await rejects(sink.frames(options as object).next(), wanted, words);
    }
  });

  it('of 16 sinks at once come while everything else goes on', async () => {
    const sinks = Array.from({ length: 16 }, (_, index) => `sink${index}`);
    await using pipeline = Pipeline.parse(
      sinks.map((name) => `videotestsrc num-buffers=200 ! ${small} ! appsink name=${name} sync=false`).join(' '),
    );
    await pipeline.play();
    let turns = 0;
    let over = false;
    const others = (async () => {
      while (!over) {
        await sleep(0);
        turns++;
      }
    })();
    const counts = await Promise.all(
      sinks.map(async (name) => (await collect(pipeline.appSink(name).frames())).length),
    );
    over = true;
    await others;
    assert.deepEqual(counts, Array(16).fill(200));
    assert.isAbove(turns, 3);
  });
});

describe('AppSink.pull and tryPull', () => {
  it('give one sample each, null at the end', async () => {
    await using pipeline = Pipeline.parse(frames(2));
    const sink = pipeline.appSink('sink');
    assert.isNull(sink.tryPull());
    await pipeline.play();
    using first = await sink.pull();
    using second = await sink.pull({ timeout: 5e9 });
    assert.strictEqual(first?.buffer?.pts, 0);
    assert.approximately(second?.buffer?.pts as number, frameTime, 1);
    assert.isNull(await sink.pull());
    assert.isNull(sink.tryPull());
  });

  it('are given up', async () => {
    await using pipeline = Pipeline.parse('appsrc ! appsink name=sink');
    const sink = pipeline.appSink('sink');
    await pipeline.play();
    const timeout = await sink.pull({ timeout: 2e6 }).catch((error) => error);
    assert.strictEqual(timeout.name, 'TimeoutError');
    const none = await sink.pull({ timeout: 0 }).catch((error) => error);
    assert.strictEqual(none.name, 'TimeoutError');
    const controller = new AbortController();
    const waiting = sink.pull({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await rejects(waiting, Error, /enough/);
    await rejects(sink.pull({ signal: AbortSignal.abort(new Error('before')) }), Error, /before/);
    await rejects(sink.pull({ maxBuffers: 1 } as object), TypeError, /maxBuffers/);
  });

  it('are given up after their time, though they look for samples again and again', async () => {
    await using pipeline: Pipeline = Pipeline.parse('fakesrc is-live=true ! fakesink');
    // Nothing announces the samples of a sink that was not there when the pipeline was made.
    const factory = gi.Gst.ElementFactory as unknown as { make(name: string, as: string): object };
    (pipeline.gi as unknown as { add(element: object): void }).add(factory.make('appsink', 'late'));
    const late = pipeline.appSink('late');
    const error = await late.pull({ timeout: 5e7, signal: AbortSignal.timeout(5000) }).catch((reason) => reason);
    assert.match(error.message, /timed out after 50 ms/);
  });

  it('give null when the pipeline stops meanwhile', async () => {
    await using pipeline = Pipeline.parse('appsrc ! appsink name=sink');
    await pipeline.play();
    const waiting = pipeline.appSink('sink').pull();
    await pipeline.stop();
    assert.isNull(await waiting);
    assert.isNull(await pipeline.appSink('sink').pull());
  });

  it('give samples that outlive the pipeline', async () => {
    let sample: Sample | null;
    {
      await using pipeline = Pipeline.parse(frames(3).replace('videotestsrc', 'videotestsrc pattern=white'));
      await pipeline.play();
      sample = await pipeline.appSink('sink').pull();
    }
    await host.collect();
    using kept = sample;
    assert.match(kept?.caps ?? '', /GRAY8/);
    const bytes = kept?.buffer?.withMapping(MapFlags.READ, (view) => view.slice());
    assert.strictEqual(bytes?.length, 32 * 32);
    assert.isTrue(bytes?.every((byte) => byte > 200));
  });

  it('throw once disposed', async () => {
    const pipeline = Pipeline.parse(endless);
    const sink = pipeline.appSink('sink');
    sink.dispose();
    throws(() => sink.tryPull(), DisposedError);
    await rejects(sink.pull(), DisposedError);
    throws(() => sink.caps, DisposedError);
    pipeline.dispose();
  });
});

describe('AppSink.caps', () => {
  it('are what it accepts', async () => {
    await using pipeline = Pipeline.parse('videotestsrc num-buffers=1 ! videoconvert ! appsink name=sink sync=false');
    const sink = pipeline.appSink('sink');
    assert.isNull(sink.caps);
    sink.caps = 'video/x-raw, format=RGBA, width=16, height=8';
    assert.match(sink.caps ?? '', /RGBA/);
    await pipeline.play();
    using sample = await sink.pull();
    assert.match(sample?.caps ?? '', /RGBA/);
    throws(
      () => {
        sink.caps = '(((';
      },
      RangeError,
      /caps/,
    );
    sink.caps = null;
    assert.isNull(sink.caps);
  });
});

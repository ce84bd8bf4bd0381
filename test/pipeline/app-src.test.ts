import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationQuery,
  type AppSrc,
  allocationCounters,
  Buffer,
  DisposedError,
  FlowError,
  MapFlags,
  Pipeline,
  PipelineError,
} from '../../src/index.ts';
import { rejects, throws } from '../harness/expectations.ts';
import { itInOwnProcess } from '../harness/own-process.ts';
import { sleep } from '../harness/sleep.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const flushing = -2;
const eos = -3;

const numbered = (number: number, size = 64) => {
  const buffer = Buffer.from(Uint8Array.from({ length: size }, () => number & 255));
  buffer.pts = number * 1e6;
  return buffer;
};

async function push(source: AppSrc, number: number, size?: number): Promise<void> {
  using buffer = numbered(number, size);
  await source.push(buffer);
}

const flow = (error: unknown): number => (error as FlowError).flow;

describe('AppSrc.push', () => {
  it('brings buffers to the sink in their order, with their bytes', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source format=time ! appsink name=sink sync=false');
    const source = pipeline.appSrc('source');
    source.caps = 'application/x-bytes';
    await pipeline.play();
    const feed = (async () => {
      for (let number = 0; number < 200; number++) await push(source, number);
      source.endOfStream();
    })();
    let next = 0;
    for await (using sample of pipeline.appSink('sink').frames()) {
      assert.strictEqual(sample.buffer?.pts, next * 1e6);
      assert.strictEqual(
        sample.buffer?.withMapping(MapFlags.READ, (bytes) => bytes[63]),
        next & 255,
      );
      assert.strictEqual(sample.caps, 'application/x-bytes');
      next++;
    }
    await feed;
    assert.strictEqual(next, 200);
    await pipeline.finished();
  });

  it('keeps the order of pushes that are not awaited, and the end after them', async () => {
    await using pipeline = Pipeline.parse(
      'appsrc name=source format=time max-bytes=128 ! appsink name=sink sync=false',
    );
    const source = pipeline.appSrc('source');
    await pipeline.play();
    const pushes = Array.from({ length: 50 }, (_, number) => push(source, number));
    source.endOfStream();
    await rejects(push(source, 99), FlowError, /ended/);
    const seen: (number | undefined)[] = [];
    for await (using sample of pipeline.appSink('sink').frames())
      seen.push(sample.buffer?.withMapping(MapFlags.READ, (bytes) => bytes[0]));
    await Promise.all(pushes);
    assert.deepEqual(
      seen,
      Array.from({ length: 50 }, (_, index) => index),
    );
  });

  it('waits for room: what is queued stays below max-bytes and one buffer', async () => {
    await using pipeline = Pipeline.parse(
      'appsrc name=source format=time max-bytes=1000 ! appsink name=sink sync=false',
    );
    const source = pipeline.appSrc('source');
    await pipeline.play();
    let pushed = 0;
    const feed = (async () => {
      for (; pushed < 60; pushed++) {
        assert.isAtMost(Number(source.get('current-level-bytes')), 1000 + 300);
        await push(source, pushed, 300);
      }
      source.endOfStream();
    })();
    await sleep(20);
    // Four in the sink, one or two on their way, four in the queue.
    assert.isAtMost(pushed, 11);
    let seen = 0;
    for await (using _ of pipeline.appSink('sink').frames()) seen++;
    await feed;
    assert.strictEqual(seen, 60);
  });

  it('takes a buffer larger than max-bytes', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source format=time max-bytes=10 ! fakesink name=sink');
    const source = pipeline.appSrc('source');
    await pipeline.play();
    for (let number = 0; number < 10; number++) await push(source, number, 1000);
    source.endOfStream();
    await pipeline.finished();
    assert.match(String(pipeline.get('sink').get('stats')), /rendered=\(guint64\)10/);
  });

  it('is refused before play and after stop', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source format=time ! fakesink');
    const source = pipeline.appSrc('source');
    assert.strictEqual(flow(await rejects(push(source, 1), FlowError, /`play\(\)` first/)), flushing);
    throws(() => source.endOfStream(), FlowError, /`play\(\)` first/);
    await pipeline.play();
    await push(source, 1);
    await pipeline.stop();
    assert.strictEqual(flow(await rejects(push(source, 2), FlowError)), flushing);
  });

  it('is refused after the end, until the pipeline plays anew', async () => {
    await using pipeline = Pipeline.parse(
      'appsrc name=source format=time max-bytes=100 ! appsink name=sink sync=false',
    );
    const source = pipeline.appSrc('source');
    for (let round = 0; round < 3; round++) {
      await pipeline.play();
      await push(source, round);
      source.endOfStream();
      source.endOfStream();
      assert.strictEqual(flow(await rejects(push(source, 9), FlowError, /ended/)), eos);
      let count = 0;
      for await (using _ of pipeline.appSink('sink').frames()) count++;
      assert.strictEqual(count, 1);
      await pipeline.finished();
      await pipeline.stop();
    }
    // Backpressure as well is that of the new stream.
    await pipeline.play();
    for (let number = 0; number < 5; number++) await Promise.race([push(source, number, 100), sleep(20)]);
    assert.isAtMost(Number(source.get('current-level-bytes')), 200);
    await pipeline.stop();
  });

  it('refuses what is no buffer', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source format=time ! fakesink');
    const source = pipeline.appSrc('source');
    await pipeline.play();
    const disposed = numbered(1);
    disposed.dispose();
    await rejects(source.push(disposed), DisposedError);
    for (const wrong of [null, undefined, 1, {}, new Uint8Array(4), source, Object.create(Buffer.prototype)]) {
      const error = await source.push(wrong as Buffer).catch((error) => error);
      assert.instanceOf(error, TypeError, String(wrong));
    }
    using buffer = numbered(1);
    await rejects(source.push(buffer, { timeuot: 1 } as object), TypeError, /did you mean `timeout`/);
    source.dispose();
    await rejects(source.push(buffer), DisposedError);
    throws(() => source.endOfStream(), DisposedError);
  });

  it('can be given up while it waits; the buffer is not pushed then', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source format=time max-bytes=64 ! appsink name=sink sync=false');
    const source = pipeline.appSrc('source');
    await pipeline.play();
    const controller = new AbortController();
    const waiting: Promise<unknown>[] = [];
    for (let number = 0; number < 12; number++) {
      using buffer = numbered(number);
      waiting.push(source.push(buffer, { signal: controller.signal }).catch((error) => error.message));
    }
    await sleep(20);
    controller.abort(new Error('enough'));
    const results = await Promise.all(waiting);
    const pushed = results.filter((result) => result === undefined).length;
    assert.isAbove(pushed, 0);
    assert.isBelow(pushed, 12);
    assert.isTrue(results.slice(pushed).every((result) => result === 'enough'));
    const late = (await source.push(numbered(1), { timeout: 2e6 }).catch((error) => error)) as Error;
    assert.strictEqual(late.name, 'TimeoutError');
    source.endOfStream();
    let seen = 0;
    for await (using _ of pipeline.appSink('sink').frames()) seen++;
    assert.strictEqual(seen, pushed);
  });

  it('that waits is rejected by stop and by dispose', async () => {
    for (const end of ['stop', 'dispose'] as const) {
      const pipeline = Pipeline.parse('appsrc name=source format=time max-bytes=64 ! appsink name=sink sync=false');
      const source = pipeline.appSrc('source');
      await pipeline.play();
      const pushes = Array.from({ length: 12 }, (_, number) => push(source, number).catch((error) => error));
      await sleep(10);
      await pipeline[end]();
      const errors = (await Promise.all(pushes)).filter((error) => error);
      assert.isAbove(errors.length, 0);
      for (const error of errors) assert.instanceOf(error, FlowError);
      pipeline.dispose();
    }
  });

  it('is rejected with the reason when the pipeline fails', async () => {
    await using pipeline = Pipeline.parse(
      'appsrc name=source format=time max-bytes=64 ! identity name=fuse error-after=3 ! fakesink',
    );
    await pipeline.play();
    const source = pipeline.appSrc('source');
    const feed = async () => {
      for (let number = 0; ; number++) await push(source, number);
    };
    const error = (await rejects(feed(), PipelineError)) as PipelineError;
    assert.strictEqual(error.element, 'fuse');
  });

  it('is rejected when everything downstream has ended', async () => {
    await using pipeline = Pipeline.parse(
      'appsrc name=source format=time max-bytes=64 ! identity eos-after=3 ! fakesink',
    );
    await pipeline.play();
    const source = pipeline.appSrc('source');
    const feed = async () => {
      for (let number = 0; ; number++) await push(source, number);
    };
    assert.strictEqual(flow(await rejects(feed(), FlowError, /ended/)), eos);
    await pipeline.finished();
  });

  it('fails where the caps are refused downstream', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source format=time ! videoconvert ! fakesink');
    const source = pipeline.appSrc('source');
    source.caps = 'audio/x-raw, format=S16LE, rate=48000, channels=1, layout=interleaved';
    await pipeline.play();
    await push(source, 1).catch(() => {});
    const error = (await rejects(pipeline.finished(), PipelineError)) as PipelineError;
    assert.match(error.message, /not-negotiated|Internal data stream error/);
  });

  it('leaves the buffer to the caller alone once it went through', async () => {
    const before = allocationCounters();
    {
      await using pipeline = Pipeline.parse('appsrc name=source format=time ! fakesink enable-last-sample=false');
      const source = pipeline.appSrc('source');
      await pipeline.play();
      using buffer = numbered(1);
      await source.push(buffer);
      if (host.disposesAtOnce) assert.isFalse(buffer.isWritable && Number(source.get('current-level-buffers')) > 0);
      source.endOfStream();
      await pipeline.finished();
      await pipeline.stop();
      if (host.disposesAtOnce) assert.isTrue(buffer.isWritable);
    }
    assert.deepEqual(allocationCounters(), before);
  });

  itInOwnProcess(
    'refuses a buffer that is mapped for writing, as convertSample does',
    ['MapError', 'MapError', 'none'],
    async (gst, attempt) => {
      const caps = 'video/x-raw, format=GRAY8, width=10, height=10, framerate=0/1';
      const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink sync=false');
      await pipeline.play();
      const source = pipeline.appSrc('source');
      const buffer = gst.Buffer.alloc(120);
      const writing = buffer.map(gst.MapFlags.WRITE);
      await attempt(() => source.push(buffer));
      const sample = gst.Sample.create(buffer, caps);
      await attempt(() => gst.convertSample(sample, 'image/png'));
      try {
        writing.dispose();
      } catch {
        // GJS: what was written is lost, as the sample shares the buffer.
      }
      await attempt(async () => (await gst.convertSample(sample, 'image/png')).dispose());
      await pipeline.stop();
      for (const each of [sample, buffer, pipeline]) each.dispose();
    },
  );
});

describe('AppSrc.caps', () => {
  it('change between two buffers', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source format=time ! appsink name=sink sync=false');
    const source = pipeline.appSrc('source');
    assert.isNull(source.caps);
    await pipeline.play();
    for (const width of [16, 32]) {
      source.caps = `video/x-raw, format=GRAY8, width=${width}, height=1, framerate=30/1`;
      await push(source, width, width);
    }
    source.endOfStream();
    const seen: string[] = [];
    for await (using sample of pipeline.appSink('sink').frames())
      seen.push(`${sample.buffer?.size} ${/width=\(int\)(\d+)/.exec(sample.caps ?? '')?.[1]}`);
    assert.deepEqual(seen, ['16 16', '32 32']);
  });

  it('refuse invalid caps', () => {
    using pipeline = Pipeline.parse('appsrc name=source ! fakesink');
    const source = pipeline.appSrc('source');
    const set = (caps: unknown) => () => {
      source.caps = caps as string;
    };
    throws(set('((('), RangeError, /caps/);
    for (const wrong of [5, {}, true, undefined]) throws(set(wrong), TypeError, /caps/);
    throws(set('video/x-raw, width=[1,2]'), RangeError, /fixed/);
  });

  itInOwnProcess(
    'cannot be taken away while the pipeline plays',
    ['none', 'PipelineError', 'none'],
    async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink sync=false');
      const source = pipeline.appSrc('source');
      source.caps = 'a/b';
      await attempt(() => pipeline.play());
      await attempt(() => {
        source.caps = null;
      });
      const buffer = gst.Buffer.alloc(1);
      await attempt(() => source.push(buffer));
      buffer.dispose();
      await pipeline.stop();
      pipeline.dispose();
    },
  );

  itInOwnProcess(
    'cannot be given to a stream that began without, until it has stopped',
    ['PipelineError', 'none', 'none'],
    async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink sync=false');
      const source = pipeline.appSrc('source');
      const setCaps = () => {
        source.caps = 'a/b';
      };
      const buffer = gst.Buffer.alloc(1);
      await pipeline.play();
      await source.push(buffer);
      await attempt(setCaps);
      await pipeline.stop();
      await attempt(setCaps);
      await pipeline.play();
      await attempt(() => source.push(buffer));
      await pipeline.stop();
      for (const each of [buffer, pipeline]) each.dispose();
    },
  );

  itInOwnProcess(
    'cannot be given to a stream that another facade began without',
    ['PipelineError'],
    async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink sync=false');
      const buffer = gst.Buffer.alloc(1);
      await pipeline.play();
      const first = pipeline.appSrc('source');
      await first.push(buffer);
      first.dispose();
      await new Promise((resolve) => setTimeout(resolve, 50));
      await attempt(() => {
        pipeline.appSrc('source').caps = 'a/b';
      });
      await pipeline.stop();
      for (const each of [buffer, pipeline]) each.dispose();
    },
  );
});

describe('AppSrc.allocation', () => {
  const caps = 'video/x-raw, format=I420, width=320, height=240, framerate=30/1';

  it('is what downstream offers', async () => {
    const path = temporaryPath('socket');
    await using pipeline = Pipeline.parse(
      `appsrc name=source caps="${caps}" format=time ! videoconvert ! unixfdsink socket-path=${path}`,
    );
    await pipeline.play();
    using query = await pipeline.appSrc('source').allocation();
    assert.instanceOf(query, AllocationQuery);
    assert.isAbove((query?.params.length ?? 0) + (query?.pools.length ?? 0) + (query?.metas.length ?? 0), 0);
    await pipeline.stop();
  });

  it('is null where nobody answers', async () => {
    await using pipeline = Pipeline.parse(`appsrc name=source caps="${caps}" ! fakesink`);
    const query = await pipeline.appSrc('source').allocation();
    query?.dispose();
    assert.isTrue(query === null || query instanceof AllocationQuery);
  });

  it('comes, or is given up, while the sink is full', async () => {
    await using pipeline = Pipeline.parse(
      `appsrc name=source caps="${caps}" format=time ! appsink name=sink sync=false max-buffers=1`,
    );
    await pipeline.play();
    const source = pipeline.appSrc('source');
    for (let count = 0; count < 3; count++) {
      using buffer = Buffer.alloc(320 * 240 * 1.5);
      await source.push(buffer);
    }
    await sleep(50);
    // On Node the query waits for the sink, off the main thread; GJS has to let the data go on.
    // Many at once leave a thread for what comes after: stopping would wait for one.
    const ask = () => source.allocation({ timeout: 100e6 }).catch((error) => error);
    for (const result of await Promise.all(Array.from({ length: 8 }, ask))) {
      if (result instanceof AllocationQuery) result.dispose();
      else if (result !== null) assert.strictEqual((result as Error).name, 'TimeoutError');
    }
    assert.strictEqual(pipeline.appSink('sink').get('max-buffers'), 1);
    await rejects(source.allocation({ signal: AbortSignal.abort(new RangeError('enough')) }), RangeError, /enough/);
    await rejects(source.allocation({ timeout: -1 }), RangeError, /timeout/);
  });

  it('needs caps that are fixed', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source ! fakesink');
    const source = pipeline.appSrc('source');
    const result = await source.allocation().catch((error) => error);
    (result as AllocationQuery | null)?.dispose?.();
    source.dispose();
    await rejects(source.allocation(), DisposedError);
  });
});

describe('AppSrc properties', () => {
  it('of live sources stamp what is pushed with the time', async () => {
    await using pipeline = Pipeline.parse(
      'appsrc name=source is-live=true do-timestamp=true format=time ! appsink name=sink sync=false',
    );
    const source = pipeline.appSrc('source');
    await pipeline.play();
    const times: number[] = [];
    for (let number = 0; number < 3; number++) {
      using buffer = Buffer.from(new Uint8Array(8));
      await source.push(buffer);
      using sample = await pipeline.appSink('sink').pull({ timeout: 5e9 });
      times.push(sample?.buffer?.pts as number);
      await sleep(2);
    }
    assert.isTrue(times.every((time) => typeof time === 'number' && time >= 0));
    assert.isAbove(times[2] as number, times[0] as number);
  });
});

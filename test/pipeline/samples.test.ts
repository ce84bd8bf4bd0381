/** Samples that are pushed, and prerolls: the cases of GStreamer's own suites for appsrc and appsink. */
import { assert } from 'chai';
import { Buffer, FlowError, Pipeline, PipelineError, Sample, Segment, Structure } from '../../src/index.ts';
import { rejects } from '../harness/expectations.ts';

const caps = 'application/x-sample, part=(int)1';

/** A sample of one byte, which is its number. */
function numbered(number: number, segment?: Segment, text: string | null = caps): Sample {
  using buffer = Buffer.from(Uint8Array.of(number));
  buffer.pts = number * 1e9;
  return Sample.create(buffer, text, segment ? { segment } : {});
}

const source = 'appsrc name=source format=time';

describe('AppSrc.pushSample', () => {
  it('pushes the buffer with the caps of its sample', async () => {
    await using pipeline = Pipeline.parse(`${source} ! appsink name=sink sync=false max-buffers=4`);
    await pipeline.play();
    const other = 'application/x-sample, part=(int)2';
    for (const [number, text] of [caps, null, other].entries()) {
      using sample = numbered(number, undefined, text);
      await pipeline.appSrc('source').pushSample(sample);
      assert.deepEqual(sample.buffer?.extract(), Uint8Array.of(number));
    }
    for (const [number, text] of [caps, caps, other].entries()) {
      using sample = await pipeline.appSink('sink').pull();
      assert.deepEqual([sample?.caps, sample?.buffer?.pts], [text, number * 1e9]);
      assert.deepEqual(sample?.buffer?.extract(), Uint8Array.of(number));
    }
    assert.strictEqual(pipeline.appSrc('source').caps, other);
  });

  for (const [handles, starts] of [
    [true, [5e9, 5e9, 20e9]],
    [false, [0, 0, 0]],
  ] as const)
    it(`${handles ? 'sends' : 'leaves out'} the segments of its samples ${handles ? 'with' : 'without'} handle-segment-change`, async () => {
      await using pipeline = Pipeline.parse(
        `${source} handle-segment-change=${handles} ! appsink name=sink sync=false max-buffers=4`,
      );
      await pipeline.play();
      const first = new Segment({ start: 5e9, stop: 15e9, time: 1e9, base: 2e9 });
      const second = new Segment({ start: 20e9, rate: 2, appliedRate: 0.5 });
      for (const [number, segment] of [first, first, second].entries()) {
        using sample = numbered(number + 6, segment);
        await pipeline.appSrc('source').pushSample(sample);
      }
      const seen: Segment[] = [];
      for (const start of starts) {
        using sample = await pipeline.appSink('sink').pull();
        assert.strictEqual(sample?.segment.start, start);
        seen.push(sample?.segment as Segment);
      }
      if (!handles) return;
      const { stop, time, base } = seen[0] as Segment;
      assert.deepEqual([stop, time, base], [15e9, 1e9, 2e9]);
      assert.deepEqual([seen[2]?.rate, seen[2]?.appliedRate], [2, 0.5]);
    });

  it('waits for room, in one line with push, and keeps what the caller disposed', async () => {
    await using pipeline = Pipeline.parse(`${source} max-buffers=1 ! appsink name=sink sync=false max-buffers=1`);
    const appSrc = pipeline.appSrc('source');
    appSrc.caps = caps;
    await pipeline.play();
    const pushes = Array.from({ length: 12 }, async (_, number) => {
      using sample = numbered(number);
      if (number % 2) await appSrc.pushSample(sample);
      else await appSrc.push(sample.buffer as Buffer);
    });
    appSrc.endOfStream();
    const seen: (number | undefined)[] = [];
    for await (using sample of pipeline.appSink('sink').frames()) seen.push(sample.buffer?.extract()[0]);
    await Promise.all(pushes);
    assert.deepEqual(
      seen,
      Array.from({ length: 12 }, (_, number) => number),
    );
  });

  it('refuses samples that push and caps would refuse', async () => {
    await using pipeline = Pipeline.parse(`${source} ! appsink name=sink sync=false`);
    const appSrc = pipeline.appSrc('source');
    using sample = numbered(0);
    await rejects(appSrc.pushSample(sample), FlowError, /play/);
    await pipeline.play();
    using bare = Sample.create(null, caps);
    await rejects(appSrc.pushSample(bare), RangeError, /buffer/);
    using open = numbered(1, undefined, 'video/x-raw, format={ I420, NV12 }');
    await rejects(appSrc.pushSample(open), RangeError, /caps/);
    using short = numbered(1, undefined, 'video/x-raw, format=GRAY8, width=4, height=4, framerate=1/1');
    await rejects(appSrc.pushSample(short), RangeError, /16 bytes/);
    for (const bad of [null, undefined, 5, {}, sample.buffer])
      await rejects(appSrc.pushSample(bad as never), TypeError, /`sample`/);
    appSrc.endOfStream();
    await rejects(appSrc.pushSample(sample), FlowError, /ended/);
  });

  it('lets the info go', async () => {
    await using pipeline = Pipeline.parse(`${source} ! appsink name=sink sync=false`);
    await pipeline.play();
    using buffer = Buffer.from(Uint8Array.of(1));
    using sample = Sample.create(buffer, caps, { info: new Structure('test.info', { a: 1 }) });
    await pipeline.appSrc('source').pushSample(sample);
    using seen = await pipeline.appSink('sink').pull();
    assert.isNull(seen?.info);
  });
});

describe('AppSink.pullPreroll', () => {
  it('has the first buffer while the pipeline is paused, and again when it plays', async () => {
    await using pipeline = Pipeline.parse('videotestsrc num-buffers=2 ! appsink name=sink sync=false');
    const sink = pipeline.appSink('sink');
    assert.isNull(sink.tryPullPreroll());
    await pipeline.pause();
    using preroll = await sink.pullPreroll();
    assert.strictEqual(preroll?.buffer?.pts, 0);
    assert.include(preroll?.caps, 'video/x-raw');
    assert.isNull(sink.tryPullPreroll());
    await pipeline.play();
    const times: (number | null | undefined)[] = [];
    for await (using sample of sink.frames()) times.push(sample.buffer?.pts);
    assert.deepEqual(times, [0, Math.round(1e9 / 30)]);
    assert.isNull(await sink.pullPreroll());
  });

  it('waits for the next one, which a seek brings', async () => {
    await using pipeline = Pipeline.parse('videotestsrc num-buffers=100 ! appsink name=sink sync=false');
    const sink = pipeline.appSink('sink');
    await pipeline.pause();
    using first = await sink.pullPreroll();
    assert.strictEqual(first?.buffer?.pts, 0);
    assert.match(
      String(await sink.pullPreroll({ timeout: 20e6 }).catch(String)),
      /Timeout.* a preroll of the appsink sink/,
    );
    const next = sink.pullPreroll();
    await pipeline.seek(1e9);
    using second = await next;
    assert.strictEqual(second?.buffer?.pts, 1e9);
  });

  it('ends with the pipeline', async () => {
    const pipeline = Pipeline.parse('appsrc name=source ! appsink name=sink');
    await pipeline.play();
    const waiting = pipeline.appSink('sink').pullPreroll();
    await pipeline.stop();
    assert.isNull(await waiting);
    pipeline.dispose();
    await using broken = Pipeline.parse('fakesrc ! identity error-after=1 ! appsink name=sink');
    const failing = broken.appSink('sink').pullPreroll();
    broken.play().catch(() => {});
    await rejects(failing, PipelineError);
  });
});

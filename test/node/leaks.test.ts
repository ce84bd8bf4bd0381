/** GStreamer's own leaks tracer finds nothing of ours, on either engine, and does find what is left on purpose. */
import { assert } from 'chai';
import type { Package } from '../harness/host.ts';
import { engines, inChild, type Tools } from './child.ts';

/** A little of everything; `forget` leaves something behind. */
async function everything(gst: Package, { collect, deinit, sleep }: Tools, forget: string | null): Promise<void> {
  const { Allocator, AllocationQuery, Buffer, BufferPool, MapFlags, Pipeline, Sample, ShmAllocator } = gst;
  const left: unknown[] = [];
  // A function of its own: what its variables refer to is not collected before it returns.
  await work();
  (globalThis as { left?: unknown }).left = left;
  // Watches close their fds and release their elements a moment later.
  await sleep(1200);
  await collect();
  deinit();

  async function work(): Promise<void> {
    const drop = (what: string, object: { dispose(): void } | null | undefined) => {
      if (what === forget) left.push(object);
      else object?.dispose();
    };
    ShmAllocator.initOnce();
    const caps = 'video/x-raw, format=I420, width=64, height=48, framerate=30/1';

    const allocator = ShmAllocator.get();
    const memory = allocator?.alloc(4096);
    memory?.withMapping(MapFlags.WRITE, (bytes) => bytes.fill(7));
    const part = memory?.share(0, 100);
    part?.dispose();
    drop('memory', memory);
    const pool = BufferPool.create({ caps, size: (64 * 48 * 3) / 2, min: 2, max: 4, allocator });
    for (let round = 0; round < 10; round++) drop('pooled', await pool.acquire());
    const query = new AllocationQuery(caps);
    query.params.add({ allocator });
    query.pools.add({ pool, size: 4608, min: 2, max: 0 });
    for (const { allocator: offered } of query.params) offered?.dispose();
    for (const { pool: offered } of query.pools) offered?.dispose();
    drop('query', query);
    Allocator.find('SystemMemory')?.dispose();

    const pipeline = Pipeline.parse(
      `videotestsrc num-buffers=30 ! ${caps} ! tee name=t ! queue ! appsink name=sink sync=false t. ! queue ! fakesink`,
    );
    const sink = pipeline.appSink('sink');
    if (gst.runtime === 'node') sink.proposeAllocation({ allocator, metas: ['GstVideoMetaAPI'] });
    const messages = pipeline.messages();
    for (let round = 0; round < 2; round++) {
      await pipeline.play();
      for await (const sample of sink.frames()) {
        sample.buffer?.withMapping(MapFlags.READ, (bytes) => bytes[0]);
        void sample.caps;
        drop('sample', sample);
      }
      await pipeline.finished();
      await pipeline.stop();
    }
    for await (const message of messages) if (message.type === 'eos') break;
    pipeline.get('t').get('num-src-pads');
    pipeline.dispose();

    const feed = Pipeline.parse('appsrc name=source max-bytes=64 ! appsink name=sink sync=false max-buffers=1');
    const source = feed.appSrc('source');
    source.caps = 'application/x-bytes';
    await feed.play();
    const pushes: Promise<unknown>[] = [];
    for (let number = 0; number < 10; number++) {
      const buffer = Buffer.from(new Uint8Array(64));
      pushes.push(source.push(buffer).catch(() => {}));
      drop('buffer', buffer);
    }
    await sleep(20);
    (await feed.appSink('sink').pull())?.dispose();
    await feed.stop();
    await Promise.all(pushes);
    feed.dispose();

    const failing = Pipeline.parse('videotestsrc ! identity error-after=3 ! fakesink');
    await failing.play().catch(() => {});
    await failing.finished().catch(() => {});
    await failing.stop();
    failing.dispose();
    for (const description of ['nosuchelement ! fakesink', 'videotestsrc ! audioconvert ! fakesink', 'fakesink !']) {
      try {
        Pipeline.parse(description).dispose();
      } catch {
        // As it should be.
      }
    }

    const picture = Buffer.from(new Uint8Array(64 * 48));
    const sample = Sample.create(picture, 'video/x-raw, format=GRAY8, width=64, height=48, framerate=0/1');
    (await gst.convertSample(sample, 'image/png')).dispose();
    sample.dispose();
    picture.dispose();

    pool.dispose();
    allocator?.dispose();
  }
}

/** Raw objects keep theirs alive until they are collected, whether or not a main loop runs. */
async function rawObjects({ BufferPool, FdAllocator, Pipeline }: Package, tools: Tools): Promise<string[]> {
  const look = () => {
    const pipeline = Pipeline.parse('fakesrc ! fakesink name=sink');
    const facades = [new FdAllocator(), BufferPool.create({ size: 10 }), pipeline, pipeline.get('sink')];
    const types = facades.map(({ gi }) => typeof gi);
    for (const facade of facades) facade.dispose();
    return types;
  };
  const types = look();
  await tools.collect();
  tools.deinit();
  return types;
}

const tracer = { GST_TRACERS: 'leaks', GST_DEBUG: 'GST_TRACER:7', GST_DEBUG_NO_COLOR: '1', G_DEBUG: '' };

/** Types of what the tracer found alive. */
const alive = (stderr: string): string[] =>
  [...stderr.matchAll(/object-alive, type-name=\(string\)(\w+)/g)].map(([, type = '']) => type);

for (const engine of engines) {
  describe(`GStreamer's leaks tracer (${engine})`, function () {
    this.timeout(60_000);

    it('finds nothing of ours', async () => {
      const { code, stderr } = await inChild(engine, everything, {
        environment: tracer,
        argument: null,
        limit: 30_000,
      });
      assert.deepEqual(alive(stderr), []);
      assert.strictEqual(code, 0, stderr);
    });

    it('finds nothing whose raw object was looked at', async () => {
      const { value, stderr } = await inChild(engine, rawObjects, { environment: tracer, argument: null });
      assert.deepEqual(value, ['object', 'object', 'object', 'object']);
      assert.deepEqual(alive(stderr), []);
    });

    for (const [what, type] of [
      ['memory', 'GstMemory'],
      ['sample', 'GstSample'],
      ['buffer', 'GstBuffer'],
      ['query', 'GstQuery'],
    ] as const) {
      it(`finds a ${what} that was not disposed`, async () => {
        const { stderr } = await inChild(engine, everything, { environment: tracer, argument: what, limit: 30_000 });
        assert.include(alive(stderr), type);
      });
    }
  });
}

import { assert } from 'chai';
import { host } from '#host';
import {
  type Allocator,
  BufferPool,
  DisposedError,
  isFdMemory,
  Pipeline,
  QueryError,
  runtime,
  type Sample,
  UnavailableError,
} from '../../src/index.ts';
import { shm } from '../harness/allocators.ts';
import { throws } from '../harness/expectations.ts';
import { type Any, itInOwnProcess } from '../harness/own-process.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const caps = 'video/x-raw, format=I420, width=320, height=240, framerate=30/1';
const size = (320 * 240 * 3) / 2;
const description = `videotestsrc num-buffers=200 ! ${caps} ! appsink name=sink sync=false`;

/** Files that the frames of all samples lie in; fails for a frame without an fd. */
async function filesOf(samples: AsyncIterable<Sample>): Promise<Set<string>> {
  const files = new Set<string>();
  for await (using sample of samples) {
    using memory = sample.buffer?.memory(0);
    assert.isTrue(isFdMemory(memory as never));
    files.add(host.fileOf(memory?.fd as number));
  }
  return files;
}

describe('AppSink.proposeAllocation', () => {
  if (runtime === 'gjs') {
    it('is unavailable in GJS, and says what else there is', () => {
      using allocator = shm();
      using pipeline = Pipeline.parse(description);
      throws(
        () => pipeline.appSink('sink').proposeAllocation({ allocator }),
        UnavailableError,
        /unixfdsink.*unixfdsrc.*setDefault\(\)/,
      );
    });
  } else {
    it('has upstream write into memory of the allocator', async () => {
      await using pipeline = Pipeline.parse(description);
      {
        using allocator = shm();
        pipeline.appSink('sink').proposeAllocation({ allocator });
      }
      await pipeline.play();
      assert.isAtMost((await filesOf(pipeline.appSink('sink').frames())).size, 12);
    });

    it('has upstream take its buffers from the pool', async () => {
      await using pipeline = Pipeline.parse(description);
      using allocator = shm();
      // Neither caps are those of the stream, which have more fields.
      for (const given of [null, caps]) {
        using pool = BufferPool.create({ caps: given, size, min: 3, max: 8, allocator });
        pipeline.appSink('sink').proposeAllocation({ pool, metas: ['GstVideoMetaAPI'] });
        await pipeline.play();
        assert.isAtMost((await filesOf(pipeline.appSink('sink').frames())).size, 8);
        assert.isTrue(pool.isActive);
        await pipeline.stop();
        // An element stops what it used.
        assert.isFalse(pool.isActive);
      }
    });

    it('does not offer a pool whose buffers are out, nor touch one of others', async () => {
      await using pipeline = Pipeline.parse(description);
      using pool = BufferPool.create({ size, max: 8 });
      const sink = pipeline.appSink('sink');
      for (const raw of [false, true]) {
        using held = raw ? null : pool.tryAcquire();
        sink.proposeAllocation({ pool: raw ? (pool.gi as BufferPool) : pool });
        assert.strictEqual(held === null, raw);
        await pipeline.play();
        for await (const sample of sink.frames()) sample.dispose();
        await pipeline.stop();
        assert.isTrue(pool.isActive);
      }
    });

    it('may be of a pool that somebody starts when it has just been offered', async () => {
      const { status, stderr } = await host.run(async ({ BufferPool, Pipeline }) => {
        for (let round = 0; round < 60; round++) {
          const pipeline = Pipeline.parse(
            'videotestsrc num-buffers=1 ! video/x-raw, format=I420, width=320, height=240 ! appsink name=sink sync=false',
          );
          const pool = BufferPool.create({ size: 115200, max: 3 });
          pool.stop();
          pipeline.appSink('sink').proposeAllocation({ pool });
          // It is stopped whenever the question can come, and started as soon as it may have come.
          let isOver = false;
          const disturb = () => {
            if (isOver) return;
            pool.start();
            for (const end = performance.now() + (round % 5) * 0.03; performance.now() < end; );
            pool.stop();
            setImmediate(disturb);
          };
          disturb();
          // The stream may find its pool stopped, and stand.
          await pipeline.play({ timeout: 100e6 }).catch(() => {});
          isOver = true;
          await pipeline.stop();
          pipeline.dispose();
          pool.dispose();
        }
      });
      assert.strictEqual(stderr, '');
      assert.strictEqual(status, 0);
    });

    it('is renewed with each call, and answers again when the pipeline plays again', async () => {
      await using pipeline = Pipeline.parse(description.replace('200', '5'));
      using allocator = shm();
      const sink = pipeline.appSink('sink');
      sink.proposeAllocation({});
      sink.proposeAllocation({ allocator, params: { align: 63 } });
      for (let round = 0; round < 3; round++) {
        await pipeline.play();
        assert.isAbove((await filesOf(sink.frames())).size, 0);
        await pipeline.stop();
      }
    });

    it('may be stopped while a query waits for the main thread', async () => {
      for (let round = 0; round < 10; round++) {
        await using pipeline = Pipeline.parse(description);
        using allocator = shm();
        pipeline.appSink('sink').proposeAllocation({ allocator });
        const played = pipeline.play().catch(() => {});
        await pipeline.stop();
        await played;
        assert.strictEqual(pipeline.state, 'null', `round ${round}`);
      }
    });

    it('refuses what is no proposal', () => {
      using pipeline = Pipeline.parse(description);
      const sink = pipeline.appSink('sink');
      for (const wrong of [null, 5, 'shm', []]) throws(() => sink.proposeAllocation(wrong as object), TypeError);
      throws(() => sink.proposeAllocation({ alocator: 1 } as object), TypeError, /did you mean `allocator`/);
      throws(() => sink.proposeAllocation({ allocator: {} as Allocator }), TypeError, /Allocator/);
      throws(() => sink.proposeAllocation({ pool: {} as BufferPool }), TypeError, /BufferPool/);
      throws(() => sink.proposeAllocation({ min: 1 }), TypeError, /along with a `pool`/);
      using pool = BufferPool.create({ size, min: 1, max: 3 });
      for (const min of [-1, 4, 0.5]) throws(() => sink.proposeAllocation({ pool, min }), RangeError, /min/);
      throws(() => sink.proposeAllocation({ metas: 'GstVideoMetaAPI' as unknown as string[] }), TypeError, /metas/);
      throws(() => sink.proposeAllocation({ metas: [5 as unknown as string] }), TypeError, /metas/);
      throws(() => sink.proposeAllocation({ metas: ['NoSuchMetaAPI'] }), QueryError, /NoSuchMetaAPI/);
      throws(() => sink.proposeAllocation({ params: { align: -1 } }), RangeError);
      const allocator = shm();
      allocator.dispose();
      throws(() => sink.proposeAllocation({ allocator }), DisposedError);
      sink.dispose();
      throws(() => sink.proposeAllocation({}), DisposedError);
    });
  }

  it('can be done without: a hop over unixfdsink and unixfdsrc gives memory with fds', async () => {
    const path = temporaryPath('socket');
    await using producer = Pipeline.parse(
      `videotestsrc is-live=true ! ${caps} ! unixfdsink name=out socket-path=${path}`,
    );
    await producer.play();
    await using consumer = Pipeline.parse(`unixfdsrc socket-path=${path} ! appsink name=sink sync=false`);
    await consumer.play();
    let count = 0;
    for await (using sample of consumer.appSink('sink').frames({ timeout: 5e9 })) {
      using memory = sample.buffer?.memory(0);
      assert.isTrue(isFdMemory(memory as never));
      if (++count === 5) break;
    }
    assert.strictEqual(count, 5);
  });

  it('can be done without: setDefault() of an allocator, in the whole process', async () => {
    const { status, value, stderr } = await host.run(async ({ Pipeline, ShmAllocator, isFdMemory }) => {
      ShmAllocator.initOnce();
      ShmAllocator.get()?.setDefault();
      const pipeline = Pipeline.parse(
        'videotestsrc num-buffers=20 ! video/x-raw, format=I420, width=320, height=240 ! appsink name=sink sync=false',
      );
      await pipeline.play();
      let backed = 0;
      for await (const sample of pipeline.appSink('sink').frames()) {
        const memory = sample.buffer?.memory(0);
        if (memory && isFdMemory(memory)) backed++;
        memory?.dispose();
        sample.dispose();
      }
      await pipeline.stop();
      pipeline.dispose();
      return backed;
    });
    assert.strictEqual(stderr, '');
    assert.strictEqual(status, 0);
    assert.strictEqual(value, 20);
  });

  itInOwnProcess(
    'may be of a raw pool that elements can neither use nor configure',
    [runtime === 'gjs' ? 'UnavailableError' : 'none'],
    async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('videotestsrc num-buffers=3 ! appsink name=sink sync=false');
      const pool = gst.BufferPool.create({ size: 10 });
      await attempt(async () => {
        pipeline.appSink('sink').proposeAllocation({ pool: pool.gi as Any });
        await pipeline.play();
        for await (const sample of pipeline.appSink('sink').frames()) sample.dispose();
        await pipeline.stop();
      });
      for (const each of [pipeline, pool]) each.dispose();
    },
  );
});

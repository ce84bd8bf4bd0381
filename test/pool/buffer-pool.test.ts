import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationError,
  type Allocator,
  Buffer,
  BufferPool,
  DisposedError,
  FdAllocator,
  gi,
  MapFlags,
  PoolError,
} from '../../src/index.ts';
import { descriptorsOfPool } from '../../src/pool/pool-config.ts';
import { shm } from '../harness/allocators.ts';
import { badNumbers, notNumbers, pattern, rejects, throws } from '../harness/expectations.ts';
import { type Any, itInOwnProcess } from '../harness/own-process.ts';
import { sleep } from '../harness/sleep.ts';

const { WRITE } = MapFlags;

const fdOf = (buffer: Buffer): number => {
  using memory = buffer.memory(0);
  return memory.fd as number;
};
/** What a promise has come to after a while, or that it has not. */
const stateOf = async (promise: Promise<unknown>): Promise<'settled' | 'waiting'> =>
  Promise.race([
    promise.then(
      () => 'settled' as const,
      () => 'settled' as const,
    ),
    sleep(20).then(() => 'waiting' as const),
  ]);

describe('BufferPool', () => {
  let allocator: Allocator;
  let pool: BufferPool;
  beforeEach(() => {
    allocator = shm();
    pool = BufferPool.create({ size: 4096, min: 2, max: 4, allocator });
  });
  afterEach(() => {
    pool.dispose();
    allocator.dispose();
  });
  const drain = (): Buffer[] => Array.from({ length: 4 }, () => pool.tryAcquire() as Buffer);
  const disposeAll = (buffers: Buffer[]) => {
    for (const buffer of buffers) buffer.dispose();
  };

  describe('create', () => {
    it('gives a pool that is started', () => {
      assert.isTrue(pool.isActive);
    });

    it('gives buffers of the size, from the allocator', () => {
      using buffer = pool.tryAcquire() as Buffer;
      assert.instanceOf(buffer, Buffer);
      assert.strictEqual(buffer.size, 4096);
      using memory = buffer.memory(0);
      assert.isTrue(memory.isType('shm'));
      assert.isTrue(buffer.isWritable);
    });

    it('honours the parameters', () => {
      using other = BufferPool.create({ size: 100, allocator, params: { align: 127, prefix: 32, padding: 64 } });
      using buffer = other.tryAcquire() as Buffer;
      using memory = buffer.memory(0);
      assert.strictEqual(memory.offset, 32);
      assert.isAtLeast(memory.maxSize, 196);
      assert.strictEqual(memory.align & 127, 127);
    });

    it('has its configuration read back', () => {
      const caps = 'video/x-raw, format=(string)I420, width=(int)64, height=(int)32';
      using other = BufferPool.create({ caps, size: 3072, min: 1, max: 3, allocator, params: { align: 15 } });
      const { allocator: found, ...config } = other.config;
      assert.deepEqual(config, {
        caps,
        size: 3072,
        min: 1,
        max: 3,
        params: { flags: 0, align: 15, prefix: 0, padding: 0 },
        options: [],
      });
      assert.strictEqual(found?.memType, 'shm');
      found?.dispose();
    });

    it('needs no more than a size', () => {
      using other = BufferPool.create({ size: 10 });
      const { allocator: none, ...config } = other.config;
      assert.isNull(none);
      assert.deepEqual(config, {
        caps: null,
        size: 10,
        min: 0,
        max: 0,
        params: { flags: 0, align: 0, prefix: 0, padding: 0 },
        options: [],
      });
      assert.deepEqual(other.options, []);
      const buffers = Array.from({ length: 20 }, () => other.tryAcquire() as Buffer);
      for (const buffer of buffers) buffer.dispose();
    });

    it('refuses bad options, each by its name', () => {
      const make = (options: object) => () => BufferPool.create({ size: 10, ...options } as never);
      for (const bad of [0, ...badNumbers]) throws(make({ size: bad }), RangeError, /`options.size`/);
      for (const key of ['min', 'max'])
        for (const bad of badNumbers) throws(make({ [key]: bad }), RangeError, new RegExp(`options.${key}`));
      for (const key of ['size', 'min', 'max'])
        for (const bad of notNumbers.filter((value) => value !== undefined))
          throws(make({ [key]: bad }), TypeError, new RegExp(`options.${key}`));
      throws(make({ size: undefined }), TypeError, /`options.size`/);
      throws(make({ size: 2 ** 32 }), RangeError, /`options.size`/);
      throws(make({ min: 5, max: 4 }), RangeError, /`options.min`/);
      throws(make({ caps: 'no, caps =' }), RangeError, /caps/);
      for (const bad of [5, {}, true]) throws(make({ caps: bad }), TypeError, /caps/);
      for (const bad of [5, 'shm', {}, pool]) throws(make({ allocator: bad }), TypeError, /`options.allocator`/);
      throws(make({ params: { align: 2 } }), RangeError, /align/);
      throws(make({ params: 5 }), TypeError, /params/);
      for (const bad of ['text', 5, {}]) throws(make({ options: bad }), TypeError, /`options.options`/);
      throws(make({ options: [5] }), TypeError, /options/);
      throws(make({ options: ['GstNoSuchOption'] }), PoolError, /GstNoSuchOption/);
      throws(make({ sise: 5 }), TypeError, /did you mean `size`/);
      for (const bad of [undefined, null, 5, 'size', []]) throws(() => BufferPool.create(bad as never), TypeError);
    });

    it('refuses what cannot be allocated', () => {
      throws(() => BufferPool.create({ size: 0xffffffff, min: 0xffffff }), AllocationError);
      throws(() => BufferPool.create({ size: 1, min: 0xffffffff }), AllocationError);
      using fds = new FdAllocator();
      throws(() => BufferPool.create({ size: 10, min: 1, allocator: fds }), PoolError);
      using late = BufferPool.create({ size: 10, allocator: fds });
      throws(() => late.tryAcquire(), PoolError);
    });

    it('is the only way to make one', () => {
      throws(() => new (BufferPool as unknown as new () => BufferPool)(), TypeError);
    });
  });

  describe('tryAcquire', () => {
    it('gives as many as there may be, then null', () => {
      const buffers = drain();
      assert.strictEqual(new Set(buffers.map(fdOf)).size, 4);
      assert.isNull(pool.tryAcquire());
      assert.isNull(pool.tryAcquire());
      disposeAll(buffers);
      const again = drain();
      for (const buffer of again) assert.instanceOf(buffer, Buffer);
      disposeAll(again);
    });

    it('gives a disposed buffer again, at once', () => {
      const [first, ...rest] = drain() as [Buffer, ...Buffer[]];
      const fd = fdOf(first);
      first.dispose();
      using again = pool.tryAcquire() as Buffer;
      assert.strictEqual(fdOf(again), fd);
      disposeAll(rest);
    });

    it('of 10,000 rounds on a pool of 4 uses no more than 4 memories', function () {
      this.timeout(200_000);
      const fds = new Set<number>();
      const files = new Set<string>();
      for (let round = 0; round < 10_000; round++) {
        const buffer = pool.tryAcquire();
        assert.isNotNull(buffer, `round ${round}`);
        fds.add(fdOf(buffer as Buffer));
        files.add(host.fileOf(fdOf(buffer as Buffer)));
        buffer?.dispose();
      }
      assert.isAtMost(fds.size, 4);
      assert.isAtMost(files.size, 4);
    });

    it('gives buffers without the times and flags of their last use', () => {
      const first = pool.tryAcquire() as Buffer;
      first.pts = 5;
      first.duration = 6;
      first.flags = 64;
      first.dispose();
      const buffers = drain();
      for (const buffer of buffers) {
        assert.isNull(buffer.pts);
        assert.isNull(buffer.duration);
        assert.strictEqual(buffer.flags & 64, 0);
      }
      disposeAll(buffers);
    });

    it('gives whole buffers again after somebody resized one', () => {
      const first = pool.tryAcquire() as Buffer;
      first.resize(10, 20);
      first.dispose();
      const buffers = drain();
      for (const buffer of buffers) assert.strictEqual(buffer.size, 4096);
      disposeAll(buffers);
    });

    it('gives a buffer that was made anew after somebody took its memory away', () => {
      const first = pool.tryAcquire() as Buffer;
      first.removeMemory(0);
      first.dispose();
      const buffers = drain();
      for (const buffer of buffers) assert.strictEqual(buffer.size, 4096);
      disposeAll(buffers);
    });

    it('does not give a buffer whose memory a copy still shares', async () => {
      const first = pool.tryAcquire() as Buffer;
      first.fill(0, pattern(4096));
      const copy = first.copy();
      first.dispose();
      const buffers = Array.from({ length: 3 }, () => pool.tryAcquire() as Buffer);
      assert.isNull(pool.tryAcquire());
      for (const buffer of buffers) buffer.memset(0, 0, 4096);
      assert.deepEqual(copy.extract(), pattern(4096));
      copy.dispose();
      using fourth = await pool.acquire();
      assert.strictEqual(fourth.size, 4096);
      disposeAll(buffers);
    });
  });

  describe('acquire', () => {
    it('gives a buffer', async () => {
      using buffer = await pool.acquire();
      assert.strictEqual(buffer.size, 4096);
    });

    it('waits until a buffer comes back', async () => {
      const buffers = drain();
      const waiting = pool.acquire();
      assert.strictEqual(await stateOf(waiting), 'waiting');
      const fd = fdOf(buffers[2] as Buffer);
      buffers[2]?.dispose();
      using got = await waiting;
      assert.strictEqual(fdOf(got), fd);
      disposeAll(buffers);
    });

    it('serves everyone who waits, in order', async () => {
      const buffers = drain();
      const order: number[] = [];
      const waiting = Array.from({ length: 12 }, async (_, index) => {
        const buffer = await pool.acquire();
        order.push(index);
        await sleep(1);
        buffer.dispose();
      });
      assert.strictEqual(await stateOf(Promise.race(waiting)), 'waiting');
      disposeAll(buffers);
      await Promise.all(waiting);
      assert.deepEqual(
        order,
        Array.from({ length: 12 }, (_, index) => index),
      );
    });

    it('serves a later caller after those who wait', async () => {
      const buffers = drain();
      const first = pool.acquire();
      await sleep(1);
      buffers[0]?.dispose();
      const second = pool.acquire();
      using got = await first;
      assert.strictEqual(await stateOf(second), 'waiting');
      got.dispose();
      (await second).dispose();
      disposeAll(buffers);
    });

    it('never gives one buffer to two', async () => {
      const out = new Set<number>();
      let most = 0;
      await Promise.all(
        Array.from({ length: 40 }, async () => {
          const buffer = await pool.acquire();
          const fd = fdOf(buffer);
          assert.isFalse(out.has(fd));
          out.add(fd);
          most = Math.max(most, out.size);
          await sleep(1);
          out.delete(fd);
          buffer.dispose();
        }),
      );
      assert.strictEqual(most, 4);
    });

    it('is given up by its signal, with the reason of the signal', async () => {
      const buffers = drain();
      const controller = new AbortController();
      const reason = new SyntaxError('mine');
      const waiting = pool.acquire({ signal: controller.signal });
      controller.abort(reason);
      assert.strictEqual(await waiting.catch((error) => error), reason);
      disposeAll(buffers);
      // No buffer went to the wait that was given up.
      disposeAll(drain());
    });

    it('is given up before it begins', async () => {
      const controller = new AbortController();
      controller.abort();
      const error = await pool.acquire({ signal: controller.signal }).catch((error) => error);
      assert.strictEqual(error.name, 'AbortError');
      disposeAll(drain());
    });

    it('is given up after its timeout, in nanoseconds', async () => {
      const buffers = drain();
      const start = Date.now();
      const error = await pool.acquire({ timeout: 30e6 }).catch((error) => error);
      assert.strictEqual(error.name, 'TimeoutError');
      assert.isAtLeast(Date.now() - start, 28);
      const none = await pool.acquire({ timeout: 0 }).catch((error) => error);
      assert.strictEqual(none.name, 'TimeoutError');
      disposeAll(buffers);
      (await pool.acquire({ timeout: 0 })).dispose();
      disposeAll(drain());
    });

    it('takes the Gio.Cancellable of a GLib program as its signal', async () => {
      const buffers = drain();
      const cancellable = new gi.Gio.Cancellable();
      // Bindings differ in names; the GJS ones are what a wait takes.
      if (typeof cancellable.is_cancelled !== 'function') {
        disposeAll(buffers);
        return;
      }
      const waiting = pool.acquire({ signal: cancellable });
      cancellable.cancel();
      const error = await waiting.catch((error) => error);
      assert.strictEqual(error.name, 'AbortError');
      disposeAll(buffers);
    });

    it('given up by one lets the next one have its turn', async () => {
      const buffers = drain();
      const controller = new AbortController();
      const first = pool.acquire({ signal: controller.signal });
      const second = pool.acquire();
      const third = pool.acquire({ timeout: 1e6 });
      const fourth = pool.acquire();
      controller.abort();
      assert.strictEqual((await first.catch((error) => error)).name, 'AbortError');
      assert.strictEqual((await third.catch((error) => error)).name, 'TimeoutError');
      buffers[0]?.dispose();
      (await second).dispose();
      (await fourth).dispose();
      disposeAll(buffers);
    });

    it('settles once, whatever happens at the same time', async () => {
      for (let round = 0; round < 20; round++) {
        const buffers = drain();
        const controller = new AbortController();
        let settled = 0;
        const waiting = pool.acquire({ signal: controller.signal, timeout: 1e6 }).then(
          (buffer) => {
            settled++;
            buffer.dispose();
          },
          () => settled++,
        );
        await sleep(round % 3);
        if (round % 2) controller.abort();
        buffers[0]?.dispose();
        controller.abort();
        await waiting;
        await sleep(3);
        assert.strictEqual(settled, 1);
        disposeAll(buffers);
        const all = drain();
        for (const buffer of all) assert.isNotNull(buffer);
        disposeAll(all);
      }
    });

    it('rejects when the pool is stopped', async () => {
      const buffers = drain();
      const first = rejects(pool.acquire(), PoolError, /stopped/);
      const second = rejects(pool.acquire(), PoolError, /stopped/);
      pool.stop();
      await Promise.all([first, second]);
      disposeAll(buffers);
    });

    it('rejects when the pool begins to flush', async () => {
      const buffers = drain();
      const first = rejects(pool.acquire(), PoolError, /flushing/);
      pool.setFlushing(true);
      await first;
      pool.setFlushing(false);
      disposeAll(buffers);
    });

    it('rejects when the pool is disposed', async () => {
      const buffers = drain();
      const first = rejects(pool.acquire(), DisposedError);
      const second = rejects(pool.acquire({ timeout: 10e9 }), DisposedError);
      pool.dispose();
      await Promise.all([first, second]);
      await rejects(pool.acquire(), DisposedError);
      disposeAll(buffers);
    });

    it('waits as long as it takes without a timeout, by whatever name', async () => {
      const buffers = [];
      for (let buffer = pool.tryAcquire(); buffer; buffer = pool.tryAcquire()) buffers.push(buffer);
      const waits = [{}, { timeout: null }, { timeout: Infinity }, { timeout: null, signal: null }].map((options) =>
        pool.acquire(options).then((buffer) => buffer.dispose()),
      );
      assert.strictEqual(await stateOf(Promise.race(waits)), 'waiting');
      disposeAll(buffers);
      await Promise.all(waits);
    });

    it('rejects bad options', async () => {
      for (const bad of badNumbers.filter((bad) => bad !== Number.POSITIVE_INFINITY))
        await rejects(pool.acquire({ timeout: bad }), RangeError, /timeout/);
      for (const bad of notNumbers.slice(2))
        await rejects(pool.acquire({ timeout: bad as never }), TypeError, /timeout/);
      for (const bad of [5, 'x', {}, []]) await rejects(pool.acquire({ signal: bad as never }), TypeError, /signal/);
      await rejects(pool.acquire({ tiemout: 5 } as never), TypeError, /did you mean `timeout`/);
      for (const bad of [null, 5, []]) await rejects(pool.acquire(bad as never), TypeError, /options/);
    });

    itInOwnProcess(
      'gives a buffer that can be written once its flags and metas were changed and read',
      ['none', 'none', 'none'],
      async (gst, attempt) => {
        const pool = gst.BufferPool.create({ size: 10, max: 1 });
        const buffer = await pool.acquire();
        const meta = { format: 'GRAY8', width: 2, height: 5, offsets: [0], strides: [2] };
        await attempt(() => {
          buffer.flags = 0x7ffffff0;
        });
        await attempt(() => buffer.addVideoMeta(meta).videoMeta);
        await attempt(() => buffer.map(gst.MapFlags.WRITE).dispose());
        for (const each of [buffer, pool]) each.dispose();
      },
    );

    itInOwnProcess(
      'is given up by a signal that calls its listener at once, as AppSrc.push is',
      ['AbortError', 'AbortError', 'none'],
      async (gst, attempt) => {
        const eager = () => ({
          aborted: false,
          addEventListener: (_: string, callback: () => void) => callback(),
          removeEventListener() {},
        });
        const pipeline = gst.Pipeline.parse('appsrc name=source max-bytes=1 ! appsink sync=false max-buffers=1');
        await pipeline.play();
        const source = pipeline.appSrc('source');
        const pool = gst.BufferPool.create({ size: 10, max: 5 });
        let buffer = pool.tryAcquire() as Any;
        // Until the sink and the source are full.
        const goesThrough = () =>
          source.push(buffer, { timeout: 5e7 }).then(
            () => true,
            () => false,
          );
        while (await goesThrough()) {
          buffer.dispose();
          buffer = pool.tryAcquire();
        }
        await attempt(() => source.push(buffer, { signal: eager() as Any }));
        const rest = [];
        for (let other = pool.tryAcquire(); other; other = pool.tryAcquire()) rest.push(other);
        await attempt(() => pool.acquire({ signal: eager() as Any, timeout: 1e7 }));
        buffer.dispose();
        await attempt(async () => (await pool.acquire({ timeout: 1e9 })).dispose());
        for (const each of rest) each.dispose();
        await pipeline.stop();
        for (const each of [pipeline, pool]) each.dispose();
      },
    );
  });

  describe('start, stop and setFlushing', () => {
    it('stopped, it gives nothing; started again, it does', async () => {
      pool.stop();
      assert.isFalse(pool.isActive);
      throws(() => pool.tryAcquire(), PoolError, /stopped/);
      await rejects(pool.acquire(), PoolError, /stopped/);
      pool.start();
      assert.isTrue(pool.isActive);
      (pool.tryAcquire() as Buffer).dispose();
    });

    it('can be called twice in a row', () => {
      for (const isActive of [true, false, true]) {
        for (let count = 0; count < 2; count++) isActive ? pool.start() : pool.stop();
        assert.strictEqual(pool.isActive, isActive);
      }
      const buffers = drain();
      assert.isNotEmpty(buffers);
      disposeAll(buffers);
    });

    it('stopped, it takes back what is out', async () => {
      const buffers = drain();
      const fds = buffers.map(fdOf);
      pool.stop();
      for (const buffer of buffers) buffer.memset(0, 1, 4096);
      disposeAll(buffers);
      await host.settled();
      for (const fd of fds) assert.isFalse(host.isOpen(fd));
    });

    it('flushing, it gives nothing; afterwards it does', async () => {
      pool.setFlushing(true);
      throws(() => pool.tryAcquire(), PoolError, /flushing/);
      await rejects(pool.acquire(), PoolError, /flushing/);
      pool.setFlushing(false);
      disposeAll(drain());
      for (const bad of [undefined, null, 1, 'true'])
        throws(() => pool.setFlushing(bad as never), TypeError, /`flushing`/);
    });

    it('started anew, it no longer flushes', () => {
      pool.setFlushing(true);
      pool.stop();
      throws(() => pool.tryAcquire(), PoolError, /stopped/);
      pool.start();
      disposeAll(drain());
    });
  });

  describe('dispose', () => {
    it('leaves the buffers that are out as they are', async () => {
      const buffers = drain();
      const fds = buffers.map(fdOf);
      for (const [index, buffer] of buffers.entries()) buffer.fill(0, pattern(4096, index));
      pool.dispose();
      for (const [index, buffer] of buffers.entries()) {
        assert.deepEqual(buffer.extract(), pattern(4096, index));
        buffer.withMapping(WRITE, (bytes) => bytes.fill(0));
      }
      disposeAll(buffers);
      await host.settled();
      for (const fd of fds) assert.isFalse(host.isOpen(fd));
    });

    it('frees the buffers that are in', async () => {
      const buffers = drain();
      const fds = buffers.map(fdOf);
      disposeAll(buffers);
      pool.dispose();
      await host.settled();
      for (const fd of fds) assert.isFalse(host.isOpen(fd));
    });

    itInOwnProcess(
      'runs once where an acquire that it rejects calls it again',
      ['none', 'DisposedError'],
      async (gst, attempt) => {
        const pool = gst.BufferPool.create({ size: 10, max: 1 });
        const buffer = pool.tryAcquire();
        const signal = { aborted: false, addEventListener() {}, removeEventListener: () => pool.dispose() };
        const waiting = pool.acquire({ signal: signal as Any });
        buffer?.dispose();
        await attempt(() => pool.dispose());
        await attempt(() => waiting);
      },
    );
  });

  it('asks for the file descriptors that a pool has for itself before GStreamer 1.26', () => {
    assert.strictEqual(descriptorsOfPool({ major: 1, minor: 24, micro: 2 }), 2);
    assert.strictEqual(descriptorsOfPool({ major: 1, minor: 26, micro: 0 }), 0);
  });

  describe('options', () => {
    it('are those that are switched on', () => {
      assert.isFalse(pool.hasOption('GstBufferPoolOptionVideoMeta'));
      assert.isFalse(pool.hasOption(''));
      for (const bad of [undefined, null, 5]) throws(() => pool.hasOption(bad as never), TypeError, /`name`/);
    });

    it('for video give buffers that say how the picture lies in them', () => {
      const caps = 'video/x-raw, format=I420, width=320, height=240, framerate=30/1';
      const options = ['GstBufferPoolOptionVideoMeta'];
      using video = BufferPool.create({ caps, size: 115200, min: 1, max: 2, options });
      assert.deepEqual(video.options, options);
      assert.isTrue(video.hasOption('GstBufferPoolOptionVideoMeta'));
      for (let round = 0; round < 3; round++) {
        using buffer = video.tryAcquire() as Buffer;
        assert.deepInclude(buffer.videoMeta, { format: 'I420', width: 320, height: 240, strides: [320, 160, 160] });
      }
      throws(() => BufferPool.create({ size: 115200, options }), PoolError);
      throws(() => BufferPool.create({ caps, size: 100, options }), PoolError);
      throws(() => BufferPool.create({ caps: 'audio/x-raw', size: 100, options }), PoolError);
    });

    it('of a pool for video are listed', () => {
      using video = BufferPool.wrap(new gi.GstVideo.VideoBufferPool());
      assert.isTrue(video.hasOption('GstBufferPoolOptionVideoMeta'));
      assert.isFalse(video.isActive);
      throws(() => video.tryAcquire(), PoolError);
      throws(() => video.start(), PoolError);
    });
  });
});

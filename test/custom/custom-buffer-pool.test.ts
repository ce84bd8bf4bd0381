import { assert } from 'chai';
import { host } from '#host';
import {
  Allocator,
  Buffer,
  type BufferPoolOptions,
  CustomBufferPool,
  DisposedError,
  FdAllocator,
  MapFlags,
  memfd,
  Pipeline,
  PoolError,
  runtime,
} from '../../src/index.ts';
import { rejects, throws } from '../harness/expectations.ts';

const size = 64 * 48;
const caps =
  'video/x-raw, format=(string)GRAY8, width=(int)64, height=(int)48, framerate=(fraction)30/1, ' +
  'multiview-mode=(string)mono, pixel-aspect-ratio=(fraction)1/1, interlace-mode=(string)progressive';

/** Buffers in memfds of this program's own. */
class Ring extends CustomBufferPool {
  asked = 0;
  readonly #allocator = new FdAllocator();

  allocateBuffer(): Buffer {
    this.asked++;
    using memory = this.#allocator.allocFd(memfd('spec-ring', size), size);
    return new Buffer().appendMemory(memory);
  }

  override dispose(): void {
    super.dispose();
    this.#allocator.dispose();
  }
}

/** Whose buffers are made by a function. */
class Made extends CustomBufferPool {
  readonly #make: (pool: Made) => unknown;

  constructor(options: BufferPoolOptions, make: (pool: Made) => unknown) {
    super(options);
    this.#make = make;
  }

  allocateBuffer(): Buffer {
    return this.#make(this) as Buffer;
  }
}

const fdOf = (buffer: Buffer): number | null => {
  using memory = buffer.memory(0);
  return memory.fd;
};

/** The fds of all buffers of the pool, taken out and brought back. */
function fdsOf(pool: CustomBufferPool): (number | null)[] {
  const buffers: Buffer[] = [];
  for (let buffer = pool.tryAcquire(); buffer; buffer = pool.tryAcquire()) buffers.push(buffer);
  const fds = buffers.map(fdOf);
  for (const buffer of buffers) buffer.dispose();
  return fds.sort();
}

describe('CustomBufferPool', () => {
  describe('a ring of memfds', () => {
    let ring: Ring;
    beforeEach(() => {
      ring = new Ring({ caps, size, max: 3 });
      ring.start();
    });
    afterEach(() => ring.dispose());

    it('needs an `allocateBuffer` of its own', () => {
      const Abstract = CustomBufferPool as unknown as new (options: object) => CustomBufferPool;
      throws(() => new Abstract({ size: 1, max: 1 }), TypeError, /`allocateBuffer`/);
    });

    it('asks for all buffers when it starts, and only then', () => {
      using other = new Ring({ size, max: 2 });
      assert.strictEqual(other.asked, 0);
      throws(() => other.tryAcquire(), PoolError, /stopped/);
      other.start();
      other.start();
      assert.strictEqual(other.asked, 2);
    });

    it('takes `min` where there is no `max`', () => {
      using other = new Ring({ size, min: 2 });
      other.start();
      assert.lengthOf(fdsOf(other), 2);
    });

    it('gives the same fds again and again, writable and whole', function () {
      // In GJS the collector runs for each.
      this.timeout(10_000);
      const fds = fdsOf(ring);
      assert.lengthOf(new Set(fds), 3);
      for (let round = 0; round < 20; round++) {
        const buffer = ring.tryAcquire() as Buffer;
        assert.isTrue(buffer.isWritable);
        assert.strictEqual(buffer.size, size);
        assert.isNull(buffer.pts);
        buffer.pts = round;
        buffer.memset(0, round, size);
        buffer.resize(1, 10);
        buffer.dispose();
        assert.deepEqual(fdsOf(ring), fds);
      }
      assert.strictEqual(ring.asked, 3);
    });

    it('lets acquire() wait for a buffer', async () => {
      const buffers = [0, 1, 2].map(() => ring.tryAcquire() as Buffer);
      assert.isNull(ring.tryAcquire());
      const next = ring.acquire({ timeout: 5e9 });
      for (const buffer of buffers) buffer.dispose();
      (await next).dispose();
    });

    it('keeps the bytes where the fd has them', () => {
      using buffer = ring.tryAcquire() as Buffer;
      buffer.withMapping(MapFlags.WRITE, (bytes) => bytes.fill(7));
      assert.deepEqual([...host.read(fdOf(buffer) as number, 10, 3)], [7, 7, 7]);
    });

    it('feeds an AppSrc', async () => {
      const fds = fdsOf(ring);
      await using pipeline = Pipeline.parse(
        `appsrc name=src format=time caps="${caps}" ! queue ! appsink name=sink sync=false`,
      );
      await pipeline.play();
      const source = pipeline.appSrc('src');
      const seen = new Set<number | null>();
      const reading = (async () => {
        let count = 0;
        for await (const sample of pipeline.appSink('sink').frames({ timeout: 20e9 })) {
          seen.add(fdOf(sample.buffer as Buffer));
          count++;
          sample.dispose();
        }
        return count;
      })();
      for (let frame = 0; frame < 60; frame++) {
        using buffer = await ring.acquire({ timeout: 20e9 });
        buffer.pts = frame * 1e7;
        await source.push(buffer);
      }
      source.endOfStream();
      assert.strictEqual(await reading, 60);
      assert.deepEqual([...seen].sort(), fds);
      assert.strictEqual(ring.asked, 3);
    });

    it('starts anew after a stop, with new buffers', () => {
      ring.stop();
      assert.isFalse(ring.isActive);
      throws(() => ring.tryAcquire(), PoolError, /stopped/);
      ring.start();
      assert.strictEqual(ring.asked, 6);
      assert.lengthOf(fdsOf(ring), 3);
    });

    it('serves the elements upstream of an AppSink (Node)', async function () {
      if (runtime === 'gjs') this.skip();
      const fds = fdsOf(ring);
      await using pipeline = Pipeline.parse(
        'videotestsrc num-buffers=100 ! video/x-raw, format=GRAY8, width=64, height=48, framerate=30/1 ! appsink name=sink sync=false',
      );
      const sink = pipeline.appSink('sink');
      sink.proposeAllocation({ pool: ring });
      const run = async (): Promise<(number | null)[]> => {
        const seen = new Set<number | null>();
        await pipeline.play();
        for await (const sample of sink.frames({ timeout: 20e9, maxBuffers: 1 })) {
          seen.add(fdOf(sample.buffer as Buffer));
          sample.dispose();
        }
        await pipeline.stop();
        return [...seen].sort();
      };
      assert.deepEqual(await run(), fds);
      // The element stops the pool it used; offered once more, it is filled anew.
      assert.isFalse(ring.isActive);
      assert.notInclude(await run(), null);
      assert.strictEqual(ring.asked, 6);
      ring.dispose();
      assert.deepEqual(await run(), [null]);
    });

    it('has to be started before it is proposed', () => {
      using pipeline = Pipeline.parse('videotestsrc ! appsink name=sink');
      ring.stop();
      throws(() => pipeline.appSink('sink').proposeAllocation({ pool: ring }), PoolError, /started/);
    });

    it('keeps the metas of its buffers (Node)', function () {
      using pool = new Made({ size, max: 1 }, () =>
        Buffer.alloc(size).addVideoMeta({ format: 'GRAY8', width: 64, height: 48, offsets: [0], strides: [64] }),
      );
      pool.start();
      if (runtime === 'gjs') this.skip();
      for (let round = 0; round < 3; round++) {
        using buffer = pool.tryAcquire() as Buffer;
        buffer.addReferenceTimestamp('timestamp/x-ntp', 5);
        assert.deepEqual(buffer.videoMeta?.strides, [64]);
        assert.lengthOf(buffer.metas(), 2);
      }
    });

    it('takes larger buffers for what it needs of them', () => {
      using pool = new Made({ size: 100, max: 1 }, () => Buffer.alloc(1000));
      pool.start();
      for (let round = 0; round < 2; round++) {
        using buffer = pool.tryAcquire() as Buffer;
        assert.strictEqual(buffer.size, 100);
      }
    });

    it('takes buffers of several memories', () => {
      using pool = new Made({ size: 100, max: 2 }, () => {
        using allocator = Allocator.find() as Allocator;
        using first = allocator.alloc(40);
        using second = allocator.alloc(60);
        return new Buffer().appendMemory(first).appendMemory(second);
      });
      pool.start();
      for (let round = 0; round < 4; round++) {
        using buffer = pool.tryAcquire() as Buffer;
        assert.deepEqual([buffer.size, buffer.memoryCount], [100, 2]);
      }
    });
  });

  describe('misuse', () => {
    const kept: { buffer?: Buffer } = {};
    const bad: Record<string, [(pool: Made) => unknown, RegExp]> = {
      nothing: [() => undefined, /expected a Buffer for the pool, got undefined/],
      'a promise': [async () => 1, /got a Promise/],
      'too little': [() => Buffer.alloc(10), /got 10/],
      'an empty buffer': [() => new Buffer(), /got 0/],
      'a disposed buffer': [
        () => {
          const buffer = Buffer.alloc(size);
          buffer.dispose();
          return buffer;
        },
        /disposed/,
      ],
      'the same buffer twice': [
        () => {
          kept.buffer ??= Buffer.alloc(size);
          return kept.buffer;
        },
        /disposed/,
      ],
      'memory of somebody else': [
        () => {
          const buffer = Buffer.alloc(size);
          kept.buffer?.dispose();
          kept.buffer = buffer.copy();
          return buffer;
        },
        /somebody else/,
      ],
      'memory that begins later': [() => Buffer.alloc(size + 10).resize(10, size), /offset 0, got 10/],
      'an error': [
        () => {
          throw new Error('no camera');
        },
        /no camera/,
      ],
      'a stopped pool': [
        (pool) => {
          pool.stop();
          return Buffer.alloc(size);
        },
        /all its buffers/,
      ],
      'a disposed pool': [
        (pool) => {
          pool.dispose();
          return Buffer.alloc(size);
        },
        /all its buffers/,
      ],
      'a start within the start': [
        (pool) => {
          pool.start();
          return Buffer.alloc(size);
        },
        /being filled/,
      ],
    };
    afterEach(() => {
      kept.buffer?.dispose();
      delete kept.buffer;
    });
    for (const [what, [make, message]] of Object.entries(bad)) {
      it(`of \`allocateBuffer\`: ${what}`, () => {
        using pool = new Made({ size, max: 2 }, make);
        throws(() => pool.start(), PoolError, message);
        if (!pool.isDisposed) assert.isFalse(pool.isActive);
      });
    }

    it('has its cause', () => {
      const cause = new Error('no camera');
      using pool = new Made({ size, max: 1 }, () => {
        throw cause;
      });
      assert.strictEqual(throws(() => pool.start(), PoolError).cause, cause);
    });

    it('can be tried again', () => {
      let isReady = false;
      using pool = new Made({ size, max: 2 }, () => (isReady ? Buffer.alloc(size) : null));
      throws(() => pool.start(), PoolError);
      isReady = true;
      pool.start();
      assert.lengthOf(fdsOf(pool), 2);
    });

    it('leaves a pipeline that can be stopped', async () => {
      await using pipeline = Pipeline.parse(
        `appsrc name=src format=time caps="${caps}" ! appsink name=sink sync=false`,
      );
      await pipeline.play();
      using pool = new Made({ size, max: 1 }, () => null);
      throws(() => pool.start(), PoolError);
      await rejects(pool.acquire(), PoolError, /stopped/);
      await pipeline.stop();
    });

    it('of the constructor', () => {
      const make = (options: object) => () => new Made({ size, max: 1, ...options } as never, () => null);
      throws(make({ size: 0 }), RangeError, /`options.size`/);
      throws(make({ max: 0 }), RangeError, /`options.max`/);
      throws(make({ max: -1 }), RangeError, /`options.max`/);
      throws(make({ max: '2' }), TypeError, /`options.max`/);
      throws(make({ min: 2 }), RangeError, /`options.min`/);
      throws(make({ maxx: 2 }), TypeError, /did you mean `max`/);
      throws(() => new Ring(undefined as never), TypeError, /`options`/);
    });

    it('after dispose', () => {
      const pool = new Made({ size, max: 1 }, () => Buffer.alloc(size));
      pool.dispose();
      pool.dispose();
      throws(() => pool.start(), DisposedError);
    });
  });
});

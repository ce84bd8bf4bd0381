import { assert } from 'chai';
import { host } from '#host';
import {
  type Allocator,
  Buffer,
  BufferPool,
  MapError,
  MapFlags,
  Mapping,
  type Memory,
  MemoryFlags,
  NotWritableError,
  runtime,
} from '../../src/index.ts';
import { shm, sysmem } from '../harness/allocators.ts';
import { badNumbers, notNumbers, pattern, throws } from '../harness/expectations.ts';
import { itInOwnProcess } from '../harness/own-process.ts';

const { READ, WRITE, READWRITE } = MapFlags;

describe('Mapping', () => {
  for (const [name, make] of [
    ['shared memory', shm],
    ['system memory', sysmem],
  ] as [string, () => Allocator][]) {
    describe(`of ${name}`, () => {
      let allocator: Allocator;
      let memory: Memory;
      beforeEach(() => {
        allocator = make();
        memory = allocator.alloc(4096);
      });
      afterEach(() => {
        memory.dispose();
        allocator.dispose();
      });

      it('gives as many bytes as the memory has', () => {
        using mapping = memory.map(READ);
        assert.instanceOf(mapping, Mapping);
        assert.strictEqual(mapping.bytes.constructor, Uint8Array);
        assert.strictEqual(mapping.bytes.length, 4096);
        assert.strictEqual(mapping.size, 4096);
        assert.strictEqual(mapping.flags, READ);
      });

      it('reads without being told to', () => {
        using mapping = memory.map();
        assert.strictEqual(mapping.flags, READ);
      });

      it('writes what the next mapping reads', () => {
        memory.withMapping(WRITE, (bytes) => bytes.set(pattern(4096)));
        assert.deepEqual(
          memory.withMapping(READ, (bytes) => bytes.slice()),
          pattern(4096),
        );
      });

      it('with READWRITE keeps the bytes that are not written', () => {
        memory.withMapping(WRITE, (bytes) => bytes.set(pattern(4096)));
        memory.withMapping(READWRITE, (bytes) => {
          assert.deepEqual(bytes.slice(), pattern(4096));
          bytes[7] = 200;
        });
        const wanted = pattern(4096);
        wanted[7] = 200;
        assert.deepEqual(
          memory.withMapping(READ, (bytes) => bytes.slice()),
          wanted,
        );
      });

      it('is empty once disposed, and so is every view that was made of it', () => {
        const mapping = memory.map(READ);
        const { bytes } = mapping;
        const part = bytes.subarray(10, 20);
        const words = new Uint32Array(bytes.buffer, bytes.byteOffset, 4);
        const view = new DataView(bytes.buffer);
        mapping.dispose();
        assert.isTrue(mapping.isDisposed);
        assert.strictEqual(mapping.bytes.length, 0);
        assert.strictEqual(bytes.length, 0);
        assert.strictEqual(bytes.byteLength, 0);
        assert.strictEqual(part.length, 0);
        assert.strictEqual(words.length, 0);
        assert.strictEqual(bytes[0], undefined);
        assert.throws(() => view.getUint8(0), TypeError);
      });

      it('may be disposed again and again, by hand and by scope', () => {
        using mapping = memory.map(READ);
        mapping.dispose();
        assert.doesNotThrow(() => mapping.dispose());
        assert.doesNotThrow(() => mapping[Symbol.dispose]());
      });

      it('still tells its size and flags after dispose', () => {
        const mapping = memory.map(READ);
        mapping.dispose();
        assert.strictEqual(mapping.size, 4096);
        assert.strictEqual(mapping.flags, READ);
      });

      it('ends with its memory', () => {
        const first = memory.map(READ);
        const second = memory.map(READ);
        const stale = first.bytes;
        memory.dispose();
        assert.isTrue(first.isDisposed);
        assert.isTrue(second.isDisposed);
        assert.strictEqual(stale.length, 0);
        first.dispose();
      });

      it('leaves a memory that can be mapped again, a thousand times', () => {
        for (let round = 0; round < 1000; round++) memory.map(round % 2 ? READ : WRITE).dispose();
        using mapping = memory.map(READWRITE);
        assert.strictEqual(mapping.bytes.length, 4096);
      });

      it('may be one of several that read', () => {
        memory.withMapping(WRITE, (bytes) => bytes.fill(9));
        using first = memory.map(READ);
        using second = memory.map(READ);
        first.dispose();
        assert.strictEqual(second.bytes[0], 9);
      });

      it('shows nothing to the views of another one, whichever ends first', () => {
        for (let round = 0; round < 4; round++) {
          const first = memory.map(READ);
          const second = memory.map(READ);
          const views = [first.bytes, second.bytes];
          (round % 2 ? first : second).dispose();
          assert.deepEqual(
            views.map(({ length }) => length),
            round % 2 ? [0, 4096] : [4096, 0],
          );
          using third = memory.map(READ);
          (round % 2 ? second : first).dispose();
          assert.deepEqual(
            views.map(({ length }) => length),
            [0, 0],
          );
          assert.strictEqual(third.bytes.length, 4096);
        }
      });

      it('refuses to write while it is read', () => {
        using reading = memory.map(READ);
        throws(() => memory.map(WRITE), MapError);
        assert.strictEqual(reading.bytes.length, 4096);
      });

      it('shows what another one writes, and loses nothing of it; or is refused', () => {
        memory.withMapping(WRITE, (bytes) => bytes.fill(0));
        for (const flags of [WRITE, READWRITE] as const) {
          using first = memory.map(flags);
          first.bytes[0] = flags;
          if (!first.zeroCopy) {
            for (const second of [READ, WRITE, READWRITE] as const) throws(() => memory.map(second), MapError);
            continue;
          }
          using second = memory.map(flags);
          second.bytes[1] = flags;
          assert.strictEqual(first.bytes[1], flags);
        }
        assert.strictEqual(
          memory.withMapping(READ, (bytes) => bytes[0]),
          READWRITE,
        );
      });

      it('refuses invalid flags', () => {
        for (const flags of [0, 4, 7, ...badNumbers]) throws(() => memory.map(flags as never), RangeError, /`flags`/);
        for (const flags of notNumbers.slice(1)) throws(() => memory.map(flags as never), TypeError, /`flags`/);
      });

      it('of a part shows what was written to the whole, and cannot write', () => {
        memory.withMapping(WRITE, (bytes) => bytes.set(pattern(4096)));
        using part = memory.share(1024, 512);
        assert.deepEqual(
          part.withMapping(READ, (bytes) => bytes.slice()),
          pattern(4096).slice(1024, 1536),
        );
        assert.isFalse(part.isWritable);
        throws(() => part.map(WRITE), NotWritableError);
      });

      it('ends when withMapping ends, even by an exception', () => {
        let kept: Uint8Array | undefined;
        assert.throws(
          () =>
            memory.withMapping(READ, (bytes) => {
              kept = bytes;
              throw new Error('mine');
            }),
          'mine',
        );
        assert.strictEqual(kept?.length, 0);
        memory.map(WRITE).dispose();
      });

      it('lasts as long as an async function it is given to, and ends with it, even by an exception', async () => {
        let view: Uint8Array = new Uint8Array();
        const sum = memory.withMapping(WRITE, async (bytes) => {
          view = bytes;
          await Promise.resolve();
          bytes.fill(3);
          return bytes.length;
        });
        assert.throws(() => memory.map(READ), MapError);
        assert.deepEqual([await sum, view.length], [4096, 0]);
        const failing = memory.withMapping(READ, async (bytes) => {
          await Promise.resolve();
          view = bytes;
          throw new Error(String(bytes[4095]));
        });
        assert.strictEqual(await failing.catch((error: Error) => error.message), '3');
        assert.strictEqual(view.length, 0);
      });

      it('survives that its memory is disposed inside withMapping', () => {
        memory.withMapping(READ, () => memory.dispose());
        assert.isTrue(memory.isDisposed);
      });

      it('gives whoever transfers its bytes a copy', function () {
        if (!('transfer' in ArrayBuffer.prototype)) this.skip();
        for (const length of [undefined, 0, 100, 5000]) {
          memory.withMapping(WRITE, (bytes) => bytes.fill(1));
          const mapping = memory.map(READ);
          const { buffer } = mapping.bytes as { buffer: ArrayBuffer & { transfer(length?: number): ArrayBuffer } };
          const copy = buffer.transfer(length);
          assert.strictEqual(buffer.byteLength, 0);
          mapping.dispose();
          memory.withMapping(WRITE, (bytes) => bytes.fill(2));
          const wanted = new Uint8Array(length ?? 4096).fill(1, 0, Math.min(length ?? 4096, 4096));
          assert.deepEqual(new Uint8Array(copy), wanted);
        }
      });
    });
  }

  it('shows one memory to the fd, to other mappings and through a buffer', async () => {
    using allocator = shm();
    using memory = allocator.alloc(5000);
    const fd = memory.fd as number;
    memory.withMapping(WRITE, (bytes) => bytes.set(pattern(5000)));
    assert.deepEqual(host.read(fd, 0, 5000), pattern(5000));
    assert.deepEqual(
      memory.withMapping(READ, (bytes) => bytes.slice()),
      pattern(5000),
    );
    {
      using buffer = new Buffer();
      buffer.appendMemory(memory);
      assert.deepEqual(buffer.extract(), pattern(5000));
      buffer.withMapping(READWRITE, (bytes) => bytes.set(pattern(100, 2), 50));
    }
    await host.settled();
    assert.deepEqual(host.read(fd, 50, 100), pattern(100, 2));
    host.write(fd, 0, pattern(10, 3));
    assert.deepEqual(
      memory.withMapping(READ, (bytes) => bytes.slice(0, 10)),
      pattern(10, 3),
    );
  });

  it('is the memory itself where zeroCopy says so, else what was written lands at dispose', () => {
    using allocator = shm();
    using memory = allocator.alloc(64);
    memory.withMapping(WRITE, (bytes) => bytes.fill(0));
    const mapping = memory.map(WRITE);
    mapping.bytes[3] = 77;
    assert.strictEqual(host.read(memory.fd as number, 3, 1)[0], mapping.zeroCopy ? 77 : 0);
    mapping.dispose();
    assert.strictEqual(host.read(memory.fd as number, 3, 1)[0], 77);
  });

  it('of a memory from a pool is never a stale view', async () => {
    using allocator = shm();
    using pool = BufferPool.create({ size: 256, min: 1, max: 1, allocator });
    const first = pool.tryAcquire() as Buffer;
    const mapping = first.map(WRITE);
    const { bytes } = mapping;
    bytes.fill(1);
    first.dispose();
    assert.strictEqual(bytes.length, 0);
    using second = pool.tryAcquire() as Buffer;
    second.withMapping(WRITE, (fresh) => {
      assert.strictEqual(fresh.length, 256);
      fresh.fill(2);
    });
    assert.strictEqual(bytes[0], undefined);
    assert.deepEqual(second.extract(), new Uint8Array(256).fill(2));
  });

  it('refuses to write to memory that may only be read', () => {
    using allocator = sysmem();
    using memory = allocator.alloc(16, { flags: MemoryFlags.READONLY });
    throws(() => memory.map(WRITE), NotWritableError);
    throws(() => memory.map(READWRITE), NotWritableError);
    memory.map(READ).dispose();
    using buffer = new Buffer().appendMemory(memory);
    using same = buffer.memory(0);
    assert.deepEqual([memory.isWritable, same.isWritable], [false, false]);
    throws(() => same.resize(1), NotWritableError);
  });

  it('refuses to write to memory that two buffers share', () => {
    using allocator = sysmem();
    using memory = allocator.alloc(16);
    using one = new Buffer().appendMemory(memory);
    using two = new Buffer().appendMemory(memory);
    throws(() => memory.map(WRITE), NotWritableError);
    assert.strictEqual(one.size + two.size, 32);
  });

  it('keeps its memory alive: the bytes stay good when all else is lost to the collector', async () => {
    const { status, value, stderr } = await host.run(async ({ Allocator, Buffer, ShmAllocator }, { collect }) => {
      ShmAllocator.initOnce();
      const size = 1 << 20;
      const views = (() => {
        const found = Allocator.find();
        const kept: Uint8Array[] = [];
        for (let index = 0; index < 20; index++) {
          const memory = found?.alloc(size);
          memory?.withMapping(2, (bytes) => bytes.fill(index));
          kept.push(memory?.map(1).bytes.subarray(100, 200) as Uint8Array);
          const buffer = Buffer.alloc(size, ShmAllocator.get());
          buffer.memset(0, index, size);
          kept.push(buffer.map(1).bytes.subarray(100, 200));
        }
        return kept;
      })();
      await collect();
      await collect();
      const good = views.every((view, index) => view.length === 100 && view.every((byte) => byte === index >> 1));
      views.length = 0;
      await collect();
      await collect();
      return good;
    });
    assert.deepEqual({ status, value, stderr }, { status: 0, value: true, stderr: '' });
  });

  it('lost without dispose ends with its memory, in silence', async () => {
    const { status, value, stderr } = await host.run(
      async ({ Buffer, ShmAllocator, allocationCounters }, { collect }) => {
        ShmAllocator.initOnce();
        // No `using` in here: compiled, it needs functions of this file.
        const allocator = ShmAllocator.get();
        (() => {
          for (let index = 0; index < 20; index++) {
            allocator?.alloc(1 << 20).map(1);
            allocator?.alloc(1 << 20).map(2);
            Buffer.alloc(1 << 20, allocator).map(1);
            Buffer.alloc(1 << 20, allocator).map(3);
          }
        })();
        allocator?.dispose();
        await collect();
        await collect();
        return allocationCounters();
      },
      { G_DEBUG: 'fatal-criticals' },
    );
    assert.deepEqual({ status, value, stderr }, { status: 0, value: {}, stderr: '' });
  });

  it('is not made by hand', () => {
    throws(
      () => new Mapping(undefined as never, undefined as never, undefined as never, undefined as never),
      TypeError,
    );
  });

  itInOwnProcess(
    'ends with its buffer where its bytes cannot be written back any more',
    runtime === 'gjs' ? ['NotWritableError', 'none'] : ['none', 'none'],
    async (gst, attempt) => {
      const buffer = gst.Buffer.alloc(10);
      const whole = gst.Buffer.alloc(10);
      const part = whole.memory(0);
      whole.dispose();
      const first = buffer.mapRange(0, 1, gst.MapFlags.READWRITE);
      const second = buffer.appendMemory(part).mapRange(1, 1, gst.MapFlags.READWRITE);
      const other = gst.Buffer.wrap(buffer.gi);
      await attempt(() => buffer.dispose());
      other.dispose();
      await attempt(() => {
        if (!buffer.isDisposed || !first.isDisposed || !second.isDisposed || gst.allocationCounters().Buffer)
          throw new RangeError('something was kept');
      });
    },
  );
});

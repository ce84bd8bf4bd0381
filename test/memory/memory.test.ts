import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationError,
  type Allocator,
  Buffer,
  GstError,
  MapFlags,
  Memory,
  MemoryFlags,
  NotWritableError,
  Sample,
} from '../../src/index.ts';
import { shm, sysmem } from '../harness/allocators.ts';
import { badNumbers, notNumbers, pattern, throws } from '../harness/expectations.ts';
import { type Any, itInOwnProcess } from '../harness/own-process.ts';
import { unavailableInGjs } from '../harness/unavailable-in-gjs.ts';

const { READ, WRITE } = MapFlags;
const bytesOf = (memory: Memory): Uint8Array => memory.withMapping(READ, (bytes) => bytes.slice());

describe('Memory', () => {
  let allocator: Allocator;
  let memory: Memory;
  beforeEach(() => {
    allocator = sysmem();
    memory = allocator.alloc(1000);
    memory.withMapping(WRITE, (bytes) => bytes.set(pattern(1000)));
  });
  afterEach(() => {
    memory.dispose();
    allocator.dispose();
  });

  it('tells size, offset, maxSize and align', () => {
    assert.strictEqual(memory.size, 1000);
    assert.strictEqual(memory.offset, 0);
    assert.isAtLeast(memory.maxSize, 1000);
    assert.strictEqual(memory.align & (memory.align + 1), 0);
  });

  it('tells its flags', () => {
    using readOnly = allocator.alloc(10, { flags: MemoryFlags.READONLY });
    unavailableInGjs(/flags of a mini-object other than a buffer cannot be read/, () => {
      assert.isAbove(readOnly.flags & MemoryFlags.READONLY, 0);
      assert.strictEqual(memory.flags & MemoryFlags.READONLY, 0);
    });
  });

  it('names its allocator, as a facade of its own', () => {
    const found = memory.allocator as Allocator;
    assert.strictEqual(found.memType, 'SystemMemory');
    found.dispose();
    assert.strictEqual(allocator.memType, 'SystemMemory');
  });

  it('outlives its allocator', () => {
    allocator.dispose();
    assert.deepEqual(bytesOf(memory), pattern(1000));
  });

  it('knows its type', () => {
    assert.isTrue(memory.isType('SystemMemory'));
    assert.isFalse(memory.isType('shm'));
    assert.isFalse(memory.isType(''));
    for (const name of [undefined, null, 5, {}]) throws(() => memory.isType(name as never), TypeError, /`name`/);
  });

  it('is writable alone and in one buffer, not in two', () => {
    assert.isTrue(memory.isWritable);
    using one = new Buffer().appendMemory(memory);
    assert.isTrue(memory.isWritable);
    using two = new Buffer().appendMemory(memory);
    assert.isFalse(memory.isWritable);
    assert.strictEqual(one.size + two.size, 2000);
  });

  it('has no fd when it is plain memory', () => {
    assert.isNull(memory.fd);
    throws(() => memory.dupFd(), GstError, /fd/);
  });

  it('duplicates its fd; the duplicate outlives the memory', async () => {
    using shared = shm();
    const block = shared.alloc(100);
    block.withMapping(WRITE, (bytes) => bytes.fill(3));
    const own = block.dupFd();
    const lent = block.fd as number;
    assert.notStrictEqual(own, lent);
    assert.strictEqual(host.fileOf(own), host.fileOf(lent));
    block.dispose();
    await host.settled();
    assert.isFalse(host.isOpen(lent));
    assert.deepEqual(host.read(own, 0, 100), new Uint8Array(100).fill(3));
    host.close(own);
  });

  describe('resize', () => {
    it('moves the usable window, and back', () => {
      memory.resize(100, 200);
      assert.deepEqual([memory.offset, memory.size], [100, 200]);
      assert.deepEqual(bytesOf(memory), pattern(1000).slice(100, 300));
      memory.resize(-50, 60);
      assert.deepEqual([memory.offset, memory.size], [50, 60]);
      assert.deepEqual(bytesOf(memory), pattern(1000).slice(50, 110));
      memory.resize(-50, 1000);
      assert.deepEqual(bytesOf(memory), pattern(1000));
    });

    it('goes down to nothing and up to all there is', () => {
      memory.resize(0, 0);
      assert.strictEqual(memory.size, 0);
      memory.resize(0, memory.maxSize);
      assert.strictEqual(memory.size, memory.maxSize);
    });

    it('keeps the rest where no size is given', () => {
      memory.resize(100);
      assert.deepEqual(bytesOf(memory), pattern(1000).slice(100));
    });

    it('refuses a window that leaves the memory', () => {
      throws(() => memory.resize(-1, 10), RangeError, /`offset`/);
      throws(() => memory.resize(memory.maxSize + 1, 0), RangeError, /`offset`/);
      throws(() => memory.resize(0, memory.maxSize + 1), RangeError, /`size`/);
      throws(() => memory.resize(10, memory.maxSize - 9), RangeError, /`size`/);
      for (const bad of badNumbers) throws(() => memory.resize(0, bad), RangeError);
      for (const bad of [Number.NaN, 0.5, 2 ** 60]) throws(() => memory.resize(bad, 1), RangeError);
      for (const bad of notNumbers.slice(1)) throws(() => memory.resize(0, bad as never), TypeError);
      for (const bad of notNumbers) throws(() => memory.resize(bad as never), TypeError, /`offset`/);
      for (const bad of notNumbers) throws(() => memory.resize(bad as never, 1), TypeError);
      assert.deepEqual(bytesOf(memory), pattern(1000));
    });

    it('resizes a memory of a buffer, with the buffer, unless that is shared', () => {
      using buffer = new Buffer().appendMemory(memory);
      using same = buffer.memory(0);
      same.resize(100, 200);
      assert.strictEqual(buffer.size, 200);
      assert.deepEqual(buffer.extract(), pattern(1000).slice(100, 300));
      buffer.resize(50, 20);
      same.resize(-150, 1000);
      assert.deepEqual(buffer.extract(), pattern(1000));
      using _sample = Sample.create(buffer);
      assert.isFalse(same.isWritable);
      throws(() => same.resize(1), NotWritableError);
    });

    for (const [what, around] of [
      ['memory', false],
      ['memory of a buffer', true],
    ] as const)
      it(`leaves where it was what is mapped for writing meanwhile: ${what}`, () => {
        using buffer = around ? new Buffer().appendMemory(memory) : null;
        using same = buffer?.memory(0) ?? null;
        const target = same ?? memory;
        for (const [offset, size] of [
          [10, 100],
          [-5, 20],
          [600, 0],
          [-605, 1000],
        ] as const) {
          const start = target.offset;
          const mapping = target.map(MapFlags.READWRITE);
          const expected = mapping.bytes.map((value) => value + 1);
          mapping.bytes.set(expected);
          target.resize(offset, size);
          mapping.dispose();
          assert.deepEqual([target.offset, target.size], [start + offset, size]);
          target.resize(start - target.offset, expected.length);
          assert.deepEqual(bytesOf(target), expected);
          target.resize(offset, size);
        }
        assert.deepEqual([target.offset, target.size], [0, 1000]);
      });

    it('leaves where it was what the buffer is mapped for meanwhile', () => {
      using one = new Buffer().appendMemory(memory);
      using first = one.memory(0);
      const mapping = one.map(MapFlags.READWRITE);
      mapping.bytes.fill(9, 0, 10);
      first.resize(5, 100);
      mapping.dispose();
      first.resize(-5, 1000);
      assert.deepEqual(bytesOf(first).subarray(0, 10), new Uint8Array(10).fill(9));
      assert.deepEqual(bytesOf(first).subarray(10), pattern(1000).subarray(10));
    });

    it('refuses memory that two buffers share', () => {
      using one = new Buffer().appendMemory(memory);
      using two = new Buffer().appendMemory(memory);
      throws(() => memory.resize(0, 10), NotWritableError);
      assert.strictEqual(one.size, two.size);
    });
  });

  describe('share', () => {
    it('shares nothing of empty memory, wherever its window is', () => {
      for (const offset of [0, 100, memory.maxSize]) {
        memory.resize(offset - memory.offset, 0);
        using part = memory.share(0, 0);
        assert.strictEqual(part.size, 0);
        assert.deepEqual([memory.offset, memory.size], [offset, 0]);
      }
    });

    it('gives a part without a copy, that knows its parent', () => {
      using part = memory.share(10, 20);
      assert.strictEqual(part.size, 20);
      assert.deepEqual(bytesOf(part), pattern(1000).slice(10, 30));
      using parent = part.parent as Memory;
      assert.strictEqual(parent.size, 1000);
      assert.isNull(memory.parent);
    });

    it('gives all from an offset on, or just all', () => {
      using rest = memory.share(990);
      assert.deepEqual(bytesOf(rest), pattern(1000).slice(990));
      using all = memory.share();
      assert.strictEqual(all.size, 1000);
    });

    it('gives a part that outlives the whole', () => {
      const part = memory.share(10, 20);
      memory.dispose();
      assert.deepEqual(bytesOf(part), pattern(1000).slice(10, 30));
      part.dispose();
    });

    it('refuses what is not inside', () => {
      throws(() => memory.share(1001), RangeError, /`offset`/);
      throws(() => memory.share(0, 1001), RangeError, /`size`/);
      throws(() => memory.share(999, 2), RangeError, /`size`/);
      for (const bad of badNumbers) {
        throws(() => memory.share(bad), RangeError, /`offset`/);
        throws(() => memory.share(0, bad), RangeError, /`size`/);
      }
      for (const bad of notNumbers.slice(1)) {
        throws(() => memory.share(bad as never), TypeError, /`offset`/);
        throws(() => memory.share(0, bad as never), TypeError, /`size`/);
      }
    });

    it('refuses memory that may not be shared', () => {
      using alone = allocator.alloc(16, { flags: MemoryFlags.NO_SHARE });
      throws(() => alone.share(), GstError, /NO_SHARE/);
      throws(() => alone.share(3, 4), GstError, /NO_SHARE/);
      assert.isTrue(alone.isWritable);
    });

    itInOwnProcess(
      'takes empty memory, unless that has the flag NO_SHARE',
      ['none', 'GstError'],
      async (gst, attempt) => {
        const allocator = gst.Allocator.find('SystemMemory') as Any;
        for (const flags of [0, gst.MemoryFlags.NO_SHARE]) {
          const memory = allocator.alloc(10, { flags });
          memory.resize(0, 0);
          await attempt(() => memory.share().dispose());
          memory.dispose();
        }
        allocator.dispose();
      },
    );
  });

  describe('copy', () => {
    it('has bytes of its own', () => {
      using copy = memory.copy();
      assert.deepEqual(bytesOf(copy), pattern(1000));
      copy.withMapping(WRITE, (bytes) => bytes.fill(0));
      assert.deepEqual(bytesOf(memory), pattern(1000));
      assert.isNull(copy.parent);
    });

    it('takes a part', () => {
      using copy = memory.copy(990, 10);
      assert.deepEqual(bytesOf(copy), pattern(1000).slice(990));
      using rest = memory.copy(995);
      assert.strictEqual(rest.size, 5);
    });

    it('refuses what is not inside', () => {
      throws(() => memory.copy(1001), RangeError);
      throws(() => memory.copy(0, 1001), RangeError);
      for (const bad of badNumbers) throws(() => memory.copy(bad), RangeError);
      for (const bad of notNumbers.slice(1)) throws(() => memory.copy(0, bad as never), TypeError);
    });

    it('refuses, or copies, shared memory that must not be copied, without a word', () => {
      using shared = shm();
      using block = shared.alloc(100);
      try {
        block.copy().dispose();
      } catch (error) {
        assert.instanceOf(error, AllocationError);
      }
    });
  });

  describe('isSpan', () => {
    it('is true of parts that follow each other', () => {
      using first = memory.share(0, 10);
      using second = memory.share(10, 10);
      using third = memory.share(30, 10);
      assert.isTrue(first.isSpan(second));
      assert.isFalse(first.isSpan(third));
      assert.isFalse(second.isSpan(first));
    });

    it('is false of memories without a parent', () => {
      using other = allocator.alloc(10);
      using part = memory.share(0, 10);
      assert.isFalse(memory.isSpan(other));
      assert.isFalse(part.isSpan(other));
      assert.isFalse(other.isSpan(part));
      assert.isFalse(memory.isSpan(memory));
    });

    it('is false of parts of two parents', () => {
      using other = allocator.alloc(1000);
      using first = memory.share(0, 10);
      using second = other.share(10, 10);
      assert.isFalse(first.isSpan(second));
    });
  });

  it('ends once, however often it is disposed', async () => {
    using shared = shm();
    const block = shared.alloc(100);
    const fd = block.fd as number;
    block.dispose();
    await host.settled();
    assert.isFalse(host.isOpen(fd));
    // The number now belongs to somebody else: a second close would be theirs.
    const reused = host.openFile(pattern(4));
    block.dispose();
    block[Symbol.dispose]();
    await host.settled();
    assert.isTrue(host.isOpen(reused));
    host.close(reused);
    assert.isTrue(block.isDisposed);
  });

  it('is not made by hand', () => {
    const { prototype } = Memory;
    throws(() => new (Memory as unknown as new () => Memory)(), TypeError, /new/);
    throws(() => new (Memory as unknown as new (handle: number) => Memory)(4096), TypeError, /new/);
    throws(() => Object.create(prototype).size, TypeError);
  });
});

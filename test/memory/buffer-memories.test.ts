/** Memories of buffers, sizes and copies: the cases of GStreamer's own suite, and what it takes for granted. */
import { assert } from 'chai';
import { host } from '#host';
import {
  type Allocator,
  Buffer,
  BufferCopyFlags,
  type BufferSizes,
  FdAllocator,
  MapError,
  MapFlags,
  NotWritableError,
} from '../../src/index.ts';
import { sysmem } from '../harness/allocators.ts';
import { pattern, throws } from '../harness/expectations.ts';

const { FLAGS, TIMESTAMPS, META, MEMORY, MERGE, DEEP, METADATA, ALL } = BufferCopyFlags;

describe('Memories of a Buffer', () => {
  let allocator: Allocator;
  beforeEach(() => {
    allocator = sysmem();
  });
  afterEach(() => allocator.dispose());

  function inParts(...sizes: number[]): Buffer {
    const buffer = new Buffer();
    for (const size of sizes) {
      using memory = allocator.alloc(size || 1);
      memory.resize(0, size);
      buffer.appendMemory(memory);
    }
    return buffer.fill(0, pattern(buffer.size));
  }

  describe('sizes', () => {
    const sizesAre = ({ sizes }: Buffer, size: number, offset: number, maxSize: number): void =>
      assert.deepEqual(sizes, { size, offset, maxSize } satisfies BufferSizes);

    it('count what is before the first bytes and behind the last, of empty memories too', () => {
      using buffer = Buffer.alloc(100);
      const first = buffer.sizes.maxSize;
      assert.isAtLeast(first, 100);
      buffer.resize(10, 70);
      sizesAre(buffer, 70, 10, first);
      using memory = allocator.alloc(100);
      memory.resize(20, 60);
      buffer.appendMemory(memory);
      sizesAre(buffer, 130, 10, 80 + memory.maxSize - 20);
      using empty = allocator.alloc(100);
      empty.resize(0, 0);
      buffer.appendMemory(empty);
      sizesAre(buffer, 130, 10, 80 + memory.maxSize - 20 + empty.maxSize);
      using front = allocator.alloc(100);
      front.resize(0, 0);
      buffer.prependMemory(front);
      sizesAre(buffer, 130, 10 + front.maxSize, 80 + memory.maxSize - 20 + empty.maxSize + front.maxSize);
      assert.deepEqual(buffer.sizesRange(2, 1), { size: 60, offset: 20, maxSize: memory.maxSize });
      throws(() => buffer.sizesRange(4), RangeError, /`index`/);
      throws(() => buffer.sizesRange(2, 3), RangeError, /`length`/);
    });

    it('of an empty buffer are 0', () => {
      using buffer = new Buffer();
      sizesAre(buffer, 0, 0, 0);
      throws(() => buffer.resize(0, 1), RangeError, /`size`/);
      assert.strictEqual(buffer.setSize(0).resize(0).size, 0);
    });

    it('shrink and grow within what the memory has', () => {
      using buffer = Buffer.alloc(100);
      buffer.fill(0, pattern(100));
      const { maxSize } = buffer.sizes;
      for (const [offset, size] of [
        [maxSize + 100, 50],
        [0, maxSize + 50],
        [1, maxSize],
        [maxSize, 1],
        [-1, 100],
      ] as const)
        throws(() => buffer.resize(offset, size), RangeError);
      sizesAre(buffer.resize(0, 100), 100, 0, maxSize);
      sizesAre(buffer.setSize(50), 50, 0, maxSize);
      sizesAre(buffer.setSize(100), 100, 0, maxSize);
      sizesAre(buffer.resize(1), 99, 1, maxSize);
      sizesAre(buffer.resize(-1), 100, 0, maxSize);
      sizesAre(buffer.resize(50, 40), 40, 50, maxSize);
      sizesAre(buffer.resize(-50, 100), 100, 0, maxSize);
      sizesAre(buffer.resize(0, 0), 0, 0, maxSize);
      sizesAre(buffer.resize(0, 100), 100, 0, maxSize);
      assert.deepEqual(buffer.extract(), pattern(100));
    });

    it('grow at both ends of several memories', () => {
      using buffer = inParts(10, 10, 10);
      buffer.resize(4, 20);
      assert.deepEqual(buffer.resize(-4, 30).extract(), pattern(30));
      buffer.resizeRange(1, 1, 2, 6);
      assert.deepEqual(buffer.sizesRange(1, 1), { ...buffer.sizesRange(1, 1), size: 6, offset: 2 });
      assert.deepEqual(buffer.resizeRange(1, 1, -2, 10).extract(), pattern(30));
    });

    it('do not grow where only an empty memory in front would have the bytes', () => {
      using buffer = inParts(10);
      using empty = allocator.alloc(10);
      empty.resize(0, 0);
      using more = empty.copy();
      buffer.appendMemory(empty).appendMemory(more);
      throws(() => buffer.resize(0, buffer.sizes.maxSize), RangeError, /`size`/);
      assert.strictEqual(buffer.size, 10);
    });

    it('do not grow over bytes that somebody else uses', () => {
      using buffer = inParts(20).resize(5, 10);
      using copy = buffer.copy();
      throws(() => buffer.resize(-5, 20), NotWritableError, /take back/);
      assert.deepEqual(copy.extract(), pattern(20).slice(5, 15));
    });
  });

  it('findMemory tells which memories hold the bytes', () => {
    using buffer = inParts(0, 10, 15, 0);
    for (const [offset, size, index, length, skip] of [
      [0, 5, 1, 1, 0],
      [0, 10, 1, 1, 0],
      [5, 4, 1, 1, 5],
      [5, 5, 1, 1, 5],
      [5, 6, 1, 2, 5],
      [10, 6, 2, 1, 0],
      [10, 15, 2, 1, 0],
      [11, 14, 2, 1, 1],
      [0, 25, 1, 2, 0],
      [24, 0, 2, 1, 14],
      [1, undefined, 1, 3, 1],
    ] as const)
      assert.deepEqual(buffer.findMemory(offset, size), { index, length, skip });
    for (const [offset, size] of [
      [11, 15],
      [0, 26],
      [25, 0],
    ] as const)
      assert.isNull(buffer.findMemory(offset, size));
    throws(() => buffer.findMemory(-1), RangeError, /`offset`/);
  });

  describe('ranges', () => {
    it('come as one memory, the same one where it is one', () => {
      using buffer = inParts(10, 20, 30);
      using middle = buffer.getMemoryRange(1, 1);
      using single = buffer.memory(1);
      assert.isTrue(middle.isSame(single));
      using rest = buffer.getMemoryRange(1);
      assert.deepEqual(
        rest.withMapping(MapFlags.READ, (bytes) => bytes.slice()),
        pattern(60).slice(10),
      );
      using all = buffer.getAllMemory();
      assert.strictEqual(all?.size, 60);
      assert.strictEqual(buffer.memoryCount, 3);
      using none = new Buffer();
      assert.isNull(none.getAllMemory());
    });

    it('are not merged while one of them cannot be read', () => {
      using files = new FdAllocator();
      const fd = host.openFile(pattern(10));
      using memory = files.allocFd(fd, 10);
      using buffer = inParts(20).appendMemory(memory);
      host.truncate(fd, 5);
      throws(() => buffer.getAllMemory(), MapError);
    });

    it('are replaced and removed', () => {
      using memory = allocator.alloc(5);
      using buffer = inParts(10, 20, 30);
      assert.strictEqual(buffer.replaceMemoryRange(0, 2, memory).memoryCount, 2);
      assert.strictEqual(buffer.size, 35);
      using other = allocator.alloc(7);
      assert.strictEqual(buffer.replaceAllMemory(other).size, 7);
      assert.strictEqual(buffer.appendMemory(memory).removeMemoryRange(1).memoryCount, 1);
      assert.strictEqual(buffer.removeAllMemory().removeAllMemory().memoryCount, 0);
      assert.strictEqual(buffer.replaceAllMemory(memory).size, 5);
      throws(() => buffer.removeMemoryRange(0, 2), RangeError, /`length`/);
    });

    it('are writable while no other buffer has one of their memories', () => {
      using buffer = inParts(10, 20);
      assert.isTrue(buffer.isAllMemoryWritable);
      using other = new Buffer();
      using memory = buffer.memory(1);
      other.appendMemory(memory);
      assert.isFalse(buffer.isAllMemoryWritable);
      assert.isTrue(buffer.isMemoryRangeWritable(0, 1));
      assert.isFalse(buffer.isMemoryRangeWritable(1));
      using empty = new Buffer();
      assert.isTrue(empty.isAllMemoryWritable);
    });
  });

  describe('of two buffers', () => {
    it('follow each other without a copy', () => {
      using whole = Buffer.from(Uint8Array.of(1, 2, 3, 4));
      using first = whole.copyRegion(0, 2);
      using second = whole.copyRegion(2, 2);
      using span = new Buffer().append(first).append(second);
      assert.strictEqual(span.memoryCount, 2);
      assert.deepEqual([...span.extract()], [1, 2, 3, 4]);
      using merged = span.getAllMemory();
      using parent = merged?.parent;
      using memory = whole.memory(0);
      assert.isTrue(parent?.isSame(memory));
      using turned = new Buffer().append(second).append(first);
      assert.deepEqual([...turned.extract()], [3, 4, 1, 2]);
      using some = new Buffer().appendRegion(whole, 1, 2).appendRegion(whole, 3);
      assert.deepEqual([...some.extract()], [2, 3, 4]);
    });

    it('are merged where there are more than a buffer can have', () => {
      using many = inParts(...Array.from({ length: Buffer.maxMemory - 1 }, () => 2));
      using two = Buffer.from(Uint8Array.of(250));
      using memory = allocator.alloc(1);
      two.appendMemory(memory).memset(1, 251, 1);
      many.append(two);
      assert.deepEqual([...many.extract()], [...pattern(2 * Buffer.maxMemory - 2), 250, 251]);
      assert.isAtMost(many.memoryCount, 2);
    });

    it('are not merged while what is being written would be lost', () => {
      using many = inParts(...Array.from({ length: Buffer.maxMemory }, () => 2));
      using one = Buffer.alloc(1);
      using mapping = many.mapRange(0, 1, MapFlags.WRITE);
      throws(() => many.append(one), MapError, /mapping/);
      mapping.dispose();
      assert.strictEqual(many.append(one).size, 2 * Buffer.maxMemory + 1);
      using again = inParts(...Array.from({ length: Buffer.maxMemory }, () => 2));
      throws(() => again.copyInto(one, MEMORY | MERGE), RangeError, /`flags`/);
    });

    it('stay as they are where the buffer is shared, or the same one', () => {
      using buffer = inParts(3);
      using other = inParts(4);
      throws(() => buffer.append(buffer), RangeError, /`source`/);
      throws(() => buffer.append({} as never), TypeError, /`source`/);
      throws(() => buffer.appendRegion(other, 5), RangeError, /`offset`/);
      throws(() => buffer.appendRegion(other, 2, 3), RangeError, /`size`/);
      throws(() => buffer.copyInto(other, 64), RangeError, /`flags`/);
      using holder = new Buffer().addParentBuffer(buffer);
      throws(() => buffer.append(other), NotWritableError);
      assert.strictEqual(holder.size, 0);
      assert.strictEqual(buffer.size, 3);
    });
  });

  describe('and the rest of it are copied by choice:', () => {
    function full(): Buffer {
      const buffer = inParts(4, 4);
      Object.assign(buffer, { pts: 1, dts: 2, duration: 3, offset: 4, offsetEnd: 5, flags: 64 });
      return buffer.addReferenceTimestamp('timestamp/x-spec', 6);
    }
    const contents = (buffer: Buffer) => ({
      times: [buffer.pts, buffer.dts, buffer.duration, buffer.offset, buffer.offsetEnd],
      flags: buffer.flags & 64,
      metas: buffer.metas().length,
      memories: buffer.memoryCount,
    });
    const none = { times: [null, null, null, null, null], flags: 0, metas: 0, memories: 0 };
    const times = [1, 2, 3, 4, 5];

    for (const [name, flags, wanted] of [
      ['flags', FLAGS, { flags: 64 }],
      ['times', TIMESTAMPS, { times }],
      ['metas', META, { metas: 1 }],
      ['memory', MEMORY, { memories: 2 }],
      ['one memory', MEMORY | MERGE, { memories: 1 }],
      ['copied memory', MEMORY | DEEP, { memories: 2 }],
      ['all but memory', METADATA, { times, flags: 64, metas: 1 }],
      ['all', ALL, { times, flags: 64, metas: 1, memories: 2 }],
    ] as const) {
      it(name, () => {
        using buffer = full();
        using into = new Buffer().copyInto(buffer, flags);
        assert.deepEqual(contents(into), { ...none, ...wanted });
        using copy = buffer.copy(flags);
        assert.deepEqual(contents(copy), { ...none, ...wanted });
        if (flags & MEMORY) assert.deepEqual(into.extract(), pattern(8));
        if (flags & DEEP) assert.isTrue(buffer.isAllMemoryWritable);
      });
    }

    it('of a part, with the times of its start alone', () => {
      using buffer = full();
      using start = buffer.copyRegion(0, 6, TIMESTAMPS | MEMORY);
      assert.deepEqual(contents(start), { ...none, times: [1, 2, null, 4, null], memories: 2 });
      using end = new Buffer().copyInto(buffer, TIMESTAMPS | MEMORY, 5);
      assert.deepEqual(contents(end), { ...none, memories: 1 });
      assert.deepEqual(end.extract(), pattern(8).slice(5));
    });

    it('nothing of an empty one', () => {
      using empty = new Buffer();
      using copy = empty.copy(ALL | MERGE | DEEP);
      assert.deepEqual(contents(copy), none);
    });
  });
});

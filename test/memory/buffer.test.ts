import { assert } from 'chai';
import fc from 'fast-check';
import { host } from '#host';
import {
  AllocationError,
  type Allocator,
  Buffer,
  BufferFlags,
  FdAllocator,
  MapError,
  MapFlags,
  type Memory,
  NotWritableError,
  runtime,
  Sample,
} from '../../src/index.ts';
import { shm, sysmem } from '../harness/allocators.ts';
import { badNumbers, notNumbers, pattern, throws } from '../harness/expectations.ts';

const { READ, WRITE, READWRITE } = MapFlags;
const times = ['pts', 'dts', 'duration', 'offset', 'offsetEnd'] as const;

/** A buffer of several memories with the bytes of `pattern`. */
function inParts(allocator: Allocator, ...sizes: number[]): Buffer {
  const buffer = new Buffer();
  for (const size of sizes) {
    using memory = allocator.alloc(size);
    buffer.appendMemory(memory);
  }
  return buffer.fill(0, pattern(buffer.size));
}

/** Another reference to the same GstBuffer, as an element might hold one: it makes the buffer shared. */
function another(buffer: Buffer): Disposable & { buffer: Buffer } {
  // A sample holds its buffer, and lends it out as a second facade.
  const sample = Sample.create(buffer);
  return { buffer: sample.buffer as Buffer, [Symbol.dispose]: () => sample.dispose() };
}

describe('Buffer', () => {
  let allocator: Allocator;
  beforeEach(() => {
    allocator = sysmem();
  });
  afterEach(() => allocator.dispose());

  describe('made', () => {
    it('by `new` is empty, without times or flags', () => {
      using buffer = new Buffer();
      assert.strictEqual(buffer.size, 0);
      assert.strictEqual(buffer.memoryCount, 0);
      for (const name of times) assert.isNull(buffer[name], name);
      assert.strictEqual(buffer.flags & ~15, 0);
      assert.isTrue(buffer.isWritable);
      assert.strictEqual(buffer.extract().length, 0);
    });

    it('by alloc has one memory of the size', () => {
      using buffer = Buffer.alloc(100);
      assert.strictEqual(buffer.size, 100);
      assert.strictEqual(buffer.memoryCount, 1);
    });

    it('by alloc takes its memory from the allocator it is given', () => {
      using shared = shm();
      using buffer = Buffer.alloc(100, shared);
      using memory = buffer.memory(0);
      assert.isTrue(memory.isType('shm'));
    });

    it('by alloc honours align, prefix and padding', () => {
      using buffer = Buffer.alloc(100, allocator, { align: 255, prefix: 30, padding: 40 });
      using memory = buffer.memory(0);
      assert.strictEqual(memory.size, 100);
      assert.strictEqual(memory.offset, 30);
      assert.isAtLeast(memory.maxSize, 170);
      assert.strictEqual(memory.align & 255, 255);
    });

    it('by alloc may be empty', () => {
      using buffer = Buffer.alloc(0);
      assert.strictEqual(buffer.size, 0);
    });

    it('by alloc refuses bad sizes, allocators and parameters', () => {
      for (const bad of badNumbers) throws(() => Buffer.alloc(bad), RangeError, /`size`/);
      for (const bad of notNumbers) throws(() => Buffer.alloc(bad as never), TypeError, /`size`/);
      for (const bad of [5, 'shm', {}, []]) throws(() => Buffer.alloc(1, bad as never), TypeError, /`allocator`/);
      throws(() => Buffer.alloc(1, allocator, { algin: 3 } as never), TypeError, /did you mean `align`/);
      throws(() => Buffer.alloc(1, allocator, { align: 6 }), RangeError, /`params.align`/);
      throws(() => Buffer.alloc(1, allocator, { prefix: -1 }), RangeError, /`params.prefix`/);
      throws(() => Buffer.alloc(1, allocator, { padding: 2 ** 53 }), RangeError, /`params.padding`/);
      throws(() => Buffer.alloc(1, allocator, { flags: 2 ** 32 }), RangeError, /`params.flags`/);
      throws(() => Buffer.alloc(1, allocator, null as never), TypeError, /`params`/);
    });

    it('by alloc refuses more than there is', () => {
      throws(() => Buffer.alloc(2 ** 52), AllocationError);
      throws(() => Buffer.alloc(1, allocator, { prefix: 2 ** 52 }), AllocationError);
      using fds = new FdAllocator();
      throws(() => Buffer.alloc(10, fds), AllocationError);
    });

    it('by from copies the bytes', () => {
      const source = pattern(50);
      using buffer = Buffer.from(source);
      source.fill(0);
      assert.deepEqual(buffer.extract(), pattern(50));
    });

    it('gives large content as bytes of their own, every one of them', () => {
      const size = 3_000_001;
      using buffer = Buffer.alloc(size);
      buffer.memset(0, 7, size);
      const first = buffer.extract();
      buffer.memset(0, 8, size);
      const second = buffer.extract(1);
      assert.strictEqual(first.buffer.byteLength, size);
      assert.isTrue(first.every((byte) => byte === 7));
      assert.isTrue(second.length === size - 1 && second.every((byte) => byte === 8));
    });

    it('by from takes any view on bytes', () => {
      const words = Uint32Array.of(1, 2, 3);
      for (const source of [words, new DataView(words.buffer), words.buffer, new Uint8Array(words.buffer)]) {
        using buffer = Buffer.from(source);
        assert.deepEqual(buffer.extract(), new Uint8Array(words.buffer));
      }
      using part = Buffer.from(pattern(20).subarray(5, 10));
      assert.deepEqual(part.extract(), pattern(20).slice(5, 10));
      using nothing = Buffer.from(new Uint8Array(0));
      assert.strictEqual(nothing.size, 0);
    });

    it('by from takes shared and resizable bytes', () => {
      // GJS has no SharedArrayBuffer.
      if (typeof SharedArrayBuffer === 'function') {
        const view = new Uint8Array(new SharedArrayBuffer(4)).fill(7);
        for (const source of [view, view.buffer]) {
          using one = Buffer.from(source);
          assert.deepEqual(one.extract(), new Uint8Array(4).fill(7));
        }
      }
      const Resizable = ArrayBuffer as unknown as new (size: number, options: object) => ArrayBuffer;
      using two = Buffer.from(new Uint8Array(new Resizable(4, { maxByteLength: 64 })).fill(8));
      assert.deepEqual(two.extract(), new Uint8Array(4).fill(8));
    });

    it('by from refuses everything else', () => {
      for (const bad of [undefined, null, 5, 'text', [1, 2], {}, { length: 3 }])
        throws(() => Buffer.from(bad as never), TypeError, /`bytes`/);
    });

    it('by `new` with arguments is refused', () => {
      for (const bad of [5, null, 'x', {}])
        throws(() => new (Buffer as unknown as new (value: unknown) => Buffer)(bad), TypeError);
    });
  });

  describe('times', () => {
    for (const name of times) {
      it(`${name} is nanoseconds or null, and read back`, () => {
        using buffer = new Buffer();
        for (const value of [0, 1, 40_000_000, 2 ** 32, 2 ** 33 + 1, Number.MAX_SAFE_INTEGER, null, 5]) {
          buffer[name] = value;
          assert.strictEqual(buffer[name], value);
        }
        for (const other of times) if (other !== name) assert.isNull(buffer[other], other);
      });

      it(`${name} refuses what is neither`, () => {
        using buffer = new Buffer();
        for (const bad of badNumbers) throws(() => (buffer[name] = bad), RangeError, new RegExp(name));
        for (const bad of notNumbers.filter((value) => value !== null))
          throws(() => (buffer[name] = bad as never), TypeError, new RegExp(name));
        assert.isNull(buffer[name]);
      });
    }

    it('are only set on a writable buffer', () => {
      using buffer = new Buffer();
      using shared = another(buffer);
      for (const name of times) throws(() => (buffer[name] = 1), NotWritableError, /makeWritable/);
      for (const name of times) assert.isNull(shared.buffer[name]);
    });
  });

  describe('flags', () => {
    it('are set all at once and read back', () => {
      using buffer = new Buffer();
      for (const [name, flag] of Object.entries(BufferFlags)) {
        buffer.flags = flag;
        assert.strictEqual(buffer.flags & ~15, flag, name);
      }
      buffer.flags = BufferFlags.LIVE | BufferFlags.DISCONT;
      assert.strictEqual(buffer.flags & ~15, BufferFlags.LIVE | BufferFlags.DISCONT);
      buffer.flags = 0;
      assert.strictEqual(buffer.flags & ~15, 0);
    });

    it('leave those of the mini-object alone', () => {
      using buffer = new Buffer();
      const before = buffer.flags & 15;
      buffer.flags = BufferFlags.GAP | 15;
      assert.strictEqual(buffer.flags & 15, before);
    });

    it('refuse what is no bit set, and a buffer that is shared', () => {
      using buffer = new Buffer();
      for (const bad of badNumbers) throws(() => (buffer.flags = bad), RangeError, /`flags`/);
      for (const bad of notNumbers) throws(() => (buffer.flags = bad as never), TypeError, /`flags`/);
      using _shared = another(buffer);
      throws(() => (buffer.flags = BufferFlags.GAP), NotWritableError);
    });
  });

  describe('memories', () => {
    let buffer: Buffer;
    let memories: Memory[];
    beforeEach(() => {
      buffer = new Buffer();
      memories = [1, 2, 3, 4].map((size) => allocator.alloc(size));
    });
    afterEach(() => {
      for (const each of [buffer, ...memories]) each.dispose();
    });
    const sizes = () =>
      Array.from({ length: buffer.memoryCount }, (_, index) => {
        using memory = buffer.memory(index);
        return memory.size;
      });
    const [one, two, three, four] = [0, 1, 2, 3];
    const at = (index: number) => memories[index] as Memory;

    it('are appended, prepended and inserted in order', () => {
      buffer.appendMemory(at(two)).appendMemory(at(three)).prependMemory(at(one));
      assert.deepEqual(sizes(), [1, 2, 3]);
      buffer.insertMemory(1, at(four));
      assert.deepEqual(sizes(), [1, 4, 2, 3]);
      assert.strictEqual(buffer.size, 10);
    });

    it('are inserted at the very end too', () => {
      buffer.insertMemory(0, at(one)).insertMemory(1, at(two));
      assert.deepEqual(sizes(), [1, 2]);
    });

    it('are replaced and removed', () => {
      buffer.appendMemory(at(one)).appendMemory(at(two)).appendMemory(at(three));
      buffer.replaceMemory(1, at(four));
      assert.deepEqual(sizes(), [1, 4, 3]);
      buffer.removeMemory(0);
      assert.deepEqual(sizes(), [4, 3]);
      buffer.removeMemory(1).removeMemory(0);
      assert.strictEqual(buffer.size, 0);
    });

    it('stay with their user as well', async () => {
      buffer.appendMemory(at(one));
      buffer.dispose();
      await host.settled();
      assert.strictEqual(at(one).size, 1);
      at(one).map(WRITE).dispose();
    });

    it('stay with the buffer when their user disposes them', () => {
      buffer.appendMemory(at(four));
      at(four).dispose();
      buffer.fill(0, pattern(4));
      assert.deepEqual(buffer.extract(), pattern(4));
    });

    it('outlive the buffer they are taken from', () => {
      buffer.appendMemory(at(four)).fill(0, pattern(4));
      at(four).dispose();
      using memory = buffer.memory(0);
      buffer.dispose();
      assert.deepEqual(
        memory.withMapping(READ, (bytes) => bytes.slice()),
        pattern(4),
      );
    });

    it('taken from the buffer are written in place', () => {
      buffer.appendMemory(at(two)).appendMemory(at(four));
      using memory = buffer.memory(1);
      memory.withMapping(WRITE, (bytes) => bytes.set(pattern(4)));
      assert.deepEqual(buffer.extract(2), pattern(4));
    });

    describe('are at most sixteen: one more', () => {
      /** Bytes 0 to 15, each in a memory of its own. */
      const fillUp = () => {
        for (let index = 0; index < 16; index++) {
          buffer.appendMemory(at(one));
          buffer.fill(index, Uint8Array.of(index));
        }
      };
      const bytes = Array.from({ length: 16 }, (_, index) => index);

      it('merges all others in front of it, or behind it', () => {
        fillUp();
        at(two).withMapping(WRITE, (own) => own.fill(99));
        buffer.appendMemory(at(two));
        assert.strictEqual(buffer.memoryCount, 2);
        assert.deepEqual([...buffer.extract()], [...bytes, 99, 99]);
        using other = new Buffer();
        for (let index = 0; index < 16; index++) other.appendMemory(at(one));
        other.memset(0, 1, 16).prependMemory(at(two));
        assert.strictEqual(other.memoryCount, 2);
        assert.deepEqual([...other.extract()], [99, 99, ...Array(16).fill(1)]);
      });

      for (const index of [0, 1, 3, 15, 16]) {
        it(`goes to ${index}, and merges those before it and those behind it`, () => {
          fillUp();
          at(two).withMapping(WRITE, (own) => own.fill(99));
          buffer.insertMemory(index, at(two));
          assert.strictEqual(buffer.memoryCount, index % 16 ? 3 : 2);
          assert.deepEqual([...buffer.extract()], [...bytes.slice(0, index), 99, 99, ...bytes.slice(index)]);
          // As often as one likes.
          for (let more = 0; more < 40; more++) buffer.appendMemory(at(two));
          assert.strictEqual(buffer.size, 98);
          assert.isAtMost(buffer.memoryCount, 16);
        });
      }

      it('is refused while a mapping is open, which nothing happens to', () => {
        fillUp();
        const refused = () =>
          throws(() => buffer.appendMemory(at(two)), MapError, /all 16, got one with a mapping that is open/);
        {
          using mapping = buffer.mapRange(2, 1);
          refused();
          assert.deepEqual([...mapping.bytes], [2]);
        }
        {
          using memory = buffer.memory(3);
          using mapping = memory.map(WRITE);
          mapping.bytes[0] = 77;
          refused();
        }
        assert.strictEqual(buffer.memoryCount, 16);
        assert.strictEqual(buffer.extract(3, 1)[0], 77);
        using memory = buffer.memory(4);
        using mapping = memory.map();
        buffer.appendMemory(at(two));
        assert.deepEqual([...mapping.bytes], [4]);
        assert.strictEqual(buffer.memoryCount, 2);
      });

      it('is none that takes the place of another', () => {
        fillUp();
        buffer.replaceMemory(15, at(two));
        assert.deepEqual([buffer.memoryCount, buffer.size], [16, 17]);
      });

      it('merges empty ones as well', () => {
        for (let index = 0; index < 16; index++) {
          using part = at(one).copy(0, 0);
          buffer.appendMemory(part);
        }
        buffer.appendMemory(at(two));
        assert.strictEqual(buffer.size, 2);
      });
    });

    it('refuse an index where none is', () => {
      throws(() => buffer.memory(0), RangeError, /`index`/);
      buffer.appendMemory(at(one));
      for (const bad of [1, ...badNumbers]) {
        throws(() => buffer.memory(bad), RangeError, /`index`/);
        throws(() => buffer.removeMemory(bad), RangeError, /`index`/);
        throws(() => buffer.replaceMemory(bad, at(two)), RangeError, /`index`/);
        throws(() => buffer.mapRange(bad, 1), RangeError, /`index`/);
      }
      throws(() => buffer.insertMemory(2, at(two)), RangeError, /`index`/);
      for (const bad of notNumbers) throws(() => buffer.memory(bad as never), TypeError, /`index`/);
    });

    it('refuse what is no memory', () => {
      buffer.appendMemory(at(one));
      for (const bad of [undefined, null, 5, {}, buffer, allocator, new Uint8Array(4)]) {
        throws(() => buffer.appendMemory(bad as never), TypeError, /`memory`/);
        throws(() => buffer.prependMemory(bad as never), TypeError, /`memory`/);
        throws(() => buffer.insertMemory(0, bad as never), TypeError, /`memory`/);
        throws(() => buffer.replaceMemory(0, bad as never), TypeError, /`memory`/);
      }
      assert.strictEqual(buffer.memoryCount, 1);
    });

    it('are not changed in a buffer that is shared', () => {
      buffer.appendMemory(at(one));
      using _shared = another(buffer);
      throws(() => buffer.appendMemory(at(two)), NotWritableError);
      throws(() => buffer.prependMemory(at(two)), NotWritableError);
      throws(() => buffer.insertMemory(0, at(two)), NotWritableError);
      throws(() => buffer.replaceMemory(0, at(two)), NotWritableError);
      throws(() => buffer.removeMemory(0), NotWritableError);
      assert.deepEqual(sizes(), [1]);
    });
  });

  describe('map', () => {
    it('covers all memories', () => {
      using buffer = inParts(allocator, 10, 20, 30);
      using mapping = buffer.map(READ);
      assert.deepEqual(mapping.bytes.slice(), pattern(60));
    });

    it('writes to all memories', () => {
      using buffer = inParts(allocator, 10, 20, 30);
      buffer.withMapping(WRITE, (bytes) => bytes.set(pattern(60, 2)));
      assert.deepEqual(buffer.extract(), pattern(60, 2));
    });

    it('of an empty buffer is empty', () => {
      using buffer = new Buffer();
      using mapping = buffer.map(READ);
      assert.strictEqual(mapping.size, 0);
      assert.strictEqual(mapping.bytes.length, 0);
    });

    it('of a range leaves the memories apart', () => {
      using buffer = inParts(allocator, 10, 20, 30);
      using mapping = buffer.mapRange(1, 1, READ);
      assert.deepEqual(mapping.bytes.slice(), pattern(60).slice(10, 30));
      mapping.dispose();
      buffer.mapRange(2, 1, WRITE).dispose();
      assert.strictEqual(buffer.memoryCount, 3);
      using two = buffer.mapRange(1, 2, READ);
      assert.strictEqual(two.size, 50);
    });

    it('of a range goes to the end where no length is given', () => {
      using buffer = inParts(allocator, 10, 20, 30);
      using mapping = buffer.mapRange(1);
      assert.deepEqual(mapping.bytes.slice(), pattern(60).slice(10));
    });

    it('of a range writes to its place', () => {
      using buffer = inParts(allocator, 10, 20, 30);
      {
        using mapping = buffer.mapRange(1, 1, READWRITE);
        mapping.bytes[0] = 250;
      }
      assert.strictEqual(buffer.extract(10, 1)[0], 250);
    });

    it('of a range refuses one that is not there', () => {
      using buffer = inParts(allocator, 10, 20, 30);
      throws(() => buffer.mapRange(0, 4), RangeError, /`length`/);
      throws(() => buffer.mapRange(2, 2), RangeError, /`length`/);
      throws(() => buffer.mapRange(0, 0), RangeError, /`length`/);
      throws(() => buffer.mapRange(0, -1), RangeError, /`length`/);
    });

    it('for writing needs a buffer that nobody shares', () => {
      using buffer = Buffer.alloc(10);
      using _shared = another(buffer);
      throws(() => buffer.map(WRITE), NotWritableError, /makeWritable/);
      throws(() => buffer.map(READWRITE), NotWritableError);
      throws(() => buffer.mapRange(0, 1, WRITE), NotWritableError);
      throws(() => buffer.fill(0, pattern(1)), NotWritableError);
      throws(() => buffer.memset(0, 1, 1), NotWritableError);
      throws(() => buffer.resize(0, 1), NotWritableError);
      buffer.map(READ).dispose();
    });

    it('ends with the buffer', () => {
      const buffer = Buffer.alloc(10);
      const mapping = buffer.map(READ);
      const stale = mapping.bytes;
      buffer.dispose();
      assert.isTrue(mapping.isDisposed);
      assert.strictEqual(stale.length, 0);
    });

    it('ends when the memories are changed', () => {
      using buffer = inParts(allocator, 10, 20);
      using memory = allocator.alloc(4);
      for (const change of [
        () => buffer.replaceMemory(0, memory),
        () => buffer.removeMemory(0),
        () => buffer.resize(1, 2),
      ]) {
        using mapping = buffer.mapRange(0, 1, READ);
        const stale = mapping.bytes;
        change();
        assert.isTrue(mapping.isDisposed);
        assert.strictEqual(stale.length, 0);
      }
    });

    it('refuses invalid flags', () => {
      using buffer = Buffer.alloc(10);
      for (const flags of [0, 4, ...badNumbers]) throws(() => buffer.map(flags as never), RangeError, /`flags`/);
      for (const flags of notNumbers.slice(1)) throws(() => buffer.map(flags as never), TypeError, /`flags`/);
    });

    it('for writing while it is read goes to memory of its own, as in C', () => {
      using buffer = Buffer.from(pattern(10));
      using reading = buffer.map(READ);
      buffer.withMapping(WRITE, (bytes) => bytes.fill(0));
      assert.deepEqual(reading.bytes.slice(), pattern(10));
      assert.deepEqual(buffer.extract(), new Uint8Array(10));
    });

    it('of memory that cannot be mapped says so', () => {
      using fds = new FdAllocator();
      const fd = host.openReadOnly('/dev/null');
      using memory = fds.allocFd(fd, 10);
      using buffer = new Buffer().appendMemory(memory);
      throws(() => buffer.map(READ), MapError);
      throws(() => buffer.map(WRITE), MapError);
      throws(() => memory.map(READ), MapError);
    });
  });

  describe('bytes', () => {
    it('fill and extract at an offset, over the borders of memories', () => {
      using buffer = inParts(allocator, 10, 20, 30);
      buffer.fill(5, pattern(40, 9));
      const wanted = pattern(60);
      wanted.set(pattern(40, 9), 5);
      assert.deepEqual(buffer.extract(), wanted);
      assert.deepEqual(buffer.extract(8, 30), wanted.slice(8, 38));
      assert.deepEqual(buffer.extract(50), wanted.slice(50));
      assert.strictEqual(buffer.extract(60).length, 0);
      assert.strictEqual(buffer.extract(3, 0).length, 0);
    });

    it('fill refuses what does not fit, and then writes nothing', () => {
      using buffer = inParts(allocator, 10, 20);
      throws(() => buffer.fill(25, pattern(6)), RangeError, /`bytes`/);
      throws(() => buffer.fill(31, pattern(0)), RangeError, /`offset`/);
      for (const bad of badNumbers) throws(() => buffer.fill(bad, pattern(1)), RangeError, /`offset`/);
      for (const bad of notNumbers) throws(() => buffer.fill(bad as never, pattern(1)), TypeError, /`offset`/);
      for (const bad of [undefined, null, 'ab', [1], 3])
        throws(() => buffer.fill(0, bad as never), TypeError, /`bytes`/);
      assert.deepEqual(buffer.extract(), pattern(30));
      buffer.fill(30, pattern(0));
    });

    it('fill takes from the mapping of another buffer', () => {
      using source = Buffer.from(pattern(10));
      using target = Buffer.alloc(10);
      source.withMapping(READ, (bytes) => target.fill(0, bytes));
      assert.deepEqual(target.extract(), pattern(10));
    });

    it('extract refuses what is not there', () => {
      using buffer = Buffer.alloc(10);
      throws(() => buffer.extract(11), RangeError, /`offset`/);
      throws(() => buffer.extract(0, 11), RangeError, /`size`/);
      for (const bad of badNumbers) {
        throws(() => buffer.extract(bad), RangeError);
        throws(() => buffer.extract(0, bad), RangeError);
      }
      for (const bad of notNumbers.slice(1)) throws(() => buffer.extract(0, bad as never), TypeError);
    });

    it('memset sets a range', () => {
      using buffer = inParts(allocator, 10, 20);
      buffer.memset(5, 255, 10);
      assert.deepEqual(buffer.extract(), pattern(30).fill(255, 5, 15));
      buffer.memset(30, 1, 0);
      throws(() => buffer.memset(0, 256, 1), RangeError, /`value`/);
      throws(() => buffer.memset(0, -1, 1), RangeError, /`value`/);
      throws(() => buffer.memset(21, 0, 10), RangeError, /`size`/);
      throws(() => buffer.memset(31, 0, 0), RangeError, /`offset`/);
      throws(() => buffer.memset(0, '0' as never, 1), TypeError, /`value`/);
    });

    it('compare reads, which shared memory cannot be while it is mapped for writing alone; fill writes', () => {
      using allocator = shm();
      using buffer = Buffer.alloc(4, allocator);
      using memory = buffer.memory(0);
      using mapping = memory.map(MapFlags.WRITE);
      assert.lengthOf(mapping.bytes, 4);
      if (runtime === 'node') buffer.fill(0, Uint8Array.of(1, 2, 3, 4));
      throws(() => buffer.compare(0, Uint8Array.of(1)), MapError);
      mapping.dispose();
      assert.isNumber(buffer.compare(0, Uint8Array.of(1)));
    });

    it('compare is 0, below or above', () => {
      using buffer = inParts(allocator, 2, 3);
      buffer.fill(0, Uint8Array.of(1, 2, 3, 4, 5));
      assert.strictEqual(buffer.compare(0, Uint8Array.of(1, 2, 3, 4, 5)), 0);
      assert.strictEqual(buffer.compare(1, Uint8Array.of(2, 3)), 0);
      assert.strictEqual(buffer.compare(1, Uint8Array.of(2, 4)), -1);
      assert.strictEqual(buffer.compare(1, Uint8Array.of(1, 255)), 1);
      assert.strictEqual(buffer.compare(5, new Uint8Array(0)), 0);
      throws(() => buffer.compare(4, Uint8Array.of(1, 2)), RangeError, /`bytes`/);
      throws(() => buffer.compare(6, new Uint8Array(0)), RangeError, /`offset`/);
      throws(() => buffer.compare(0, 'abc' as never), TypeError, /`bytes`/);
    });

    it('resize keeps a range', () => {
      using buffer = inParts(allocator, 10, 20);
      buffer.resize(5, 10);
      assert.deepEqual(buffer.extract(), pattern(30).slice(5, 15));
      buffer.resize(10, 0);
      assert.strictEqual(buffer.size, 0);
    });

    it('resize keeps the rest, where no size is given', () => {
      using buffer = inParts(allocator, 10, 20);
      assert.deepEqual(buffer.resize(12).extract(), pattern(30).slice(12));
    });
  });

  describe('copies', () => {
    const stamp = (buffer: Buffer) => {
      buffer.pts = 1;
      buffer.dts = 2;
      buffer.duration = 3;
      buffer.offset = 4;
      buffer.offsetEnd = 5;
      buffer.flags = BufferFlags.DISCONT;
      return buffer;
    };

    for (const way of ['copy', 'copyDeep'] as const) {
      it(`${way} has the bytes, times and flags`, () => {
        using buffer = stamp(inParts(allocator, 10, 20));
        using copy = buffer[way]();
        assert.deepEqual(copy.extract(), pattern(30));
        assert.deepEqual(
          times.map((name) => copy[name]),
          [1, 2, 3, 4, 5],
        );
        assert.isAbove(copy.flags & BufferFlags.DISCONT, 0);
        assert.isTrue(copy.isWritable);
        assert.isTrue(buffer.isWritable);
      });

      it(`${way} of an empty buffer is empty`, () => {
        using buffer = new Buffer();
        using copy = buffer[way]();
        assert.strictEqual(copy.size, 0);
      });

      for (const [how, write] of [
        ['map', (buffer: Buffer) => buffer.withMapping(WRITE, (bytes) => bytes.fill(0))],
        ['fill', (buffer: Buffer) => buffer.fill(0, new Uint8Array(30))],
        ['memset', (buffer: Buffer) => buffer.memset(0, 0, 30)],
      ] as [string, (buffer: Buffer) => unknown][]) {
        it(`${way} written by ${how} leaves the original as it was, and the other way round`, () => {
          using buffer = inParts(allocator, 10, 20);
          using copy = buffer[way]();
          using third = buffer[way]();
          write(copy);
          assert.deepEqual(copy.extract(), new Uint8Array(30));
          assert.deepEqual(buffer.extract(), pattern(30));
          write(buffer);
          assert.deepEqual(third.extract(), pattern(30));
        });
      }
    }

    it('copy shares the memory, copyDeep does not', () => {
      using shared = shm();
      using buffer = Buffer.alloc(100, shared);
      const fdOf = (of: Buffer) => {
        using memory = of.memory(0);
        return memory.fd;
      };
      using copy = buffer.copy();
      using deep = buffer.copyDeep();
      assert.strictEqual(fdOf(copy), fdOf(buffer));
      assert.notStrictEqual(fdOf(deep), fdOf(buffer));
    });

    it('copyRegion has a part, and the start times only where it starts at the start', () => {
      using buffer = stamp(inParts(allocator, 10, 20));
      using middle = buffer.copyRegion(5, 10);
      assert.deepEqual(middle.extract(), pattern(30).slice(5, 15));
      assert.isNull(middle.pts);
      using start = buffer.copyRegion(0, 10);
      assert.strictEqual(start.pts, 1);
      assert.isNull(start.duration);
      using none = buffer.copyRegion(30, 0);
      assert.strictEqual(none.size, 0);
      using rest = buffer.copyRegion(12);
      assert.deepEqual(rest.extract(), pattern(30).slice(12));
      for (const [offset, size] of [
        [31, 0],
        [0, 31],
        [25, 6],
        [-1, 2],
        [0, Number.NaN],
      ] as const)
        throws(() => buffer.copyRegion(offset, size), RangeError);
      for (const bad of notNumbers.slice(1)) throws(() => buffer.copyRegion(0, bad as never), TypeError);
      for (const bad of notNumbers) throws(() => buffer.copyRegion(bad as never), TypeError);
    });

    it('outlive the original', () => {
      const buffer = inParts(allocator, 10, 20);
      using copy = buffer.copy();
      buffer.dispose();
      assert.deepEqual(copy.extract(), pattern(30));
    });
  });

  describe('makeWritable', () => {
    it('changes nothing on a buffer nobody shares', () => {
      using buffer = Buffer.alloc(10);
      using mapping = buffer.map(READ);
      assert.strictEqual(buffer.makeWritable(), buffer);
      assert.isFalse(mapping.isDisposed);
    });

    it('goes over to a copy of a shared one, which stays as it was', () => {
      using buffer = Buffer.from(pattern(10));
      buffer.pts = 7;
      using shared = another(buffer);
      assert.isFalse(buffer.isWritable);
      assert.isFalse(shared.buffer.isWritable);
      using mapping = buffer.map(READ);
      assert.strictEqual(buffer.makeWritable(), buffer);
      assert.isTrue(mapping.isDisposed);
      assert.isTrue(buffer.isWritable);
      assert.strictEqual(buffer.pts, 7);
      buffer.pts = 8;
      buffer.memset(0, 0, 10);
      assert.strictEqual(shared.buffer.pts, 7);
      assert.deepEqual(shared.buffer.extract(), pattern(10));
      assert.deepEqual(buffer.extract(), new Uint8Array(10));
    });
  });

  describe('against a plain array', () => {
    const chunk = fc.integer({ min: 1, max: 64 });
    const command = fc.oneof(
      fc.record({ verb: fc.constant('fill' as const), at: fc.nat(200), bytes: fc.uint8Array({ maxLength: 80 }) }),
      fc.record({ verb: fc.constant('memset' as const), at: fc.nat(200), value: fc.nat(255), size: fc.nat(80) }),
      fc.record({ verb: fc.constant('region' as const), at: fc.nat(200), size: fc.nat(200) }),
      fc.record({ verb: fc.constant('resize' as const), at: fc.nat(10), size: fc.nat(200) }),
      fc.record({ verb: fc.constant('map' as const), at: fc.nat(200), value: fc.nat(255) }),
      fc.record({ verb: fc.constant('copy' as const) }),
    );

    it('does the same, whatever is done in whatever order', () => {
      fc.assert(
        fc.property(
          fc.array(chunk, { minLength: 1, maxLength: 8 }),
          fc.array(command, { maxLength: 12 }),
          (sizes, commands) => {
            let buffer = inParts(allocator, ...sizes);
            let model = pattern(buffer.size);
            // Copies that must not change with their originals.
            const kept: { buffer: Buffer; model: Uint8Array }[] = [];
            const keep = () => kept.push({ buffer, model: model.slice() });
            const fits = (at: number, size: number) => at <= model.length && size <= model.length - at;
            try {
              for (const step of commands) {
                switch (step.verb) {
                  case 'fill':
                    if (!fits(step.at, step.bytes.length)) {
                      throws(() => buffer.fill(step.at, step.bytes), RangeError);
                      break;
                    }
                    buffer.fill(step.at, step.bytes);
                    model.set(step.bytes, step.at);
                    break;
                  case 'memset':
                    if (!fits(step.at, step.size)) {
                      throws(() => buffer.memset(step.at, step.value, step.size), RangeError);
                      break;
                    }
                    buffer.memset(step.at, step.value, step.size);
                    model.fill(step.value, step.at, step.at + step.size);
                    break;
                  case 'region': {
                    if (!fits(step.at, step.size)) {
                      throws(() => buffer.copyRegion(step.at, step.size), RangeError);
                      break;
                    }
                    const region = buffer.copyRegion(step.at, step.size);
                    keep();
                    buffer = region;
                    model = model.slice(step.at, step.at + step.size);
                    break;
                  }
                  case 'resize':
                    // What is taken back are bytes that nobody knows.
                    if (!fits(step.at, step.size)) break;
                    buffer.resize(step.at, step.size);
                    model = model.slice(step.at, step.at + step.size);
                    break;
                  case 'map':
                    if (step.at >= model.length) break;
                    buffer.withMapping(READWRITE, (bytes) => {
                      bytes[step.at] = step.value;
                    });
                    model[step.at] = step.value;
                    break;
                  case 'copy': {
                    const copy = buffer.copy();
                    keep();
                    buffer = copy;
                    break;
                  }
                }
                assert.deepEqual(buffer.extract(), model);
                assert.strictEqual(buffer.compare(0, model), 0);
              }
              for (const each of kept) assert.deepEqual(each.buffer.extract(), each.model);
            } finally {
              buffer.dispose();
              for (const each of kept) each.buffer.dispose();
            }
          },
        ),
        { numRuns: 300 },
      );
    });
  });
});

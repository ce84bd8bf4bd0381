import { assert } from 'chai';
import { host } from '#host';
import { Buffer, BufferPool, MapFlags, NotWritableError, runtime, Sample } from '../../src/index.ts';
import { sysmem } from '../harness/allocators.ts';
import { pattern, throws } from '../harness/expectations.ts';
import { type Any, itInOwnProcess } from '../harness/own-process.ts';

const bytes = pattern(32);
const { READ, WRITE } = MapFlags;

describe('Writability', () => {
  let buffer: Buffer;
  beforeEach(() => {
    buffer = Buffer.from(bytes);
  });
  afterEach(() => buffer.dispose());

  describe('of a buffer', () => {
    it('is true while nobody else refers to it', async () => {
      assert.isTrue(buffer.isWritable);
      const sample = Sample.create(buffer);
      assert.isFalse(buffer.isWritable);
      sample.dispose();
      await host.settled();
      if (host.disposesAtOnce) assert.isTrue(buffer.isWritable);
    });

    it('is checked before each change: a shared buffer stays as it was', () => {
      using _sample = Sample.create(buffer);
      using allocator = sysmem();
      using memory = allocator.alloc(4);
      for (const attempt of [
        () => buffer.fill(0, Uint8Array.of(1)),
        () => buffer.memset(0, 0, 4),
        () => buffer.map(WRITE),
        () => buffer.resize(0, 4),
        () => buffer.appendMemory(memory),
        () => buffer.removeMemory(0),
        () => {
          buffer.pts = 5;
        },
      ])
        throws(attempt, NotWritableError, /shared/);
      assert.deepEqual(buffer.extract(), bytes);
    });

    it('comes with makeWritable(), which copies the buffer but not its bytes', () => {
      using sample = Sample.create(buffer);
      buffer.makeWritable();
      assert.isTrue(buffer.isWritable);
      buffer.pts = 5;
      assert.strictEqual(buffer.pts, 5);
      assert.isNull(sample.buffer?.pts);
      using mine = buffer.memory(0);
      using theirs = (sample.buffer as Buffer).memory(0);
      assert.isFalse(mine.isWritable);
      assert.isFalse(theirs.isWritable);
    });

    it('is not changed by makeWritable() where it is true already', () => {
      const pts = 7;
      buffer.pts = pts;
      assert.strictEqual(buffer.makeWritable(), buffer);
      assert.strictEqual(buffer.pts, pts);
    });
  });

  describe('of bytes that buffers share', () => {
    it('goes to a copy when one side writes; the other side keeps its bytes', () => {
      using copy = buffer.copy();
      assert.isTrue(copy.isWritable);
      copy.withMapping(WRITE, (view) => view.fill(1));
      assert.deepEqual(copy.extract(), new Uint8Array(32).fill(1));
      assert.deepEqual(buffer.extract(), bytes);
    });

    it('goes to a copy for fill and memset as well', () => {
      using filled = buffer.copy();
      using set = buffer.copy();
      filled.fill(4, Uint8Array.of(9, 9));
      set.memset(0, 0, 32);
      assert.deepEqual([...filled.extract(3, 4)], [bytes[3], 9, 9, bytes[6]]);
      assert.deepEqual(set.extract(), new Uint8Array(32));
      assert.deepEqual(buffer.extract(), bytes);
    });

    it('goes to a copy for a part of the buffer', () => {
      using part = buffer.copyRegion(8, 8);
      part.memset(0, 0, 8);
      assert.deepEqual(buffer.extract(), bytes);
      assert.deepEqual(part.extract(), new Uint8Array(8));
    });

    it('needs no copy for reading', () => {
      using copy = buffer.copy();
      copy.withMapping(READ, (view) => assert.deepEqual([...view], [...bytes]));
      using mine = copy.memory(0);
      assert.isFalse(mine.isWritable);
    });
  });

  describe('of memory', () => {
    it('is true while at most one buffer holds the memory', async () => {
      using allocator = sysmem();
      using memory = allocator.alloc(16);
      assert.isTrue(memory.isWritable);
      const first = new Buffer().appendMemory(memory);
      const second = new Buffer().appendMemory(memory);
      assert.isFalse(memory.isWritable);
      throws(() => memory.map(WRITE), NotWritableError);
      throws(() => memory.resize(0, 8), NotWritableError);
      second.removeMemory(0);
      second.dispose();
      first.removeMemory(0);
      first.dispose();
      await host.settled();
      assert.isTrue(memory.isWritable);
      memory.withMapping(WRITE, (view) => view.fill(3));
    });

    it('is false for parts, which show the bytes of the whole', () => {
      using memory = buffer.memory(0);
      using part = memory.share(4, 8);
      assert.isFalse(part.isWritable);
      throws(() => part.map(WRITE), NotWritableError);
      part.withMapping(READ, (view) => assert.deepEqual([...view], [...bytes.subarray(4, 12)]));
      using parent = part.parent;
      assert.isNotNull(parent);
    });

    it('of a part outlives the buffer it is of', async () => {
      const whole = Buffer.from(bytes);
      const memory = whole.memory(0);
      using part = memory.share(4, 8);
      memory.dispose();
      whole.dispose();
      await host.collect();
      part.withMapping(READ, (view) => assert.deepEqual([...view], [...bytes.subarray(4, 12)]));
    });
  });

  it('of a pool’s buffer is not lost through a parent: it is back when the child is gone', async () => {
    using pool = BufferPool.create({ size: 32, max: 1 });
    const parent = pool.tryAcquire() as Buffer;
    const child = new Buffer();
    {
      using memory = parent.memory(0);
      using part = memory.share(0, 8);
      child.appendMemory(part).addParentBuffer(parent);
    }
    parent.dispose();
    await host.settled();
    // The memory is in use, so its buffer is not given to anybody else.
    assert.isNull(pool.tryAcquire());
    child.removeMemory(0);
    child.dispose();
    await host.settled();
    using again = pool.tryAcquire() as Buffer;
    assert.isTrue(again.isWritable);
  });

  itInOwnProcess(
    'of a pool’s buffer is lost while there is a copy',
    ['none', 'NotWritableError'],
    async (gst, attempt) => {
      const pool = gst.BufferPool.create({ size: 10, max: 1 });
      const buffer = await pool.acquire();
      await attempt(() => buffer.map(3).dispose());
      const copy = buffer.copy();
      await attempt(() => buffer.map(3));
      for (const each of [copy, buffer, pool]) each.dispose();
    },
  );
});

describe('Memory that is mapped for writing', () => {
  itInOwnProcess(
    'is refused by every call that would share it once more',
    ['MapError', 'MapError', 'MapError', 'MapError', 'MapError', 'none', 'MapError'],
    async (gst, attempt) => {
      gst.ShmAllocator.initOnce();
      const allocator = gst.ShmAllocator.get() as Any;
      const memory = allocator.alloc(10);
      const first = new gst.Buffer().appendMemory(memory);
      const second = gst.Buffer.alloc(1);
      const inside = first.memory(0);
      const mapping = inside.map(gst.MapFlags.WRITE);
      await attempt(() => second.appendMemory(memory));
      await attempt(() => second.replaceMemory(0, memory));
      await attempt(() => first.extract());
      await attempt(() => first.compare(0, new Uint8Array(1)));
      await attempt(() => first.copyDeep());
      mapping.dispose();
      await attempt(() => second.appendMemory(memory));
      const whole = allocator.alloc(10);
      const part = whole.share();
      await attempt(() => {
        const writing = whole.map(gst.MapFlags.WRITE);
        try {
          part.share();
        } finally {
          writing.dispose();
        }
      });
      part.dispose();
      for (const each of [inside, first, second, memory, whole, allocator]) each.dispose();
    },
  );

  itInOwnProcess(
    'tells in silence that it is not writable, inside a buffer as well',
    ['none', 'MapError', runtime === 'gjs' ? 'MapError' : 'none', 'none'],
    async (gst, attempt) => {
      gst.ShmAllocator.initOnce();
      const allocator = gst.ShmAllocator.get() as Any;
      const buffer = gst.Buffer.alloc(10, allocator);
      const memory = buffer.memory(0);
      const writing = buffer.map(gst.MapFlags.WRITE);
      await attempt(() => memory.isWritable);
      await attempt(() => memory.share());
      writing.dispose();
      // The last of three memories that are made one meanwhile.
      const part = allocator.alloc(10);
      const parts = new gst.Buffer().appendMemory(part).appendMemory(part).appendMemory(memory);
      const last = parts.mapRange(2, 1, 3);
      await attempt(() => parts.map(3).dispose());
      await attempt(() => last.dispose());
      for (const each of [parts, part, memory, buffer, allocator]) each.dispose();
    },
  );

  const sharedMeanwhile = runtime === 'gjs' ? 'NotWritableError' : 'none';
  itInOwnProcess(
    'has makeWritable() of its buffer fail, which changes nothing',
    ['MapError', sharedMeanwhile, 'none', 'none'],
    async (gst, attempt) => {
      gst.ShmAllocator.initOnce();
      const allocator = gst.ShmAllocator.get() as Any;
      const buffer = gst.Buffer.alloc(10, allocator);
      const memory = buffer.memory(0);
      const writing = memory.map(gst.MapFlags.WRITE);
      const sample = gst.Sample.create(buffer);
      await attempt(() => buffer.makeWritable());
      await attempt(() => writing.dispose());
      await attempt(() => {
        if (buffer.size !== 10 || buffer.memoryCount !== 1) throw new RangeError('the buffer was lost');
      });
      await attempt(() => buffer.makeWritable().memset(0, 1, 10));
      for (const each of [memory, sample, buffer, allocator]) each.dispose();
    },
  );
});

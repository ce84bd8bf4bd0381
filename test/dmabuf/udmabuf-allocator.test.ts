import { assert } from 'chai';
import { host } from '#host';
import {
  ALLOCATOR_UDMABUF,
  Allocator,
  AllocatorFlags,
  Buffer,
  BufferPool,
  DmaBufAllocator,
  dmaBuf,
  dmaBufMemoryGetFd,
  dmaBufMemoryIsReal,
  FdMemoryFlags,
  features,
  isDmaBufMemory,
  isFdMemory,
  MapFlags,
  type Memory,
  Pipeline,
  runtime,
  UdmabufAllocator,
  UnavailableError,
} from '../../src/index.ts';
import { pattern, throws } from '../harness/expectations.ts';
import { watchDmaBufs } from './open-dma-bufs.ts';
import { dmaBufSize, takeDmaBuf } from './sources.ts';

const { READ, WRITE } = MapFlags;
const page = 4096;
const bytesOf = (memory: Memory): Uint8Array => memory.withMapping(READ, (bytes) => bytes.slice());

/** The allocator; dispose it. */
const udmabuf = (): UdmabufAllocator => UdmabufAllocator.get() as UdmabufAllocator;

if (!features().udmabufAllocator?.available) {
  describe('UdmabufAllocator, with the device there', () => {
    it('needs GStreamer 1.28, and says so', () => {
      throws(() => UdmabufAllocator.get(), UnavailableError, /1\.28/);
      throws(() => UdmabufAllocator.initOnce(), UnavailableError, /1\.28/);
    });
  });
} else {
  describe('UdmabufAllocator, with the device there', () => {
    watchDmaBufs();

    // It keeps the device open, for the life of the process.
    before(() => UdmabufAllocator.initOnce());

    it('is null before initOnce', async () => {
      const { value, stderr } = await host.run(({ UdmabufAllocator: allocators }) => {
        const before = allocators.get();
        allocators.initOnce();
        return before === null && allocators.get() !== null;
      });
      assert.isTrue(value, stderr);
    });

    it('is registered by initOnce', () => {
      using allocator = udmabuf();
      assert.instanceOf(allocator, DmaBufAllocator);
      assert.strictEqual(allocator.memType, ALLOCATOR_UDMABUF);
      assert.strictEqual(allocator.flags & AllocatorFlags.CUSTOM_ALLOC, 0);
      using found = Allocator.find(ALLOCATOR_UDMABUF);
      assert.instanceOf(found, UdmabufAllocator);
    });

    it('makes real dma-bufs of any size', () => {
      using allocator = udmabuf();
      for (const size of [1, page, page + 1, 1e6]) {
        using memory = allocator.alloc(size);
        assert.strictEqual(memory.size, size);
        assert.isTrue(isDmaBufMemory(memory) && isFdMemory(memory) && dmaBufMemoryIsReal(memory));
        assert.strictEqual(dmaBuf.inspect(dmaBufMemoryGetFd(memory))?.exporter, 'udmabuf');
        memory.withMapping(WRITE, (bytes) => bytes.fill(7));
        memory.withMapping(READ, (bytes) => assert.deepEqual([bytes[0], bytes[size - 1]], [7, 7]));
      }
    });

    it('takes parameters: room before, room after, alignment', () => {
      using allocator = udmabuf();
      using memory = allocator.alloc(100, { prefix: 64, padding: 32, align: 63 });
      assert.strictEqual(memory.size, 100);
      assert.strictEqual(memory.offset, 64);
      assert.isAtLeast(memory.maxSize, 196);
      assert.strictEqual(memory.align, 63);
    });

    it('serves buffers and pools', () => {
      using allocator = udmabuf();
      using buffer = Buffer.alloc(1000, allocator);
      buffer.fill(0, pattern(1000));
      using memory = buffer.memory(0);
      assert.isTrue(dmaBufMemoryIsReal(memory));
      assert.deepEqual(bytesOf(memory), pattern(1000));
      using pool = BufferPool.create({ size: page, min: 2, max: 2, allocator });
      using pooled = pool.tryAcquire();
      using inPool = pooled?.memory(0) as Memory;
      assert.isTrue(dmaBufMemoryIsReal(inPool));
    });

    if (runtime === 'node') {
      it('is where upstream writes when it is proposed', async () => {
        using allocator = udmabuf();
        await using pipeline = Pipeline.parse(
          'videotestsrc num-buffers=5 ! video/x-raw, format=GRAY8, width=64, height=64 ! appsink name=sink sync=false',
        );
        const sink = pipeline.appSink('sink');
        sink.proposeAllocation({ allocator });
        await pipeline.play();
        let frames = 0;
        for await (using sample of sink.frames()) {
          using memory = sample.buffer?.memory(0) as Memory;
          assert.isTrue(dmaBufMemoryIsReal(memory));
          frames++;
        }
        assert.strictEqual(frames, 5);
      });
    }

    it('makes memory of other dma-bufs too, and of parts of them', () => {
      using allocator = udmabuf();
      using whole = allocator.allocDmaBuf(takeDmaBuf('system'), dmaBufSize);
      whole.withMapping(WRITE, (bytes) => bytes.set(pattern(1000, 3)));
      using dmaBufs = new DmaBufAllocator();
      using part = dmaBufs.allocFdRange(whole.dupFd(), { maxSize: dmaBufSize, offset: 100, size: 50 });
      assert.isTrue(dmaBufMemoryIsReal(part));
      assert.deepEqual([part.offset, part.size, part.maxSize], [100, 50, dmaBufSize]);
      assert.deepEqual(bytesOf(part), pattern(1000, 3).slice(100, 150));
      part.withMapping(WRITE, (bytes) => bytes.fill(9));
      assert.deepEqual(bytesOf(whole).slice(98, 102), Uint8Array.of(...pattern(1000, 3).slice(98, 100), 9, 9));
      using left = dmaBufs.allocFdRange(
        whole.fd as number,
        { maxSize: dmaBufSize, offset: 0, size: 10 },
        FdMemoryFlags.DONT_CLOSE,
      );
      assert.strictEqual(left.size, 10);
    });
  });
}

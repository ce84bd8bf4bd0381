import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationError,
  Buffer,
  DmaBufAllocator,
  dmaBuf,
  dmaBufMemoryGetFd,
  dmaBufMemoryIsReal,
  dmaDrm,
  FdAllocator,
  FdMemoryFlags,
  isDmaBufMemory,
  isFdMemory,
  MapError,
  MapFlags,
  type Memory,
} from '../../src/index.ts';
import { pattern, throws } from '../harness/expectations.ts';
import { watchDmaBufs } from './open-dma-bufs.ts';
import { dmaBufSize, sources, takeDmaBuf } from './sources.ts';

const { READ, WRITE, READWRITE } = MapFlags;
const { DONT_CLOSE, KEEP_MAPPED, MAP_PRIVATE } = FdMemoryFlags;
const few = 1000;
const bytesOf = (memory: Memory | Buffer): Uint8Array => memory.withMapping(READ, (bytes) => bytes.slice(0, few));

for (const source of sources) {
  describe(`memory of a dma-buf of ${source}`, () => {
    watchDmaBufs();
    let allocator: DmaBufAllocator;
    let fd: number;
    beforeEach(() => {
      allocator = new DmaBufAllocator();
      fd = takeDmaBuf(source);
    });
    afterEach(async () => {
      allocator.dispose();
      await host.settled();
      if (host.isOpen(fd)) host.close(fd);
    });

    it('is read and written, in every way of mapping', () => {
      for (const flags of [0, KEEP_MAPPED]) {
        using memory = allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE | flags);
        memory.withMapping(WRITE, (bytes) => bytes.set(pattern(few, flags)));
        memory.withMapping(READWRITE, (bytes) => {
          bytes[dmaBufSize - 1] = 77 + flags;
        });
        using second = allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE);
        for (const each of [memory, second]) {
          each.withMapping(READ, (bytes) => assert.strictEqual(bytes[dmaBufSize - 1], 77 + flags));
        }
      }
    });

    it('is read in several mappings at a time, in whatever order they end', () => {
      using memory = allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE);
      memory.withMapping(WRITE, (bytes) => bytes.fill(3));
      const [first, second, third] = [memory.map(READ), memory.map(READ), memory.map(READ)];
      second.dispose();
      first.dispose();
      assert.strictEqual(third.bytes[dmaBufSize - 1], 3);
      throws(() => memory.map(WRITE), MapError);
      third.dispose();
      memory.map(WRITE).dispose();
    });

    it('has parts that are dma-buf memory of the same fd, and copies that are not', () => {
      using memory = allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE);
      memory.withMapping(READWRITE, (bytes) => bytes.set(pattern(few, 4)));
      using part = memory.share(100, 50);
      assert.isTrue(isDmaBufMemory(part) && dmaBufMemoryIsReal(part));
      assert.strictEqual(dmaBufMemoryGetFd(part), fd);
      assert.deepEqual(bytesOf(part), pattern(few, 4).slice(100, 150));
      using copy = memory.copy(100, 50);
      assert.isFalse(isFdMemory(copy) || isDmaBufMemory(copy) || dmaBufMemoryIsReal(copy));
      assert.deepEqual(bytesOf(copy), pattern(few, 4).slice(100, 150));
    });

    it('goes through buffers: fill, extract, parts and deep copies', () => {
      using memory = allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE);
      using buffer = new Buffer().appendMemory(memory);
      memory.dispose();
      buffer.fill(10, pattern(few, 5));
      assert.deepEqual(buffer.extract(10, few), pattern(few, 5));
      using region = buffer.copyRegion(10, few);
      using inRegion = region.memory(0);
      assert.isTrue(dmaBufMemoryIsReal(inRegion));
      assert.deepEqual(bytesOf(region), pattern(few, 5));
      using deep = buffer.copyDeep();
      using inDeep = deep.memory(0);
      assert.isFalse(isDmaBufMemory(inDeep));
      assert.deepEqual(deep.extract(10, few), pattern(few, 5));
    });

    it('closes its fd with the last that needs it: parts, buffers and mappings outlive what they came from', async () => {
      const memory = allocator.allocDmaBuf(fd, dmaBufSize);
      const part = memory.share(0, few);
      const buffer = new Buffer().appendMemory(memory);
      const mapping = part.map(READ);
      memory.dispose();
      allocator.dispose();
      buffer.dispose();
      await host.settled();
      assert.isTrue(host.isOpen(fd));
      assert.strictEqual(mapping.bytes.length, few);
      part.dispose();
      assert.strictEqual(mapping.bytes.length, 0);
      await host.settled();
      assert.isFalse(host.isOpen(fd));
    });

    it('gives duplicates that are real by themselves, and live on', async () => {
      const memory = allocator.allocDmaBuf(fd, dmaBufSize);
      memory.withMapping(WRITE, (bytes) => bytes.fill(6));
      const own = memory.dupFd();
      memory.dispose();
      await host.settled();
      assert.isFalse(host.isOpen(fd));
      assert.strictEqual(dmaBuf.inspect(own)?.exporter, source);
      using again = allocator.allocDmaBuf(own, dmaBufSize);
      assert.deepEqual(bytesOf(again), new Uint8Array(few).fill(6));
    });

    it('is refused beyond its end, and the fd stays open', () => {
      throws(() => allocator.allocDmaBuf(fd, dmaBufSize + 1), AllocationError, new RegExp(`${dmaBufSize} bytes`));
      assert.isTrue(host.isOpen(fd));
    });

    it('with MAP_PRIVATE lets nobody see what is written: few drivers map that way at all', () => {
      using shared = allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE);
      shared.withMapping(WRITE, (bytes) => bytes.fill(1));
      using memory = allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE | MAP_PRIVATE);
      try {
        memory.withMapping(WRITE, (bytes) => bytes.fill(2));
      } catch (error) {
        assert.instanceOf(error, MapError);
      }
      assert.deepEqual(bytesOf(shared), new Uint8Array(few).fill(1));
    });

    it('may be offered with the caps feature only when its bytes mean nothing', () => {
      using memory = allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE);
      assert.isFalse(dmaDrm.mayUseFeature(memory).allowed);
      assert.match(dmaDrm.mayUseFeature(memory).reason, /can be mapped/);
      assert.isTrue(dmaDrm.mayUseFeature(memory, { opaque: true }).allowed);
    });

    it('is plain fd memory when a plain allocator makes it, and still a dma-buf to the kernel', () => {
      using plain = new FdAllocator();
      using memory = plain.allocFd(fd, dmaBufSize, DONT_CLOSE);
      assert.isFalse(isDmaBufMemory(memory) || dmaBufMemoryIsReal(memory));
      assert.strictEqual(dmaBuf.inspect(memory.fd as number)?.exporter, source);
    });
  });
}

import { ftruncateSync } from 'node:fs';
import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationError,
  DmaBufAllocator,
  dmaBuf,
  dmaBufMemoryIsReal,
  FdAllocator,
  FdMemoryFlags,
  MapFlags,
  memfd,
  UnavailableError,
} from '../../../src/index.ts';
import { pattern, throws } from '../../harness/expectations.ts';
import { closesOnExec, watchDmaBufs } from '../open-dma-bufs.ts';

const page = 4096;
const { READ, WRITE } = MapFlags;

describe('dmaBuf, with the devices there', () => {
  watchDmaBufs();
  let file: number;
  beforeEach(() => {
    file = memfd('dma-buf spec', 8 * page);
  });
  afterEach(() => host.close(file));

  it('fromHeap gives zeroes in whole pages, and an fd that closes on exec', () => {
    const fd = dmaBuf.fromHeap('system', page + 1);
    assert.deepEqual(dmaBuf.inspect(fd), { size: 2 * page, exporter: 'system' });
    assert.match(host.linkOf(fd), /^\/dmabuf:/);
    assert.isTrue(closesOnExec(fd));
    using allocator = new DmaBufAllocator();
    using memory = allocator.allocDmaBuf(fd, page + 1);
    assert.isTrue(memory.withMapping(READ, (bytes) => bytes.every((byte) => byte === 0)));
  });

  it('fromHeap names the heap there is not, and says when there is not enough', () => {
    throws(() => dmaBuf.fromHeap('no-such', page), UnavailableError, /\/dev\/dma_heap\/no-such .* missing/);
    throws(() => dmaBuf.fromHeap('system', Number.MAX_SAFE_INTEGER), AllocationError);
  });

  it('fromMemfd shows the bytes of the memfd, both ways, a part of it as well', () => {
    for (const [offset, size] of [
      [0, 8 * page],
      [page, 2 * page],
    ] as const) {
      const fd = dmaBuf.fromMemfd(file, { offset, size });
      assert.deepEqual(dmaBuf.inspect(fd), { size, exporter: 'udmabuf' });
      assert.isTrue(closesOnExec(fd));
      using allocator = new DmaBufAllocator();
      using memory = allocator.allocDmaBuf(fd, size);
      assert.isTrue(dmaBufMemoryIsReal(memory));
      memory.withMapping(WRITE, (bytes) => bytes.set(pattern(100, offset), 10));
      assert.deepEqual(host.read(file, offset + 10, 100), pattern(100, offset));
      host.write(file, offset + 50, pattern(5, 9));
      assert.deepEqual(
        memory.withMapping(READ, (bytes) => bytes.slice(50, 55)),
        pattern(5, 9),
      );
    }
  });

  it('fromMemfd takes all of it unless told otherwise, and outlives the memfd', () => {
    const other = memfd('closed at once', 2 * page);
    host.write(other, 0, pattern(10, 2));
    const fd = dmaBuf.fromMemfd(other);
    host.close(other);
    using allocator = new DmaBufAllocator();
    using memory = allocator.allocDmaBuf(fd, 2 * page);
    assert.deepEqual(
      memory.withMapping(READ, (bytes) => bytes.slice(0, 10)),
      pattern(10, 2),
    );
  });

  it('fromMemfd gives several of one memfd', () => {
    const [first, second] = [dmaBuf.fromMemfd(file), dmaBuf.fromMemfd(file, { offset: page, size: page })];
    using allocator = new DmaBufAllocator();
    using whole = allocator.allocDmaBuf(first, 8 * page);
    using part = allocator.allocDmaBuf(second, page);
    part.withMapping(WRITE, (bytes) => bytes.fill(5));
    assert.strictEqual(
      whole.withMapping(READ, (bytes) => bytes[page]),
      5,
    );
  });

  it('fromMemfd takes whole pages alone', () => {
    for (const range of [{ size: page + 1 }, { offset: 1, size: page }, { offset: 100 }])
      throws(() => dmaBuf.fromMemfd(file, range), RangeError, /a multiple of the page size, 4096/);
  });

  it('fromMemfd refuses what cannot be sealed or written, and more than the driver allows; the fd stays open', () => {
    const plain = host.openFile(new Uint8Array(page));
    throws(() => dmaBuf.fromMemfd(plain), AllocationError, /memfd|sealed/);
    const whole = dmaBuf.fromHeap('system', page);
    throws(() => dmaBuf.fromMemfd(whole), AllocationError, /to be a memfd/);
    const large = memfd('too large', 65 * 2 ** 20);
    throws(() => dmaBuf.fromMemfd(large), AllocationError, /\/sys\/module\/udmabuf\/parameters.*EINVAL/);
    for (const fd of [plain, whole, large]) {
      assert.isTrue(host.isOpen(fd));
      host.close(fd);
    }
  });

  it('fromMemfd seals against shrinking, so that nobody can take the pages away', () => {
    host.close(dmaBuf.fromMemfd(file));
    assert.throws(() => ftruncateSync(file, page), /EPERM|not permitted/);
    using fds = new FdAllocator();
    using memory = fds.allocFd(file, 8 * page, FdMemoryFlags.DONT_CLOSE);
    memory.withMapping(WRITE, (bytes) => bytes.fill(1));
  });
});

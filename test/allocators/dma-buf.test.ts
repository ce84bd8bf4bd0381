import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationError,
  Buffer,
  DmaBufAllocator,
  dmaBuf,
  dmaBufMemoryIsReal,
  features,
  memfd,
  runtime,
  UnavailableError,
} from '../../src/index.ts';
import { shm } from '../harness/allocators.ts';
import { badNumbers, notNumbers, pattern, throws } from '../harness/expectations.ts';

const pages = 4 * 65536;

/** Runs `use` with a fresh memfd, which must still be open afterwards. */
function withMemfd(use: (fd: number) => void): void {
  const fd = memfd('dma-buf spec', pages);
  try {
    use(fd);
    assert.isTrue(host.isOpen(fd));
  } finally {
    host.close(fd);
  }
}

describe('dmaBuf', () => {
  it('fromHeap refuses names that are not of a heap, and invalid sizes', () => {
    for (const bad of ['', '..', '.', 'a/b', '/dev/null', 'a\0b'])
      throws(() => dmaBuf.fromHeap(bad, 4096), RangeError, /`heap`/);
    for (const bad of [undefined, null, 5, {}]) throws(() => dmaBuf.fromHeap(bad as never, 4096), TypeError, /`heap`/);
    for (const bad of [0, ...badNumbers]) throws(() => dmaBuf.fromHeap('system', bad), RangeError, /`size`/);
    for (const bad of notNumbers) throws(() => dmaBuf.fromHeap('system', bad as never), TypeError, /`size`/);
  });

  it('fromHeap names the device it has not got', () => {
    throws(() => dmaBuf.fromHeap('no such heap', 4096), UnavailableError, /\/dev\/dma_heap\/no such heap/);
  });

  it('fromMemfd refuses what is no range of the file, which stays open', () => {
    withMemfd((fd) => {
      for (const bad of badNumbers) throws(() => dmaBuf.fromMemfd(fd, { offset: bad }), RangeError, /offset/);
      for (const bad of [0, ...badNumbers]) throws(() => dmaBuf.fromMemfd(fd, { size: bad }), RangeError, /size/);
      throws(() => dmaBuf.fromMemfd(fd, { size: null as never }), TypeError, /size/);
      throws(() => dmaBuf.fromMemfd(fd, { offset: 4096, size: 2 * pages }), AllocationError, /at most/);
      throws(() => dmaBuf.fromMemfd(fd, { offset: 8 * pages }), RangeError, /size/);
      throws(() => dmaBuf.fromMemfd(fd, { ofset: 3 } as never), TypeError, /did you mean `offset`/);
      throws(() => dmaBuf.fromMemfd(fd, null as never), TypeError, /`range`/);
    });
  });

  it('fromMemfd refuses what is no fd, closed, or cannot be mapped', () => {
    for (const bad of [...badNumbers, 2 ** 31]) throws(() => dmaBuf.fromMemfd(bad), RangeError, /`fd`/);
    for (const bad of notNumbers) throws(() => dmaBuf.fromMemfd(bad as never), TypeError, /`fd`/);
    throws(() => dmaBuf.fromMemfd(2 ** 31 - 1), AllocationError, /closed/);
    const socket = host.openSocket();
    throws(() => dmaBuf.fromMemfd(socket, { size: 4096 }), AllocationError, /socket/);
    host.close(socket);
  });

  it('says which device is missing, and whose it is', () => {
    const { dmaBufFromHeap, dmaBufFromMemfd } = features();
    if (!dmaBufFromHeap?.available)
      throws(() => dmaBuf.fromHeap('system', 4096), UnavailableError, /\/dev\/dma_heap\/system/);
    withMemfd((fd) => {
      if (!dmaBufFromMemfd?.available)
        throws(() => dmaBuf.fromMemfd(fd, { size: 65536 }), UnavailableError, /\/dev\/udmabuf/);
    });
    if (runtime === 'gjs') assert.match(dmaBufFromHeap?.found ?? '', /elsewhere/);
  });

  it('inspect tells other fds apart, whatever their memory claims to be', () => {
    const fd = host.openFile(pattern(100));
    assert.isNull(dmaBuf.inspect(fd));
    using allocator = new DmaBufAllocator();
    using memory = allocator.allocDmaBuf(fd, 100);
    assert.isTrue(memory.isType('dmabuf'));
    assert.isFalse(dmaBufMemoryIsReal(memory));
    throws(() => dmaBuf.inspect(2 ** 31 - 1), AllocationError, /closed/);
    for (const bad of notNumbers) throws(() => dmaBuf.inspect(bad as never), TypeError, /`fd`/);
  });

  it('dmaBufMemoryIsReal is false for all other memory, and asked of memory alone', () => {
    using shared = shm();
    using block = shared.alloc(10);
    using buffer = Buffer.alloc(10);
    using plain = buffer.memory(0);
    for (const memory of [block, plain]) assert.isFalse(dmaBufMemoryIsReal(memory));
    for (const bad of [undefined, null, 3, {}, buffer])
      throws(() => dmaBufMemoryIsReal(bad as never), TypeError, /`memory`/);
  });

  it('GST_ALLOCATORS_DEBUG=dmabuf warns of a plain fd that is passed off, and nothing does without it', async () => {
    for (const [word, warning] of [
      ['dmabuf', /fd \d+ became dma-buf memory/],
      ['', /^$/],
    ] as const) {
      const { stderr, status } = await host.run(
        (gst) => {
          new gst.DmaBufAllocator().allocDmaBuf(gst.memfd('plain', 10), 10);
          new gst.FdAllocator().allocFd(gst.memfd('plain', 10), 10);
        },
        { GST_ALLOCATORS_DEBUG: word },
      );
      assert.strictEqual(status, 0, stderr);
      assert.match(stderr.trim(), warning);
      assert.isAtMost(stderr.trim().split('\n').length, 1, stderr);
    }
  });
});

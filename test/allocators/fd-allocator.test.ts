import { assert } from 'chai';
import { host } from '#host';
import {
  ALLOCATOR_DMABUF,
  ALLOCATOR_FD,
  AllocationError,
  Buffer,
  DmaBufAllocator,
  DrmDumbAllocator,
  dmaBufMemoryGetFd,
  drmDumbMemoryExportDmaBuf,
  drmDumbMemoryGetHandle,
  FdAllocator,
  FdMemoryFlags,
  fdMemoryGetFd,
  features,
  isDmaBufMemory,
  isDrmDumbMemory,
  isFdMemory,
  isPhysMemory,
  MapError,
  MapFlags,
  type Memory,
  NotWritableError,
  physMemoryGetPhysAddr,
  runtime,
  UdmabufAllocator,
  UnavailableError,
} from '../../src/index.ts';
import { shm, sysmem } from '../harness/allocators.ts';
import { badNumbers, notNumbers, pattern, throws } from '../harness/expectations.ts';

const { READ, WRITE } = MapFlags;
const { DONT_CLOSE, KEEP_MAPPED, MAP_PRIVATE, NONE } = FdMemoryFlags;
const bytesOf = (memory: Memory): Uint8Array => memory.withMapping(READ, (bytes) => bytes.slice());

type FromFd = (fd: number, size: number, flags?: number) => Memory;

const ways: { name: string; make: () => FdAllocator; ways: Record<string, (allocator: never) => FromFd> }[] = [
  {
    name: 'FdAllocator',
    make: () => new FdAllocator(),
    ways: {
      allocFd: (allocator: FdAllocator) => allocator.allocFd.bind(allocator),
      'FdAllocator.alloc': (allocator: FdAllocator) => FdAllocator.alloc.bind(FdAllocator, allocator),
    },
  },
  {
    name: 'DmaBufAllocator',
    make: () => new DmaBufAllocator(),
    ways: {
      allocDmaBuf: (allocator: DmaBufAllocator) => allocator.allocDmaBuf.bind(allocator),
      allocFd: (allocator: FdAllocator) => allocator.allocFd.bind(allocator),
      'DmaBufAllocator.allocWithFlags':
        (allocator: DmaBufAllocator) =>
        (fd, size, flags = NONE) =>
          DmaBufAllocator.allocWithFlags(allocator, fd, size, flags),
    },
  },
];

for (const { name, make, ways: each } of ways) {
  describe(name, () => {
    for (const [way, of] of Object.entries(each)) {
      describe(way, () => {
        let allocator: FdAllocator;
        let alloc: FromFd;
        let fd: number;
        beforeEach(() => {
          allocator = make();
          alloc = of(allocator as never);
          fd = host.openFile(pattern(5000));
        });
        afterEach(async () => {
          allocator.dispose();
          await host.settled();
          if (host.isOpen(fd)) host.close(fd);
        });

        it('makes memory of the bytes behind the fd', () => {
          using memory = alloc(fd, 5000);
          assert.strictEqual(memory.size, 5000);
          assert.strictEqual(memory.fd, fd);
          assert.strictEqual(fdMemoryGetFd(memory), fd);
          assert.isTrue(isFdMemory(memory));
          assert.deepEqual(bytesOf(memory), pattern(5000));
        });

        it('makes memory of their beginning', () => {
          using memory = alloc(fd, 10);
          assert.deepEqual(bytesOf(memory), pattern(10));
        });

        it('writes to the file', () => {
          using memory = alloc(fd, 5000);
          memory.withMapping(WRITE, (bytes) => bytes.set(pattern(10, 5), 100));
          assert.deepEqual(host.read(fd, 100, 10), pattern(10, 5));
        });

        it('takes the fd over: it closes with the memory, not before', async () => {
          const memory = alloc(fd, 5000);
          using buffer = new Buffer().appendMemory(memory);
          memory.dispose();
          await host.settled();
          assert.isTrue(host.isOpen(fd));
          buffer.dispose();
          await host.settled();
          assert.isFalse(host.isOpen(fd));
        });

        it('with DONT_CLOSE leaves the fd open', async () => {
          const memory = alloc(fd, 5000, DONT_CLOSE);
          memory.map(READ).dispose();
          memory.dispose();
          await host.settled();
          assert.isTrue(host.isOpen(fd));
          assert.deepEqual(host.read(fd, 0, 10), pattern(10));
        });

        it('with DONT_CLOSE serves two memories with one fd', () => {
          using first = alloc(fd, 5000, DONT_CLOSE);
          using second = alloc(fd, 5000, DONT_CLOSE);
          first.withMapping(WRITE, (bytes) => bytes.fill(1));
          assert.deepEqual(bytesOf(second), new Uint8Array(5000).fill(1));
        });

        it('with KEEP_MAPPED maps as often as one likes', async () => {
          const memory = alloc(fd, 5000, KEEP_MAPPED);
          for (let round = 0; round < 100; round++) {
            memory.withMapping(WRITE, (bytes) => bytes.fill(round));
            assert.strictEqual(bytesOf(memory)[4999], round);
          }
          const mapping = memory.map(READ);
          const stale = mapping.bytes;
          mapping.dispose();
          assert.strictEqual(stale.length, 0);
          memory.dispose();
          await host.settled();
          assert.isFalse(host.isOpen(fd));
        });

        it('with MAP_PRIVATE keeps what is written to itself', () => {
          using memory = alloc(fd, 5000, MAP_PRIVATE | KEEP_MAPPED);
          memory.withMapping(WRITE, (bytes) => bytes.fill(0));
          assert.deepEqual(host.read(fd, 0, 5000), pattern(5000));
        });

        it('gives a duplicate that survives the memory', async () => {
          const memory = alloc(fd, 5000);
          const own = memory.dupFd();
          memory.dispose();
          await host.settled();
          assert.isFalse(host.isOpen(fd));
          assert.deepEqual(host.read(own, 0, 5000), pattern(5000));
          host.close(own);
        });

        it('closes the fd once: the number may serve somebody else by then', async () => {
          const memory = alloc(fd, 5000);
          memory.dispose();
          await host.settled();
          const reused = host.openFile(pattern(3));
          memory.dispose();
          await host.settled();
          assert.deepEqual(host.read(reused, 0, 3), pattern(3));
          host.close(reused);
        });

        describe('leaves the fd open and the caller’s when it refuses', () => {
          afterEach(() => assert.isTrue(host.isOpen(fd)));

          it('an invalid size', () => {
            for (const bad of [0, ...badNumbers]) throws(() => alloc(fd, bad), RangeError, /`size`/);
            for (const bad of notNumbers) throws(() => alloc(fd, bad as never), TypeError, /`size`/);
          });

          it('a size beyond the file', () => {
            throws(() => alloc(fd, 5001), AllocationError, /5000/);
            throws(() => alloc(fd, Number.MAX_SAFE_INTEGER), AllocationError);
          });

          it('invalid flags', () => {
            for (const bad of [8, 15, ...badNumbers]) throws(() => alloc(fd, 10, bad), RangeError, /`flags`/);
            for (const bad of notNumbers.slice(1)) throws(() => alloc(fd, 10, bad as never), TypeError, /`flags`/);
          });
        });

        it('refuses an fd that is closed', () => {
          const closed = host.openFile(pattern(3));
          host.close(closed);
          throws(() => alloc(closed, 3), AllocationError, /closed/);
          throws(() => alloc(2 ** 31 - 1, 3), AllocationError, /closed/);
        });

        it('refuses what is no fd at all', () => {
          for (const bad of [...badNumbers, 2 ** 31]) throws(() => alloc(bad, 10), RangeError, /`fd`/);
          for (const bad of notNumbers) throws(() => alloc(bad as never, 10), TypeError, /`fd`/);
        });

        it('refuses pipes, sockets and directories, which stay open', () => {
          const pipe = host.openPipe();
          const socket = host.openSocket();
          const directory = host.openDirectory();
          throws(() => alloc(pipe.read, 10), AllocationError, /pipe/);
          throws(() => alloc(pipe.write, 10), AllocationError, /pipe/);
          throws(() => alloc(socket, 10), AllocationError, /socket/);
          if (directory !== null) throws(() => alloc(directory, 10), AllocationError, /directory/);
          for (const each of [pipe.read, pipe.write, socket, directory]) {
            if (each === null) continue;
            assert.isTrue(host.isOpen(each));
            host.close(each);
          }
        });

        it('refuses an empty file', () => {
          const empty = host.openFile(new Uint8Array(0));
          throws(() => alloc(empty, 1), AllocationError);
          assert.isTrue(host.isOpen(empty));
          host.close(empty);
        });

        it('of an fd that is open for reading alone can be read, not written', () => {
          const readOnly = host.openReadOnly('/proc/self/exe');
          using memory = alloc(readOnly, 16);
          assert.deepEqual(bytesOf(memory).slice(0, 4), Uint8Array.of(127, 69, 76, 70));
          // GJS cannot tell it from memory with the flag READONLY.
          throws(() => memory.map(WRITE), runtime === 'gjs' ? NotWritableError : MapError);
        });

        it('of a device that cannot be mapped says so when it is', () => {
          using memory = alloc(host.openReadOnly('/dev/null'), 16);
          throws(() => memory.map(READ), MapError);
        });
      });
    }
  });
}

describe('FdAllocator', () => {
  it('refuses allocators of another kind, and the fd stays open', () => {
    using plain = sysmem();
    using fds = new FdAllocator();
    const fd = host.openFile(pattern(10));
    for (const bad of [plain, undefined, null, 5, {}]) {
      throws(() => FdAllocator.alloc(bad as never, fd, 10, NONE), TypeError, /`allocator`/);
      throws(() => DmaBufAllocator.alloc(bad as never, fd, 10), TypeError, /`allocator`/);
      throws(() => DmaBufAllocator.allocWithFlags(bad as never, fd, 10, NONE), TypeError, /`allocator`/);
    }
    throws(() => DmaBufAllocator.alloc(fds as never, fd, 10), TypeError, /a DmaBufAllocator/);
    assert.isTrue(host.isOpen(fd));
    host.close(fd);
  });

  it('makes memory of its own type', () => {
    using fds = new FdAllocator();
    using dmaBufs = new DmaBufAllocator();
    using plain = fds.allocFd(host.openFile(pattern(10)), 10);
    using dmaBuf = DmaBufAllocator.alloc(dmaBufs, host.openFile(pattern(10)), 10);
    assert.strictEqual(fds.memType, ALLOCATOR_FD);
    assert.strictEqual(dmaBufs.memType, ALLOCATOR_DMABUF);
    assert.isTrue(plain.isType('fd'));
    assert.isTrue(dmaBuf.isType('dmabuf'));
    assert.isFalse(isDmaBufMemory(plain));
    assert.isTrue(isDmaBufMemory(dmaBuf));
    assert.strictEqual(dmaBufMemoryGetFd(dmaBuf), dmaBuf.fd);
    using found = dmaBuf.allocator;
    assert.instanceOf(found, DmaBufAllocator);
  });

  it('makes memory of a part of an fd', () => {
    using fds = new FdAllocator();
    const fd = host.openFile(pattern(5000));
    const range = { maxSize: 5000, offset: 100, size: 50 };
    for (const bad of [
      { ...range, maxSize: 5001 },
      { ...range, offset: 5001 },
      { ...range, size: 4901 },
      { ...range, size: 0 },
    ])
      assert.throws(() => fds.allocFdRange(fd, bad), /size|offset/i);
    throws(() => fds.allocFdRange(fd, { ...range, ofset: 3 } as never), TypeError, /did you mean `offset`/);
    throws(() => fds.allocFdRange(fd, null as never), TypeError, /`range`/);
    if (!features().allocFdRange?.available) {
      throws(() => fds.allocFdRange(fd, range), UnavailableError, /1\.28/);
      assert.isTrue(host.isOpen(fd));
      host.close(fd);
      return;
    }
    using memory = fds.allocFdRange(fd, range);
    assert.deepEqual(bytesOf(memory), pattern(5000).slice(100, 150));
  });
});

describe('fd, dma-buf, DRM and physical memory', () => {
  it('is told apart, and getters throw for another kind', () => {
    using allocator = sysmem();
    using memory = allocator.alloc(10);
    for (const is of [isFdMemory, isDmaBufMemory, isPhysMemory, isDrmDumbMemory]) assert.isFalse(is(memory), is.name);
    for (const get of [
      fdMemoryGetFd,
      dmaBufMemoryGetFd,
      physMemoryGetPhysAddr,
      drmDumbMemoryGetHandle,
      drmDumbMemoryExportDmaBuf,
    ])
      throws(() => get(memory), TypeError, /`memory`/);
    using shared = shm();
    using block = shared.alloc(10);
    throws(() => dmaBufMemoryGetFd(block), TypeError, /dma-buf/);
  });

  it('is asked of memory alone', () => {
    using buffer = Buffer.alloc(10);
    for (const ask of [
      isFdMemory,
      isDmaBufMemory,
      isPhysMemory,
      isDrmDumbMemory,
      fdMemoryGetFd,
      dmaBufMemoryGetFd,
      physMemoryGetPhysAddr,
      drmDumbMemoryGetHandle,
      drmDumbMemoryExportDmaBuf,
    ])
      for (const bad of [undefined, null, 3, {}, buffer]) throws(() => ask(bad as never), TypeError, /`memory`/);
  });
});

describe('DrmDumbAllocator', () => {
  it('needs a DRM device, and says so', () => {
    throws(() => DrmDumbAllocator.newWithDevicePath('/nowhere/at/all'), UnavailableError, /DRM/);
    throws(() => DrmDumbAllocator.newWithDevicePath('/dev/null'), UnavailableError, /DRM/);
    for (const bad of [undefined, null, 5]) throws(() => DrmDumbAllocator.newWithDevicePath(bad as never), TypeError);
    for (const fd of [host.openReadOnly('/dev/null'), host.openFile(pattern(3))]) {
      throws(() => DrmDumbAllocator.newWithFd(fd), UnavailableError, /DRM/);
      assert.isTrue(host.isOpen(fd));
      host.close(fd);
      throws(() => DrmDumbAllocator.newWithFd(fd), AllocationError, /closed/);
    }
    for (const bad of badNumbers) throws(() => DrmDumbAllocator.newWithFd(bad), RangeError);
  });
});

describe('UdmabufAllocator', () => {
  it('is there from GStreamer 1.28 on and with /dev/udmabuf, else says what is missing', () => {
    if (features().udmabufAllocator?.available) {
      UdmabufAllocator.initOnce();
      using allocator = UdmabufAllocator.get();
      assert.instanceOf(allocator, DmaBufAllocator);
    } else {
      throws(
        () => {
          UdmabufAllocator.initOnce();
          return UdmabufAllocator.get();
        },
        UnavailableError,
        /1\.28|\/dev\/udmabuf/,
      );
    }
  });
});

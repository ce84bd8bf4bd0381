/** Calls that are refused by an exception: no CRITICAL, no crash, nothing on stderr. */
import { type Any, itRefuses } from './harness/own-process.ts';

describe('Misuse is refused', () => {
  itRefuses(
    'by FdAllocator and DmaBufAllocator: fds, sizes, flags and allocators that are none',
    async (gst, refuse) => {
      const { DmaBufAllocator, FdAllocator } = gst;
      const fds = new FdAllocator();
      const dmaBufs = new DmaBufAllocator();
      const system = gst.Allocator.find('SystemMemory') as Any;
      gst.ShmAllocator.initOnce();
      const memory = (gst.ShmAllocator.get() as Any).alloc(100);

      const closed = /`fd` to be an open file descriptor, got 12345, which is closed/;
      await refuse('AllocationError', closed, () => fds.allocFd(12345, 10));
      await refuse('AllocationError', closed, () => dmaBufs.allocDmaBuf(12345, 10));
      await refuse('RangeError', /`fd` .*, got -1/, () => fds.allocFd(-1, 10));
      for (const size of [0, -1, Number.NaN, 2 ** 53])
        await refuse('RangeError', /`size` to be an integer of at least 1, got/, () => fds.allocFd(0, size));
      await refuse('RangeError', /`flags` to be .* from 0 to 7, got 8/, () => fds.allocFd(0, 10, 8));
      const beyond = /`size` to be at most the \d+ bytes that fd \d+ holds, got 4197/;
      await refuse('AllocationError', beyond, () => fds.allocFd(memory.fd, 101 + 4096));
      await refuse('TypeError', /to be a FdAllocator, got a Allocator/, () => FdAllocator.alloc(system, 0, 10, 0));
      const noDmaBufs = /to be a DmaBufAllocator, got a FdAllocator/;
      await refuse('TypeError', noDmaBufs, () => DmaBufAllocator.alloc(fds as Any, 0, 10));
      await refuse('AllocationError', /use `allocFd`/, () => fds.alloc(10));
      await refuse('AllocationError', /use `allocDmaBuf`/, () => dmaBufs.alloc(10));
    },
  );

  itRefuses('by Allocator.alloc: sizes that are none, or larger than the machine’s memory', async (gst, refuse) => {
    const system = gst.Allocator.find('SystemMemory') as Any;
    gst.ShmAllocator.initOnce();
    const tooLarge = /`size` to be at most the \d+ bytes of this machine, got 1125899906842624/;
    for (const allocator of [system, gst.ShmAllocator.get()])
      await refuse('AllocationError', tooLarge, () => allocator.alloc(2 ** 50));
    await refuse('RangeError', /`size` to be an integer of at least 1, got 0/, () => system.alloc(0));
    await refuse('RangeError', /`params.align` to be a bit mask/, () => system.alloc(1, { align: 2 }));
  });

  itRefuses('by what must not be written: shared buffers and shared memory', async (gst, refuse) => {
    const { Buffer, Sample } = gst;
    const memory = (gst.Allocator.find('SystemMemory') as Any).alloc(10);
    const shared = new Buffer().appendMemory(memory);
    const buffer = Sample.create(shared).buffer as Any;
    const notAlone = /expected a writable buffer to [a-z ]+, got one that is shared; `makeWritable\(\)` first/;
    await refuse('NotWritableError', notAlone, () => shared.map(2));
    await refuse('NotWritableError', notAlone, () => buffer.map(2));
    await refuse('NotWritableError', notAlone, () => buffer.fill(0, new Uint8Array(1)));
    await refuse('NotWritableError', notAlone, () => buffer.appendMemory(memory));

    const twice = (gst.Allocator.find('SystemMemory') as Any).alloc(10);
    const both = [new Buffer().appendMemory(twice), new Buffer().appendMemory(twice)];
    await refuse('NotWritableError', /writable memory to map for writing, got memory that is sh/, () => twice.map(2));
    await refuse('NotWritableError', /writable memory to resize, got memory that is sh/, () => twice.resize(0, 1));
    for (const each of both) each.dispose();
  });

  itRefuses('by Memory: flags, ranges, and a second mapping for writing', async (gst, refuse) => {
    const system = gst.Allocator.find('SystemMemory') as Any;
    const memory = system.alloc(100);
    await refuse('RangeError', /`flags` to be an integer from 1 to 3, got 0/, () => memory.map(0));
    await refuse('RangeError', /`offset` to be an integer from 0 to 100, got 101/, () => memory.share(101));
    await refuse('RangeError', /`size` to be an integer from 0 to 100, got 101/, () => memory.copy(0, 101));
    await refuse('RangeError', /`offset` to be .*, got -1/, () => memory.resize(-1, 1));
    const writing = memory.map(2);
    await refuse('MapError', /100 bytes of memory could not be mapped with flags 1: /, () => memory.map(1));
    writing.dispose();
    await refuse('GstError', /expected memory with an fd, got memory without one/, () => memory.dupFd());

    const flagged = (flags: number) => system.alloc(10, { flags });
    const { NO_SHARE, READONLY } = gst.MemoryFlags;
    await refuse('NotWritableError', /shared or read-only/, () => flagged(READONLY).map(2));
    await refuse('GstError', /NO_SHARE flag; `copy` it instead/, () => flagged(NO_SHARE).share());
  });

  itRefuses(
    'by the functions for kinds of memory: memory of another kind, and what is no memory',
    async (gst, refuse) => {
      gst.ShmAllocator.initOnce();
      const shm = (gst.ShmAllocator.get() as Any).alloc(10);
      const plain = (gst.Allocator.find('SystemMemory') as Any).alloc(10);
      await refuse('TypeError', /to be fd memory, got another kind/, () => gst.fdMemoryGetFd(plain));
      await refuse('TypeError', /to be dma-buf memory, got another kind/, () => gst.dmaBufMemoryGetFd(shm));
      await refuse('TypeError', /to have a physical address, got another/, () => gst.physMemoryGetPhysAddr(shm));
      await refuse('TypeError', /to be DRM dumb memory, got another/, () => gst.drmDumbMemoryGetHandle(shm));
      await refuse('TypeError', /to be DRM dumb memory, got another/, () => gst.drmDumbMemoryExportDmaBuf(shm));
      await refuse('TypeError', /to be a Memory, got a Buffer/, () => gst.isFdMemory(gst.Buffer.alloc(1) as Any));
      await refuse('TypeError', /to be a Memory, got an object/, () => gst.isFdMemory({} as Any));
      const missing = /needs a DRM device with dumb buffers.*; \/nowhere is missing/;
      await refuse('UnavailableError', missing, () => gst.DrmDumbAllocator.newWithDevicePath('/nowhere'));
    },
  );

  itRefuses('by what was disposed', async (gst, refuse) => {
    const disposed = (gst.Allocator.find('SystemMemory') as Any).alloc(10);
    disposed.dispose();
    const before = /the Memory was disposed before/;
    await refuse('DisposedError', before, () => disposed.size);
    await refuse('DisposedError', before, () => disposed.map(1));
    await refuse('DisposedError', before, () => new gst.Buffer().appendMemory(disposed));
  });

  itRefuses('by Buffer: memories and ranges that are not there', async (gst, refuse) => {
    const { Buffer } = gst;
    const memory = (gst.Allocator.find('SystemMemory') as Any).alloc(10);
    const full = new Buffer();
    while (full.memoryCount < 16) full.appendMemory(memory);
    await refuse('RangeError', /`index` to be from 0 to 15, got 16/, () => full.memory(16));
    await refuse('RangeError', /`index` .* there are none, got 0/, () => new Buffer().memory(0));
    await refuse('RangeError', /`bytes` to be at most 0 long, got 1/, () => new Buffer().fill(0, new Uint8Array(1)));
    await refuse('RangeError', /`offset` to be .* from 0 to 0, got 1/, () => new Buffer().extract(1));
    await refuse('RangeError', /`size` to be .* from 0 to 0, got 1/, () => new Buffer().copyRegion(0, 1));
    await refuse('TypeError', /`bytes` to be an ArrayBuffer, .*, got "text"/, () => Buffer.from('text' as Any));
    full.dispose();
  });

  itRefuses('by `wrap` and `new`: objects of other classes, and addresses', async (gst, refuse) => {
    const { Buffer, Memory } = gst;
    await refuse('TypeError', /to be a Gst.Memory, got a Gst_?Buffer/, () => Memory.wrap(Buffer.alloc(1).gi));
    await refuse('TypeError', /to be a Gst.Buffer, got an object/, () => Buffer.wrap({}));
    await refuse('TypeError', /Memory is not made with `new`/, () => new (Memory as Any)(4096));
    await refuse('TypeError', /ShmAllocator is not made with `new`/, () => new (gst.ShmAllocator as Any)());
  });

  itRefuses('by BufferPool: options, a start without memory, and waits that cannot be', async (gst, refuse) => {
    const { BufferPool } = gst;
    const pool = BufferPool.create({ size: 10, max: 1 });
    const stopped = BufferPool.create({ size: 10, max: 1 });
    stopped.stop();
    const allocator = new gst.FdAllocator();
    await refuse('PoolError', /a started pool, got one that is stopped/, () => stopped.tryAcquire());
    await refuse('PoolError', /a started pool, got one that is stopped/, () => stopped.acquire());
    await refuse('PoolError', /no option `nonsense`/, () => BufferPool.create({ size: 10, options: ['nonsense'] }));
    await refuse('RangeError', /`options.size` to be .* from 1 to/, () => BufferPool.create({ size: 0 }));
    await refuse('PoolError', /could not start/, () => BufferPool.create({ size: 10, min: 1, allocator }));
    const tooLarge = /`size` to be at most the \d+ bytes of this machine/;
    await refuse('AllocationError', tooLarge, () => BufferPool.create({ size: 1, min: 0xffffffff }));
    await refuse('TypeError', /`options` to be an object, got 5/, () => pool.acquire(5 as Any));
    await refuse('RangeError', /`options.timeout` to be .* at least 0, got -1/, () => pool.acquire({ timeout: -1 }));
  });

  itRefuses('by AllocationQuery: caps, indices, metas and targets', async (gst, refuse) => {
    const { AllocationQuery, Buffer } = gst;
    const query = new AllocationQuery(null);
    await refuse('RangeError', /to be fixed, got .*, which leaves a choice/, () => new AllocationQuery('a/b, c=[1,2]'));
    await refuse('RangeError', /to be caps such as .*, got ";;;"/, () => new AllocationQuery(';;;'));
    await refuse('RangeError', /a list with an item at 0, got an empty one/, () => query.pools.at(0));
    await refuse('RangeError', /a list with an item at 0, got an empty one/, () => query.params.removeAt(0));
    // GJS sees a pointer type in GType, as in the API of a meta.
    for (const name of gst.runtime === 'gjs' ? ['GstBuffer'] : ['GstBuffer', 'GType'])
      await refuse('QueryError', /the API type of a meta that is registered, .*, got "G/, () => query.metas.add(name));
    const noTarget = /`target` to be a pad or an element, got/;
    for (const target of [Buffer.alloc(1), null])
      await refuse('TypeError', noTarget, () => AllocationQuery.peer(target as Any, null));
  });
});

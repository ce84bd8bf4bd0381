import { assert } from 'chai';
import { host } from '#host';

describe('Misuse', () => {
  it('ends in an exception of the class that is promised: no CRITICAL, no crash, nothing on stderr', async () => {
    // One program, because a CRITICAL ends it; what it returns is what came of each line.
    const ran = await host.run(
      async (gst) => {
        const { Allocator, AllocationQuery, Buffer, BufferPool, DmaBufAllocator, FdAllocator, Memory, Sample } = gst;
        const system = gst.Allocator.find('SystemMemory') as InstanceType<typeof Allocator>;
        gst.ShmAllocator.initOnce();
        const shm = gst.ShmAllocator.get() as InstanceType<typeof gst.ShmAllocator>;
        const fds = new FdAllocator();
        const dmaBufs = new DmaBufAllocator();
        const memory = shm.alloc(100);
        const disposed = shm.alloc(100);
        disposed.dispose();
        const shared = new Buffer().appendMemory(memory);
        const sample = Sample.create(shared);
        const pool = BufferPool.create({ size: 10, max: 1 });
        const stopped = BufferPool.create({ size: 10, max: 1 });
        stopped.stop();
        const query = new AllocationQuery(null);
        const readOnly = system.alloc(10, { flags: 2 });
        const alone = system.alloc(10, { flags: 16 });
        const twice = system.alloc(10);
        const both = [new Buffer().appendMemory(twice), new Buffer().appendMemory(twice)];
        const full = new Buffer();
        while (full.memoryCount < 16) full.appendMemory(twice);
        const writing = system.alloc(10);
        const open = writing.map(2);
        // biome-ignore lint/suspicious/noExplicitAny: misuse is what this is about
        const any = (value: unknown): any => value;

        const lines: [string, () => unknown][] = [
          ['AllocationError', () => fds.allocFd(12345, 10)],
          ['RangeError', () => fds.allocFd(-1, 10)],
          ['RangeError', () => fds.allocFd(0, 0)],
          ['RangeError', () => fds.allocFd(0, -1)],
          ['RangeError', () => fds.allocFd(0, Number.NaN)],
          ['RangeError', () => fds.allocFd(0, 2 ** 53)],
          ['RangeError', () => fds.allocFd(0, 10, 8)],
          ['AllocationError', () => fds.allocFd(memory.fd as number, 101 + 4096)],
          ['AllocationError', () => dmaBufs.allocDmaBuf(12345, 10)],
          ['TypeError', () => FdAllocator.alloc(any(system), 0, 10, 0)],
          ['TypeError', () => DmaBufAllocator.alloc(any(fds), 0, 10)],
          ['AllocationError', () => fds.alloc(10)],
          ['AllocationError', () => dmaBufs.alloc(10)],
          ['AllocationError', () => shm.alloc(2 ** 50)],
          ['AllocationError', () => system.alloc(2 ** 50)],
          ['RangeError', () => system.alloc(0)],
          ['RangeError', () => system.alloc(1, { align: 2 })],
          ['NotWritableError', () => shared.map(2)],
          ['NotWritableError', () => sample.buffer?.map(2)],
          ['NotWritableError', () => sample.buffer?.fill(0, new Uint8Array(1))],
          ['NotWritableError', () => any(sample.buffer).appendMemory(memory)],
          ['NotWritableError', () => twice.map(2)],
          ['NotWritableError', () => twice.resize(0, 1)],
          ['MapError', () => writing.map(1)],
          ['RangeError', () => memory.map(any(0))],
          ['RangeError', () => memory.share(101)],
          ['RangeError', () => memory.copy(0, 101)],
          ['RangeError', () => memory.resize(-1, 1)],
          ['GstError', () => system.alloc(10).dupFd()],
          ['TypeError', () => gst.fdMemoryGetFd(readOnly)],
          ['TypeError', () => gst.dmaBufMemoryGetFd(memory)],
          ['TypeError', () => gst.physMemoryGetPhysAddr(memory)],
          ['TypeError', () => gst.drmDumbMemoryGetHandle(memory)],
          ['TypeError', () => gst.drmDumbMemoryExportDmaBuf(memory)],
          ['TypeError', () => gst.isFdMemory(any(shared))],
          ['TypeError', () => gst.isFdMemory(any({}))],
          ['DisposedError', () => disposed.size],
          ['DisposedError', () => disposed.map(1)],
          ['DisposedError', () => shared.appendMemory(disposed)],
          ['RangeError', () => full.memory(16)],
          ['RangeError', () => new Buffer().memory(0)],
          ['RangeError', () => new Buffer().fill(0, new Uint8Array(1))],
          ['RangeError', () => new Buffer().extract(1)],
          ['RangeError', () => new Buffer().copyRegion(0, 1)],
          ['TypeError', () => Buffer.from(any('text'))],
          ['TypeError', () => Memory.wrap(shared.gi)],
          ['TypeError', () => Buffer.wrap({})],
          ['PoolError', () => stopped.tryAcquire()],
          ['PoolError', () => BufferPool.create({ size: 10, options: ['nonsense'] })],
          ['RangeError', () => BufferPool.create({ size: 0 })],
          ['PoolError', () => BufferPool.create({ size: 10, min: 1, allocator: fds })],
          ['AllocationError', () => BufferPool.create({ size: 1, min: 0xffffffff })],
          ['RangeError', () => new AllocationQuery('video/x-raw, width=[1,2]')],
          ['RangeError', () => new AllocationQuery(';;;')],
          ['RangeError', () => query.pools.at(0)],
          ['RangeError', () => query.params.removeAt(0)],
          ['QueryError', () => query.metas.add('GstBuffer')],
          ['TypeError', () => AllocationQuery.peer(shared, null)],
          ['TypeError', () => AllocationQuery.peer(any(null), null)],
          ['UnavailableError', () => gst.DrmDumbAllocator.newWithDevicePath('/nowhere')],
          ['TypeError', () => new (any(Memory))(4096)],
          ['TypeError', () => new (any(gst.ShmAllocator))()],
        ];
        if (gst.runtime === 'node') {
          lines.push(
            ['NotWritableError', () => readOnly.map(2)],
            ['GstError', () => alone.share()],
            ['QueryError', () => query.metas.add('GType')],
          );
        }
        const wrong: string[] = [];
        for (const [wanted, line] of lines) {
          try {
            line();
            wrong.push(`${line}: no error`);
          } catch (error) {
            if ((error as Error).constructor.name !== wanted) wrong.push(`${line}: ${error}`);
          }
        }
        for (const [wanted, promise] of [
          ['PoolError', stopped.acquire()],
          ['TypeError', pool.acquire(any(5))],
          ['RangeError', pool.acquire({ timeout: -1 })],
        ] as const) {
          const error = await promise.catch((error) => error);
          if (error.constructor.name !== wanted) wrong.push(`${error}`);
        }
        open.dispose();
        for (const each of [...both, full, shared]) each.dispose();
        return wrong;
      },
      { G_DEBUG: 'fatal-criticals' },
    );
    assert.deepEqual(ran, { status: 0, value: [], stderr: '' });
  });
});

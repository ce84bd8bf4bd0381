import { assert } from 'chai';
import { host } from '#host';
import {
  ALLOCATOR_SHM,
  Allocator,
  AllocatorFlags,
  Buffer,
  FdAllocator,
  fdMemoryGetFd,
  isDmaBufMemory,
  isFdMemory,
  ShmAllocator,
} from '../../src/index.ts';
import { shm } from '../harness/allocators.ts';
import { until } from '../harness/sleep.ts';

describe('ShmAllocator', () => {
  it('is null until initOnce, which may be called again', async () => {
    const { value, stderr, status } = await host.run(({ Allocator, ShmAllocator }) => {
      const before = [ShmAllocator.get(), Allocator.find('shm')];
      ShmAllocator.initOnce();
      ShmAllocator.initOnce();
      return [...before, ShmAllocator.get()?.memType, Allocator.find('shm')?.memType];
    });
    assert.deepEqual({ value, stderr, status }, { value: [null, null, 'shm', 'shm'], stderr: '', status: 0 });
  });

  it('is null until this program’s own initOnce, even when an element made one call of its own', async () => {
    const { value } = await host.run(({ features, Pipeline, ShmAllocator }) => {
      if (!features().unixFd?.available) return [null, 'shm'];
      const pipeline = Pipeline.parse('fakesrc ! unixfdsink socket-path=/tmp/gst-allocators-none');
      const before = ShmAllocator.get();
      ShmAllocator.initOnce();
      pipeline.dispose();
      return [before, ShmAllocator.get()?.memType];
    });
    assert.deepEqual(value, [null, 'shm']);
  });

  it('is an FdAllocator, which is an Allocator', () => {
    using allocator = shm();
    assert.instanceOf(allocator, ShmAllocator);
    assert.instanceOf(allocator, FdAllocator);
    assert.instanceOf(allocator, Allocator);
    assert.strictEqual(ALLOCATOR_SHM, 'shm');
    assert.strictEqual(allocator.memType, ALLOCATOR_SHM);
  });

  it('asks not to be copied (NO_COPY)', () => {
    using allocator = shm();
    assert.isAbove(allocator.flags & AllocatorFlags.NO_COPY, 0);
  });

  it('makes memory with an fd of its own, that closes with it', async () => {
    using allocator = shm();
    const memory = allocator.alloc(100);
    const other = allocator.alloc(100);
    const fd = memory.fd as number;
    assert.isTrue(isFdMemory(memory));
    assert.isFalse(isDmaBufMemory(memory));
    assert.strictEqual(fdMemoryGetFd(memory), fd);
    assert.notStrictEqual(other.fd, fd);
    assert.isTrue(host.isOpen(fd));
    memory.dispose();
    other.dispose();
    await host.settled();
    assert.isFalse(host.isOpen(fd));
  });

  it('gives large memory back soon, the last one too', async () => {
    using allocator = shm();
    const memories = [1, 2, 3].map(() => allocator.alloc(2 ** 26));
    const fds = memories.map((memory) => memory.fd as number);
    for (const memory of memories) memory.dispose();
    memories.length = 0;
    // Nobody asks for a collection.
    await until(() => !fds.some(host.isOpen), 5000, 'giving 192 MiB back');
  });

  it('keeps the fd open as long as a buffer holds the memory', async () => {
    using allocator = shm();
    const memory = allocator.alloc(100);
    const fd = memory.fd as number;
    const buffer = new Buffer().appendMemory(memory);
    memory.dispose();
    await host.settled();
    assert.isTrue(host.isOpen(fd));
    buffer.dispose();
    await host.settled();
    assert.isFalse(host.isOpen(fd));
  });

  it('takes fds as well, as FdAllocator does', async () => {
    using allocator = shm();
    const fd = host.openFile(new Uint8Array(10).fill(4));
    const memory = allocator.allocFd(fd, 10);
    assert.deepEqual(
      memory.withMapping(1, (bytes) => bytes.slice()),
      new Uint8Array(10).fill(4),
    );
    memory.dispose();
    await host.settled();
    assert.isFalse(host.isOpen(fd));
  });
});

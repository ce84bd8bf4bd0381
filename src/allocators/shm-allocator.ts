import { runtime } from '#runtime';
import { expectInternal, type Internal, internal, Kind, lock } from '../facade.ts';
import { fdAllocatorKind } from '../kinds.ts';
import { facadeFor } from '../memory/allocator-registry.ts';
import { isNotedForProcess, noteForProcess } from '../process-notes.ts';
import type { Handle } from '../runtime/port/index.ts';
import { FdAllocator } from './fd-allocator.ts';

const { c } = runtime;

const shmAllocatorKind = new Kind('ShmAllocator', 'GstShmAllocator', 'object', fdAllocatorKind);

/** `GST_ALLOCATOR_SHM`: name and memory type of the shared-memory allocator. @since 1.24 */
export const ALLOCATOR_SHM = 'shm';

/**
 * Makes memory that another process can map through its fd (`GstShmAllocator`). An allocation costs system calls and
 * zeroed pages: take frames from a `BufferPool`.
 * @since 1.24
 */
export class ShmAllocator extends FdAllocator {
  /** @internal */
  constructor(key: Internal, handle: Handle) {
    expectInternal(key, 'ShmAllocator');
    super(key, handle, shmAllocatorKind);
  }

  /** Registers the allocator as `ALLOCATOR_SHM` (`gst_shm_allocator_init_once`). Idempotent. @since 1.24 */
  static initOnce(): void {
    c.gst_shm_allocator_init_once();
    noteForProcess('ShmAllocator.initOnce');
  }

  /** The allocator (`gst_shm_allocator_get`); null until `initOnce` was called, on whichever thread. @since 1.24 */
  static get(): ShmAllocator | null {
    // Elements register it too. What a program gets must not depend on them.
    if (!isNotedForProcess('ShmAllocator.initOnce')) return null;
    const handle = c.gst_shm_allocator_get();
    return handle && new ShmAllocator(internal, handle);
  }

  protected override get howToAllocate(): string | null {
    return 'is /dev/shm full, or the process out of file descriptors?';
  }
}
lock(ShmAllocator);
facadeFor(shmAllocatorKind, (handle) => new ShmAllocator(internal, handle), {
  symbol: 'gst_shm_allocator_init_once',
  since: '1.24',
});

import { runtime } from '#runtime';
import { AllocationError, UnavailableError } from '../errors.ts';
import { expectInteger, expectOptions, expectSize } from '../expect.ts';
import { expectInternal, type Internal, internal, type Kind, lend, lock } from '../facade.ts';
import { checkDescriptor, watchClaim } from '../fd/inspect.ts';
import { expectSealed, type ImportOptions, sealAgainstShrinking } from '../fd/seals.ts';
import { fdAllocatorKind, memoryKind } from '../kinds.ts';
import { Allocator } from '../memory/allocator.ts';
import { facadeFor } from '../memory/allocator-registry.ts';
import { foundAllocator } from '../memory/custom-allocator.ts';
import { Memory } from '../memory/memory.ts';
import type { RawAllocator, RawMemory } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c } = runtime;
const { handleOf } = fdAllocatorKind;

/** `GST_ALLOCATOR_FD`: memory type of plain fd memory. */
export const ALLOCATOR_FD = 'fd';

/** How fd memory treats its fd and mapping (`GstFdMemoryFlags`). */
export const FdMemoryFlags = Object.freeze({
  NONE: 0,
  /** Stay mapped after the first `map`, until the memory is freed: faster when mapped often. */
  KEEP_MAPPED: 1,
  /** Map privately: what is written stays in this process. */
  MAP_PRIVATE: 2,
  /** Leave the fd open when the memory is freed: it stays the caller's. */
  DONT_CLOSE: 4,
} as const);

const allFdFlags = 7;
export const expectFdFlags = (flags: unknown): number => expectInteger('flags', flags, 0, allFdFlags);

/** Turns the result of an allocation from an fd into a memory. The fd is the memory's from here on. */
export function importedMemory(handle: Handle | null, fd: number, size: number): Memory {
  if (!handle) throw new AllocationError(`${size} bytes of fd ${fd} could not become memory`);
  return new Memory(internal, handle);
}

/**
 * Makes memory from file descriptors (`GstFdAllocator`): files, memfds, anything that can be mapped.
 *
 * A successful call takes over the fd, which is closed with the memory unless `DONT_CLOSE` is given. After a failed call it
 * is still open, and still the caller's.
 */
export class FdAllocator extends Allocator {
  /** `gst_fd_allocator_new`. @since 1.6 */
  constructor();
  /** @internal */
  constructor(key: Internal, handle: Handle, kind: Kind);
  constructor(key?: Internal, handle?: Handle, kind?: Kind) {
    if (key !== undefined) expectInternal(key, 'FdAllocator');
    // Only the package has the key and a handle.
    if (key === undefined) super(internal, c.gst_fd_allocator_new(), fdAllocatorKind);
    else super(key, handle as Handle, kind as Kind);
  }

  /**
   * `gst_fd_allocator_alloc` on any allocator of fd memory.
   * @param size bytes, at most what the fd holds
   * @since 1.6
   */
  static alloc(
    allocator: FdAllocator | RawAllocator,
    fd: number,
    size: number,
    flags: number = FdMemoryFlags.NONE,
    options?: ImportOptions,
  ): Memory {
    return lend('allocator', allocator, fdAllocatorKind, (handle) => {
      expectFdFlags(flags);
      if (expectSealed(options)) {
        checkDescriptor(fd, size);
        sealAgainstShrinking(fd);
      }
      watchClaim(fd, checkDescriptor(fd, size), handle);
      return importedMemory(c.gst_fd_allocator_alloc(handle, fd, size, flags), fd, size);
    });
  }

  protected override get howToAllocate(): string | null {
    return 'it makes memory from file descriptors: use `allocFd`';
  }

  /** Memory of the first `size` bytes of an fd (`gst_fd_allocator_alloc`). @since 1.6 */
  allocFd(fd: number, size: number, flags: number = FdMemoryFlags.NONE, options?: ImportOptions): Memory {
    return FdAllocator.alloc(this, fd, size, flags, options);
  }

  /**
   * Memory of a part of an fd (`gst_fd_allocator_alloc_full`).
   * @param range `maxSize` bytes of the fd, of which `size` from `offset` on are usable
   * @since 1.28
   */
  allocFdRange(
    fd: number,
    range: { maxSize: number; offset: number; size: number },
    flags: number = FdMemoryFlags.NONE,
  ): Memory {
    const handle = handleOf(this);
    const { maxSize, offset, size } = expectOptions('range', range, ['maxSize', 'offset', 'size']) as typeof range;
    expectFdFlags(flags);
    const found = checkDescriptor(fd, maxSize);
    expectSize('range.offset', offset, maxSize);
    expectSize('range.size', size, maxSize - offset, 1);
    if (runtime.lack('gst_fd_allocator_alloc_full')) {
      throw new UnavailableError(`allocFdRange needs GStreamer 1.28, found ${c.gst_version_string()}`);
    }
    watchClaim(fd, found, handle);
    return importedMemory(c.gst_fd_allocator_alloc_full(handle, fd, maxSize, offset, size, flags), fd, size);
  }
}
lock(FdAllocator);
facadeFor(fdAllocatorKind, (handle) => foundAllocator(handle) ?? new FdAllocator(internal, handle, fdAllocatorKind), {
  symbol: 'gst_fd_allocator_new',
  since: '1.6',
});

/** `gst_is_fd_memory`. @since 1.6 */
export function isFdMemory(memory: Memory | RawMemory): boolean {
  return lend('memory', memory, memoryKind, (handle) => c.gst_is_fd_memory(handle));
}

/**
 * The fd of fd memory, lent: it closes with the memory (`gst_fd_memory_get_fd`). Throws for any other memory.
 * @since 1.6
 */
export function fdMemoryGetFd(memory: Memory | RawMemory): number {
  return lend('memory', memory, memoryKind, (handle) => {
    if (!c.gst_is_fd_memory(handle)) throw new TypeError('expected `memory` to be fd memory, got another kind');
    return c.gst_fd_memory_get_fd(handle);
  });
}

import { runtime } from '#runtime';
import { expectInternal, type Internal, internal, type Kind, lend, lock } from '../facade.ts';
import { checkDescriptor, inspectDescriptor, watchClaim } from '../fd/inspect.ts';
import { dmaBufAllocatorKind, memoryKind } from '../kinds.ts';
import { facadeFor } from '../memory/allocator-registry.ts';
import type { Memory } from '../memory/memory.ts';
import type { RawAllocator, RawMemory } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';
import { expectFdFlags, FdAllocator, FdMemoryFlags, importedMemory } from './fd-allocator.ts';

const { c } = runtime;

/** `GST_ALLOCATOR_DMABUF`: memory type of dma-buf memory. */
export const ALLOCATOR_DMABUF = 'dmabuf';

/** `GST_CAPS_FEATURE_MEMORY_DMABUF`: caps feature of dma-buf memory that need not be mappable. */
export const CAPS_FEATURE_MEMORY_DMABUF = 'memory:DMABuf';

/** `GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY`: caps feature of memory that can be mapped; the one that is meant when none is named. */
export const CAPS_FEATURE_MEMORY_SYSTEM_MEMORY = 'memory:SystemMemory';

/**
 * Makes memory of dma-buf fds (`GstDmaBufAllocator`). Nothing is mapped until `map`. Each mapping tells the driver when it
 * begins and ends (`DMA_BUF_IOCTL_SYNC`), as caches may need it; a plain `FdAllocator` does not.
 *
 * As in C an fd that is no dma-buf is accepted too; its memory then counts as dma-buf memory, and devices refuse it.
 * `dmaBufMemoryIsReal` asks the kernel, and `GST_ALLOCATORS_DEBUG=dmabuf` warns on stderr. The fd is closed as by `FdAllocator`.
 */
export class DmaBufAllocator extends FdAllocator {
  /** `gst_dmabuf_allocator_new`. @since 1.2 */
  constructor();
  /** @internal */
  constructor(key: Internal, handle: Handle, kind: Kind);
  constructor(key?: Internal, handle?: Handle, kind?: Kind) {
    if (key !== undefined) expectInternal(key, 'DmaBufAllocator');
    // Only the package has the key and a handle.
    if (key === undefined) super(internal, c.gst_dmabuf_allocator_new(), dmaBufAllocatorKind);
    else super(key, handle as Handle, kind as Kind);
  }

  /** `gst_dmabuf_allocator_alloc`. @param size bytes, at most what the dma-buf holds @since 1.2 */
  static override alloc(allocator: DmaBufAllocator | RawAllocator, fd: number, size: number): Memory {
    return DmaBufAllocator.allocWithFlags(allocator, fd, size, FdMemoryFlags.NONE);
  }

  /** `gst_dmabuf_allocator_alloc_with_flags`. @param flags see `FdMemoryFlags` @since 1.16 */
  static allocWithFlags(allocator: DmaBufAllocator | RawAllocator, fd: number, size: number, flags: number): Memory {
    return lend('allocator', allocator, dmaBufAllocatorKind, (handle) => {
      expectFdFlags(flags);
      watchClaim(fd, checkDescriptor(fd, size), handle);
      return importedMemory(c.gst_dmabuf_allocator_alloc_with_flags(handle, fd, size, flags), fd, size);
    });
  }

  protected override get howToAllocate(): string | null {
    return 'it makes memory of dma-buf fds: use `allocDmaBuf`';
  }

  /** Memory of a dma-buf (`gst_dmabuf_allocator_alloc_with_flags`). @since 1.16 */
  allocDmaBuf(fd: number, size: number, flags: number = FdMemoryFlags.NONE): Memory {
    return DmaBufAllocator.allocWithFlags(this, fd, size, flags);
  }
}
lock(DmaBufAllocator);
facadeFor(dmaBufAllocatorKind, (handle) => new DmaBufAllocator(internal, handle, dmaBufAllocatorKind), {
  symbol: 'gst_dmabuf_allocator_new',
  since: '1.12',
});

/** `gst_is_dmabuf_memory`: whether it came from an allocator of dma-buf memory. @since 1.2 */
export function isDmaBufMemory(memory: Memory | RawMemory): boolean {
  return lend('memory', memory, memoryKind, (handle) => c.gst_is_dmabuf_memory(handle));
}

/**
 * The fd of dma-buf memory, lent: it closes with the memory (`gst_dmabuf_memory_get_fd`). Throws for any other memory.
 * @since 1.2
 */
export function dmaBufMemoryGetFd(memory: Memory | RawMemory): number {
  return lend('memory', memory, memoryKind, (handle) => {
    if (!c.gst_is_dmabuf_memory(handle))
      throw new TypeError('expected `memory` to be dma-buf memory, got another kind');
    return c.gst_dmabuf_memory_get_fd(handle);
  });
}

/**
 * Whether dma-buf memory is a dma-buf for the kernel: allocators and other processes can present any fd as one.
 * False for memory without an fd, too.
 */
export function dmaBufMemoryIsReal(memory: Memory | RawMemory): boolean {
  return lend('memory', memory, memoryKind, (handle) => {
    return c.gst_is_dmabuf_memory(handle) && inspectDescriptor(c.gst_dmabuf_memory_get_fd(handle)).kind === 'dmabuf';
  });
}

import { runtime } from '#runtime';
import { lend } from '../facade.ts';
import { memoryKind } from '../kinds.ts';
import type { Memory } from '../memory/memory.ts';
import type { RawMemory } from '../raw-types.ts';

const { c } = runtime;

/** `gst_is_phys_memory`: whether its allocator knows its physical address (`GstPhysMemoryAllocator`). @since 1.14 */
export function isPhysMemory(memory: Memory | RawMemory): boolean {
  return lend('memory', memory, memoryKind, (handle) => c.gst_is_phys_memory(handle));
}

/** The physical address (`gst_phys_memory_get_phys_addr`). Throws for memory without one. @since 1.14 */
export function physMemoryGetPhysAddr(memory: Memory | RawMemory): number {
  return lend('memory', memory, memoryKind, (handle) => {
    if (!c.gst_is_phys_memory(handle))
      throw new TypeError('expected `memory` to have a physical address, got another kind');
    return Number(c.gst_phys_memory_get_phys_addr(handle));
  });
}

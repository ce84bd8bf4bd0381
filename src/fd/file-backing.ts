/**
 * What lies behind memory. Touching bytes past the end of a file kills the process (SIGBUS), and whoever else has the file
 * can make it shorter at any time: so whether it still holds them is asked each time they are to be touched.
 */
import { runtime } from '#runtime';
import { AllocationError, type GstError, MapError } from '../errors.ts';
import { expectSpareDescriptors } from '../limits.ts';
import { MapFlags } from '../map-flags.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, descriptors, fields, mapping, references, wrappers } = runtime;

/** Whether fd memory cannot shrink: what the allocator of shared memory makes is sealed. */
const isSealed = (memory: Handle): boolean => c.gst_memory_is_type(memory, 'shm');

/** Whether there is a file behind a memory that may shrink. */
export const isFile = (memory: Handle): boolean => c.gst_is_fd_memory(memory) && !isSealed(memory);

/**
 * Whether copies of memory with an fd have one too: gst_memory_copy() takes memory of the default allocator, and does not look
 * whether there is any. Any thread and any plugin may set that allocator, so it is asked for each time.
 */
function copiesHaveDescriptors(): boolean {
  const allocator = c.gst_allocator_find(null);
  if (!allocator) return false;
  if (last && references.identical(last.allocator, allocator)) references.drop(allocator, 'object', 0);
  else {
    if (last) references.drop(last.allocator, 'object', 0);
    last = { allocator, isOfFds: wrappers.isA(allocator, 'GstFdAllocator') };
  }
  return last.isOfFds;
}
/** The default allocator that was found last, with a reference: nobody else has its address meanwhile. */
let last: { allocator: Handle; isOfFds: boolean } | null = null;

/** @throws what is named when there may be no fd for a copy of the memory */
export function expectCopyable(memory: Handle, Failure: typeof GstError = AllocationError): void {
  if (c.gst_is_fd_memory(memory) && copiesHaveDescriptors())
    expectSpareDescriptors('a copy, while the default allocator makes shared memory,', Failure);
}

/** The same for memories of a buffer that are to be shared, and are copied where that cannot be. */
export function expectShareable(buffer: Handle): void {
  if (!copiesHaveDescriptors()) return;
  eachMemory(buffer, 0, -1, (memory) => {
    if (mapping.isBeingWritten(memory) || !references.mayShare(memory)) expectCopyable(memory);
  });
}

/** @throws MapError when the file behind a memory has become too short for it */
export function checkBacking(memory: Handle): void {
  if (isFile(memory)) checkFile(memory);
}

/** @throws MapError when the file has become too short for the memory */
export function checkFile(memory: Handle): void {
  const fd = c.gst_fd_memory_get_fd(memory);
  const wanted = fields.number(memory, 'GstMemory.offset') + fields.number(memory, 'GstMemory.size');
  const isWithin = wanted <= fields.number(memory, 'GstMemory.maxsize');
  const size = descriptors.size(fd);
  // Closed, which mapping tells, or held by a mapping that is kept.
  if (size === null || (isWithin && size >= wanted)) return;
  // The size of devices is 0, and on older kernels that of dma-bufs.
  const holds = descriptors.inspect(fd)?.size ?? wanted;
  if (isWithin && holds >= wanted) return;
  throw new MapError(`expected fd ${fd} to hold the ${wanted} bytes its memory needs, got ${holds}`, {
    detail: 'it was made shorter, or whoever sent it said it was longer than it is',
  });
}

/**
 * The same for memories of a buffer: `length` of them from `index` on, or all from there. One that cannot be written as it
 * is, C copies. Gives how many are files.
 */
export function checkBufferBacking(buffer: Handle, index = 0, length = -1, flags = 0): number {
  let files = 0;
  eachMemory(buffer, index, length, (memory) => {
    if (!c.gst_is_fd_memory(memory)) return;
    if (!isSealed(memory)) {
      checkFile(memory);
      files++;
    }
    if (
      flags & MapFlags.WRITE &&
      mapping.mayNeedCopy(memory) &&
      copiesHaveDescriptors() &&
      !mapping.canMap(memory, flags)
    )
      expectCopyable(memory, MapError);
  });
  return files;
}

/** Calls back with each memory of a buffer, lent. */
export function eachMemory(buffer: Handle, index: number, length: number, use: (memory: Handle) => void): void {
  const end = length < 0 ? c.gst_buffer_n_memory(buffer) : index + length;
  for (let at = index; at < end; at++) {
    const memory = c.gst_buffer_get_memory(buffer, at);
    if (!memory) continue;
    try {
      use(memory);
    } finally {
      references.drop(memory, 'mini', 0);
    }
  }
}

/**
 * Files behind memory. Access to bytes past the end of a file ends the process with SIGBUS, and any process that has the file
 * open can shorten it at any time. Its size is therefore checked before each access.
 */
import { runtime } from '#runtime';
import { AllocationError, type GstError, MapError } from '../errors.ts';
import { expectSpareDescriptors } from '../limits.ts';
import { MapFlags } from '../map-flags.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, descriptors, fields, mapping, references, wrappers } = runtime;

/** Whether fd memory cannot shrink: what the allocator of shared memory makes is sealed. */
const isSealed = (memory: Handle): boolean => c.gst_memory_is_type(memory, 'shm');

/** Whether a memory has a file behind it that may become shorter. */
export const isFile = (memory: Handle): boolean => c.gst_is_fd_memory(memory) && !isSealed(memory);

/**
 * Whether copies of fd memory take an fd: gst_memory_copy() allocates from the default allocator and does not check for
 * failure. Any thread and any plugin may set that allocator, so C is asked each time.
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
/** The default allocator that was found last. The reference keeps its address from being reused. */
let last: { allocator: Handle; isOfFds: boolean } | null = null;

/** @throws `Failure` if there may be no fd for a copy of the memory */
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
    detail: 'it was shortened, or its sender gave a wrong size',
  });
}

/**
 * As `checkBacking`, for `length` memories of a buffer from `index` on, or for all from there (−1). Also checks the fds for
 * memories that C copies because they cannot be written in place. Returns how many are files.
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

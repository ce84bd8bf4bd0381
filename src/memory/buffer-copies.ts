/** Flags of `copyInto` and its siblings (`GstBufferCopyFlags`), and the checks before GStreamer copies. */
import { runtime } from '#runtime';
import { AllocationError, GstError, MapError } from '../errors.ts';
import { expectInteger } from '../expect.ts';
import { eachMemory, expectCopyable, expectShareable } from '../fd/file-backing.ts';
import { checkAllocation } from '../limits.ts';
import type { Handle } from '../runtime/port/index.ts';
import { indivisible, isIndivisible } from './memory.ts';

const { c, mapping } = runtime;

/** The parts of a buffer to copy (`GstBufferCopyFlags`). */
export const BufferCopyFlags = Object.freeze({
  NONE: 0,
  /** `BufferFlags`. */
  FLAGS: 1,
  /** `pts`, `dts`, `duration`, `offset`, `offsetEnd`; unknown for a part that does not begin at the start of the buffer. */
  TIMESTAMPS: 2,
  /** Metas, except those that would be wrong for the copy. */
  META: 4,
  /** Memories, which both buffers then share. */
  MEMORY: 8,
  /** With MEMORY: as one memory. */
  MERGE: 16,
  /** With MEMORY: copies of the bytes. @since 1.2 */
  DEEP: 32,
  /** FLAGS, TIMESTAMPS and META. */
  METADATA: 7,
  /** METADATA and MEMORY. */
  ALL: 15,
} as const);

const { MEMORY, MERGE, DEEP } = BufferCopyFlags;

/**
 * The flags to pass to GStreamer for copying `size` bytes.
 * @throws GstError, AllocationError and MapError where GStreamer would fail midway
 */
export function checkCopy(buffer: Handle, flags: number, size: number): number {
  expectInteger('flags', flags, 0, 63);
  if (!(flags & MEMORY)) return flags;
  // GStreamer merges no bytes to no memory, and reports that as a failure.
  if (size === 0) return flags & ~MERGE;
  if (flags & (DEEP | MERGE)) {
    checkAllocation(size);
    if (!mapping.canMapAll(buffer, 1))
      throw new MapError(`a buffer of ${c.gst_buffer_get_size(buffer)} bytes could not be read to be copied`);
    eachMemory(buffer, 0, -1, expectCopyable);
  }
  if (!(flags & DEEP)) {
    if (size < c.gst_buffer_get_size(buffer)) expectDivisible(buffer);
    expectShareable(buffer);
  }
  return flags;
}

/** Throws if a memory cannot be divided without a copy; GStreamer does not check that. */
export function expectDivisible(buffer: Handle): void {
  eachMemory(buffer, 0, -1, (memory) => {
    if (isIndivisible(memory))
      throw new GstError(`expected a buffer that parts can be had of, got one with ${indivisible}`);
  });
}

/** How many memories contain a part of the buffer. */
export function countMemories(buffer: Handle, offset: number, size: number): number {
  const [isFound, , length] = c.gst_buffer_find_memory(buffer, offset, size);
  return isFound ? length : 0;
}

/** Copies into another buffer (`gst_buffer_copy_into`). */
export function copyInto(into: Handle, from: Handle, flags: number, offset: number, size: number): void {
  if (!c.gst_buffer_copy_into(into, from, flags, offset, size))
    throw new AllocationError(`${size} bytes could not be copied from buffer to buffer`);
}

/** Positions of a buffer's bytes in its memories, and the effect of resizing on each. */
import { runtime } from '#runtime';
import { NotWritableError } from '../errors.ts';
import { expectInteger, expectSize, outOfRange } from '../expect.ts';
import { eachMemory } from '../fd/file-backing.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c } = runtime;

/** Bytes of a buffer, or of some of its memories, with the unused bytes around them. */
export interface BufferSizes {
  /** Bytes in use. */
  size: number;
  /** Bytes before them. */
  offset: number;
  /** All bytes: those before, in use and after. */
  maxSize: number;
}

/** The memories that hold a range of a buffer's bytes. */
export interface MemoryRange {
  /** Index of the first memory. */
  index: number;
  /** Number of memories. */
  length: number;
  /** Bytes of the first memory that precede the range. */
  skip: number;
}

export function sizesOf(buffer: Handle, index: number, length: number): BufferSizes {
  const [size, offset, maxSize] = c.gst_buffer_get_sizes_range(buffer, index, length);
  return { size, offset, maxSize };
}

export function findMemory(buffer: Handle, offset: number, size: number | undefined): MemoryRange | null {
  expectSize('offset', offset);
  const wanted = size === undefined ? -1 : expectSize('size', size);
  const [isFound, index, length, skip] = c.gst_buffer_find_memory(buffer, offset, wanted);
  return isFound ? { index, length, skip } : null;
}

/**
 * The new size of a range of memories.
 * @throws RangeError for bytes that they do not have; NotWritableError for restoring bytes of memory that others share
 */
export function checkResize(
  buffer: Handle,
  index: number,
  length: number,
  offset: number,
  size: number | undefined,
): number {
  const all = sizesOf(buffer, index, length);
  expectInteger('offset', offset, -all.offset, all.maxSize - all.offset);
  const room = all.maxSize - all.offset - offset;
  const wanted = size === undefined ? Math.max(0, all.size - offset) : expectSize('size', size, room);
  const count = length < 0 ? c.gst_buffer_n_memory(buffer) - index : length;
  let [at, move, left] = [index, offset, wanted];
  // In GStreamer's order: the first memory takes the bytes before, the last one all bytes after.
  eachMemory(buffer, index, count, (memory) => {
    const [bytes, start, most] = c.gst_memory_get_sizes(memory);
    const isLast = at === index + count - 1;
    const isSkipped = !isLast && bytes <= move;
    const kept = isLast ? left : isSkipped ? 0 : Math.min(bytes - move, left);
    const shift = isSkipped ? 0 : move;
    if (start + shift < 0 || start + shift + kept > most)
      throw outOfRange('size', 'such that each memory has the bytes it is to hold', wanted);
    if ((shift < 0 || shift + kept > bytes) && !c.gst_buffer_is_memory_range_writable(buffer, at, 1))
      throw new NotWritableError(
        `expected memory that is the buffer's alone to take back bytes of, got the memory at ${at}, which is shared or read-only`,
      );
    move = isSkipped ? move - bytes : 0;
    left -= kept;
    at++;
  });
  return wanted;
}

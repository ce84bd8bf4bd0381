/** Where bytes of a buffer are in its memories, and what resizing does to each of them. */
import { runtime } from '#runtime';
import { NotWritableError } from '../errors.ts';
import { expectInteger, expectSize, outOfRange } from '../expect.ts';
import { eachMemory } from '../fd/file-backing.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c } = runtime;

/** Bytes of a buffer, or of some of its memories, with those around them that belong to the same memories. */
export interface BufferSizes {
  /** Bytes in use. */
  size: number;
  /** Bytes before them. */
  offset: number;
  /** All bytes: those before, in use and behind. */
  maxSize: number;
}

/** Which memories hold some bytes of a buffer. */
export interface MemoryRange {
  /** The first of them. */
  index: number;
  /** How many there are. */
  length: number;
  /** Bytes of the first one before those that were looked for. */
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
 * @throws RangeError for bytes that they do not have; NotWritableError for taking back bytes of memory that others use too
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
  // As C goes through them: the first one takes what comes before, the last one all that is behind.
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

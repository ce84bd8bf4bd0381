import { runtime } from '#runtime';
import { bufferKind } from '../kinds.ts';
import type { Buffer } from '../memory/buffer.ts';
import { BufferFlags } from '../memory/flags.ts';

const { c, fields, metas, references } = runtime;

/** `GST_BUFFER_COPY_FLAGS` and `GST_BUFFER_COPY_TIMESTAMPS`. */
const copyFlagsAndTimes = 3;
/** Metas that describe the memory are copied along with it alone. */
const copyAll = 15;

/**
 * Gives a pool's buffer what another one with the same bytes has besides them (`gst_buffer_copy_into`): flags, times,
 * offsets and metas. Its memory stays its own, and it may go back to its pool.
 */
export function describeLike(copy: Buffer, frame: Buffer): void {
  const [to, from] = [bufferKind.handleOf(copy), bufferKind.handleOf(frame)];
  if (metas.list(from).length === 0) return void c.gst_buffer_copy_into(to, from, copyFlagsAndTimes, 0, -1);
  const memory = c.gst_buffer_get_memory(to, 0);
  if (!memory) return;
  // What shares memory of a pool's buffer keeps that out of its pool.
  using deep = isPooled(frame) ? frame.copyDeep() : null;
  try {
    c.gst_buffer_remove_memory_range(to, 0, -1);
    c.gst_buffer_copy_into(to, deep ? bufferKind.handleOf(deep) : from, copyAll, 0, -1);
    c.gst_buffer_remove_memory_range(to, 0, -1);
    c.gst_buffer_insert_memory(to, 0, memory);
  } finally {
    references.drop(memory, 'mini', 0);
  }
  c.gst_buffer_unset_flags(to, BufferFlags.TAG_MEMORY);
  metas.noteVideo(to, from);
}

/** A copy of the frame that shares its memory, and keeps it from its pool, with another time; yours to dispose. */
export function stamped(frame: Buffer, pts: number): Buffer {
  const copy = frame.copy();
  copy.pts = pts;
  return copy;
}

function isPooled(frame: Buffer): boolean {
  const pool = fields.reference(bufferKind.handleOf(frame), 'GstBuffer.pool', 'object');
  if (pool) references.drop(pool, 'object', 0);
  return pool !== null;
}

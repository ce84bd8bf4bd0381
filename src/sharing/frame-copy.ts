import { runtime } from '#runtime';
import { bufferKind } from '../kinds.ts';
import type { Buffer } from '../memory/buffer.ts';
import { BufferFlags } from '../memory/flags.ts';

const { c, fields, metas, references } = runtime;

/** `GST_BUFFER_COPY_FLAGS` and `GST_BUFFER_COPY_TIMESTAMPS`. */
const copyFlagsAndTimes = 3;
/** GStreamer copies metas that describe the memory only together with it. */
const copyAll = 15;

/**
 * Copies flags, times, offsets and metas of `frame` to a pool's buffer with the same bytes (`gst_buffer_copy_into`).
 * The copy keeps its own memory and can return to its pool.
 */
export function describeLike(copy: Buffer, frame: Buffer): void {
  const [to, from] = [bufferKind.handleOf(copy), bufferKind.handleOf(frame)];
  if (metas.list(from).length === 0) return void c.gst_buffer_copy_into(to, from, copyFlagsAndTimes, 0, -1);
  const memory = c.gst_buffer_get_memory(to, 0);
  if (!memory) return;
  // A copy that shares the memory of a pool's buffer keeps that buffer out of its pool.
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

/** A copy with another time that shares the frame's memory and keeps it out of its pool. The caller disposes it. */
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

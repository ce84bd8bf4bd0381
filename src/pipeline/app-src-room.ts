import { runtime } from '#runtime';
import type { Handle } from '../runtime/port/index.ts';

const { c } = runtime;

/**
 * Whether an appsrc takes a buffer without waiting: none of its limits (`max-bytes`, `max-buffers`, `max-time`) is reached,
 * or it drops the excess (`leaky-type`).
 */
export function hasRoom(source: Handle): boolean {
  if (!isFull(source)) return true;
  // Times that jump back may leave a level above 0 in an empty queue.
  return Number(c.gst_app_src_get_current_level_buffers(source)) === 0 || c.gst_app_src_get_leaky_type(source) !== 0;
}

function isFull(source: Handle): boolean {
  const bytes = Number(c.gst_app_src_get_max_bytes(source));
  if (bytes > 0 && Number(c.gst_app_src_get_current_level_bytes(source)) >= bytes) return true;
  const buffers = Number(c.gst_app_src_get_max_buffers(source));
  if (buffers > 0 && Number(c.gst_app_src_get_current_level_buffers(source)) >= buffers) return true;
  const time = Number(c.gst_app_src_get_max_time(source));
  return time > 0 && Number(c.gst_app_src_get_current_level_time(source)) >= time;
}

import { runtime } from '#runtime';
import type { Handle } from '../runtime/port/index.ts';
import { changeConfig } from './changed-config.ts';

const { c } = runtime;

/**
 * Frees what a pool had allocated when its start failed halfway. GStreamer (1.24 to 1.28) keeps it, does not stop a pool
 * that is not started, and loses it with the pool: so it is started once more with nothing to allocate, and stopped.
 */
export function freeFailedStart(pool: Handle): void {
  const before = changeConfig(pool, { min: 0 });
  if (before === null) return;
  if (c.gst_buffer_pool_set_active(pool, true)) c.gst_buffer_pool_set_active(pool, false);
  changeConfig(pool, before);
}

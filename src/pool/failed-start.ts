import { runtime } from '#runtime';
import type { Handle } from '../runtime/runtime.ts';

const { c, references } = runtime;

/**
 * Frees what a pool had allocated when its start failed halfway. GStreamer (1.24 to 1.28) keeps it, does not stop a pool
 * that is not started, and loses it with the pool: so it is started once more with nothing to allocate, and stopped.
 */
export function freeFailedStart(pool: Handle): void {
  const minimum = useMinimum(pool, 0);
  if (minimum === null) return;
  if (c.gst_buffer_pool_set_active(pool, true)) c.gst_buffer_pool_set_active(pool, false);
  useMinimum(pool, minimum);
}

/** Sets the buffers there are at least; gives how many it was before, or null when the pool does not take it. */
function useMinimum(pool: Handle, minimum: number): number | null {
  const config = c.gst_buffer_pool_get_config(pool);
  const [, caps, size, before, max] = c.gst_buffer_pool_config_get_params(config);
  c.gst_buffer_pool_config_set_params(config, caps, size, minimum, max);
  if (caps) references.drop(caps, 'mini', 0);
  return c.gst_buffer_pool_set_config(pool, config) ? before : null;
}

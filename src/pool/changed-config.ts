import { runtime } from '#runtime';
import type { Handle } from '../runtime/port/index.ts';

const { c, references } = runtime;

/**
 * Changes the caps or the least number of buffers of a stopped pool. Gives that number as it was; null when the pool does
 * not take it, because buffers of it are still out.
 */
export function changeConfig(pool: Handle, change: { caps?: Handle; min?: number }): { min: number } | null {
  const config = c.gst_buffer_pool_get_config(pool);
  const [, caps, size, min, max] = c.gst_buffer_pool_config_get_params(config);
  c.gst_buffer_pool_config_set_params(config, change.caps ?? caps, size, change.min ?? min, max);
  if (caps) references.drop(caps, 'mini', 0);
  return c.gst_buffer_pool_set_config(pool, config) ? { min } : null;
}

/** Whether a pool is configured for these very caps. */
export function isConfiguredFor(pool: Handle, wanted: Handle): boolean {
  const config = c.gst_buffer_pool_get_config(pool);
  const [, caps] = c.gst_buffer_pool_config_get_params(config);
  c.gst_structure_free(config);
  if (!caps) return false;
  const isSame = c.gst_caps_to_string(caps) === c.gst_caps_to_string(wanted);
  references.drop(caps, 'mini', 0);
  return isSame;
}

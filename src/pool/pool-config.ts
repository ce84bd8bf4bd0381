import { runtime } from '#runtime';
import { withFixedCaps } from '../caps/caps.ts';
import { PoolError } from '../errors.ts';
import { expectOptions, expectSize, expectString, largestUint, wrongType } from '../expect.ts';
import { lend } from '../facade.ts';
import { compareVersions, type Version, version } from '../init.ts';
import { allocatorKind } from '../kinds.ts';
import { checkAllocation, expectSpareDescriptors } from '../limits.ts';
import { type AllocationParams, expectParams, withParams } from '../memory/allocation-params.ts';
import type { Allocator } from '../memory/allocator.ts';
import { owned } from '../owned.ts';
import type { RawAllocator } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, references } = runtime;

/** Bytes that a buffer and its memory take besides what they hold, at least. */
const bufferOverhead = 512;

export interface BufferPoolOptions {
  /** What the buffers hold; null for anything. */
  caps?: string | null;
  /** Bytes of each buffer, at least 1. */
  size: number;
  /** Buffers allocated when the pool starts. Default 0. */
  min?: number;
  /** Buffers there may be at all; 0 for no limit. Default 0. */
  max?: number;
  /** Where the memory comes from. Default: the default allocator. */
  allocator?: Allocator | RawAllocator | null;
  params?: AllocationParams;
  /**
   * Names of pool options. Those for video, such as `GstBufferPoolOptionVideoMeta`, which puts a `GstVideoMeta` on each
   * buffer, need `caps` of raw video, and `size` bytes for a frame of them.
   */
  options?: readonly string[];
}

const optionNames = ['caps', 'size', 'min', 'max', 'allocator', 'params', 'options'];

/** Options of a pool that were checked, except for `caps`, `allocator` and the names of the options. */
export interface PoolConfig {
  readonly caps: string | null;
  readonly size: number;
  readonly min: number;
  readonly max: number;
  readonly allocator: Allocator | RawAllocator | null;
  /** Undefined where none were given. */
  readonly params: Required<AllocationParams> | undefined;
  readonly options: readonly string[];
}

export function expectPoolOptions(given: BufferPoolOptions): PoolConfig {
  if (given === undefined) throw wrongType('options', 'an object with at least `size`', given);
  const checked = expectOptions('options', given, optionNames) as BufferPoolOptions;
  const { caps = null, size, min = 0, max = 0, allocator = null, params, options = [] } = checked;
  expectSize('options.size', size, largestUint, 1);
  expectSize('options.min', min, largestUint);
  expectSize('options.max', max, largestUint);
  if (max && min > max)
    throw new RangeError(`expected \`options.min\` to be at most \`options.max\` (${max}), got ${min}`);
  if (!Array.isArray(options)) throw wrongType('options.options', 'an array of strings', options);
  return { caps, size, min, max, allocator, params: params && expectParams(params), options };
}

/** Options that only a `GstVideoBufferPool` has. */
const isForVideo = (option: unknown): boolean => /^GstBufferPoolOptionVideo/.test(String(option));

/** File descriptors that a pool has for itself: before 1.26 it waits with a `GstPoll`, and complains for ever without one. */
export const descriptorsOfPool = (found: Version): number => (compareVersions(found, '1.26') < 0 ? 2 : 0);

/**
 * A pool that is configured and not started (`gst_buffer_pool_new`, `gst_video_buffer_pool_new`,
 * `gst_buffer_pool_set_config`).
 */
export function configuredPool(checked: PoolConfig): Handle {
  const { size, min, params, options } = checked;
  checkAllocation((size + bufferOverhead) * Math.max(min, 1), params);
  const ownDescriptors = descriptorsOfPool(version());
  // A start that fails cannot be repeated: the collector frees file descriptors for the first buffers beforehand.
  if (references.collects) runtime.descriptors.spare(min);
  if (ownDescriptors) expectSpareDescriptors('a pool', PoolError, ownDescriptors);
  using pool = owned(options.some(isForVideo) ? c.gst_video_buffer_pool_new() : c.gst_buffer_pool_new(), 'object');
  setConfig(pool.handle, checked);
  return pool.take();
}

function setConfig(pool: Handle, { caps, size, min, max, allocator, params, options }: PoolConfig): void {
  const config = c.gst_buffer_pool_get_config(pool);
  let given = false;
  try {
    withFixedCaps('options.caps', caps, (native) =>
      c.gst_buffer_pool_config_set_params(config, native, size, min, max),
    );
    for (const option of options) {
      const name = expectString('options.options', option);
      if (!c.gst_buffer_pool_has_option(pool, name)) throw new PoolError(`the pool has no option \`${name}\``);
      c.gst_buffer_pool_config_add_option(config, name);
    }
    withParams(params, (native) => {
      const set = (from: Handle | null) => c.gst_buffer_pool_config_set_allocator(config, from, native);
      if (allocator) lend('options.allocator', allocator, allocatorKind, set);
      else if (native) set(null);
    });
    given = true;
    if (!c.gst_buffer_pool_set_config(pool, config)) {
      throw new PoolError(
        `the pool refused a configuration of ${min} to ${max || 'any number of'} buffers of ${size} bytes`,
      );
    }
  } finally {
    if (!given) c.gst_structure_free(config);
  }
}

/**
 * Changes the caps or the least number of buffers of a stopped pool. Returns that number as it was; null when the pool
 * refuses the change because buffers of it are out.
 */
export function changeConfig(pool: Handle, change: { caps?: Handle; min?: number }): { min: number } | null {
  const config = c.gst_buffer_pool_get_config(pool);
  const [, handle, size, min, max] = c.gst_buffer_pool_config_get_params(config);
  using caps = owned(handle, 'mini');
  c.gst_buffer_pool_config_set_params(config, change.caps ?? caps?.handle ?? null, size, change.min ?? min, max);
  return c.gst_buffer_pool_set_config(pool, config) ? { min } : null;
}

/** Whether a pool is configured for exactly these caps. */
export function isConfiguredFor(pool: Handle, wanted: Handle): boolean {
  const config = c.gst_buffer_pool_get_config(pool);
  using caps = owned(c.gst_buffer_pool_config_get_params(config)[1], 'mini');
  c.gst_structure_free(config);
  return caps !== null && c.gst_caps_to_string(caps.handle) === c.gst_caps_to_string(wanted);
}

/**
 * Frees the buffers that a pool allocated before its start failed. GStreamer (1.24 to 1.28) keeps them, does not stop a
 * pool that is not started, and leaks them with the pool. So the pool is started again without buffers, and stopped.
 */
export function freeFailedStart(pool: Handle): void {
  const before = changeConfig(pool, { min: 0 });
  if (before === null) return;
  if (c.gst_buffer_pool_set_active(pool, true)) c.gst_buffer_pool_set_active(pool, false);
  changeConfig(pool, before);
}

const dontWaitFlag = 2; // GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT
let dontWait: Handle | undefined;

/** Parameters that make `gst_buffer_pool_acquire_buffer` return at once (DONTWAIT); made once for this realm. */
export function dontWaitParams(): Handle {
  if (!dontWait) {
    dontWait = runtime.newStruct('GstBufferPoolAcquireParams');
    runtime.fields.setNumber(dontWait, 'GstBufferPoolAcquireParams.flags', dontWaitFlag);
  }
  return dontWait;
}

import { runtime } from '#runtime';
import { withFixedCaps } from '../caps/caps.ts';
import { PoolError } from '../errors.ts';
import { expectOptions, expectSize, expectString, largestUint, wrongType } from '../expect.ts';
import { lend } from '../facade.ts';
import { compareVersions, type Version, version } from '../init.ts';
import { allocatorKind } from '../kinds.ts';
import { checkAllocation, expectSpareDescriptors } from '../limits.ts';
import { type AllocationParams, withParams } from '../memory/allocation-params.ts';
import type { Allocator } from '../memory/allocator.ts';
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

export function expectPoolOptions(options: BufferPoolOptions): BufferPoolOptions {
  if (options === undefined) throw wrongType('options', 'an object with at least `size`', options);
  return expectOptions('options', options, optionNames) as BufferPoolOptions;
}

interface Checked extends Pick<BufferPoolOptions, 'size'> {
  caps: string | null | undefined;
  min: number;
  max: number;
  allocator: BufferPoolOptions['allocator'];
  params: AllocationParams | undefined;
  options: readonly string[];
}

/** Options that only a `GstVideoBufferPool` has. */
const isForVideo = (option: unknown): boolean => /^GstBufferPoolOptionVideo/.test(String(option));

/** File descriptors that a pool has for itself: before 1.26 it waits with a `GstPoll`, and complains for ever without one. */
export const descriptorsOfPool = (found: Version): number => (compareVersions(found, '1.26') < 0 ? 2 : 0);

/**
 * A pool that is configured and not started (`gst_buffer_pool_new`, `gst_video_buffer_pool_new`,
 * `gst_buffer_pool_set_config`).
 */
export function configuredPool({
  caps,
  size,
  min = 0,
  max = 0,
  allocator,
  params,
  options = [],
}: BufferPoolOptions): Handle {
  expectSize('options.size', size, largestUint, 1);
  expectSize('options.min', min, largestUint);
  expectSize('options.max', max, largestUint);
  if (max && min > max)
    throw new RangeError(`expected \`options.min\` to be at most \`options.max\` (${max}), got ${min}`);
  if (!Array.isArray(options)) throw wrongType('options.options', 'an array of strings', options);
  withParams(params, (_, read) => checkAllocation((size + bufferOverhead) * Math.max(min, 1), read));
  const ownDescriptors = descriptorsOfPool(version());
  // A start that failed cannot be tried again: what its first buffers may need is with the collector no more.
  if (references.collects) runtime.descriptors.spare(min);
  if (ownDescriptors) expectSpareDescriptors('a pool', PoolError, ownDescriptors);
  const pool = options.some(isForVideo) ? c.gst_video_buffer_pool_new() : c.gst_buffer_pool_new();
  try {
    setConfig(pool, { caps, size, min, max, allocator, params, options });
  } catch (error) {
    references.drop(pool, 'object', 0);
    throw error;
  }
  return pool;
}

function setConfig(pool: Handle, { caps, size, min, max, allocator, params, options }: Checked): void {
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

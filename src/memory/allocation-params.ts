import { runtime } from '#runtime';
import { expectFlags, expectOptions, expectSize, outOfRange } from '../expect.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, fields } = runtime;

/** How memory is to be allocated (`GstAllocationParams`). */
export interface AllocationParams {
  /** See `MemoryFlags`. Default 0. */
  flags?: number;
  /** Alignment as a bit mask: 15 means 16 bytes. Default 0. */
  align?: number;
  /** Bytes reserved before the usable ones. Default 0. */
  prefix?: number;
  /** Bytes reserved after them. Default 0. */
  padding?: number;
}

const largestAlign = 0xfffff;

/** Checks parameters, and adds the defaults of missing ones. */
export function expectParams(params: AllocationParams | undefined): Required<AllocationParams> {
  const {
    flags = 0,
    align = 0,
    prefix = 0,
    padding = 0,
  } = expectOptions('params', params, ['flags', 'align', 'prefix', 'padding']);
  expectFlags('params.flags', flags);
  expectSize('params.align', align, largestAlign);
  if (align & (align + 1)) throw outOfRange('params.align', 'a bit mask such as 0, 7, 15 or 63', align);
  expectSize('params.prefix', prefix);
  expectSize('params.padding', padding);
  return { flags, align, prefix, padding };
}

/** Calls `use` with a native GstAllocationParams, null for the defaults, and the checked parameters. */
export function withParams<T>(
  params: AllocationParams | undefined,
  use: (native: Handle | null, read: Required<AllocationParams>) => T,
): T {
  const read = expectParams(params);
  if (params === undefined) return use(null, read);
  const { flags, align, prefix, padding } = read;
  const native = c.gst_allocation_params_new();
  try {
    fields.setNumber(native, 'GstAllocationParams.flags', flags);
    fields.setNumber(native, 'GstAllocationParams.align', align);
    fields.setNumber(native, 'GstAllocationParams.prefix', prefix);
    fields.setNumber(native, 'GstAllocationParams.padding', padding);
    return use(native, read);
  } finally {
    c.gst_allocation_params_free(native);
  }
}

/** Reads a native GstAllocationParams and frees it. */
export function takeParams(native: Handle): Required<AllocationParams> {
  const params = {
    flags: fields.number(native, 'GstAllocationParams.flags'),
    align: fields.number(native, 'GstAllocationParams.align'),
    prefix: fields.number(native, 'GstAllocationParams.prefix'),
    padding: fields.number(native, 'GstAllocationParams.padding'),
  };
  c.gst_allocation_params_free(native);
  return params;
}

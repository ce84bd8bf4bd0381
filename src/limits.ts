/**
 * Bytes and file descriptors that this process may still take. GLib and GStreamer abort when they run out of either.
 */
import { runtime } from '#runtime';
import { AllocationError, type GstError } from './errors.ts';
import { expectSpare } from './spare-descriptors.ts';

/** @throws AllocationError for more bytes than are available; `extra` is what the allocation parameters add */
export function checkAllocation(size: number, extra?: { prefix?: number; padding?: number; align?: number }): void {
  const wanted = size + (extra?.prefix ?? 0) + (extra?.padding ?? 0) + (extra?.align ?? 0);
  const { availableMemory } = runtime;
  if (wanted <= availableMemory) return;
  throw new AllocationError(
    `expected \`size\` to be at most the ${availableMemory} bytes of this machine, got ${wanted}`,
  );
}

/** `expectSpare` for this process. */
export const expectSpareDescriptors = (purpose: string, Failure?: typeof GstError, wanted?: number): void =>
  expectSpare(runtime.descriptors, purpose, Failure, wanted);

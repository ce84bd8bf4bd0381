/** What this process may still take: bytes and file descriptors. GLib and GStreamer abort when they run out of either. */
import { runtime } from '#runtime';
import { AllocationError, type GstError, PipelineError } from './errors.ts';

/** @throws AllocationError for more bytes than can be had; `extra` is what the allocation parameters add */
export function checkAllocation(size: number, extra?: { prefix?: number; padding?: number; align?: number }): void {
  const wanted = size + (extra?.prefix ?? 0) + (extra?.padding ?? 0) + (extra?.align ?? 0);
  const { availableMemory } = runtime;
  if (wanted <= availableMemory) return;
  throw new AllocationError(
    `expected \`size\` to be at most the ${availableMemory} bytes of this machine, got ${wanted}`,
  );
}

/** Buses, clocks, sockets and watches have fds, and elements are loaded from files: what an ordinary pipeline takes. */
const enough = 24;

/** GStreamer and GLib do not survive to run out of fds halfway. @throws what is named, before they do */
export function expectSpareDescriptors(
  purpose: string,
  Failure: typeof GstError = PipelineError,
  wanted = enough,
): void {
  const spare = runtime.descriptors.spare(wanted);
  if (spare >= wanted) return;
  throw new Failure(`${purpose} takes up to ${wanted} file descriptors, ${Math.max(spare, 0)} are free`, {
    detail: 'raise the limit (`ulimit -n`), or dispose of what holds them',
  });
}

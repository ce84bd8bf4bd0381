import { runtime } from '#runtime';
import { AllocationError } from '../errors.ts';
import { expectInteger, expectSize, largestInt } from '../expect.ts';
import type { DescriptorInfo, Handle } from '../runtime/port/index.ts';

/** What an fd refers to. @throws AllocationError if it is closed */
export function inspectDescriptor(fd: number): DescriptorInfo {
  const found = runtime.descriptors.inspect(expectInteger('fd', fd, 0, largestInt));
  if (found) return found;
  throw new AllocationError(`expected \`fd\` to be an open file descriptor, got ${fd}, which is closed`);
}

/**
 * Checks that `size` bytes of an fd can be mapped, before a memory is made of it: access past the end of a file ends the process
 * with SIGBUS.
 */
export function checkDescriptor(fd: number, size: number): DescriptorInfo {
  expectInteger('fd', fd, 0, largestInt);
  expectSize('size', size, Number.MAX_SAFE_INTEGER, 1);
  const found = inspectDescriptor(fd);
  if (found.kind === 'pipe' || found.kind === 'socket' || found.kind === 'directory') {
    throw new AllocationError(
      `expected \`fd\` to be a file, memfd, dma-buf or device, got ${fd}, which is a ${found.kind}`,
    );
  }
  if (found.size !== null && size > found.size) {
    throw new AllocationError(
      `expected \`size\` to be at most the ${found.size} bytes that fd ${fd} holds, got ${size}`,
    );
  }
  return found;
}

const isWatching = /\bdmabuf\b/.test(runtime.environment('GST_ALLOCATORS_DEBUG') ?? '');

/** With GST_ALLOCATORS_DEBUG=dmabuf: warns if the memory made of an fd claims to be of another kind than the fd. */
export function watchClaim(fd: number, { kind, exporter }: DescriptorInfo, allocator: Handle): void {
  if (!isWatching) return;
  const claims = runtime.wrappers.isA(allocator, 'GstDmaBufAllocator');
  if (claims && kind !== 'dmabuf')
    console.warn(`gst-allocators: fd ${fd} became dma-buf memory, and is no dma-buf: devices will refuse it`);
  if (!claims && kind === 'dmabuf')
    console.warn(
      `gst-allocators: fd ${fd}, a dma-buf of ${exporter}, became plain fd memory: its driver is not told when it is mapped; a DmaBufAllocator does that`,
    );
}

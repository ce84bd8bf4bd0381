import { runtime } from '#runtime';
import { AllocationError } from '../errors.ts';
import { expectInteger, expectSize, largestInt } from '../expect.ts';
import type { DescriptorInfo, Handle } from '../runtime/port/index.ts';

/** What an fd is; throws for one that is closed. */
export function inspectDescriptor(fd: number): DescriptorInfo {
  const found = runtime.descriptors.inspect(expectInteger('fd', fd, 0, largestInt));
  if (found) return found;
  throw new AllocationError(`expected \`fd\` to be an open file descriptor, got ${fd}, which is closed`);
}

/**
 * Checks that an fd can be mapped for `size` bytes, before a memory is made of it: touching what lies past the end of
 * a file kills the process (SIGBUS).
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

/** Says, when asked to, where memory that an allocator makes of an fd claims to be something else than the fd is. */
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

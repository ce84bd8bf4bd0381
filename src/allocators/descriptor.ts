import { runtime } from '#runtime';
import { AllocationError } from '../errors.ts';
import { expectInteger, expectSize } from '../expect.ts';

const largestFd = 0x7fffffff;

/**
 * Checks that an fd can be mapped for `size` bytes, before a memory is made of it: touching what lies past the end of
 * a file kills the process (SIGBUS).
 */
export function checkDescriptor(fd: number, size: number): void {
  expectInteger('fd', fd, 0, largestFd);
  expectSize('size', size, Number.MAX_SAFE_INTEGER, 1);
  const found = runtime.descriptors.inspect(fd);
  if (!found) throw new AllocationError(`expected \`fd\` to be an open file descriptor, got ${fd}, which is closed`);
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
}

/** Seals: what the kernel promises of a memfd for good (`F_ADD_SEALS`). */
import { runtime } from '#runtime';
import { AllocationError, UnavailableError } from '../errors.ts';
import { expectBoolean, expectOptions } from '../expect.ts';

const addSeals = 1033; // F_ADD_SEALS
const getSeals = 1034; // F_GET_SEALS
const shrink = 2; // F_SEAL_SHRINK

export interface ImportOptions {
  /**
   * Accept only memory that nobody can shorten, so that access to it is safe whatever its sender does. A memfd that can be
   * sealed is sealed. Not in GJS: `UnavailableError`. Default false.
   */
  sealed?: boolean;
}

export function expectSealed(options: ImportOptions | undefined): boolean {
  const { sealed = false } = expectOptions('options', options, ['sealed']);
  if (expectBoolean('options.sealed', sealed)) needSeals();
  return sealed;
}

/** @throws UnavailableError where the engine cannot call fcntl(2) */
export function needSeals() {
  if (runtime.systemCalls) return runtime.systemCalls;
  throw new UnavailableError('`sealed` requires fcntl(2), which this engine does not offer');
}

/** `F_GET_SEALS`; below 0 for what takes none. */
export const sealsOf = (fd: number): number => needSeals().fcntl(fd, getSeals, 0);

/** Seals a file so that nobody can shorten it. @throws AllocationError if it takes no seals */
export function sealAgainstShrinking(fd: number): void {
  const system = needSeals();
  const seals = sealsOf(fd);
  if (seals > 0 && seals & shrink) return;
  // A dma-buf keeps its size.
  if (runtime.descriptors.inspect(fd)?.kind === 'dmabuf') return;
  const result = seals < 0 ? seals : system.fcntl(fd, addSeals, shrink);
  if (result >= 0) return;
  throw new AllocationError(`expected fd ${fd} to be sealed against shrinking, got one that cannot be`, {
    detail: system.errorName(result),
  });
}

import { runtime } from '#runtime';
import { expectSize, expectString } from '../expect.ts';

/**
 * A file that exists in memory only and that may be sealed, to be imported with an `FdAllocator` (`memfd_create`). The fd is yours: it closes with the
 * memory that is made of it, or close it. In GJS it is the fd of a `ShmAllocator`'s memory, which has a name of its own and
 * is a few bytes larger.
 * @param name what `/proc` shows
 * @param size bytes, all zero
 * @throws GstError when the system refuses
 */
export function memfd(name: string, size: number): number {
  expectString('name', name);
  expectSize('size', size, Number.MAX_SAFE_INTEGER, 1);
  return runtime.descriptors.memory(name, size);
}

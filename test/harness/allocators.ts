import { assert } from 'chai';
import { Allocator, runtime, ShmAllocator, UnavailableError } from '../../src/index.ts';

/** The allocator of shared memory; dispose it. */
export function shm(): ShmAllocator {
  ShmAllocator.initOnce();
  const allocator = ShmAllocator.get();
  assert.isNotNull(allocator);
  return allocator as ShmAllocator;
}

/** The allocator of plain memory; dispose it. */
export function sysmem(): Allocator {
  const allocator = Allocator.find('SystemMemory');
  assert.isNotNull(allocator);
  return allocator as Allocator;
}

/** Passes as well when it is GJS and the promise needs the flags of a memory, which introspection does not offer. */
export function withFlags(promise: () => void): () => void {
  return () => {
    try {
      promise();
    } catch (error) {
      if (runtime === 'gjs' && error instanceof UnavailableError) return;
      throw error;
    }
  };
}

import { assert } from 'chai';
import { Allocator, ShmAllocator } from '../../src/index.ts';

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

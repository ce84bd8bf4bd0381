import { runtime } from '#runtime';
import { PoolError } from '../errors.ts';
import { expectImplemented, outOfRange, wrongType } from '../expect.ts';
import { internal, lock } from '../facade.ts';
import type { Buffer } from '../memory/buffer.ts';
import { CustomAllocator } from '../memory/custom-allocator.ts';
import { BufferPool } from './buffer-pool.ts';
import { fillPool } from './fill-pool.ts';
import { type BufferPoolOptions, configuredPool, expectPoolOptions } from './pool-config.ts';

/**
 * A pool whose buffers are made in TypeScript: of imported fds, of memory with metas on it, of memory in a layout of
 * its own (a `GstBufferPool` of one's own).
 *
 * `start()` asks `allocateBuffer` for all the buffers there will be, on the main thread. From then on they belong to a
 * pool of plain C, so streaming threads are served without asking JavaScript anything. Two things follow:
 *
 * - A buffer that somebody takes apart does not come back, and once an element has stopped the pool all of them are
 *   gone. What C puts in their place comes from `allocator`, or is plain memory, until `start()` is called again, which
 *   `proposeAllocation` does whenever it offers the pool.
 * - Metas stay on the buffers on Node; in GJS they go when a buffer first comes back.
 *
 * As the pool of an `AppSrc`: acquire, fill, push. As a proposal to upstream (Node): give `caps`, `size`, `min` and `max`
 * as upstream will, and `start()` it before: then it is taken as it is.
 */
export abstract class CustomBufferPool extends BufferPool {
  #isFilling = false;

  /**
   * Configures the pool; it has no buffers before `start()`.
   * @param options `size` is how many bytes each buffer has, whatever `allocateBuffer` gives beyond them; `max`, or else `min`,
   *   is how many are made
   */
  constructor(options: BufferPoolOptions) {
    expectImplemented(new.target, 'allocateBuffer');
    const given = expectPoolOptions(options);
    const { size, min, max, allocator } = given;
    if (max === 0 && min === 0) throw outOfRange('options.max', 'how many buffers to make', max);
    if (allocator instanceof CustomAllocator) {
      throw wrongType('options.allocator', 'an allocator of C: it serves streaming threads', allocator);
    }
    const handle = configuredPool({ ...given, max: max || min });
    super(internal, handle, true, (pool) =>
      fillPool(handle, size, max || min, () => (pool as CustomBufferPool).allocateBuffer()),
    );
  }

  /**
   * Makes one buffer, in memory that nobody else has and that begins at its offset 0. One of more than `size` bytes is cut to
   * them. The pool takes it over: it is disposed, and its memories and metas live on in the pool.
   */
  abstract allocateBuffer(): Buffer;

  /**
   * Makes the buffers and starts the pool. Does nothing on a started one.
   * @throws PoolError when `allocateBuffer` throws, or gives something that is no such buffer; the pool is then stopped
   */
  override start(): void {
    if (this.#isFilling) throw new PoolError('expected a pool that is not being filled, got one that is');
    if (this.isActive) return;
    // Buffers of before may still be with the collector.
    runtime.references.collect();
    this.#isFilling = true;
    try {
      super.start();
    } finally {
      this.#isFilling = false;
    }
  }
}
lock(CustomBufferPool);

import { runtime } from '#runtime';
import { type AllocationParams, withParams } from '../allocators/allocation-params.ts';
import { Allocator } from '../allocators/allocator.ts';
import { CustomAllocator } from '../allocators/custom-allocator.ts';
import { PoolError, QueryError, UnavailableError } from '../errors.ts';
import { expectOptions, expectSize, expectString, wrongType } from '../expect.ts';
import { lend } from '../native.ts';
import { BufferPool } from '../pool/buffer-pool.ts';
import { CustomBufferPool } from '../pool/custom-buffer-pool.ts';
import type { Handle, Watch } from '../runtime/runtime.ts';

const { c, metas: metaPort, references, waiting } = runtime;

/** What is offered to the elements upstream. */
export interface AllocationProposal {
  /** Where their memory should come from. */
  allocator?: Allocator | null;
  params?: AllocationParams;
  /**
   * Where their buffers should come from. Upstream configures it anew, which a pool that has started only takes when
   * nothing changes, same caps and same size, or when it asks for no more buffers than the pool has.
   */
  pool?: BufferPool | null;
  /** How many buffers of the pool the program itself keeps at a time; upstream adds its own. Default: the pool's `min`. */
  min?: number;
  /** GType names of the metas the program understands, such as `GstVideoMetaAPI`. */
  metas?: readonly string[];
}

const own = <T extends Allocator | BufferPool>(
  name: string,
  value: T | null | undefined,
  facade: typeof Allocator | typeof BufferPool,
) => (value ? lend(name, value, facade as typeof Allocator, (handle) => references.another(handle, 'object')) : null);

/** In the answer itself nobody would hear of it. */
function checkMetas(metas: readonly string[]): void {
  const query = c.gst_query_new_allocation(null, false) as Handle;
  try {
    for (const api of metas) if (!metaPort.offer(query, api)) throw new QueryError(`no meta has the API "${api}"`);
  } finally {
    references.drop(query, 'mini', 0);
  }
}

/** An element that ends stops its pool. One of this program's own buffers is filled again, and is not offered where it cannot be. */
function isReady(pool: BufferPool | null | undefined, handle: Handle): boolean {
  if (!(pool instanceof CustomBufferPool) || c.gst_buffer_pool_is_active(handle)) return true;
  try {
    pool.start();
    return true;
  } catch {
    return false;
  }
}

/** Answers the allocation queries that reach an appsink, until it is closed. */
export function watchProposal(sink: Handle, proposal: AllocationProposal): Watch {
  const {
    allocator,
    params,
    pool,
    min,
    metas: apis = [],
  } = expectOptions('proposal', proposal, ['allocator', 'params', 'pool', 'min', 'metas']);
  if (!Array.isArray(apis)) throw wrongType('proposal.metas', 'an array of strings', apis);
  const metas = Array.from(apis, (api) => expectString('proposal.metas', api));
  checkMetas(metas);
  // Read once: the streaming thread's question is no time to run getters.
  const read = params && withParams(params, (_, read) => read);
  if (allocator instanceof CustomAllocator) {
    throw new UnavailableError(
      'a custom allocator cannot be proposed: a streaming thread would have to ask it. Propose a pool that was made with it',
    );
  }
  // Started by the element, it would be filled on a streaming thread, and so not by this program.
  if (pool instanceof CustomBufferPool && !pool.isActive) {
    throw new PoolError('expected a custom pool that is started before it is proposed, got one that is stopped');
  }
  let sizes = { size: 0, min: 0, max: 0 };
  let hasCaps = false;
  if (pool) {
    const facade = pool instanceof BufferPool ? pool : null;
    const config = lend('proposal.pool', pool, BufferPool, () => pool.config);
    config.allocator?.dispose();
    sizes = {
      ...config,
      min: min === undefined ? config.min : expectSize('proposal.min', min, config.max || undefined),
    };
    // An element cannot configure it any more, and compares its caps with those of the stream.
    hasCaps = config.caps !== null;
    if (facade?.isActive && !hasCaps) {
      throw new PoolError('expected a pool with the caps of the stream to be proposed, got one without caps');
    }
  } else if (min !== undefined) throw new TypeError('expected `proposal.min` along with a `pool`, got it without');
  const ownAllocator = own('proposal.allocator', allocator, Allocator);
  const ownPool = own('proposal.pool', pool, BufferPool);
  const release = (): void => {
    if (ownAllocator) references.drop(ownAllocator, 'object', 0);
    if (ownPool) references.drop(ownPool, 'object', 0);
  };
  const answer = (query: Handle): boolean => {
    // The query stays without a facade: one more reference, and it could not be written to.
    if (ownPool && isReady(pool, ownPool) && (hasCaps || !c.gst_buffer_pool_is_active(ownPool)))
      c.gst_query_add_allocation_pool(query, ownPool, sizes.size, sizes.min, sizes.max);
    withParams(read, (native) => {
      if (ownAllocator || native) c.gst_query_add_allocation_param(query, ownAllocator, native);
    });
    for (const api of metas) metaPort.offer(query, api);
    return true;
  };
  let watch: Watch;
  try {
    watch = waiting.watchAllocation(sink, answer);
  } catch (error) {
    release();
    throw error;
  }
  let open = true;
  return {
    close() {
      if (!open) return;
      open = false;
      watch.close();
      release();
    },
  };
}

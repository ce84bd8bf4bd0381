import { runtime } from '#runtime';
import { PoolError, QueryError, UnavailableError } from '../errors.ts';
import { expectOptions, expectSize, expectString, wrongType } from '../expect.ts';
import { internal, type Kind, lend } from '../facade.ts';
import { allocatorKind, bufferPoolKind } from '../kinds.ts';
import { type AllocationParams, expectParams, withParams } from '../memory/allocation-params.ts';
import type { Allocator } from '../memory/allocator.ts';
import { CustomAllocator } from '../memory/custom-allocator.ts';
import { another, type Owned, owned } from '../owned.ts';
import { BufferPool, originOf } from '../pool/buffer-pool.ts';
import { CustomBufferPool } from '../pool/custom-buffer-pool.ts';
import { changeConfig, isConfiguredFor } from '../pool/pool-config.ts';
import type { RawAllocator, RawBufferPool } from '../raw-types.ts';
import type { Handle, Watch } from '../runtime/port/index.ts';

const { c, metas: metaPort, references, streams } = runtime;

/** What the program offers to the elements upstream. */
export interface AllocationProposal {
  /** Where upstream should allocate memory. Default: the allocator of `pool`. */
  allocator?: Allocator | RawAllocator | null;
  params?: AllocationParams;
  /**
   * Where upstream should get buffers. Upstream configures the pool for its stream, starts it, and stops it in the end. It takes
   * a started pool as it is if that has exactly the caps of the stream and at least as many buffers as upstream asks for.
   * The pool is not offered while buffers of it are out.
   */
  pool?: BufferPool | RawBufferPool | null;
  /** How many buffers of the pool the program keeps at a time; upstream adds its own. Default: the pool's `min`. */
  min?: number;
  /** GType names of the metas that the program understands, such as `GstVideoMetaAPI`. */
  metas?: readonly string[];
}

const own = (name: string, value: unknown, kind: Kind): Owned | null =>
  value ? lend(name, value, kind, (handle) => another(handle, 'object')) : null;

/** A new facade for a pool or a raw pool. */
const facadeOf = (pool: unknown): BufferPool =>
  lend(
    'proposal.pool',
    pool,
    bufferPoolKind,
    (handle) => new BufferPool(internal, references.another(handle, 'object')),
  );

/** Checked beforehand: an error while the query is answered would go unnoticed. */
function checkMetas(metas: readonly string[]): void {
  using query = owned(c.gst_query_new_allocation(null, false) as Handle, 'mini');
  for (const api of metas) if (!metaPort.offer(query.handle, api)) throw new QueryError(`no meta has the API "${api}"`);
}

/**
 * Prepares a pool for an element, which uses a started pool only if that has exactly the caps of the stream, and otherwise
 * makes one of its own. The caps are set even if the element is to start the pool: it may be started just before, and
 * GStreamer (1.26) complains of missing caps. False where the element could not use the pool.
 */
function isReady(pool: BufferPool | null, handle: Handle, caps: Handle): boolean {
  const origin = pool ? originOf(pool) : 'element';
  let isActive = c.gst_buffer_pool_is_active(handle);
  if (!isConfiguredFor(handle, caps)) {
    if (isActive && origin === 'element') return false;
    if (isActive) c.gst_buffer_pool_set_active(handle, false);
    if (!changeConfig(handle, { caps })) {
      // Buffers of the pool are out.
      if (isActive) c.gst_buffer_pool_set_active(handle, true);
      return false;
    }
    isActive = false;
  }
  // The element starts the pool. A pool that this program fills must be started on this thread.
  if (isActive || origin !== 'custom') return true;
  try {
    pool?.start();
    return true;
  } catch {
    return false;
  }
}

/** Answers the allocation queries that reach an appsink, until the watch is closed. */
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
  // Read here once: getters must not run on the streaming thread that queries.
  let read = params && expectParams(params);
  if (allocator instanceof CustomAllocator) {
    throw new UnavailableError(
      'a custom allocator cannot be proposed: a streaming thread would have to ask it. Propose a pool that was made with it',
    );
  }
  // An element would start the pool on a streaming thread, where this program cannot fill it.
  if (pool instanceof CustomBufferPool && !pool.isActive) {
    throw new PoolError('expected a custom pool that is started before it is proposed, got one that is stopped');
  }
  let sizes = { size: 0, min: 0, max: 0 };
  using facade = pool ? facadeOf(pool) : null;
  const config = facade?.config;
  // An element that configured the pool otherwise would be refused, and make a pool of its own.
  using poolAllocator = config?.allocator ?? null;
  const offered = allocator === undefined ? poolAllocator : allocator;
  if (offered && offered === poolAllocator) read ??= config?.params;
  if (config) {
    sizes = {
      ...config,
      min: min === undefined ? config.min : expectSize('proposal.min', min, config.max || undefined),
    };
  } else if (min !== undefined) throw new TypeError('expected `proposal.min` along with a `pool`, got it without');
  const ownAllocator = own('proposal.allocator', offered, allocatorKind);
  const ownPool = own('proposal.pool', pool, bufferPoolKind);
  const release = (): void => {
    ownAllocator?.dispose();
    ownPool?.dispose();
  };
  const answer = (query: Handle): boolean => {
    // No facade for the query: with one more reference it could not be written to.
    using caps = owned(c.gst_query_parse_allocation(query)[0], 'mini');
    if (ownPool && caps && isReady(pool instanceof BufferPool ? pool : null, ownPool.handle, caps.handle))
      c.gst_query_add_allocation_pool(query, ownPool.handle, sizes.size, sizes.min, sizes.max);
    withParams(read, (native) => {
      if (ownAllocator || native) c.gst_query_add_allocation_param(query, ownAllocator?.handle ?? null, native);
    });
    for (const api of metas) metaPort.offer(query, api);
    return true;
  };
  let watch: Watch;
  try {
    watch = streams.watchAllocation(sink, answer);
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

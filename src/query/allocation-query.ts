import { runtime } from '#runtime';
import { takeCaps, withFixedCaps } from '../caps/caps.ts';
import { NotWritableError, QueryError } from '../errors.ts';
import { describe, expectBoolean, expectOptions, expectSize, expectString, largestUint, wrongType } from '../expect.ts';
import { Facade, type Internal, internal, kindOf, lend, lock } from '../facade.ts';
import { allocationQueryKind, allocatorKind, bufferPoolKind } from '../kinds.ts';
import { type AllocationParams, expectParams, takeParams, withParams } from '../memory/allocation-params.ts';
import type { Allocator } from '../memory/allocator.ts';
import { allocatorFor } from '../memory/allocator-registry.ts';
import { another, type Owned, owned } from '../owned.ts';
import { BufferPool } from '../pool/buffer-pool.ts';
import type { RawAllocator, RawBufferPool } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, wrappers, references } = runtime;
const { handleOf } = allocationQueryKind;

const padSource = 1; // GST_PAD_SRC

/** A pool that is offered, or wanted (`gst_query_parse_nth_allocation_pool`); without a pool, sizes alone. */
export interface PoolProposal {
  /** A facade of its own, to be disposed; null where only numbers are given. */
  pool: BufferPool | null;
  /** Bytes of each buffer. */
  size: number;
  min: number;
  /** 0 for no limit. */
  max: number;
}

/** An allocator that is offered, with its parameters (`gst_query_parse_nth_allocation_param`). */
export interface AllocatorProposal {
  /** A facade of its own, to be disposed; null for the default allocator. */
  allocator: Allocator | null;
  params: Required<AllocationParams>;
}

/** A list inside the query. Reading gives fresh objects, changing goes through `add`, `set` and `removeAt`. */
export interface ProposalList<T, Given = T> extends Iterable<T> {
  /** `gst_query_get_n_allocation_pools` and so on. */
  readonly length: number;
  /** `gst_query_parse_nth_allocation_pool` and so on. @throws RangeError where there is none */
  at(index: number): T;
  /** `gst_query_add_allocation_pool` and so on: at the end. @throws NotWritableError for a query that others have too */
  add(item: Given): void;
  /** `gst_query_set_nth_allocation_pool` and so on. */
  set(index: number, item: Given): void;
  /**
   * `gst_query_remove_nth_allocation_pool` and so on; those behind it move up, in a loop over the list as well.
   * @since 1.2
   */
  removeAt(index: number): void;
}

interface ListPort<T, Given> {
  /** Throws unless the query may be changed. */
  checkWritable(): void;
  length(): number;
  read(index: number): T;
  add(item: Given): void;
  set(index: number, item: Given): void;
  remove(index: number): void;
}

function proposalList<T, Given>(port: ListPort<T, Given>): ProposalList<T, Given> {
  const checked = (index: number): number => {
    const length = port.length();
    if (length === 0) throw new RangeError(`expected a list with an item at ${describe(index)}, got an empty one`);
    return expectSize('index', index, length - 1);
  };
  return {
    get length() {
      return port.length();
    },
    at: (index) => port.read(checked(index)),
    add: (item) => {
      port.checkWritable();
      port.add(item);
    },
    set: (index, item) => {
      port.checkWritable();
      port.set(checked(index), item);
    },
    removeAt: (index) => {
      port.checkWritable();
      port.remove(checked(index));
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < port.length(); index++) yield port.read(index);
    },
  };
}

/** What `decide` found: what a base class's `decide_allocation` would take. */
export interface AllocationDecision {
  /** Null where one is to be made, of the sizes below. */
  pool: BufferPool | null;
  /** Null for the default allocator. */
  allocator: Allocator | null;
  params: Required<AllocationParams>;
  /** Bytes of each buffer. */
  size: number;
  min: number;
  /** 0 for no limit. */
  max: number;
}

type GivenPool = { pool?: BufferPool | RawBufferPool | null; size: number; min?: number; max?: number };
type GivenAllocator = { allocator?: Allocator | RawAllocator | null; params?: AllocationParams };

/** The question how buffers are to be allocated, and its answer (`GstQuery` of type ALLOCATION). */
export class AllocationQuery extends Facade {
  /** What is offered as pools (`gst_query_add_allocation_pool`, `gst_query_set_nth_allocation_pool` and so on). */
  readonly pools: ProposalList<PoolProposal, GivenPool>;
  /** What is offered as allocators (`gst_query_add_allocation_param` and so on). */
  readonly params: ProposalList<AllocatorProposal, GivenAllocator>;
  /** GType names of the metas that are understood, such as `GstVideoMetaAPI`. */
  readonly metas: ProposalList<string>;

  /**
   * `gst_query_new_allocation`.
   * @param caps fixed caps of the stream
   * @param options `needPool`: whether a pool is wanted (default true)
   */
  constructor(caps: string | null, options?: { needPool?: boolean });
  /** @internal */
  constructor(key: Internal, handle: Handle);
  constructor(first: string | null | Internal, second: { needPool?: boolean } | Handle = {}) {
    super(
      internal,
      first === internal ? (second as Handle) : newQuery(first as string | null, second as object),
      allocationQueryKind,
    );
    const handle = (): Handle => handleOf(this);
    // C makes each list when it is first looked at, which it cannot in a query that others refer to as well.
    c.gst_query_get_n_allocation_pools(handle());
    c.gst_query_get_n_allocation_params(handle());
    c.gst_query_get_n_allocation_metas(handle());
    const checkWritable = (): void => {
      if (references.isWritable(handle())) return;
      throw new NotWritableError('expected a query of this program alone to change, got one that is shared');
    };
    this.pools = proposalList<PoolProposal, GivenPool>({
      checkWritable,
      length: () => c.gst_query_get_n_allocation_pools(handle()),
      read: (index) => {
        const [pool, size, min, max] = c.gst_query_parse_nth_allocation_pool(handle(), index);
        return { pool: pool && new BufferPool(internal, pool), size, min, max };
      },
      add: (item) => withPool(item, (...values) => c.gst_query_add_allocation_pool(handle(), ...values)),
      set: (index, item) =>
        withPool(item, (...values) => c.gst_query_set_nth_allocation_pool(handle(), index, ...values)),
      remove: (index) => c.gst_query_remove_nth_allocation_pool(handle(), index),
    });
    this.params = proposalList<AllocatorProposal, GivenAllocator>({
      checkWritable,
      length: () => c.gst_query_get_n_allocation_params(handle()),
      read: (index) => {
        const [allocator, params] = c.gst_query_parse_nth_allocation_param(handle(), index);
        return { allocator: allocator && allocatorFor(allocator), params: takeParams(params) };
      },
      add: (item) => withAllocator(item, (...values) => c.gst_query_add_allocation_param(handle(), ...values)),
      set: (index, item) =>
        withAllocator(item, (...values) => c.gst_query_set_nth_allocation_param(handle(), index, ...values)),
      remove: (index) => c.gst_query_remove_nth_allocation_param(handle(), index),
    });
    this.metas = proposalList<string, string>({
      checkWritable,
      length: () => c.gst_query_get_n_allocation_metas(handle()),
      read: (index) => runtime.metas.offered(handle(), index),
      add: (api) => this.#offer(api),
      set: (index, api) => {
        this.#offer(api);
        // Offers go to the end: what came after this one goes there once more, in its order.
        const later = [...this.metas].slice(index + 1, -1);
        for (const each of later) this.#offer(each);
        for (let left = later.length + 1; left > 0; left--) c.gst_query_remove_nth_allocation_meta(handle(), index);
      },
      remove: (index) => c.gst_query_remove_nth_allocation_meta(handle(), index),
    });
  }

  /**
   * Asks what is linked to a pad, or to the one source pad of an element, how it wants its buffers
   * (`gst_pad_peer_query`).
   * @param target a raw `Gst.Pad` or `Gst.Element`, or an element of a `Pipeline`
   * @param caps fixed caps of the stream
   * @returns null when the peer does not answer, as most elements do not before their caps are negotiated
   * @throws QueryError where the answer would have to wait for the stream, and that perhaps for this thread: while data
   *   is held back for half a second, and before queues that run; in GJS while anything streams but an AppSrc, all of
   *   whose data has half a second to go through
   */
  static peer(target: unknown, caps: string | null, options?: { needPool?: boolean }): AllocationQuery | null {
    const query = new AllocationQuery(caps, options);
    try {
      const answered = withPad(target, (pad) => runtime.blocking.peerQueryNow(pad, handleOf(query)));
      if (answered) return query;
      if (answered === null)
        throw new QueryError('expected a peer that can answer now, got one that waits for its stream', {
          detail: 'does it stream, or is a queue ahead? Ask before it runs, or `await` the `allocation()` of an AppSrc',
        });
    } catch (error) {
      query.dispose();
      throw error;
    }
    query.dispose();
    return null;
  }

  /** Caps the question is about (`gst_query_parse_allocation`). */
  get caps(): string | null {
    return takeCaps(c.gst_query_parse_allocation(handleOf(this))[0]);
  }

  /** Whether a pool is wanted. */
  get needPool(): boolean {
    const [caps, needPool] = c.gst_query_parse_allocation(handleOf(this));
    takeCaps(caps);
    return needPool;
  }

  #offer(api: string): void {
    const handle = handleOf(this);
    if (!runtime.metas.offer(handle, expectString('api', api))) {
      throw new QueryError(
        `expected the API type of a meta that is registered, such as "GstVideoMetaAPI", got "${api}"`,
      );
    }
  }

  /** Whether the answer has the meta, by the GType name of its API (`gst_query_find_allocation_meta`). */
  hasMeta(api: string): boolean {
    expectString('api', api);
    for (const meta of this.metas) if (meta === api) return true;
    return false;
  }

  /**
   * Picks from the answer as a base class's `decide_allocation` does: the first pool and the first allocator that are
   * offered, and the defaults for what is not.
   * @param defaults `size` is the least a buffer must hold
   * @returns facades of their own, to be disposed
   */
  decide(
    defaults: {
      size?: number;
      min?: number;
      max?: number;
      allocator?: Allocator | RawAllocator | null;
      params?: AllocationParams;
    } = {},
  ): AllocationDecision {
    const given = expectOptions('defaults', defaults, ['size', 'min', 'max', 'allocator', 'params']);
    const { size = 0, min = 0, max = 0 } = given;
    for (const [name, value] of Object.entries({ size, min, max })) expectSize(`defaults.${name}`, value, largestUint);
    handleOf(this);
    const ownParams = expectParams(given.params);
    // Nothing may be taken out of the query before all arguments are known to be good.
    const fallback = given.allocator
      ? lend('defaults.allocator', given.allocator, allocatorKind, (handle) =>
          allocatorFor(references.another(handle, 'object')),
        )
      : null;
    let offered: AllocatorProposal | null = null;
    let proposal: PoolProposal | null = null;
    try {
      offered = this.params.length ? this.params.at(0) : null;
      proposal = this.pools.length ? this.pools.at(0) : null;
    } catch (error) {
      fallback?.dispose();
      offered?.allocator?.dispose();
      throw error;
    }
    if (offered) fallback?.dispose();
    return {
      pool: proposal?.pool ?? null,
      allocator: offered ? offered.allocator : fallback,
      params: offered?.params ?? ownParams,
      size: Math.max(size, proposal?.size ?? 0),
      min: proposal ? proposal.min : min,
      max: proposal ? proposal.max : max,
    };
  }
}
lock(AllocationQuery);

function newQuery(caps: string | null, options: { needPool?: boolean }): Handle {
  const { needPool = true } = expectOptions('options', options, ['needPool']);
  expectBoolean('options.needPool', needPool);
  return withFixedCaps('caps', caps, (native) => c.gst_query_new_allocation(native, needPool));
}

function withPool(item: GivenPool, use: (pool: Handle | null, size: number, min: number, max: number) => void): void {
  const { pool, size, min = 0, max = 0 } = expectOptions('item', item, ['pool', 'size', 'min', 'max']) as GivenPool;
  expectSize('item.size', size, largestUint, pool ? 1 : 0);
  expectSize('item.min', min, largestUint);
  expectSize('item.max', max, largestUint);
  if (max && min > max) throw new RangeError(`expected \`item.min\` to be at most \`item.max\` (${max}), got ${min}`);
  if (pool) lend('item.pool', pool, bufferPoolKind, (native) => use(native, size, min, max));
  else use(null, size, min, max);
}

function withAllocator(item: GivenAllocator, use: (allocator: Handle | null, params: Handle | null) => void): void {
  const { allocator, params } = expectOptions('item', item, ['allocator', 'params']) as GivenAllocator;
  withParams(params, (native) => {
    if (allocator) lend('item.allocator', allocator, allocatorKind, (handle) => use(handle, native));
    else if (native) use(null, native);
    else throw new TypeError('expected `item` to have an `allocator` or `params`, got neither');
  });
}

/** The pad that is meant: the one given, or the source pad of the element. */
function withPad<T>(target: unknown, use: (pad: Handle) => T): T {
  using object = ownedObject(target);
  if (!object) throw wrongType('target', 'a pad or an element', target);
  const { handle } = object;
  if (wrappers.isA(handle, 'GstPad')) {
    if (c.gst_pad_get_direction(handle) !== padSource) throw new QueryError('expected a source pad, got a sink pad');
    return use(handle);
  }
  using pad = wrappers.isA(handle, 'GstElement') ? owned(c.gst_element_get_static_pad(handle, 'src'), 'object') : null;
  if (!pad) throw new QueryError('expected a pad, or an element with a source pad, got neither');
  return use(pad.handle);
}

function ownedObject(target: unknown): Owned | null {
  if (!(target instanceof Facade)) return owned(wrappers.fromRaw(target, 'object', 'GstObject'), 'object');
  const kind = kindOf(target);
  return kind.family === 'object' ? another(kind.handleOf(target), 'object') : null;
}

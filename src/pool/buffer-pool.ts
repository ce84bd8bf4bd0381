import { runtime } from '#runtime';
import { takeCaps } from '../caps/caps.ts';
import { PoolError } from '../errors.ts';
import { expectBoolean, expectString, wrongType } from '../expect.ts';
import { Facade, type Internal, internal, lock, madeAt, siteHere } from '../facade.ts';
import { bufferPoolKind } from '../kinds.ts';
import { collectLost } from '../lost-facades.ts';
import { type AllocationParams, takeParams } from '../memory/allocation-params.ts';
import type { Allocator } from '../memory/allocator.ts';
import { allocatorFor } from '../memory/allocator-registry.ts';
import { Buffer } from '../memory/buffer.ts';
import { CustomAllocator } from '../memory/custom-allocator.ts';
import type { Handle } from '../runtime/port/index.ts';
import { checkWait, type WaitOptions, type WaitReason, wait } from '../wait.ts';
import { whyEmpty } from './empty-pool.ts';
import { fillPool } from './fill-pool.ts';
import {
  type BufferPoolOptions,
  configuredPool,
  dontWaitParams,
  expectPoolOptions,
  freeFailedStart,
  type PoolConfig,
} from './pool-config.ts';

const { c } = runtime;
const { handleOf } = bufferPoolKind;

const flowEos = -3;
/** Milliseconds between looks for a buffer that came back on another thread, while somebody waits for one. */
const lookInterval = 1;
/** Milliseconds of waiting below which the next one may be on the spot. */
const fastWait = 2;
/** Naps that may be taken on the spot before that: most frames come back sooner where they come back fast. */
const mostNaps = 2;

/** Milliseconds after which lost facades are collected for somebody who waits, where that has helped before. */
const soon = 20;
/** Milliseconds in which what was collected comes back to its pool. */
const aMoment = 100;

/** How a pool is configured (`gst_buffer_pool_config_get_params`, `gst_buffer_pool_config_get_allocator`). */
export interface BufferPoolConfig {
  /** Null for buffers of anything. */
  caps: string | null;
  /** Bytes of each buffer. */
  size: number;
  /** Buffers allocated when it starts. */
  min: number;
  /** Buffers there may be at all; 0 for no limit. */
  max: number;
  /** Null for the default allocator. */
  allocator: Allocator | null;
  params: Required<AllocationParams>;
  /** Names of the options that are switched on. */
  options: string[];
}

/** Whose a pool is, and who makes its buffers: an element's, or this program's, made in C or in TypeScript. */
export let originOf: (pool: BufferPool) => 'element' | 'native' | 'custom';

/** Says what a pool's buffers are for those who wait for them, and who may have them besides facades. */
export let buffersAre: (pool: BufferPool, what: string, others: string) => void;

/**
 * Buffers that are allocated once and used again (`GstBufferPool`). A disposed buffer is back in its pool at once.
 * Buffers that are out when the pool is disposed stay valid.
 */
export class BufferPool extends Facade {
  #flushing = false;
  /** Those who wait for a buffer, first come first served. */
  readonly #waiting: ((pool: BufferPool) => boolean)[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** When lost facades were last collected for somebody who had waited long, and whether that helped. */
  #collectedAt = Number.NEGATIVE_INFINITY;
  #isLosing = false;
  #reason: WaitReason = {
    what: 'a buffer of the pool',
    why: () => whyEmpty(this.#most),
    warns: true,
    late: () => this.#collectLate(),
  };
  /** Whether buffers come back so fast that one is waited for on the spot. */
  #isFast = true;

  /** Whether the pool is this program's: one that belongs to an element is left running. */
  readonly #ours: boolean;
  /** Makes the buffers of the pool that was just started; null where C does. */
  readonly #fill: ((pool: BufferPool) => void) | null;

  static {
    bufferPoolKind.hook<BufferPool>({
      end(pool, handle) {
        // A pool keeps itself alive as long as buffers of it are out: stopped, it frees them as they come back.
        if (pool.#ours && c.gst_buffer_pool_is_active(handle)) c.gst_buffer_pool_set_active(handle, false);
        pool.#wake();
      },
    });
    buffersAre = (pool, what, others) => {
      pool.#reason = { ...pool.#reason, what, why: () => whyEmpty(pool.#most, others) };
    };
    originOf = (pool) => (!pool.#ours ? 'element' : pool.#fill ? 'custom' : 'native');
  }

  /** @internal */
  constructor(key: Internal, handle: Handle, ours = false, fill: ((pool: BufferPool) => void) | null = null) {
    super(key, handle, bufferPoolKind);
    this.#ours = ours;
    this.#fill = fill;
  }

  /**
   * A pool, configured and started (`gst_buffer_pool_new`, `gst_buffer_pool_set_config`, `gst_buffer_pool_set_active`).
   * @throws PoolError when it refuses the configuration or cannot allocate its first buffers
   */
  static create(options: BufferPoolOptions): BufferPool {
    const given = expectPoolOptions(options);
    if (given.allocator instanceof CustomAllocator) return BufferPool.#createFrom(given.allocator, given);
    const pool = new BufferPool(internal, configuredPool(given), true);
    try {
      pool.start();
    } catch (error) {
      pool.dispose();
      throw error;
    }
    return pool;
  }

  /** A facade for a raw `Gst.BufferPool`. */
  static wrap(raw: unknown): BufferPool {
    const handle = runtime.wrappers.fromRaw(raw, 'object', 'GstBufferPool');
    if (!handle) throw wrongType('raw', 'a Gst.BufferPool', raw);
    return new BufferPool(internal, handle);
  }

  /** Memory from a `CustomAllocator` is made here and now, on this thread: a streaming thread could not ask for it. */
  static #createFrom(allocator: CustomAllocator, config: PoolConfig): BufferPool {
    const { size, min, max, params } = config;
    const count = max || min;
    if (!count) {
      throw new PoolError(
        'expected `options.max` to say how many buffers to make: a custom allocator makes them beforehand',
      );
    }
    const handle = configuredPool({ ...config, allocator: null });
    const pool = new BufferPool(internal, handle, true, () =>
      fillPool(handle, size, count, () => Buffer.alloc(size, allocator, params)),
    );
    try {
      pool.start();
    } catch (error) {
      pool.dispose();
      throw error;
    }
    return pool;
  }

  /** `gst_buffer_pool_get_config`. The allocator in it is a facade of its own. */
  get config(): BufferPoolConfig {
    const config = c.gst_buffer_pool_get_config(handleOf(this));
    try {
      const [, caps, size, min, max] = c.gst_buffer_pool_config_get_params(config);
      const [, allocator, params] = c.gst_buffer_pool_config_get_allocator(config);
      const count = c.gst_buffer_pool_config_n_options(config);
      return {
        caps: takeCaps(caps),
        size,
        min,
        max,
        allocator: allocator && allocatorFor(allocator),
        params: takeParams(params),
        options: Array.from({ length: count }, (_, index) => c.gst_buffer_pool_config_get_option(config, index) ?? ''),
      };
    } finally {
      c.gst_structure_free(config);
    }
  }

  /** Options that are switched on. */
  get options(): string[] {
    const { options, allocator } = this.config;
    allocator?.dispose();
    return options;
  }

  /** Whether the pool supports an option (`gst_buffer_pool_has_option`). */
  hasOption(name: string): boolean {
    return c.gst_buffer_pool_has_option(handleOf(this), expectString('name', name));
  }

  /** `gst_buffer_pool_is_active`. */
  get isActive(): boolean {
    return c.gst_buffer_pool_is_active(handleOf(this));
  }

  /** Allocates the first buffers (`gst_buffer_pool_set_active`). Does nothing on a started pool. */
  start(): void {
    const handle = handleOf(this);
    const wasActive = c.gst_buffer_pool_is_active(handle);
    if (!c.gst_buffer_pool_set_active(handle, true)) {
      if (this.#ours) freeFailedStart(handle);
      throw new PoolError('the pool could not start: is there too little memory for its first buffers?');
    }
    if (wasActive) return;
    try {
      this.#fill?.(this);
    } catch (error) {
      if (!this.isDisposed) this.stop();
      throw error;
    }
  }

  /** Ends all waits and frees the buffers, those that are out when they come back (`gst_buffer_pool_set_active`). */
  stop(): void {
    c.gst_buffer_pool_set_active(handleOf(this), false);
    this.#wake();
  }

  /** While flushing, nothing is to be had from the pool (`gst_buffer_pool_set_flushing`). @since 1.4 */
  setFlushing(flushing: boolean): void {
    c.gst_buffer_pool_set_flushing(handleOf(this), expectBoolean('flushing', flushing));
    this.#flushing = flushing;
    this.#wake();
  }

  /**
   * A buffer, if one is to be had now (`gst_buffer_pool_acquire_buffer` with DONTWAIT).
   * @returns null when all are out
   * @throws PoolError when the pool is stopped or flushing, or cannot allocate
   */
  tryAcquire(): Buffer | null {
    const handle = handleOf(this);
    const buffer = this.#acquire(handle);
    if (buffer !== null || runtime.references.collects === false) return buffer;
    // Disposed buffers may still be with the collector.
    runtime.references.collect();
    return this.#acquire(handle);
  }

  #acquire(handle: Handle): Buffer | null {
    const [flow, buffer] = c.gst_buffer_pool_acquire_buffer(handle, dontWaitParams());
    if (buffer) return new Buffer(internal, buffer);
    if (flow === flowEos) return null;
    if (!c.gst_buffer_pool_is_active(handle)) throw new PoolError('expected a started pool, got one that is stopped');
    if (this.#flushing) throw new PoolError('expected a pool with buffers to give, got one that is flushing');
    throw new PoolError('the pool could not allocate a buffer', { detail: `flow ${flow}` });
  }

  /**
   * A buffer, as soon as there is one; the first to ask is the first to get. The main thread is blocked for some 0.1 ms at
   * most, and only where that pays.
   * @throws PoolError when the pool is stopped or flushing
   */
  async acquire(options?: WaitOptions): Promise<Buffer> {
    const checked = checkWait(options);
    const buffer = this.#waiting.length ? null : (this.tryAcquire() ?? this.#acquireSoon());
    if (buffer) return buffer;
    const site = siteHere();
    const begin = performance.now();
    const got = await wait<Buffer>(
      checked,
      (resolve, reject) => {
        const attempt = (pool: BufferPool): boolean => {
          try {
            const got = pool.tryAcquire();
            if (got) resolve(got);
            else if (pool.#isLosing && performance.now() - begin > soon) collectLost();
            return got !== null;
          } catch (error) {
            reject(error);
            return true;
          }
        };
        this.#waiting.push(attempt);
        this.#look();
        return () => {
          const index = this.#waiting.indexOf(attempt);
          if (index >= 0) this.#waiting.splice(index, 1);
        };
      },
      this.#reason,
    );
    const end = performance.now();
    if (end - begin < fastWait) this.#isFast = true;
    if (end - this.#collectedAt < aMoment) this.#isLosing = true;
    if (site !== null) madeAt(got, site);
    return got;
  }

  /** Buffers there may be. */
  get #most(): number {
    const { max, allocator } = this.config;
    allocator?.dispose();
    return max;
  }

  /** Somebody has waited for a second, or one more: buffers may be with facades that were lost. */
  #collectLate(): void {
    this.#isLosing = false;
    collectLost();
    this.#collectedAt = performance.now();
  }

  /** Does not leave the main thread: a timer's turn takes ten times as long. */
  #acquireSoon(): Buffer | null {
    const { nap } = runtime.loop;
    if (!this.#isFast || !nap) return null;
    for (let naps = 0; naps < mostNaps; naps++) {
      nap();
      const buffer = this.tryAcquire();
      if (buffer) return buffer;
    }
    this.#isFast = false;
    return null;
  }

  #look(): void {
    if (this.#timer !== null || !this.#waiting.length) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#wake();
    }, lookInterval);
  }

  /** Serves those who wait, in their order, until one has to go on waiting. */
  #wake(): void {
    // Whoever was served has left the queue by then.
    while (this.#waiting[0]?.(this));
    this.#look();
  }
}
lock(BufferPool);

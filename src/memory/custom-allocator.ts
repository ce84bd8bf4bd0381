import { runtime } from '#runtime';
import { AllocationError, UnavailableError } from '../errors.ts';
import { describe, expectImplemented, expectSize, expectString } from '../expect.ts';
import { expectInternal, type Internal, internal, lock } from '../facade.ts';
import { customAllocatorKind } from '../kinds.ts';
import { checkAllocation } from '../limits.ts';
import type { Handle } from '../runtime/port/index.ts';
import { type AllocationParams, withParams } from './allocation-params.ts';
import { Allocator } from './allocator.ts';
import { Memory } from './memory.ts';

const { c } = runtime;
const { handleOf } = customAllocatorKind;

/**
 * An allocator in TypeScript (your own `GstAllocator`): it decides where memory comes from, and allocates it with
 * other allocators, such as an `FdAllocator`.
 *
 * It allocates on the main thread only: for `alloc`, for `Buffer.alloc`, and for `BufferPool.create`, which then makes all
 * buffers beforehand so that streaming threads need no allocation. GStreamer sees an allocator with
 * `AllocatorFlags.CUSTOM_ALLOC` that allocates nothing: an element that got it through `.gi` and asks it for memory fails with
 * a `PipelineError`.
 */
export abstract class CustomAllocator extends Allocator {
  readonly #memType: string;

  /** @param memType value of `memType`; the memories have the types of the allocators that made them */
  constructor(memType?: string);
  /** @internal */
  constructor(memType: string, key: Internal, handle: Handle);
  constructor(memType = 'custom', key?: Internal, handle?: Handle) {
    if (key !== undefined) expectInternal(key, 'CustomAllocator');
    expectString('memType', memType);
    expectImplemented(new.target, 'allocate');
    super(internal, key === undefined ? c.gst_fd_allocator_new() : (handle as Handle), customAllocatorKind);
    this.#memType = memType;
    if (key === undefined) mark(this, memType);
  }

  /**
   * Returns memory of at least `size` bytes, which the caller owns.
   * @param params the parameters of `alloc`, with defaults added
   */
  abstract allocate(size: number, params: Required<AllocationParams>): Memory;

  /** The constructor's `memType` (`GstAllocator.mem_type`). */
  override get memType(): string {
    handleOf(this);
    return this.#memType;
  }

  /** Calls `allocate`. @throws AllocationError if it throws, or returns too little memory, disposed memory or none */
  override alloc(size: number, params?: AllocationParams): Memory {
    handleOf(this);
    expectSize('size', size, Number.MAX_SAFE_INTEGER, 1);
    const read = withParams(params, (_, read) => read);
    checkAllocation(size, read);
    const made = this.#ask(size, read);
    if (!(made instanceof Memory)) throw this.#failure(size, `\`allocate\` gave ${describe(made)}`);
    if (made.isDisposed) throw this.#failure(size, '`allocate` gave memory that is disposed');
    const found = made.size;
    if (found >= size) return made;
    made.dispose();
    throw this.#failure(size, `\`allocate\` gave ${found} bytes`);
  }

  #ask(size: number, params: Required<AllocationParams>): unknown {
    try {
      return this.allocate(size, params);
    } catch (cause) {
      throw this.#failure(size, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  #failure(size: number, detail: string, cause?: unknown): AllocationError {
    return new AllocationError(`${describe(this)} could not allocate ${size} bytes`, {
      detail,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /** @throws UnavailableError always: streaming threads would ask it */
  override setDefault(): void {
    handleOf(this);
    throw new UnavailableError('a custom allocator cannot be the default one: streaming threads would have to ask it');
  }
}
lock(CustomAllocator);

/** The GObject names of custom allocators, which the whole process sees: realm, object and `memType`. */
const markOf = /^gst-allocators-custom-(\w+-\d+):(.*)$/s;
const realm = Math.random().toString(36).slice(2);
let made = 0;
/** The custom allocators of this realm. `Allocator.register` keeps those that are registered. */
const known = new Map<string, WeakRef<CustomAllocator>>();
const forgotten = new FinalizationRegistry<string>((id) => known.delete(id));

function mark(allocator: CustomAllocator, memType: string): void {
  const id = `${realm}-${made++}`;
  c.gst_object_set_name(handleOf(allocator), `gst-allocators-custom-${id}:${memType}`);
  known.set(id, new WeakRef(allocator));
  forgotten.register(allocator, id);
}

/** A custom allocator that GStreamer returned. It calls the TypeScript object, which may be disposed by now. */
class FoundAllocator extends CustomAllocator {
  readonly #made: CustomAllocator | null;

  constructor(key: Internal, handle: Handle, memType: string, id: string) {
    expectInternal(key, 'FoundAllocator');
    super(memType, key, handle);
    this.#made = known.get(id)?.deref() ?? null;
  }

  allocate(size: number, params: Required<AllocationParams>): Memory {
    if (this.#made) return this.#made.allocate(size, params);
    throw new UnavailableError(
      'expected a custom allocator of this thread, got one that was made in another, or whose object is lost: JavaScript ' +
        'cannot be asked for its memory',
    );
  }
}
lock(FoundAllocator);

/** A facade for an owned handle of a custom allocator; null for anything else. */
export function foundAllocator(handle: Handle): CustomAllocator | null {
  const [, id, memType] = markOf.exec(c.gst_object_get_name(handle) ?? '') ?? [];
  return id === undefined || memType === undefined ? null : new FoundAllocator(internal, handle, memType, id);
}

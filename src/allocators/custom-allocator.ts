import { runtime } from '#runtime';
import { AllocationError, UnavailableError } from '../errors.ts';
import { describe, expectImplemented, expectSize, expectString } from '../expect.ts';
import { customAllocatorKind } from '../kinds.ts';
import { Memory } from '../memory/memory.ts';
import { internal, lock } from '../native.ts';
import { type AllocationParams, withParams } from './allocation-params.ts';
import { Allocator, checkAllocation } from './allocator.ts';

const { c } = runtime;
const { handleOf } = customAllocatorKind;

/**
 * An allocator in TypeScript (a `GstAllocator` of one's own): it decides where memory comes from, and makes it with
 * other allocators, such as an `FdAllocator` on fds it got from somewhere.
 *
 * It is asked on the main thread only: by `alloc`, by `Buffer.alloc`, and by `BufferPool.create`, which then makes all
 * buffers beforehand so that streaming threads need not ask. For C it is an allocator that has a way of its own
 * (`AllocatorFlags.CUSTOM_ALLOC`) and gives nothing: an element that asks it all the same, having got it by way of `.gi`,
 * fails with a `PipelineError`.
 */
export abstract class CustomAllocator extends Allocator {
  readonly #memType: string;

  /** @param memType what `memType` says; the memories have the types of the allocators that made them */
  constructor(memType = 'custom') {
    expectString('memType', memType);
    expectImplemented(new.target, 'allocate');
    super(internal, c.gst_fd_allocator_new(), customAllocatorKind);
    this.#memType = memType;
  }

  /**
   * Makes memory of at least `size` bytes, which is the caller's from then on.
   * @param params what `alloc` was given, completed
   */
  abstract allocate(size: number, params: Required<AllocationParams>): Memory;

  /** What the constructor was given (`GstAllocator.mem_type`). */
  override get memType(): string {
    handleOf(this);
    return this.#memType;
  }

  /** Asks `allocate`. @throws AllocationError when it throws, or gives no memory, too little of it or disposed one */
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

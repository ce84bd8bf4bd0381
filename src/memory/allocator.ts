import { runtime } from '#runtime';
import { AllocationError } from '../errors.ts';
import { describe, expectSize, expectString, wrongType } from '../expect.ts';
import { Facade, type Internal, internal, type Kind, kindOf, lend, lock } from '../facade.ts';
import { allocatorKind, customAllocatorKind } from '../kinds.ts';
import { checkAllocation } from '../limits.ts';
import type { RawAllocator } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';
import { type AllocationParams, withParams } from './allocation-params.ts';
import { allocatorFor, facadeFor } from './allocator-registry.ts';
import { Memory } from './memory.ts';

const { c, fields, wrappers } = runtime;
const { handleOf } = allocatorKind;

/** `GST_ALLOCATOR_SYSMEM`: name of the allocator of plain memory. */
export const ALLOCATOR_SYSMEM = 'SystemMemory';

/** Custom allocators by the names under which they are registered: GStreamer keeps only its own object. */
const registered = new Map<string, Allocator>();

/** Allocates memory (`GstAllocator`). */
export class Allocator extends Facade {
  /** @internal */
  constructor(key: Internal, handle: Handle, kind: Kind) {
    super(key, handle, kind);
  }

  /**
   * A registered allocator (`gst_allocator_find`), or the default one without a name.
   * @returns null when none is registered under the name
   */
  static find(name: string | null = null): Allocator | null {
    const handle = c.gst_allocator_find(name === null ? null : expectString('name', name));
    return handle && allocatorFor(handle);
  }

  /**
   * Registers an allocator under a name, for the life of the process (`gst_allocator_register`). A `CustomAllocator` is kept
   * as long, and is asked for memory even after its `dispose()`: do not dispose what it allocates with.
   */
  static register(name: string, allocator: Allocator | RawAllocator): void {
    expectString('name', name);
    lend('allocator', allocator, allocatorKind, (handle) => c.gst_allocator_register(name, handle));
    if (allocator instanceof Allocator && kindOf(allocator).is(customAllocatorKind)) registered.set(name, allocator);
    else registered.delete(name);
  }

  /** A facade for a raw `Gst.Allocator`. */
  static wrap(raw: unknown): Allocator {
    const handle = wrappers.fromRaw(raw, 'object', 'GstAllocator');
    if (!handle) throw wrongType('raw', 'a Gst.Allocator', raw);
    return allocatorFor(handle);
  }

  /** The type of the memory it allocates, for `Memory.isType` (`GstAllocator.mem_type`). */
  get memType(): string | null {
    return fields.text(handleOf(this), 'GstAllocator.mem_type');
  }

  /** See `AllocatorFlags`. */
  get flags(): number {
    return fields.flags(handleOf(this), 'object');
  }

  /**
   * Allocates memory (`gst_allocator_alloc`). This is costly for shared memory: use a `BufferPool` for frames.
   * @param size bytes, at least 1
   * @throws AllocationError when there is not enough memory, or when the allocator allocates in another way (`allocFd` …)
   */
  alloc(size: number, params?: AllocationParams): Memory {
    handleOf(this);
    expectSize('size', size, Number.MAX_SAFE_INTEGER, 1);
    return withParams(params, (native, read) => {
      checkAllocation(size, read);
      const memory = c.gst_allocator_alloc(handleOf(this), size, native);
      if (memory) return new Memory(internal, memory);
      throw new AllocationError(`${describe(this)} could not allocate ${size} bytes`, {
        detail: this.howToAllocate,
      });
    });
  }

  /** Which method allocates, if not `alloc`. */
  protected get howToAllocate(): string | null {
    return null;
  }

  /**
   * Makes this the default allocator of the whole process (`gst_allocator_set_default`).
   * @throws AllocationError for one that cannot allocate a byte
   */
  setDefault(): void {
    // GStreamer does not check whether the default allocator returned memory.
    const handle = handleOf(this);
    const memory = c.gst_allocator_alloc(handle, 1, null);
    if (!memory) {
      throw new AllocationError(`${describe(this)} cannot be the default one`, { detail: this.howToAllocate });
    }
    runtime.references.drop(memory, 'mini', 0);
    c.gst_allocator_set_default(handle);
  }
}
lock(Allocator);
facadeFor(allocatorKind, (handle) => new Allocator(internal, handle, allocatorKind));

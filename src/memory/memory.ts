import { runtime } from '#runtime';
import { AllocationError, GstError, MapError, NotWritableError } from '../errors.ts';
import {
  type Bytes,
  expectFunction,
  expectInteger,
  expectSize,
  expectString,
  outOfRange,
  wrongType,
} from '../expect.ts';
import { Facade, type Internal, internal, lend, lock } from '../facade.ts';
import { checkBacking, checkFile, eachMemory, expectCopyable, isFile } from '../fd/file-backing.ts';
import { bufferKind, memoryKind } from '../kinds.ts';
import { checkAllocation } from '../limits.ts';
import { MapFlags } from '../map-flags.ts';
import type { RawMemory } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';
import type { Allocator } from './allocator.ts';
import { allocatorFor } from './allocator-registry.ts';
import type { Buffer } from './buffer.ts';
import { type Mapping, Mappings, withMapping } from './mapping.ts';
import { type WrapOptions, wrapBytes } from './wrapped-bytes.ts';

const { c, fields } = runtime;
const { handleOf } = memoryKind;

/** Sharing DRM dumb memory calls a null pointer (1.28), and no flag says that it cannot be shared. */
export const isIndivisible = (memory: Handle): boolean => c.gst_is_drm_dumb_memory(memory);
export const indivisible = 'DRM dumb memory, of which parts can only be copied';

/**
 * gst_memory_lock() with EXCLUSIVE fails while the memory is mapped for writing. GStreamer ignores that, and later unlocks what it
 * never locked.
 */
export function expectAtRest(memory: Handle): void {
  if (runtime.mapping.isBeingWritten(memory))
    throw new MapError(
      'expected memory that can be shared now, got memory that is mapped for writing and already shared',
    );
}

/** Elements that need a writable buffer copy it, and do not check the result: the process would crash. */
export function expectContentAtRest(buffer: Handle): void {
  if (runtime.mapping.isAnyBeingWritten()) eachMemory(buffer, 0, -1, expectAtRest);
}

/**
 * A block of memory (`GstMemory`): from an allocator's `alloc`, from a buffer, or imported from an fd.
 * The facade holds its own reference; you may dispose the buffer or allocator before it.
 */
export class Memory extends Facade {
  #mappings: Mappings | null = null;
  /** Null until it was first asked for. */
  #isFile: boolean | null = null;
  /** The buffer that the memory was taken from, for engines that can write only through a buffer. */
  readonly #buffer: Buffer | null;

  static {
    memoryKind.hook<Memory>({
      end: (memory) => memory.#mappings?.disposeAll(),
      weigh: (_, handle) => fields.number(handle, 'GstMemory.maxsize'),
    });
  }

  /** @internal */
  constructor(key: Internal, handle: Handle, buffer: Buffer | null = null) {
    super(key, handle, memoryKind);
    this.#buffer = buffer;
  }

  /** A facade for a raw `Gst.Memory`, which is not changed. */
  static wrap(raw: unknown): Memory {
    const handle = runtime.wrappers.fromRaw(raw, 'mini', 'GstMemory');
    if (!handle) throw wrongType('raw', 'a Gst.Memory', raw);
    return new Memory(internal, handle);
  }

  /**
   * The bytes as memory (`gst_memory_new_wrapped`). On Node.js they are not copied: GStreamer reads and writes these bytes
   * themselves, and they stay until it has freed the memory. Change them only while no element reads them. Their ArrayBuffer
   * cannot be transferred any more. In GJS and in workers this is a copy (`features().wrappedBytes`).
   * @param bytes of an ArrayBuffer whose length is fixed; stay yours
   */
  static newWrapped(bytes: Bytes, options?: WrapOptions): Memory {
    return new Memory(internal, wrapBytes(bytes, options));
  }

  /** Usable bytes (`gst_memory_get_sizes`). */
  get size(): number {
    return fields.number(handleOf(this), 'GstMemory.size');
  }

  /** Bytes before the usable ones. */
  get offset(): number {
    return fields.number(handleOf(this), 'GstMemory.offset');
  }

  /** All bytes of the block, usable or not. */
  get maxSize(): number {
    return fields.number(handleOf(this), 'GstMemory.maxsize');
  }

  /** Alignment as a bit mask: 15 means 16 bytes. */
  get align(): number {
    return fields.number(handleOf(this), 'GstMemory.align');
  }

  /** `GST_MEMORY_FLAGS`, see `MemoryFlags`. */
  get flags(): number {
    return fields.flags(handleOf(this), 'mini') & 0xffff;
  }

  /** The allocator of the memory, as a new facade; null where it has none. */
  get allocator(): Allocator | null {
    const handle = fields.reference(handleOf(this), 'GstMemory.allocator', 'object');
    return handle && allocatorFor(handle);
  }

  /** The memory this one is a part of (`share`); null for a whole one. */
  get parent(): Memory | null {
    const handle = fields.reference(handleOf(this), 'GstMemory.parent', 'mini');
    return handle && new Memory(internal, handle);
  }

  /**
   * `gst_memory_is_type`: whether it came from an allocator of this memory type, such as `ALLOCATOR_SHM`.
   * @since 1.2
   */
  isType(name: string): boolean {
    return c.gst_memory_is_type(handleOf(this), expectString('name', name));
  }

  /** `gst_memory_is_writable`: false while more than one buffer shares it, or when it is read-only. */
  get isWritable(): boolean {
    const handle = handleOf(this);
    const around = this.#around();
    return runtime.references.isWritable(handle, around) && !runtime.references.isReadOnly(handle, around);
  }

  #around(): Handle | null {
    return this.#buffer && !this.#buffer.isDisposed ? bufferKind.handleOf(this.#buffer) : null;
  }

  /**
   * The memory's fd, which closes with the memory: do not close it. Null where there is none (`gst_fd_memory_get_fd`).
   * @since 1.6
   */
  get fd(): number | null {
    const handle = handleOf(this);
    return c.gst_is_fd_memory(handle) ? c.gst_fd_memory_get_fd(handle) : null;
  }

  /** A duplicate of the fd, with close-on-exec, that is yours to close. */
  dupFd(): number {
    const { fd } = this;
    if (fd === null) throw new GstError('expected memory with an fd, got memory without one');
    return runtime.descriptors.duplicate(fd);
  }

  /**
   * Maps the usable bytes (`gst_memory_map`).
   * @throws NotWritableError for WRITE on shared or read-only memory; MapError when it cannot be mapped now.
   */
  map(flags: MapFlags = MapFlags.READ): Mapping {
    const handle = handleOf(this);
    expectInteger('flags', flags, 1, 3);
    this.#isFile ??= isFile(handle);
    if (this.#isFile) checkFile(handle);
    const raw =
      (this.#isFile && flags === MapFlags.READ ? runtime.mapping.mapFile(handle) : null) ??
      runtime.mapping.mapMemory(handle, flags, this.#around());
    if (raw) {
      this.#mappings ??= new Mappings(this);
      return this.#mappings.add(raw, flags);
    }
    if (flags & MapFlags.WRITE && !this.isWritable) {
      throw new NotWritableError('expected writable memory to map for writing, got memory that is shared or read-only');
    }
    throw new MapError(`${this.size} bytes of memory could not be mapped with flags ${flags}`, {
      detail: 'is it mapped in another way at the same time, not mappable, or beyond the end of its file?',
    });
  }

  /** Maps, runs `use` and unmaps; if `use` is `async`, the mapping lasts until its promise has settled. */
  withMapping<T>(flags: MapFlags, use: (bytes: Uint8Array) => T): T {
    expectFunction('use', use);
    return withMapping(this.map(flags), use);
  }

  /**
   * Moves the usable window (`gst_memory_resize`). Bytes of an open mapping for writing are written where they were mapped.
   * @param offset bytes to move the start by, negative to restore some of the prefix
   * @param size usable bytes from there; default: the rest of the usable ones
   */
  resize(offset: number, size?: number): void {
    const handle = handleOf(this);
    const start = fields.number(handle, 'GstMemory.offset');
    expectInteger('offset', offset, -start, Number.MAX_SAFE_INTEGER - start);
    const room = fields.number(handle, 'GstMemory.maxsize') - start - offset;
    if (room < 0) throw outOfRange('offset', `within the memory of ${this.maxSize} bytes`, offset);
    const kept = size === undefined ? Math.max(0, this.size - offset) : expectSize('size', size, room);
    if (!this.isWritable) throw new NotWritableError('expected writable memory to resize, got memory that is shared');
    runtime.mapping.resizeMemory(handle, this.#around(), offset, kept);
  }

  /** GStreamer does not check the numbers; a subclass may override `this.size`. */
  #expectPart(offset: number, size: number): Handle {
    const handle = handleOf(this);
    const whole = fields.number(handle, 'GstMemory.size');
    expectSize('offset', offset, whole);
    expectSize('size', size, whole - offset);
    return handle;
  }

  /** A part as a new memory, without a copy (`gst_memory_share`). The part is read-only. */
  share(offset = 0, size = this.size - expectSize('offset', offset, this.size)): Memory {
    const handle = this.#expectPart(offset, size);
    if (isIndivisible(handle)) throw new GstError(`expected memory that may be shared, got ${indivisible}`);
    const parent = fields.reference(handle, 'GstMemory.parent', 'mini');
    try {
      expectAtRest(parent ?? handle);
    } finally {
      if (parent) runtime.references.drop(parent, 'mini', 0);
    }
    // Last: GJS detects the flag by sharing.
    if (!runtime.references.mayShare(handle)) {
      throw new GstError('expected memory that may be shared, got memory with the NO_SHARE flag; `copy` it instead');
    }
    const shared = c.gst_memory_share(handle, offset, size);
    if (!shared) throw new AllocationError(`${size} bytes of memory could not be shared`);
    return new Memory(internal, shared);
  }

  /** A copy of a part in new memory (`gst_memory_copy`). */
  copy(offset = 0, size = this.size - expectSize('offset', offset, this.size)): Memory {
    const handle = this.#expectPart(offset, size);
    checkAllocation(size);
    checkBacking(handle);
    expectCopyable(handle);
    const copied = c.gst_memory_copy(handle, offset, size);
    if (!copied) throw new AllocationError(`${size} bytes of memory could not be copied`);
    return new Memory(internal, copied);
  }

  /** Whether `next` continues this one within the same parent (`gst_memory_is_span`). */
  isSpan(next: Memory | RawMemory): boolean {
    const handle = handleOf(this);
    return lend('next', next, memoryKind, (other) => {
      // Memories without a parent never form a span, and GStreamer's assertion would fail for them.
      if (!this.#hasParent(handle) || !this.#hasParent(other)) return false;
      return c.gst_memory_is_span(handle, other)[0];
    });
  }

  #hasParent(handle: Handle): boolean {
    const parent = fields.reference(handle, 'GstMemory.parent', 'mini');
    if (!parent) return false;
    runtime.references.drop(parent, 'mini', 0);
    return true;
  }
}
lock(Memory);

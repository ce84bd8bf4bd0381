import { runtime } from '#runtime';
import type { Fields, FieldValue } from '../caps/field-value.ts';
import { AllocationError, GstError, MapError, NotWritableError } from '../errors.ts';
import {
  type Bytes,
  expectBytes,
  expectFlags,
  expectFunction,
  expectInteger,
  expectSize,
  outOfRange,
  wrongType,
} from '../expect.ts';
import { Facade, type Internal, internal, lend, lock, replaceHandle } from '../facade.ts';
import { checkBufferBacking, eachMemory, expectCopyable, expectShareable } from '../fd/file-backing.ts';
import { allocatorKind, bufferKind, memoryKind } from '../kinds.ts';
import { checkAllocation } from '../limits.ts';
import { MapFlags } from '../map-flags.ts';
import type { RawAllocator, RawBuffer, RawMemory } from '../raw-types.ts';
import type { FieldName, Handle, RawMapping } from '../runtime/port/index.ts';
import type { AllocationParams } from './allocation-params.ts';
import { withParams } from './allocation-params.ts';
import type { Allocator } from './allocator.ts';
import { BufferCopyFlags, checkCopy, copyInto, countMemories, expectDivisible } from './buffer-copies.ts';
import { type BufferSizes, checkResize, findMemory, type MemoryRange, sizesOf } from './buffer-sizes.ts';
import { CustomAllocator } from './custom-allocator.ts';
import { type Mapping, Mappings, withMapping } from './mapping.ts';
import { expectAtRest, Memory } from './memory.ts';
import {
  addCrop,
  addCustomMeta,
  addReferenceTimestamp,
  addVideoMeta,
  checkCrop,
  checkVideoMeta,
  listMetas,
  type Meta,
  type ReferenceTimestamp,
  readCrop,
  readCustomMeta,
  readReferenceTimestamp,
  readVideoMeta,
  removeMeta,
  setCustomMeta,
  type VideoCrop,
  type VideoMeta,
  type VideoMetaOptions,
} from './metas.ts';
import type { WrapOptions } from './wrapped-bytes.ts';

const { c, fields } = runtime;
const { handleOf } = bufferKind;

/**
 * A buffer (`GstBuffer`): a list of memories with timestamps, flags and metas.
 *
 * The facade holds one reference. A buffer references the memory that you add to it; your facade of that stays yours.
 */
export class Buffer extends Facade {
  #mappings: Mappings | null = null;

  static {
    bufferKind.hook<Buffer>({
      end: (buffer) => buffer.#mappings?.disposeAll(),
      weigh: (_, handle) => c.gst_buffer_get_size(handle),
    });
  }

  /** An empty buffer (`gst_buffer_new`). */
  constructor();
  /** @internal */
  constructor(key: Internal, handle: Handle);
  constructor(key?: Internal, handle?: Handle) {
    if (key !== undefined && key !== internal)
      throw new TypeError('expected no arguments; see Buffer.alloc and Buffer.from');
    super(internal, key === undefined ? c.gst_buffer_new() : (handle as Handle), bufferKind);
  }

  /**
   * A buffer with fresh memory (`gst_buffer_new_allocate`).
   * @param size bytes; 0 gives a buffer without memory
   * @throws AllocationError
   */
  static alloc(size: number, allocator: Allocator | RawAllocator | null = null, params?: AllocationParams): Buffer {
    expectSize('size', size);
    if (allocator instanceof CustomAllocator && size > 0) {
      using memory = allocator.alloc(size, params);
      if (memory.size > size) memory.resize(0, size);
      return new Buffer().appendMemory(memory);
    }
    return withParams(params, (native, read) => {
      const make = (from: Handle | null) => {
        checkAllocation(size, read);
        const handle = c.gst_buffer_new_allocate(from, size, native);
        if (!handle) throw new AllocationError(`a buffer of ${size} bytes could not be allocated`);
        return new Buffer(internal, handle);
      };
      return allocator === null ? make(null) : lend('allocator', allocator, allocatorKind, make);
    });
  }

  /** A buffer with a copy of the bytes (`gst_buffer_new_memdup`). @since 1.20 */
  static from(bytes: Bytes): Buffer {
    const source = expectBytes('bytes', bytes);
    if (source.length === 0) return new Buffer();
    checkAllocation(source.length);
    return new Buffer(internal, c.gst_buffer_new_memdup(source));
  }

  /**
   * A buffer around the bytes, which are not copied on Node.js (`gst_buffer_new_wrapped_full`); see `Memory.newWrapped`.
   * @param bytes of an ArrayBuffer whose length is fixed; stay yours
   */
  static newWrapped(bytes: Bytes, options?: WrapOptions): Buffer {
    using memory = Memory.newWrapped(bytes, options);
    return new Buffer().appendMemory(memory);
  }

  /** A facade for a raw `Gst.Buffer`. The raw object keeps its reference, and so the buffer is not writable. */
  static wrap(raw: unknown): Buffer {
    const facade = facadeOfRaw(raw);
    if (!facade) throw wrongType('raw', 'a Gst.Buffer', raw);
    return facade;
  }

  /** Bytes in all memories (`gst_buffer_get_size`). */
  get size(): number {
    return c.gst_buffer_get_size(handleOf(this));
  }

  /** The size, with the unused bytes around it in its memories (`gst_buffer_get_sizes`), which `resize` restores. */
  get sizes(): BufferSizes {
    return sizesOf(handleOf(this), 0, -1);
  }

  /** The sizes of `length` memories from `index` on, by default all that follow (`gst_buffer_get_sizes_range`). */
  sizesRange(index: number, length = this.memoryCount - this.#index(index)): BufferSizes {
    return sizesOf(handleOf(this), ...this.#range(index, length));
  }

  /** Presentation time in nanoseconds (`GST_BUFFER_PTS`); null for none. */
  get pts(): number | null {
    return fields.time(handleOf(this), 'GstBuffer.pts');
  }
  set pts(value: number | null) {
    this.#setTime('pts', 'GstBuffer.pts', value);
  }

  /** Decoding time in nanoseconds (`GST_BUFFER_DTS`); null for none. */
  get dts(): number | null {
    return fields.time(handleOf(this), 'GstBuffer.dts');
  }
  set dts(value: number | null) {
    this.#setTime('dts', 'GstBuffer.dts', value);
  }

  /** Nanoseconds (`GST_BUFFER_DURATION`); null for unknown. */
  get duration(): number | null {
    return fields.time(handleOf(this), 'GstBuffer.duration');
  }
  set duration(value: number | null) {
    this.#setTime('duration', 'GstBuffer.duration', value);
  }

  /** Media-specific start: a frame or sample number, a byte position (`GST_BUFFER_OFFSET`); null for none. */
  get offset(): number | null {
    return fields.time(handleOf(this), 'GstBuffer.offset');
  }
  set offset(value: number | null) {
    this.#setTime('offset', 'GstBuffer.offset', value);
  }

  /** Media-specific end (`GST_BUFFER_OFFSET_END`); null for none. */
  get offsetEnd(): number | null {
    return fields.time(handleOf(this), 'GstBuffer.offset_end');
  }
  set offsetEnd(value: number | null) {
    this.#setTime('offsetEnd', 'GstBuffer.offset_end', value);
  }

  #setTime(name: string, field: FieldName, value: number | null): void {
    if (value !== null) expectSize(name, value);
    fields.setTime(this.#writable(`set \`${name}\``), field, value);
  }

  /**
   * See `BufferFlags`, and `VideoBufferFlags` (`gst_buffer_get_flags`). Setting replaces them all; the lowest four bits are
   * GStreamer's own. GJS reads only those of `BufferFlags`, not those of a kind of media.
   * @since 1.10
   */
  get flags(): number {
    return c.gst_buffer_get_flags(handleOf(this));
  }
  set flags(value: number) {
    expectFlags('flags', value);
    runtime.fields.setBufferFlags(this.#writable('set `flags`'), value & 0x7ffffff0);
  }

  /** `gst_buffer_is_writable`: whether this facade holds the only reference. */
  get isWritable(): boolean {
    return runtime.references.isWritable(handleOf(this));
  }

  #writable(purpose: string): Handle {
    const handle = handleOf(this);
    if (!runtime.references.isWritable(handle)) {
      throw new NotWritableError(
        `expected a writable buffer to ${purpose}, got one that is shared; \`makeWritable()\` first`,
      );
    }
    return handle;
  }

  /**
   * Makes this facade the only holder (`gst_buffer_make_writable`): if the buffer is shared, the facade switches to
   * a copy of it that shares the memories. Mappings end.
   * @throws MapError when a memory that is being written can now be neither shared nor read
   */
  makeWritable(): this {
    const handle = handleOf(this);
    if (runtime.references.isWritable(handle)) return this;
    expectShareable(handle);
    this.#mappings?.disposeAll();
    const copy = c.gst_buffer_copy_region(handle, BufferCopyFlags.ALL, 0, this.size);
    if (!copy) {
      throw new MapError('the buffer could not be made writable', {
        detail: 'is one of its memories being written and not shareable meanwhile?',
      });
    }
    replaceHandle(this, copy);
    runtime.references.drop(handle, 'mini', 0);
    return this;
  }

  /** `gst_buffer_n_memory`. */
  get memoryCount(): number {
    return c.gst_buffer_n_memory(handleOf(this));
  }

  /**
   * The memory at `index` (`gst_buffer_get_memory`), as a new facade. As in GStreamer it does not keep a pool's buffer from
   * its pool: once the buffer is disposed, its next owner writes to the same bytes. A `copy()` of the buffer does.
   */
  memory(index: number): Memory {
    const handle = handleOf(this);
    const memory = c.gst_buffer_get_memory(handle, this.#index(index));
    if (!memory) throw new GstError(`the memory at ${index} could not be taken`);
    return new Memory(internal, memory, this);
  }

  #index(index: number): number {
    const count = c.gst_buffer_n_memory(handleOf(this));
    expectSize('index', index);
    if (index >= count)
      throw outOfRange('index', count ? `from 0 to ${count - 1}` : 'of a memory, and there are none', index);
    return index;
  }

  #range(index: number, length: number): [number, number] {
    this.#index(index);
    return [index, expectSize('length', length, this.memoryCount - index, 1)];
  }

  /** How many memories a buffer can have (`gst_buffer_get_max_memory`): beyond that, some are merged. @since 1.2 */
  static get maxMemory(): number {
    return c.gst_buffer_get_max_memory();
  }

  /**
   * The memories that hold `size` bytes from `offset` on, by default all that follow (`gst_buffer_find_memory`); null if the
   * buffer does not have that many.
   */
  findMemory(offset: number, size?: number): MemoryRange | null {
    return findMemory(handleOf(this), offset, size);
  }

  /**
   * `length` memories from `index` on as one (`gst_buffer_get_memory_range`), by default all that follow: a single memory
   * itself, else a copy, or a part of the parent that they share.
   * @throws MapError where they cannot be read to be merged
   */
  getMemoryRange(index: number, length = this.memoryCount - this.#index(index)): Memory {
    this.#range(index, length);
    if (length === 1) return this.memory(index);
    const handle = this.#readable();
    checkAllocation(this.size);
    eachMemory(handle, index, length, expectCopyable);
    const merged = c.gst_buffer_get_memory_range(handle, index, length);
    if (!merged) throw new AllocationError(`${length} memories could not be merged into one`);
    return new Memory(internal, merged);
  }

  /** All memories as one (`gst_buffer_get_all_memory`), like `getMemoryRange`; null where there are none. */
  getAllMemory(): Memory | null {
    return c.gst_buffer_n_memory(handleOf(this)) ? this.getMemoryRange(0) : null;
  }

  /** Whether all of `length` memories from `index` on can be written (`gst_buffer_is_memory_range_writable`). @since 1.4 */
  isMemoryRangeWritable(index: number, length = this.memoryCount - this.#index(index)): boolean {
    return c.gst_buffer_is_memory_range_writable(handleOf(this), ...this.#range(index, length));
  }

  /** `gst_buffer_is_all_memory_writable`: true where there are none. @since 1.4 */
  get isAllMemoryWritable(): boolean {
    return c.gst_buffer_is_all_memory_writable(handleOf(this));
  }

  /**
   * Appends the memories of another buffer, uncopied (`gst_buffer_append`): both buffers then share them, and
   * none can be written in place until one of the buffers is disposed.
   */
  append(buffer: Buffer | RawBuffer): this {
    return this.copyInto(buffer, BufferCopyFlags.MEMORY);
  }

  /** Appends `size` bytes of another buffer from `offset` on, by default the rest (`gst_buffer_append_region`). */
  appendRegion(buffer: Buffer | RawBuffer, offset: number, size?: number): this {
    return this.copyInto(buffer, BufferCopyFlags.MEMORY, offset, size);
  }

  /**
   * Copies the parts of another buffer that `flags` name (`gst_buffer_copy_into`): flags and times replace this buffer's own,
   * metas and memories are added. If that makes too many memories they are merged, as by `appendMemory`.
   * @param source is not changed, and stays yours
   * @param flags `BufferCopyFlags`
   * @param offset bytes of `source` to leave out
   * @param size bytes of `source` to take from there; default: the rest
   * @throws NotWritableError for a buffer that is shared; MapError and AllocationError where bytes cannot be copied, or
   *   memories cannot be merged
   */
  copyInto(source: Buffer | RawBuffer, flags: number = BufferCopyFlags.ALL, offset = 0, size?: number): this {
    handleOf(this);
    return lend('source', source, bufferKind, (from) => {
      const whole = c.gst_buffer_get_size(from);
      expectSize('offset', offset, whole);
      const wanted = size === undefined ? whole - offset : expectSize('size', size, whole - offset);
      const checked = checkCopy(from, flags, wanted);
      const handle = this.#writable('copy into');
      if (runtime.references.identical(handle, from))
        throw outOfRange('source', 'another buffer than the one it is copied into', source);
      if (checked & BufferCopyFlags.MEMORY) {
        const count = c.gst_buffer_n_memory(handle);
        const isMerging = count + countMemories(from, offset, wanted) > Buffer.maxMemory;
        if (isMerging && !runtime.mapping.canMapAll(from, MapFlags.READ)) throw this.#mapError(MapFlags.READ);
        if (isMerging || checked & BufferCopyFlags.MERGE) this.#expectMergeable(handle, count, wanted);
        if (isMerging && checked & BufferCopyFlags.MERGE)
          throw outOfRange('flags', `without MERGE, where both have more than ${Buffer.maxMemory} memories`, flags);
      }
      copyInto(handle, from, checked, offset, wanted);
      return this;
    });
  }

  /**
   * `gst_buffer_append_memory`. The buffer references the memory, your facade stays yours. A buffer has 16 memories at most:
   * one more makes a copy of all in one memory (`gst_buffer_get_memory_range`).
   * @throws NotWritableError for a buffer that is shared; MapError where memories are to be merged while the buffer is
   *   mapped, or one of them is mapped for writing, or cannot be read
   */
  appendMemory(memory: Memory | RawMemory): this {
    return this.#insert(c.gst_buffer_n_memory(handleOf(this)), memory, 'append memory');
  }

  /** `gst_buffer_prepend_memory`; like `appendMemory`. */
  prependMemory(memory: Memory | RawMemory): this {
    return this.#insert(0, memory, 'prepend memory');
  }

  /**
   * `gst_buffer_insert_memory`; like `appendMemory`. If memories must be merged, those before the new one become one memory, and
   * those after it another.
   * @param index from 0 to `memoryCount`
   */
  insertMemory(index: number, memory: Memory | RawMemory): this {
    return this.#insert(expectSize('index', index, c.gst_buffer_n_memory(handleOf(this))), memory, 'insert memory');
  }

  #insert(index: number, memory: Memory | RawMemory, purpose: string): this {
    return lend('memory', memory, memoryKind, (native) => {
      const handle = this.#writable(purpose);
      expectAtRest(native);
      const count = c.gst_buffer_n_memory(handle);
      const isFull = count >= c.gst_buffer_get_max_memory();
      if (isFull) this.#merge(handle, index, count);
      c.gst_buffer_insert_memory(handle, isFull ? Math.min(index, 1) : index, native);
      return this;
    });
  }

  /** Merges the memories before `index`, and those from there on: GStreamer would merge all, and then leave a hole at `index`. */
  #merge(handle: Handle, index: number, count: number): void {
    this.#expectMergeable(handle, count);
    for (const [start, length] of [
      [index, count - index],
      [0, index],
    ] as const) {
      if (length < 2) continue;
      const merged = c.gst_buffer_get_memory_range(handle, start, length);
      if (!merged) throw new AllocationError(`${length} memories could not be merged into one`);
      c.gst_buffer_replace_memory_range(handle, start, length, merged);
      runtime.references.drop(merged, 'mini', 0);
    }
  }

  #expectMergeable(handle: Handle, count: number, more = 0): void {
    const isMapped = this.#mappings?.isEmpty === false;
    eachMemory(handle, 0, -1, (memory) => {
      if (isMapped || runtime.mapping.isBeingWritten(memory))
        throw new MapError(
          `expected a buffer whose memories can be merged, as it has all ${count}, got one with a mapping that is open`,
          { detail: 'what is written there would be lost: dispose the mapping first' },
        );
    });
    checkAllocation(this.size + more);
    this.#mappable(handle, MapFlags.READ);
  }

  /** `gst_buffer_replace_memory`. */
  replaceMemory(index: number, memory: Memory | RawMemory): this {
    return this.replaceMemoryRange(index, 1, memory);
  }

  /** Replaces `length` memories from `index` on with one (`gst_buffer_replace_memory_range`). */
  replaceMemoryRange(index: number, length: number, memory: Memory | RawMemory): this {
    this.#range(index, length);
    return lend('memory', memory, memoryKind, (native) => {
      const handle = this.#writable('replace memory');
      expectAtRest(native);
      this.#mappings?.disposeAll();
      c.gst_buffer_replace_memory_range(handle, index, length, native);
      return this;
    });
  }

  /** Replaces all memories with one (`gst_buffer_replace_all_memory`). */
  replaceAllMemory(memory: Memory | RawMemory): this {
    const count = this.memoryCount;
    return count ? this.replaceMemoryRange(0, count, memory) : this.appendMemory(memory);
  }

  /** `gst_buffer_remove_memory`. */
  removeMemory(index: number): this {
    return this.removeMemoryRange(index, 1);
  }

  /** Removes `length` memories from `index` on, by default all that follow (`gst_buffer_remove_memory_range`). */
  removeMemoryRange(index: number, length = this.memoryCount - this.#index(index)): this {
    this.#range(index, length);
    const handle = this.#writable('remove memory');
    this.#mappings?.disposeAll();
    c.gst_buffer_remove_memory_range(handle, index, length);
    return this;
  }

  /** `gst_buffer_remove_all_memory`. */
  removeAllMemory(): this {
    this.#writable('remove memory');
    return this.memoryCount ? this.removeMemoryRange(0) : this;
  }

  /**
   * Maps all bytes (`gst_buffer_map`). This merges several memories into one copy: `mapRange` maps single ones.
   * For writing, a memory that is shared by a copy of the buffer or an open mapping is replaced by a copy.
   * @throws NotWritableError for WRITE on a shared buffer; MapError when it cannot be mapped now
   */
  map(flags: MapFlags = MapFlags.READ): Mapping {
    return this.#map(0, -1, flags);
  }

  /** Maps `length` memories from `index` on, by default all that follow (`gst_buffer_map_range`). */
  mapRange(index: number, length = this.memoryCount - this.#index(index), flags: MapFlags = MapFlags.READ): Mapping {
    this.#index(index);
    expectSize('length', length, this.memoryCount - index, 1);
    return this.#map(index, length, flags);
  }

  #map(index: number, length: number, flags: MapFlags): Mapping {
    expectInteger('flags', flags, 1, 3);
    const handle = flags & MapFlags.WRITE ? this.#writable('map for writing') : handleOf(this);
    const files = checkBufferBacking(handle, index, length, flags);
    const raw =
      (files > 0 && flags === MapFlags.READ ? this.#mapFile(handle, index, length) : null) ??
      runtime.mapping.mapBuffer(handle, index, length, flags);
    if (raw) {
      this.#mappings ??= new Mappings(this);
      return this.#mappings.add(raw, flags);
    }
    throw this.#mapError(flags);
  }

  /** Null for several memories: merged, they are no file. */
  #mapFile(handle: Handle, index: number, length: number): RawMapping | null {
    if ((length < 0 ? c.gst_buffer_n_memory(handle) - index : length) !== 1) return null;
    const memory = c.gst_buffer_get_memory(handle, index) as Handle;
    try {
      return runtime.mapping.mapFile(memory);
    } finally {
      runtime.references.drop(memory, 'mini', 0);
    }
  }

  /** Checks a buffer that GStreamer will map: it would lose memories that cannot be mapped. */
  #mappable(handle: Handle, flags: MapFlags): Handle {
    checkBufferBacking(handle, 0, -1, flags);
    if (runtime.mapping.canMapAll(handle, flags)) return handle;
    throw this.#mapError(flags);
  }

  #mapError(flags: MapFlags): MapError {
    return new MapError(`a buffer of ${this.size} bytes could not be mapped with flags ${flags}`, {
      detail: 'is one of its memories mapped in another way at the same time, read-only or not mappable?',
    });
  }

  /** Maps, runs `use` and unmaps; if `use` is `async`, the mapping lasts until its promise has settled. */
  withMapping<T>(flags: MapFlags, use: (bytes: Uint8Array) => T): T {
    expectFunction('use', use);
    return withMapping(this.map(flags), use);
  }

  /** Checks that GStreamer can read the bytes. */
  #readable(): Handle {
    return this.#mappable(handleOf(this), MapFlags.READ);
  }

  /** Writes bytes at an offset (`gst_buffer_fill`). All of them must fit. */
  fill(offset: number, bytes: Bytes): this {
    const source = expectBytes('bytes', bytes);
    const { size } = this;
    expectSize('offset', offset, size);
    if (source.length > size - offset) throw outOfRange('bytes', `at most ${size - offset} long`, source.length);
    const handle = this.#mappable(this.#writable('fill'), MapFlags.WRITE);
    if (source.length && c.gst_buffer_fill(handle, offset, source) !== source.length) {
      throw new MapError(`${source.length} bytes could not be written to the buffer`);
    }
    return this;
  }

  /** A copy of the bytes (`gst_buffer_extract`). */
  extract(offset = 0, size = this.size - expectSize('offset', offset, this.size)): Uint8Array<ArrayBuffer> {
    expectSize('offset', offset, this.size);
    expectSize('size', size, this.size - offset);
    return runtime.mapping.extract(this.#readable(), offset, size);
  }

  /** Sets bytes to one value (`gst_buffer_memset`). @param value 0 to 255 */
  memset(offset: number, value: number, size: number): this {
    expectSize('offset', offset, this.size);
    expectInteger('value', value, 0, 255);
    expectSize('size', size, this.size - offset);
    const handle = this.#mappable(this.#writable('set bytes'), MapFlags.WRITE);
    if (size && c.gst_buffer_memset(handle, offset, value, size) !== size) {
      throw new MapError(`${size} bytes of the buffer could not be set`);
    }
    return this;
  }

  /**
   * 0 if the buffer has these bytes at `offset`, −1 if its bytes are lower, 1 if they are higher (`gst_buffer_memcmp`). All of
   * them must lie within the buffer.
   * @throws MapError while a memory with an fd is mapped for writing only, and cannot be read; `fill` still works, except in GJS
   */
  compare(offset: number, bytes: Bytes): number {
    const other = expectBytes('bytes', bytes);
    expectSize('offset', offset, this.size);
    if (other.length > this.size - offset)
      throw outOfRange('bytes', `at most ${this.size - offset} long`, other.length);
    // GStreamer compares the other way round; subtracting gives no −0.
    return other.length ? 0 - Math.sign(c.gst_buffer_memcmp(this.#readable(), offset, other)) : 0;
  }

  /**
   * Moves the bytes in use (`gst_buffer_resize`): cuts some off at either end, or restores them, as far as `sizes` shows that the
   * memories have them.
   * @param offset bytes to move the start by; negative restores bytes before it
   * @param size bytes in use from there; default: up to the present end
   * @throws NotWritableError for a buffer that is shared, and for restoring bytes of memory that others share
   */
  resize(offset: number, size?: number): this {
    return this.#resize(0, -1, offset, size);
  }

  /** Resizes `length` memories from `index` on (`gst_buffer_resize_range`), like `resize`. */
  resizeRange(index: number, length: number, offset: number, size?: number): this {
    return this.#resize(...this.#range(index, length), offset, size);
  }

  /** Sets the number of bytes in use from the present start (`gst_buffer_set_size`): `resize(0, size)`. */
  setSize(size: number): this {
    return this.#resize(0, -1, 0, expectSize('size', size));
  }

  #resize(index: number, length: number, offset: number, size: number | undefined): this {
    const handle = handleOf(this);
    const wanted = checkResize(handle, index, length, offset, size);
    this.#writable('resize');
    const isCut = offset !== 0 || wanted !== sizesOf(handle, index, length).size;
    if (isCut && !c.gst_buffer_is_all_memory_writable(handle)) expectDivisible(handle);
    this.#mappings?.disposeAll();
    c.gst_buffer_resize_range(handle, index, length, offset, wanted);
    return this;
  }

  /**
   * A new buffer that shares the memories (`gst_buffer_copy`).
   * @param flags `BufferCopyFlags` of the parts to copy (`gst_buffer_copy_with_flags`)
   */
  copy(flags: number = BufferCopyFlags.ALL): Buffer {
    return this.copyRegion(0, this.size, flags);
  }

  /**
   * A new buffer with a part of the bytes, by default the rest, without copying them (`gst_buffer_copy_region`).
   * @param flags `BufferCopyFlags` of the parts to copy
   */
  copyRegion(
    offset: number,
    size = this.size - expectSize('offset', offset, this.size),
    flags: number = BufferCopyFlags.ALL,
  ): Buffer {
    expectSize('offset', offset, this.size);
    expectSize('size', size, this.size - offset);
    const handle = handleOf(this);
    return this.#made(c.gst_buffer_copy_region(handle, checkCopy(handle, flags, size), offset, size));
  }

  /** A new buffer with a copy of the bytes (`gst_buffer_copy_deep`). @since 1.6 */
  copyDeep(): Buffer {
    checkAllocation(this.size);
    const handle = this.#readable();
    eachMemory(handle, 0, -1, expectCopyable);
    return this.#made(c.gst_buffer_copy_deep(handle));
  }

  /** The metas on it (`gst_buffer_iterate_meta`), by the names of their types. In GJS in no particular order. */
  metas(): Meta[] {
    return listMetas(handleOf(this));
  }

  /** The layout of the picture (`gst_buffer_get_video_meta`); null where the buffer has none of its own, and the caps apply. */
  get videoMeta(): VideoMeta | null {
    return readVideoMeta(handleOf(this));
  }

  /** `gst_buffer_add_video_meta_full`. */
  addVideoMeta(meta: VideoMetaOptions): this {
    addVideoMeta(...this.#added(() => checkVideoMeta(meta)));
    return this;
  }

  /** The part of the picture to be shown (`gst_buffer_get_video_crop_meta`); null for all. */
  get videoCrop(): VideoCrop | null {
    return readCrop(handleOf(this));
  }

  /** Adds a `GstVideoCropMeta` (`gst_buffer_add_video_crop_meta`). GJS: `UnavailableError`. */
  addVideoCrop(crop: VideoCrop): this {
    addCrop(...this.#added(() => checkCrop(crop)));
    return this;
  }

  #added<T>(check: () => T): [Handle, T] {
    handleOf(this);
    const checked = check();
    return [this.#writable('add a meta'), checked];
  }

  /** Adds a meta of a kind registered with `registerCustomMeta` (`gst_buffer_add_custom_meta`). @since 1.20 */
  addCustomMeta(name: string, fields: Fields = {}): this {
    handleOf(this);
    addCustomMeta(() => this.#writable('add a meta'), name, fields);
    return this;
  }

  /**
   * The fields of the first custom meta of that name (`gst_buffer_get_custom_meta`); null if there is none.
   * @since 1.20
   */
  customMeta(name: string): Record<string, FieldValue> | null {
    return readCustomMeta(handleOf(this), name);
  }

  /**
   * Sets fields of the first custom meta of that name, and keeps its other fields (`gst_custom_meta_get_structure`).
   * GJS: `UnavailableError`.
   * @throws RangeError where the buffer has none
   * @since 1.20
   */
  setCustomMeta(name: string, fields: Fields): this {
    handleOf(this);
    setCustomMeta(() => this.#writable('change a meta'), name, fields);
    return this;
  }

  /**
   * Removes a meta (`gst_buffer_remove_meta`). GJS: `UnavailableError`.
   * @param name `type` or `api` of an entry of `metas()`
   * @param index which one, of several of that name
   * @returns whether there was one
   * @throws GstError for a meta that its pool keeps on the buffer
   */
  removeMeta(name: string, index = 0): boolean {
    handleOf(this);
    return removeMeta(() => this.#writable('remove a meta'), name, index);
  }

  /**
   * Adds a time on another clock (`gst_buffer_add_reference_timestamp_meta`).
   * @param reference caps that name the clock, such as `timestamp/x-ntp`
   * @param timestamp nanoseconds
   * @param duration nanoseconds; null for unknown
   * @since 1.14
   */
  addReferenceTimestamp(reference: string, timestamp: number, duration: number | null = null): this {
    handleOf(this);
    addReferenceTimestamp(() => this.#writable('add a meta'), reference, timestamp, duration);
    return this;
  }

  /**
   * The first time on another clock, or on the one given (`gst_buffer_get_reference_timestamp_meta`); null for none.
   * @since 1.14
   */
  referenceTimestamp(reference: string | null = null): ReferenceTimestamp | null {
    return readReferenceTimestamp(handleOf(this), reference);
  }

  /**
   * Keeps another buffer alive as long as this one (`gst_buffer_add_parent_buffer_meta`), so that its memory, used here,
   * does not return to its pool earlier.
   * @since 1.6
   */
  addParentBuffer(parent: Buffer | RawBuffer): this {
    handleOf(this);
    return lend('parent', parent, bufferKind, (native) => {
      const handle = this.#writable('add a meta');
      if (runtime.references.identical(handle, native))
        throw outOfRange('parent', 'another buffer than the one it is added to', parent);
      if (!c.gst_buffer_add_parent_buffer_meta(handle, native))
        throw new GstError('the parent buffer could not be added');
      return this;
    });
  }

  #made(handle: Handle | null): Buffer {
    if (!handle) throw new AllocationError(`a buffer of ${this.size} bytes could not be copied`);
    return new Buffer(internal, handle);
  }
}
lock(Buffer);

/** A new facade for a raw buffer; null for anything else. */
export function facadeOfRaw(raw: unknown): Buffer | null {
  const handle = runtime.wrappers.fromRaw(raw, 'mini', 'GstBuffer');
  return handle && new Buffer(internal, handle);
}

import type { Handle } from '../../generated/symbols.ts';

export interface RawMapping {
  /** Length 0 once released, where the engine can detach. */
  readonly bytes: Uint8Array;
  /** True: the bytes are GStreamer's memory itself. False: a copy, written back at release if mapped for writing. */
  readonly zeroCopy: boolean;
  /** The lock alone, which releases a mapping whose facade was lost. */
  readonly lock?: MappingLock;
  release(): void;
}

export interface MappingLock {
  /** Unmaps. Call it once, and not after the mapping's own `release`. */
  release(): void;
}

export interface MappingPort {
  /** Whether mappings are views, and why not. */
  readonly zeroCopy: { available: boolean; found: string };
  /**
   * `gst_memory_map`; null if it fails.
   * @param buffer the buffer that the memory was taken from, if any: GJS can write to it only through that buffer
   * @throws NotWritableError in GJS, for writing memory that is in a buffer other than `buffer`, or in several
   */
  mapMemory(memory: Handle, flags: number, buffer: Handle | null): RawMapping | null;
  /**
   * `gst_memory_resize` of a writable memory; `buffer` as for `mapMemory`.
   * @throws UnavailableError in GJS, for the memory of another buffer
   */
  resizeMemory(memory: Handle, buffer: Handle | null, offset: number, size: number): void;
  /**
   * `gst_buffer_map_range`; null if it fails.
   * @param buffer for writing, a buffer that nobody else refers to (`References.isWritable`)
   * @param length memories from `index` on; −1 for all
   */
  mapBuffer(buffer: Handle, index: number, length: number, flags: number): RawMapping | null;
  /**
   * Maps for reading a read-only memory whose file was mapped before, perhaps as another memory. Null for any other
   * memory, and on engines that keep no files mapped. The caller has checked that the file is long enough.
   */
  mapFile(memory: Handle): RawMapping | null;
  /**
   * Whether the memory is mapped for writing and also belongs to a buffer or a part: it cannot be shared then. GJS
   * knows only the mappings of this program, and assumes the second condition for them.
   */
  isBeingWritten(memory: Handle): boolean;
  /** Whether GStreamer might copy the memory of a buffer to write it; false if it certainly does not. */
  mayNeedCopy(memory: Handle): boolean;
  /** Whether this program has any memory mapped for writing; if not, `isBeingWritten` need not be called. */
  isAnyBeingWritten(): boolean;
  /** Whether a memory can be mapped now. */
  canMap(memory: Handle, flags: number): boolean;
  /**
   * Whether each memory of the buffer can be mapped now: GStreamer loses those that cannot when it reads or writes
   * bytes.
   */
  canMapAll(buffer: Handle, flags: number): boolean;
  /** `gst_buffer_extract` into fresh bytes. */
  extract(buffer: Handle, offset: number, size: number): Uint8Array<ArrayBuffer>;
}

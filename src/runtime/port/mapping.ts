import type { Handle } from '../../generated/symbols.ts';

export interface RawMapping {
  /** Length 0 once released, where the engine can detach. */
  readonly bytes: Uint8Array;
  /** The bytes are GStreamer's memory itself; false: a copy, written back at release where mapped for writing. */
  readonly zeroCopy: boolean;
  /** The mapping without its bytes: releases a mapping whose facade was lost. */
  readonly lock?: MappingLock;
  release(): void;
}

export interface MappingLock {
  /** Unmaps. Once, and not after the mapping's own `release`. */
  release(): void;
}

export interface MappingPort {
  /** Whether mappings are views, and why not. */
  readonly zeroCopy: { available: boolean; found: string };
  /**
   * `gst_memory_map`; null where GStreamer does not map it so.
   * @param buffer the buffer the memory was taken from, if any: GJS writes to the memory of a buffer through it alone
   * @throws NotWritableError in GJS, for writing memory that is in a buffer other than `buffer`, or in several
   */
  mapMemory(memory: Handle, flags: number, buffer: Handle | null): RawMapping | null;
  /**
   * `gst_memory_resize` of a writable memory; `buffer` as for `mapMemory`.
   * @throws UnavailableError in GJS, for the memory of another buffer
   */
  resizeMemory(memory: Handle, buffer: Handle | null, offset: number, size: number): void;
  /**
   * `gst_buffer_map_range`; null where GStreamer does not map it so.
   * @param buffer for writing, one that is the caller's alone (`References.isWritable`)
   * @param length memories from `index` on; −1 for all
   */
  mapBuffer(buffer: Handle, index: number, length: number, flags: number): RawMapping | null;
  /**
   * For reading, memory that nobody can write through, of a file that has come before, perhaps as another memory; null
   * where the engine keeps no such files mapped, and for any other memory. Its bytes must have been found to be there.
   */
  mapFile(memory: Handle): RawMapping | null;
  /**
   * Whether the memory is mapped for writing and somebody else's too, a buffer's or a part's: no one can share it then.
   * GJS knows only of mappings of this program, and takes what they map to be somebody else's too.
   */
  isBeingWritten(memory: Handle): boolean;
  /** Whether GStreamer might copy the memory of a buffer to write it; false where it certainly does not. */
  mayNeedCopy(memory: Handle): boolean;
  /** Whether this program has any memory mapped for writing: if not, `isBeingWritten` need not be asked. */
  isAnyBeingWritten(): boolean;
  /** Whether a memory can be mapped now, as it is. */
  canMap(memory: Handle, flags: number): boolean;
  /** Whether each memory of the buffer can be mapped now: C loses those that cannot when it is to read or write bytes. */
  canMapAll(buffer: Handle, flags: number): boolean;
  /** `gst_buffer_extract` into fresh bytes. */
  extract(buffer: Handle, offset: number, size: number): Uint8Array<ArrayBuffer>;
}

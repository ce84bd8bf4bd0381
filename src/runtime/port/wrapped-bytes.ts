import type { Handle } from '../../generated/symbols.ts';

export interface WrappedBytes {
  /** Whether GStreamer gets the bytes themselves, and why not. */
  readonly zeroCopy: { available: boolean; found: string };
  /**
   * Memory with these bytes (`gst_memory_new_wrapped`), or with a copy of them. Their ArrayBuffer is not detached, and not freed
   * before the memory.
   * @param bytes one or more, of an ArrayBuffer of fixed length
   */
  wrap(bytes: Uint8Array<ArrayBuffer>, readOnly: boolean): Handle;
}

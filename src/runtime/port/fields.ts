import type { FieldName, Handle } from '../../generated/symbols.ts';
import type { Family } from './references.ts';

/** Struct fields, read and written in place. */
export interface Fields {
  number(handle: Handle, field: FieldName): number;
  /** The first `count` of an array inside the struct. */
  numbers(handle: Handle, field: FieldName, count: number): number[];
  /** A 64-bit time or offset; all ones (`GST_CLOCK_TIME_NONE`) is null. */
  time(handle: Handle, field: FieldName): number | null;
  text(handle: Handle, field: FieldName): string | null;
  /** What a pointer field points to. */
  reference(handle: Handle, field: FieldName, family: Family): Handle | null;
  /** @throws UnavailableError in GJS, for flags that introspection has no name for */
  setNumber(handle: Handle, field: FieldName, value: number): void;
  setTime(handle: Handle, field: FieldName, value: number | null): void;
  /**
   * Flags of a buffer beyond those of GStreamer's core; each kind of media defines its own (`GstVideoBufferFlags`).
   */
  mediaFlags(buffer: Handle): number;
  /**
   * Replaces all flags of a buffer, including those of its media, except the lowest four, which are those of
   * mini-objects.
   */
  setBufferFlags(buffer: Handle, flags: number): void;
  /**
   * The flag word of a mini-object or a GstObject.
   * @throws UnavailableError in GJS, for a mini-object that is no buffer
   */
  flags(handle: Handle, family: Family): number;
}

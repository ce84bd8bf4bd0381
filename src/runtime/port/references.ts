import type { Handle } from '../../generated/symbols.ts';

/** How a reference is counted: GstMiniObject or GObject. */
export type Family = 'mini' | 'object';

export interface References {
  /** Whether dropped references wait for a collector, so that `drop` needs their size. */
  readonly collects: boolean;
  /** One more reference, as a handle of its own. */
  another(handle: Handle, family: Family): Handle;
  /**
   * Drops a reference. On Node that happens at once; in GJS the wrapper is left to the collector, which is driven by
   * `bytes`, the size of what the reference keeps alive.
   */
  drop(handle: Handle, family: Family, bytes: number): void;
  /** Counts one more handle that may be lost, for the collector. Does nothing on Node. */
  noteUse(): void;
  identical(a: Handle, b: Handle): boolean;
  /**
   * Whether the caller's reference is the only one (`gst_mini_object_is_writable`). For a memory, `buffer` is the
   * buffer that it was taken from, if any; GJS needs it to decide.
   */
  isWritable(mini: Handle, buffer?: Handle | null): boolean;
  /** Whether a memory may only be read (`GST_MEMORY_FLAG_READONLY`). */
  isReadOnly(memory: Handle, buffer: Handle | null): boolean;
  /**
   * Whether parts of a memory may become memories of their own (no `GST_MEMORY_FLAG_NO_SHARE`).
   * @throws UnavailableError in GJS, for empty memory that is in a buffer
   */
  mayShare(memory: Handle): boolean;
  /** Frees dropped references that wait for the collector. Does nothing on Node. */
  collect(): void;
  /**
   * Runs the engine's collector, to find facades that were lost without `dispose()`; finalizers run in a later turn.
   * Takes 4 ms where the heap is small, and 25 ms with a million live objects of 120 MB. Does nothing if the engine has
   * no such call.
   */
  collectLost(): void;
}

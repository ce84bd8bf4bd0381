import type { Handle } from '../../generated/symbols.ts';

/** A frame on its way through a filter. */
export interface PassingFrame {
  readonly buffer: Handle;
  /** A sample with its caps and its segment. */
  readonly origin: Handle;
}

/** Transfers data from an appsink to an appsrc of the same pipeline, beyond what the public API of the two can do. */
export interface Passage {
  /**
   * The next frame, or the next event that must be passed on behind the frames before it; null if neither comes within
   * `nanoseconds`. Frames carry their caps and segments.
   * @param alone whether nothing else takes frames out of the appsink, not even the appsink by dropping: then, if the
   *   engine can, the frame is returned without the sink's reference to it
   */
  next(sink: Handle, nanoseconds: number, alone: boolean): PassingFrame | { readonly event: Handle } | null;
  /** Flushes downstream of an appsrc, off the main thread where the engine can (`gst_event_new_flush_start`, `…_stop`). */
  flush(source: Handle): Promise<void>;
  /** Posts an error of that element on the bus (`gst_message_new_error`). */
  fail(element: Handle, text: string, debug: string): void;
}

import type { Handle } from '../../generated/symbols.ts';

/** A frame on its way through a filter. */
export interface PassingFrame {
  readonly buffer: Handle;
  /** A sample with its caps and its segment. */
  readonly origin: Handle;
}

/** What passes from an appsink to an appsrc of the same pipeline, beside what any program can do with the two. */
export interface Passage {
  /**
   * What comes next, for so many nanoseconds at most: a frame, an event that is to be passed on behind the frames before it,
   * or null for nothing. Caps and segments are told by the frames.
   * @param alone whether nobody else takes anything out of the appsink, which may drop by itself: then a frame can be given
   *   whole, where the engine can, so that the sink has no part in it any more
   */
  next(sink: Handle, nanoseconds: number, alone: boolean): PassingFrame | { readonly event: Handle } | null;
  /** Flushes downstream of an appsrc, off the main thread where the engine can (`gst_event_new_flush_start`, `…_stop`). */
  flush(source: Handle): Promise<void>;
  /** Posts an error of that element on the bus (`gst_message_new_error`). */
  fail(element: Handle, text: string, debug: string): void;
}

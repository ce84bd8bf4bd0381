import type { Handle } from '../../generated/symbols.ts';

/** Something that calls back on the main thread until it is closed. Idempotent. */
export interface Watch {
  close(): void;
}

/**
 * A watch that can be told to listen, and not to: listening costs the streaming thread something for each frame, and
 * keeps the process alive. It does not listen at first, and who tells it to must look once more before waiting.
 */
export interface FlowWatch extends Watch {
  listen(listening: boolean): void;
}

/** A watch that keeps the process alive as long as it is to. It does at first. */
export interface HoldingWatch extends Watch {
  hold(holds: boolean): void;
}

/**
 * Has appsinks hold up nothing, and gives what puts that back. Only an engine without another thread calls it, around what
 * blocks its only one.
 */
export type Lift = () => () => void;

export interface Waiting {
  /** Calls `wake` whenever the bus has messages to pop. GJS holds no program, whatever it is told. */
  watchBus(bus: Handle, wake: () => void): HoldingWatch;
  /** Readies an appsink, before it runs, for `watchSink`. */
  prepareSink(sink: Handle): void;
  /** Readies an appsrc, before it runs, for `watchSource`. */
  prepareSource(source: Handle): void;
  /** Calls `wake` when the appsink has a sample to pull or has ended. Spurious calls are possible. */
  watchSink(sink: Handle, wake: () => void): FlowWatch;
  /** Calls `wake` when the appsrc runs low. Spurious calls are possible. */
  watchSource(source: Handle, wake: () => void): FlowWatch;
  /**
   * Lets `answer` answer the allocation queries that reach the appsink. Each one waits for the main thread.
   * Throws `UnavailableError` where the engine has no way to answer.
   */
  watchAllocation(sink: Handle, answer: (query: Handle) => boolean): Watch;
  /** `gst_pad_peer_query` at once; null where it would have to wait for the data flow. */
  peerQueryNow(pad: Handle, query: Handle): boolean | null;
  /** `gst_pad_peer_query` off the main thread where the engine can: a serialized query waits for the data flow. */
  peerQuery(pad: Handle, query: Handle): Promise<boolean>;
  /**
   * `gst_video_convert_sample` off the main thread where the engine can. Rejects with `GstError`. It may have to wait for its
   * turn, and `isWanted` tells whether it still is then.
   */
  convertSample(sample: Handle, caps: Handle, timeout: number, isWanted: () => boolean): Promise<Handle>;
  /** `gst_element_seek_simple` in time, off the main thread where the engine can; see `Lift`. */
  seek(element: Handle, flags: number, position: number, lift: Lift): Promise<boolean>;
  /**
   * `gst_element_send_event` with an EOS event to a source, off the main thread where the engine can: it waits for what
   * the source is about to hand on; see `Lift`.
   */
  endStream(source: Handle, lift: Lift): Promise<boolean>;
  /** Lets a little time pass on the spot, less than a tenth of a millisecond; null where that would be of no use. */
  readonly nap: (() => void) | null;
  /** Calls back again and again, and keeps no process alive by that. */
  every(milliseconds: number, callback: () => void): Watch;
  /** Calls back once, when nothing holds the program any more and it is about to end; never in GJS, which does not tell. */
  beforeEnd(callback: () => void): Watch;
  /** Lets everything else on the main thread have its turn. */
  breathe(): Promise<void>;
  /** Whether `setState` blocks whoever could help it along: in a worker of Node's. GJS helps itself. */
  readonly changesBlock: boolean;
  /**
   * `gst_element_set_state` without blocking the main thread where the engine can; gives the GstStateChangeReturn.
   * @param lift null where no appsink can be full
   */
  setState(element: Handle, state: number, lift: Lift | null): Promise<number>;
}

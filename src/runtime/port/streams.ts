import type { Handle } from '../../generated/symbols.ts';
import type { FlowWatch, HoldingWatch, Watch } from './watch.ts';

/** Notifications from streaming threads to the main thread; no JavaScript runs on a streaming thread. */
export interface Streams {
  /** Calls `wake` whenever the bus has messages to pop. */
  watchBus(bus: Handle, wake: () => void): HoldingWatch;
  /** Prepares an appsink for `watchSink`, before it runs. */
  prepareSink(sink: Handle): void;
  /** Prepares an appsrc for `watchSource`, before it runs. */
  prepareSource(source: Handle): void;
  /** Calls `wake` when the appsink has a sample to pull or has ended. Spurious calls are possible. */
  watchSink(sink: Handle, wake: () => void): FlowWatch;
  /** Calls `wake` when the appsrc runs low. Spurious calls are possible. */
  watchSource(source: Handle, wake: () => void): FlowWatch;
  /**
   * Calls `answer` for the allocation queries that reach the appsink. The streaming thread waits for each answer.
   * @param answer gets the query, lent; returns whether it has answered it
   * @throws UnavailableError in GJS, and in a worker
   */
  watchAllocation(sink: Handle, answer: (query: Handle) => boolean): Watch;
}

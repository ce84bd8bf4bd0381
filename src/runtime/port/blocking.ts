import type { Handle } from '../../generated/symbols.ts';

/**
 * Lifts the limits of appsinks so that they block nothing; the result restores them. Only an engine without a second
 * thread calls it, around a call that blocks its only one.
 */
export type Lift = () => () => void;

/**
 * Calls that may wait for a streaming thread or take long. Node makes them on a thread of libuv's pool; GJS and workers
 * make them on their own thread.
 */
export interface Blocking {
  /**
   * Whether `setState` blocks this thread and does not lift the limits of appsinks: in a worker. GJS lifts them by
   * itself.
   */
  readonly changesBlock: boolean;
  /**
   * `gst_element_set_state`; resolves to the GstStateChangeReturn.
   * @param lift null where no appsink can be full
   */
  setState(element: Handle, state: number, lift: Lift | null): Promise<number>;
  /** `gst_element_seek_simple` in `GST_FORMAT_TIME`. */
  seek(element: Handle, flags: number, position: number, lift: Lift): Promise<boolean>;
  /** `gst_element_send_event` with an EOS event to a source: waits for the buffer that the source is about to push. */
  endStream(source: Handle, lift: Lift): Promise<boolean>;
  /** `gst_pad_send_event` with an EOS event to a sink pad: waits for the buffer that passes the pad. */
  endPad(pad: Handle): Promise<void>;
  /** `gst_pad_peer_query` on this thread, at once; null where it would have to wait for the data flow. */
  peerQueryNow(pad: Handle, query: Handle): boolean | null;
  /**
   * `gst_pad_peer_query`: a serialized query waits for the data flow.
   * @throws QueryError in GJS, if the data flow does not stop within a second and a half
   */
  peerQuery(pad: Handle, query: Handle): Promise<boolean>;
  /**
   * `gst_video_convert_sample`.
   * @param timeout nanoseconds
   * @param isWanted called when its turn comes: at most half of libuv's threads convert at once
   * @throws GstError when it fails, and when it is no longer wanted
   */
  convertSample(sample: Handle, caps: Handle, timeout: number, isWanted: () => boolean): Promise<Handle>;
}

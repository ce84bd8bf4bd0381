import type { WaitOptions } from '../wait.ts';

export interface ShmdataReaderOptions {
  /** Ends the iteration. */
  signal?: NonNullable<WaitOptions['signal']>;
  /**
   * Copy each frame, so that the writer can continue at once. Default false: the bytes are the shared memory itself,
   * and the writer waits until the next frame is requested.
   */
  copy?: boolean;
  /** Wait for the next writer when one has closed or died. Default true; false ends with the first writer. */
  reconnect?: boolean;
}

export interface ShmdataFrame {
  /**
   * The frame. Without `copy` it is shared memory, which is revoked (length 0) when the next frame is requested; all
   * other readers see writes to it.
   */
  readonly bytes: Uint8Array;
  /** Bytes of the frame. */
  readonly size: number;
  /** The writer's description of the frame: caps by convention. */
  readonly type: string;
}

/** Statistics of a reader; times are nanoseconds. */
export interface ShmdataReaderStatistics {
  frames: number;
  bytes: number;
  /** Time that frames were held, in total and at most: the writer could not continue meanwhile. */
  held: number;
  longestHold: number;
  /** Number of writers that the reader has been connected to. */
  connections: number;
}

/** Events that back ends report to a reader. */
export interface ReaderEvents {
  connected(type: string | null): void;
  disconnected(): void;
  refused(reason: string): void;
}

import type { WaitOptions } from '../wait.ts';

export interface ShmdataReaderOptions {
  /** Ends the reading. */
  signal?: NonNullable<WaitOptions['signal']>;
  /**
   * Give each frame as a copy that is yours, and let the writer go on at once. Default false: the bytes are the shared
   * memory itself, and the writer waits until the next frame is asked for.
   */
  copy?: boolean;
  /** Wait for the next writer when one has gone, politely or not. Default true; false ends with the first one. */
  reconnect?: boolean;
}

export interface ShmdataFrame {
  /**
   * The frame. Unless `copy` was asked for it is shared memory, which is taken away (length 0) when the next frame is
   * asked for; writing to it is seen by all other readers.
   */
  readonly bytes: Uint8Array;
  /** Bytes of the frame. */
  readonly size: number;
  /** What the writer says it is: caps by convention. */
  readonly type: string;
}

/** How a reader has fared; times are nanoseconds. */
export interface ShmdataReaderStatistics {
  frames: number;
  bytes: number;
  /** Time that frames were held, in all and at most: so long the writer could not go on. */
  held: number;
  longestHold: number;
  /** Writers it has been connected to. */
  connections: number;
}

/** What happens to a reader, for its back ends. */
export interface ReaderEvents {
  connected(type: string | null): void;
  disconnected(): void;
  refused(reason: string): void;
}

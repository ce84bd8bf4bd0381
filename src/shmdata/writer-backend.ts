import type { WaitOptions } from '../wait.ts';

/** Where a frame's bytes go. */
export interface FrameTarget {
  copy(bytes: Uint8Array, offset: number): void;
}

export interface Frame {
  readonly size: number;
  /** Whether copying it cannot fail. */
  readonly isCertain: boolean;
  copyTo(target: FrameTarget): void;
}

export interface WriterSettings {
  type: string;
  /** Bytes of the memory at first. */
  size: number;
  mode: number;
  /** Nanoseconds; infinite for no limit. */
  readerTimeout: number;
}

export interface WriterEvents {
  connect(id: number): void;
  disconnect(id: number): void;
}

/** How a writer has fared; times are nanoseconds. */
export interface WriterStatistics {
  /** Frames written. */
  frames: number;
  /** Bytes written. */
  bytes: number;
  /** Frames that `tryWrite` did not write, as readers were still at the one before. */
  dropped: number;
  /** Time that `write` waited for readers, in all and at most: how slow the slowest reader is. */
  waited: number;
  longestWait: number;
  /** How often all readers were sent away because one of them took longer than `readerTimeout`, or had died. */
  evictions: number;
}

/** What stands behind a `ShmdataWriter`. */
export interface WriterBackend {
  readonly clients: number;
  readonly statistics: WriterStatistics;
  /** Null when it is written already. */
  write(frame: Frame, options: WaitOptions): Promise<void> | null;
  tryWrite(frame: Frame): boolean;
  close(): Promise<void>;
}

import type { WaitOptions } from '../wait.ts';

/** The destination of a frame's bytes. */
export interface FrameTarget {
  copy(bytes: Uint8Array, offset: number): void;
}

export interface Frame {
  readonly size: number;
  /** Whether copying the frame cannot fail. */
  readonly isCertain: boolean;
  copyTo(target: FrameTarget): void;
}

export interface WriterSettings {
  type: string;
  /** Initial bytes of the memory. */
  size: number;
  mode: number;
  /** Nanoseconds; infinite for no limit. */
  readerTimeout: number;
}

export interface WriterEvents {
  connect(id: number): void;
  disconnect(id: number): void;
}

/** Statistics of a writer; times are nanoseconds. */
export interface WriterStatistics {
  /** Frames written. */
  frames: number;
  /** Bytes written. */
  bytes: number;
  /** Frames that `tryWrite` did not write because readers still used the previous one. */
  dropped: number;
  /** Time that `write` waited for readers, in total and at most: how slow the slowest reader is. */
  waited: number;
  longestWait: number;
  /** How often all readers were disconnected because one of them took longer than `readerTimeout`, or had died. */
  evictions: number;
}

/** The back end of a `ShmdataWriter`. */
export interface WriterBackend {
  readonly clients: number;
  readonly statistics: WriterStatistics;
  /** Null when the frame is already written. */
  write(frame: Frame, options: WaitOptions): Promise<void> | null;
  tryWrite(frame: Frame): boolean;
  close(): Promise<void>;
}

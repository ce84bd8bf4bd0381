import type { Handle } from '../../generated/symbols.ts';

/** System calls that no library wraps. Results below 0 are −errno. */
export interface SystemCalls {
  /** Bytes. */
  readonly pageSize: number;
  /** Opens a device, makes one `ioctl` call, which may write to the argument, and closes it. */
  askDevice(path: string, request: number, argument: Uint8Array): number;
  fcntl(fd: number, command: number, argument: number): number;
  /** Name of the errno in a result below 0. */
  errorName(result: number): string;
}

/** Threads of this process. */
export interface Threads {
  /** Prevents an object from being posted to another thread, where it would arrive empty. */
  keepHere(object: object): void;
  /** Stops the pipeline when this thread, a worker, is terminated before `stopped` is called. */
  stopAtEnd(pipeline: Handle): void;
  /** Ends `stopAtEnd`: the pipeline was stopped. */
  stopped(pipeline: Handle): void;
  /**
   * Number of threads of a name (of at most 15 characters) that sleep in `poll`; null if the kernel does not report it.
   */
  polling(name: string): number | null;
}

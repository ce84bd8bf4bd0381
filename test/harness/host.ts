/**
 * What the specs need of the machine besides the package: file descriptors by number and a second process. Each engine
 * implements it; `#host` picks one, as `#runtime` does for the package.
 */
import type * as package_ from '../../src/index.ts';

export type Package = typeof package_;

/** Runs in another process: it sees its arguments and globals, nothing of the file it is written in. */
export type Program<T> = (gst: Package, tools: { collect(): Promise<void> }) => T | Promise<T>;

export interface Ran<T> {
  /** Exit status; null when a signal ended it. */
  status: number | null;
  /** What the program returned, by way of JSON; undefined when it did not get that far. */
  value: T | undefined;
  stderr: string;
}

export interface Host {
  /** For files and sockets of a test's own. */
  readonly temporaryFolder: string;
  readonly processId: number;
  /** A variable of the environment; empty where there is none. */
  environment(name: string): string;
  /** For C, which reads it now, and for programs that are started from now on. Null takes the variable away. */
  setEnvironment(name: string, value: string | null): void;
  /** An fd, open for reading and writing, of a file without a name that holds the bytes. */
  openFile(bytes: Uint8Array): number;
  /** An fd of an existing file or device, open for reading alone. */
  openReadOnly(path: string): number;
  /** An fd of a device, open for reading and writing. */
  openDevice(path: string): number;
  /** An fd of a directory; null where the engine opens none. */
  openDirectory(): number | null;
  openSocket(): number;
  /** Both ends are open until each is closed. */
  openPipe(): { read: number; write: number };
  /** Another fd of the same open file. */
  duplicate(fd: number): number;
  isOpen(fd: number): boolean;
  close(fd: number): void;
  read(fd: number, offset: number, length: number): Uint8Array;
  write(fd: number, offset: number, bytes: Uint8Array): void;
  /** Makes the file shorter, or longer. */
  truncate(fd: number, size: number): void;
  /** Which file the fd is of: equal for duplicates. */
  fileOf(fd: number): string;
  openFds(): number[];
  /** What `/proc` says the fd is of; empty when it is closed. */
  linkOf(fd: number): string;
  /** Resolves when dropped references are released: at once where the engine counts them, else after a collection. */
  settled(): Promise<void>;
  /** One run of the collector, here and now. */
  collectOnce(): void;
  /** Runs the collector, which removes raw wrappers that nobody holds. */
  collect(): Promise<void>;
  /** Whether `dispose()` has its effect before it returns; false where the engine leaves it to the collector. */
  readonly disposesAtOnce: boolean;
  run<T>(program: Program<T>, environment?: Record<string, string>): Promise<Ran<T>>;
}

import type { RawMapping } from './mapping.ts';
import type { StreamListener, StreamSocket } from './sockets.ts';
import type { Watch } from './waiting.ts';

/** What a path names. */
export interface PathIdentity {
  device: bigint;
  inode: bigint;
  isSocket: boolean;
}

/** A shared memory segment's state (`struct shmid_ds`). */
export interface SegmentStatus {
  size: number;
  /** Processes' attachments. */
  attached: number;
  /** Process that made it; 0 when it is of another PID namespace. */
  creator: number;
  mode: number;
}

/** SysV IPC, and what goes with it. Numbers below 0 are −errno. */
export interface SystemV {
  /** What a path names; null for nothing. `followLinks`: what a symbolic link points to, else the link itself. */
  identify(path: string, followLinks: boolean): PathIdentity | null;
  /** Another name for a file (`link`), which must be free; 0 or −errno. */
  link(path: string, name: string): number;
  rename(path: string, name: string): number;
  /** Removes a name; 0 or −errno. */
  unlink(path: string): number;
  list(folder: string): string[];
  isAlive(process: number): boolean;
  /** This process's id. */
  readonly process: number;
  /** Calls back while the process exits in an orderly way, where nothing can be awaited any more. Gives what ends that. */
  atExit(callback: () => void): () => void;

  /** `shmget` */
  getSegment(key: number, size: number, flags: number): number;
  /** `shmat`: the address. */
  attachSegment(id: number): number;
  /** `shmdt` */
  detachSegment(address: number): void;
  /** Has the kernel provide the pages of a segment (`madvise`), off the main thread; where it cannot, nothing happens. */
  populate(address: number, size: number): Promise<void>;
  segmentStatus(id: number): SegmentStatus | null;
  /** `shmctl(IPC_RMID)` */
  removeSegment(id: number): void;
  /** Copies bytes to an address; the caller has seen to it that they fit. */
  copy(bytes: Uint8Array, address: number): void;
  /** The bytes at an address, without a copy where the engine can; they are taken away at `release`. */
  view(address: number, size: number): RawMapping;

  /** `semget` of a set of two */
  getSet(key: number, flags: number): number;
  /** `semop`: 0 or −errno. Every operation that could wait must have IPC_NOWAIT. */
  operate(id: number, operations: Uint8Array): number;
  /** The same with operations that may wait, on the spot, for so many nanoseconds at most: then it is −EAGAIN. */
  operateSoon(id: number, operations: Uint8Array, nanoseconds: number): number;
  /** Comes back when a semaphore is 0, the set is gone, or the milliseconds are over; off the main thread. */
  whenZero(id: number, semaphore: number, milliseconds: number): Promise<void>;
  /** `semctl(GETVAL)` */
  value(id: number, semaphore: number): number;
  /** `semctl(IPC_RMID)` */
  removeSet(id: number): void;

  /** Rejects with an error whose `code` is errno's name. */
  connect(path: string, listener: StreamListener): Promise<StreamSocket>;
  /** Listens at a new name with that mode. Closing leaves the name to the caller. */
  listen(path: string, mode: number, accept: (socket: StreamSocket) => StreamListener): Promise<Watch>;
}

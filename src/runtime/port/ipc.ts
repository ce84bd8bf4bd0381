import type { RawMapping } from './mapping.ts';

/** A shared memory segment's state (`struct shmid_ds`). */
export interface SegmentStatus {
  size: number;
  /** Processes' attachments. */
  attached: number;
  /** Process that made it; 0 for a process of another PID namespace. */
  creator: number;
  mode: number;
}

/** SysV shared memory and semaphores. Results below 0 are −errno. */
export interface Ipc {
  /** `shmget` */
  getSegment(key: number, size: number, flags: number): number;
  /** `shmat`: the address. */
  attachSegment(id: number): number;
  /** `shmdt` */
  detachSegment(address: number): void;
  /**
   * Makes the kernel provide the pages of a segment (`madvise`), off the main thread; does nothing where that is not
   * possible.
   */
  populate(address: number, size: number): Promise<void>;
  segmentStatus(id: number): SegmentStatus | null;
  /** `shmctl(IPC_RMID)` */
  removeSegment(id: number): void;
  /** Copies bytes to an address. The caller has checked that they fit. */
  copy(bytes: Uint8Array, address: number): void;
  /** The bytes at an address, without a copy where the engine can; they are detached at `release`. */
  view(address: number, size: number): RawMapping;

  /** `semget` of a set of two */
  getSet(key: number, flags: number): number;
  /** `semop`: 0 or −errno. Every operation that could wait must have IPC_NOWAIT. */
  operate(id: number, operations: Uint8Array): number;
  /** `semtimedop`: blocks this thread for `nanoseconds` at most; −EAGAIN after that. */
  operateSoon(id: number, operations: Uint8Array, nanoseconds: number): number;
  /** Resolves when a semaphore is 0, the set is removed, or the milliseconds are over; does not block this thread. */
  whenZero(id: number, semaphore: number, milliseconds: number): Promise<void>;
  /** `semctl(GETVAL)` */
  value(id: number, semaphore: number): number;
  /** `semctl(IPC_RMID)` */
  removeSet(id: number): void;
}

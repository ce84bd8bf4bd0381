/**
 * The two semaphores of a shmdata. Number 0 counts readers that still owe a release, plus one while the writer writes;
 * number 1 is 1 while the writer writes. No call waits long, and the kernel undoes the changes of a process that dies.
 */
import { needSystemV } from './ipc-keys.ts';

const owing = 0;
const writing = 1;
const dontWait = 0o4000; // IPC_NOWAIT
const undo = 0x1000; // SEM_UNDO
const create = 0o1000; // IPC_CREAT
const exclusive = 0o2000; // IPC_EXCL
const largestChange = 0x7fff;

/** Errors of `semop`, as the port returns them. */
export const busy = -11; // −EAGAIN

type Operation = readonly [semaphore: number, change: number, flags: number];

const operations = (...list: Operation[]): Uint8Array => new Uint8Array(Int16Array.from(list.flat()).buffer);

const lock = operations([owing, 0, dontWait], [writing, 1, undo], [owing, 1, undo]);
const lockSoon = operations([owing, 0, 0], [writing, 1, undo], [owing, 1, undo]);
const unlock = operations([owing, -1, undo | dontWait], [writing, -1, undo | dontWait]);
/** No net change, but from now on the kernel releases for this reader if it dies. */
const owe = operations([owing, 1, undo], [owing, -1, 0]);
const enter = operations([writing, 0, dontWait]);
const enterSoon = operations([writing, 0, 0]);
const leave = operations([owing, -1, undo | dontWait]);
/** For a release that another process made for this reader: removes only the kernel's undo entry. */
const forget = operations([owing, 1, 0], [owing, -1, undo]);
const change = new Int16Array([owing, 0, dontWait]);
const changeBytes = new Uint8Array(change.buffer);

export class FrameLock {
  readonly #key: number;
  readonly #mode: number;
  #id: number;

  private constructor(key: number, mode: number, id: number) {
    this.#key = key;
    this.#mode = mode;
    this.#id = id;
  }

  /** A new set, or −errno. */
  static create(key: number, mode: number): FrameLock | number {
    const id = FrameLock.#createSet(key, mode);
    return id < 0 ? id : new FrameLock(key, mode, id);
  }

  static #createSet(key: number, mode: number): number {
    const systemV = needSystemV();
    const flags = create | exclusive | mode;
    const first = systemV.ipc.getSet(key, flags);
    if (first !== 0) return first;
    // Other implementations of readers take identifier 0 for none. The kernel then gives another one.
    systemV.ipc.removeSet(first);
    return systemV.ipc.getSet(key, flags);
  }

  /** The writer's set; null when there is none, or this user may not access it. */
  static open(key: number): FrameLock | null {
    const id = needSystemV().ipc.getSet(key, 0);
    return id < 0 ? null : new FrameLock(key, 0, id);
  }

  /** Readers that still owe a release; 0 when the set is gone. Do not call it while the writer writes. */
  get owing(): number {
    return Math.max(needSystemV().ipc.value(this.#id, owing), 0);
  }

  /** Begins writing if no reader owes a release: 0, `busy`, or another −errno when the set is gone. */
  tryLock(): number {
    return needSystemV().ipc.operate(this.#id, lock);
  }

  /** The same, but blocks the thread for at most `nanoseconds`. */
  lockSoon(nanoseconds: number): number {
    return needSystemV().ipc.operateSoon(this.#id, lockSoon, nanoseconds);
  }

  /** Adds `readers` to the releases that are owed. */
  commit(readers: number): void {
    this.#change(readers);
  }

  /** Releases for readers that never will. */
  subtract(readers: number): void {
    this.#change(-readers);
  }

  #change(readers: number): void {
    if (readers === 0) return;
    change[1] = Math.max(-largestChange, Math.min(readers, largestChange));
    needSystemV().ipc.operate(this.#id, changeBytes);
  }

  /** Ends writing: 0, or −errno when another process has changed the set. */
  unlock(): number {
    return needSystemV().ipc.operate(this.#id, unlock);
  }

  /** Resolves when no reader owes a release, or after `milliseconds`. */
  whenReleased(milliseconds: number): Promise<void> {
    return needSystemV().ipc.whenZero(this.#id, owing, milliseconds);
  }

  /** Makes the kernel release an announced frame if the reader dies: 0, or −errno when the set is gone. */
  owe(): number {
    return needSystemV().ipc.operate(this.#id, owe);
  }

  /** Begins reading if the writer is not writing: 0, `busy`, or another −errno when the set is gone. */
  tryEnter(): number {
    return needSystemV().ipc.operate(this.#id, enter);
  }

  /** The same, but blocks the thread for at most `nanoseconds`. */
  enterSoon(nanoseconds: number): number {
    return needSystemV().ipc.operateSoon(this.#id, enterSoon, nanoseconds);
  }

  /** Ends reading, whether it began or not. */
  leave(): void {
    if (needSystemV().ipc.operate(this.#id, leave) === busy) needSystemV().ipc.operate(this.#id, forget);
  }

  /** Resolves when the writer is not writing, or after `milliseconds`. */
  whenWritten(milliseconds: number): Promise<void> {
    return needSystemV().ipc.whenZero(this.#id, writing, milliseconds);
  }

  /** Replaces the set by a new one; processes that still use the old one find it gone. 0 or −errno. */
  renew(): number {
    this.remove();
    const id = FrameLock.#createSet(this.#key, this.#mode);
    if (id < 0) return id;
    this.#id = id;
    return 0;
  }

  remove(): void {
    needSystemV().ipc.removeSet(this.#id);
  }
}

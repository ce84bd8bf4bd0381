/**
 * The two semaphores of a shmdata. Number 0 counts the readers that still owe a release, and one more while the writer
 * works; number 1 is 1 while the writer works. Nothing here waits for long, and what a process owes is undone when it dies.
 */
import { needSystemV } from './ipc-keys.ts';

const owing = 0;
const writing = 1;
const dontWait = 0o4000; // IPC_NOWAIT
const undo = 0x1000; // SEM_UNDO
const create = 0o1000; // IPC_CREAT
const exclusive = 0o2000; // IPC_EXCL
const largestChange = 0x7fff;

/** Errors of `semop`, as the port gives them. */
export const busy = -11; // −EAGAIN

type Operation = readonly [semaphore: number, change: number, flags: number];

const operations = (...list: Operation[]): Uint8Array => new Uint8Array(Int16Array.from(list.flat()).buffer);

const lock = operations([owing, 0, dontWait], [writing, 1, undo], [owing, 1, undo]);
const lockSoon = operations([owing, 0, 0], [writing, 1, undo], [owing, 1, undo]);
const unlock = operations([owing, -1, undo | dontWait], [writing, -1, undo | dontWait]);
/** No change in sum, but from now on the kernel releases for a reader that dies. */
const owe = operations([owing, 1, undo], [owing, -1, 0]);
const enter = operations([writing, 0, dontWait]);
const enterSoon = operations([writing, 0, 0]);
const leave = operations([owing, -1, undo | dontWait]);
/** For a release that somebody else made in the reader's place: only the kernel's note goes. */
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

  /** A fresh set, or −errno. */
  static create(key: number, mode: number): FrameLock | number {
    const id = FrameLock.#createSet(key, mode);
    return id < 0 ? id : new FrameLock(key, mode, id);
  }

  static #createSet(key: number, mode: number): number {
    const systemV = needSystemV();
    const flags = create | exclusive | mode;
    const first = systemV.ipc.getSet(key, flags);
    if (first !== 0) return first;
    // Other makes of readers take identifier 0 for none. The kernel goes on to another one.
    systemV.ipc.removeSet(first);
    return systemV.ipc.getSet(key, flags);
  }

  /** The writer's set; null when there is none, or it is not for this user. */
  static open(key: number): FrameLock | null {
    const id = needSystemV().ipc.getSet(key, 0);
    return id < 0 ? null : new FrameLock(key, 0, id);
  }

  /** Readers that still owe a release; 0 when the set is gone. Not to be asked while the writer works. */
  get owing(): number {
    return Math.max(needSystemV().ipc.value(this.#id, owing), 0);
  }

  /** The writer begins, when no reader is at work: 0, `busy`, or another −errno when the set is gone. */
  tryLock(): number {
    return needSystemV().ipc.operate(this.#id, lock);
  }

  /** The same, but waits on the spot for so many nanoseconds at most. */
  lockSoon(nanoseconds: number): number {
    return needSystemV().ipc.operateSoon(this.#id, lockSoon, nanoseconds);
  }

  /** So many readers have to release now. */
  commit(readers: number): void {
    this.#change(readers);
  }

  /** Releases in the place of readers that never will. */
  subtract(readers: number): void {
    this.#change(-readers);
  }

  #change(readers: number): void {
    if (readers === 0) return;
    change[1] = Math.max(-largestChange, Math.min(readers, largestChange));
    needSystemV().ipc.operate(this.#id, changeBytes);
  }

  /** The writer is done: 0, or −errno where somebody has meddled with the set. */
  unlock(): number {
    return needSystemV().ipc.operate(this.#id, unlock);
  }

  /** Comes back when no reader owes a release, or the milliseconds are over. */
  whenReleased(milliseconds: number): Promise<void> {
    return needSystemV().ipc.whenZero(this.#id, owing, milliseconds);
  }

  /** The reader was told of a frame, and dies no more without releasing it: 0, or −errno when the set is gone. */
  owe(): number {
    return needSystemV().ipc.operate(this.#id, owe);
  }

  /** The reader begins, when the writer is not at work: 0, `busy`, or another −errno when the set is gone. */
  tryEnter(): number {
    return needSystemV().ipc.operate(this.#id, enter);
  }

  /** The same, but waits on the spot for so many nanoseconds at most. */
  enterSoon(nanoseconds: number): number {
    return needSystemV().ipc.operateSoon(this.#id, enterSoon, nanoseconds);
  }

  /** The reader is done, whether it ever began or not. */
  leave(): void {
    if (needSystemV().ipc.operate(this.#id, leave) === busy) needSystemV().ipc.operate(this.#id, forget);
  }

  /** Comes back when the writer is not at work, or the milliseconds are over. */
  whenWritten(milliseconds: number): Promise<void> {
    return needSystemV().ipc.whenZero(this.#id, writing, milliseconds);
  }

  /** A new set in the place of this one: whoever still uses the old one finds it gone. 0 or −errno. */
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

/**
 * Rules for this thread. A worker can be terminated at any time: it runs no JavaScript from then on, and koffi ends the
 * whole process if it is about to call back or is making a function. All differences of a worker follow from the rules
 * below, and no other file asks which thread it runs on.
 */
import { isMainThread } from 'node:worker_threads';

interface ThreadRules {
  /** C functions may be bound at their first call; else all of them are bound when this thread starts. */
  readonly bindsLate: boolean;
  /**
   * koffi may call back: from libuv's threads, for watched fds, as a signal handler. Else timers poll, and calls block.
   */
  readonly callsBack: boolean;
  /** Locks and maps that are held over a turn of the loop are released before this thread ends. */
  readonly mayHold: boolean;
  /** node-gtk can be loaded. */
  readonly hasRawObjects: boolean;
  /** This thread may end before the process, and then stops its pipelines. */
  readonly endsAlone: boolean;
}

export const thread: ThreadRules = isMainThread
  ? { bindsLate: true, callsBack: true, mayHold: true, hasRawObjects: true, endsAlone: false }
  : { bindsLate: false, callsBack: false, mayHold: false, hasRawObjects: false, endsAlone: true };

/**
 * What this thread may do. A worker can be terminated at any time: it runs no JavaScript from then on, and koffi, where it
 * is about to call back or is making a function, ends the whole process. All that differs in a worker follows from the
 * rules below, and no other file asks which thread it runs on.
 */
import { isMainThread } from 'node:worker_threads';

interface ThreadRules {
  /** C functions are bound at their first call; else all of them when this thread starts. */
  readonly bindsLate: boolean;
  /**
   * koffi may call back: from libuv's threads, for watched fds, as a handler of signals. Else timers look, and calls
   * block.
   */
  readonly callsBack: boolean;
  /** What is held in C over a turn of the loop, locks and maps, is let go of before this thread ends. */
  readonly mayHold: boolean;
  /** node-gtk can be loaded. */
  readonly hasRawObjects: boolean;
  /** This thread may end before the process, and stops its pipelines then. */
  readonly endsAlone: boolean;
}

export const thread: ThreadRules = isMainThread
  ? { bindsLate: true, callsBack: true, mayHold: true, hasRawObjects: true, endsAlone: false }
  : { bindsLate: false, callsBack: false, mayHold: false, hasRawObjects: false, endsAlone: true };

import type { Watch } from './watch.ts';

/** The main loop of the engine. */
export interface Loop {
  /** Lets the rest of the main loop run once. */
  breathe(): Promise<void>;
  /** Calls back periodically, without keeping the process alive. */
  every(milliseconds: number, callback: () => void): Watch;
  /**
   * Calls back once, when nothing keeps the program alive and it is about to end; never in GJS, which has no such
   * event.
   */
  beforeEnd(callback: () => void): Watch;
  /**
   * Blocks this thread for less than a tenth of a millisecond; null in GJS, where only the collector returns dropped
   * buffers.
   */
  readonly nap: (() => void) | null;
}

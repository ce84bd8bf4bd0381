import type { Watch } from './watch.ts';

/** The main loop of the engine. */
export interface Loop {
  /** Lets everything else on the main thread have its turn. */
  breathe(): Promise<void>;
  /** Calls back again and again, without keeping the process alive. */
  every(milliseconds: number, callback: () => void): Watch;
  /** Calls back once, when nothing holds the program any more and it is about to end; never in GJS, which does not tell. */
  beforeEnd(callback: () => void): Watch;
  /**
   * Blocks this thread for less than a tenth of a millisecond; null in GJS, where dropped buffers come back by the
   * collector alone.
   */
  readonly nap: (() => void) | null;
}

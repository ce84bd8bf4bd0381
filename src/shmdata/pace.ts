/** Milliseconds of consecutive frames before they yield to the event loop. */
export const longestTurn = 4;
/** Nanoseconds that the main thread blocks for a peer, at most. */
export const longestBlock = 1e6;
/** Milliseconds; after a shorter wait, the next one blocks the main thread. */
const fastWait = 1;

/**
 * Whether a peer is so fast that blocking the main thread for it pays: a trip through the event loop, or to another
 * thread and back, takes longer than the wait. A peer in this process cannot run while the thread is blocked.
 */
export class Pace {
  #isFast: boolean;
  readonly #isOurs: () => boolean;

  constructor(isOurs: () => boolean) {
    this.#isOurs = isOurs;
    this.#isFast = true;
  }

  get isFast(): boolean {
    return this.#isFast && !this.#isOurs();
  }

  /** Records whether a blocking wait was in vain. */
  blocked(inVain: boolean): void {
    this.#isFast = !inVain;
  }

  /** Records the duration of a wait through the event loop. */
  waited(milliseconds: number): void {
    this.#isFast = milliseconds < fastWait;
  }
}

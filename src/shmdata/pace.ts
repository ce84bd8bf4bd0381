/** Milliseconds of frames in a row, after which everything else on the main thread has its turn. */
export const longestTurn = 4;
/** Nanoseconds that the main thread waits on the spot for a peer, at most. */
export const longestBlock = 1e6;
/** Milliseconds; where a wait is over sooner, the next one is tried on the spot. */
const fastWait = 1;

/**
 * Whether a peer is so fast that waiting for it on the spot pays: a trip through the event loop, or to another thread and
 * back, takes longer than what it is waited for. One that is in this very process never gets to it then.
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

  /** A wait on the spot was in vain, or was not. */
  blocked(inVain: boolean): void {
    this.#isFast = !inVain;
  }

  /** A wait through the event loop took so many milliseconds. */
  waited(milliseconds: number): void {
    this.#isFast = milliseconds < fastWait;
  }
}

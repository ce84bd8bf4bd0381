import { runtime } from '#runtime';

const { sockets } = runtime;

/** Milliseconds between checks. */
const lookInterval = 200;

/**
 * Detects that the writer is gone while its reader waits for a frame. The elements do so themselves, except when a
 * writer dies in the middle of a message: `unixfdsrc` then asks for the rest forever (seen with GStreamer 1.28).
 */
export class WriterWatch {
  /** Whether the reader waits for the writer. */
  isWaiting = true;
  #isGone = false;
  #looks = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  /** @param gone is called once */
  constructor(path: string, gone: () => void) {
    const listener = look(path);
    // A listener in another network namespace cannot be found.
    if (listener === null || listener === undefined) return;
    this.#timer = setInterval(() => {
      // The elements first get time to report data that has just arrived.
      this.#looks = this.isWaiting ? this.#looks + 1 : 0;
      if (this.#looks < 2) return;
      const found = look(path);
      if (found === undefined || found === listener) return;
      this.#isGone = true;
      this.close();
      gone();
    }, lookInterval);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** Undefined when no fd is left for the check: an exception in a timer would not be caught. */
function look(path: string): ReturnType<typeof sockets.listener> | undefined {
  try {
    return sockets.listener(path);
  } catch {
    return undefined;
  }
}

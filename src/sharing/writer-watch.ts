import { runtime } from '#runtime';

const { sockets } = runtime;

/** Milliseconds between looks. */
const lookInterval = 200;

/**
 * Notices that a writer is gone while its reader waits for a frame. Elements do so by themselves, but for one case: of a
 * writer that dies in the midst of a message, `unixfdsrc` asks for the rest without end (seen with GStreamer 1.28).
 */
export class WriterWatch {
  /** Whether it is the writer's turn. */
  isWaiting = true;
  #isGone = false;
  #looks = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  /** @param gone is called once */
  constructor(path: string, gone: () => void) {
    const listener = sockets.listener(path);
    // One of another network namespace cannot be looked for.
    if (listener === null) return;
    this.#timer = setInterval(() => {
      // What came just now is told by the elements first.
      this.#looks = this.isWaiting ? this.#looks + 1 : 0;
      if (this.#looks < 2 || sockets.listener(path) === listener) return;
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

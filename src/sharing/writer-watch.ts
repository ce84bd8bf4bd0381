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
    const listener = look(path);
    // One of another network namespace cannot be looked for.
    if (listener === null || listener === undefined) return;
    this.#timer = setInterval(() => {
      // What came just now is told by the elements first.
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

/** Undefined when no fd is left to look with: nobody would catch it in a timer. */
function look(path: string): ReturnType<typeof sockets.listener> | undefined {
  try {
    return sockets.listener(path);
  } catch {
    return undefined;
  }
}

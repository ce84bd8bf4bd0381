import { runtime } from '#runtime';
import type { Watch } from '../runtime/port/index.ts';

/** Milliseconds within which an error can still be handled. */
const grace = 1000;

/**
 * An error that no code has handled yet. It is handled by a wait that rejects with it, by a reader of the messages, and by
 * a call within a second; open loops will handle it. Otherwise, or when the program ends before that, it is reported.
 */
export class Unheard {
  #error: Error | null = null;
  /** Loops that will throw the error, or yield it, in their next turn. */
  #loops = 0;
  #watches: Watch[] = [];
  readonly #tell: (error: Error) => void;

  /** @param tell reports the error */
  constructor(tell = (error: Error): void => runtime.diagnostics.unawaited(error)) {
    this.#tell = tell;
  }

  raise(error: Error): void {
    this.hear();
    this.#error = error;
    const patience = runtime.loop.every(grace, () => this.#loops === 0 && this.#report());
    this.#watches = [patience, runtime.loop.beforeEnd(() => this.#report())];
  }

  /** The error is handled. */
  hear(): void {
    this.#error = null;
    for (const watch of this.#watches.splice(0)) watch.close();
  }

  /** A loop begins. Returns a function that ends it. */
  enter(): () => void {
    this.#loops++;
    let isOpen = true;
    return () => {
      if (isOpen) this.#loops--;
      isOpen = false;
    };
  }

  #report(): void {
    const error = this.#error;
    this.hear();
    if (error) this.#tell(error);
  }
}

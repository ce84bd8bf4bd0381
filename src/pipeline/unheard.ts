import { runtime } from '#runtime';
import type { Watch } from '../runtime/port/index.ts';

/** Milliseconds in which somebody may still ask. */
const grace = 1000;

/**
 * An error that nobody has heard of yet. Whoever waits for something that fails with it, reads it among the messages, or
 * asks within a second has heard; open loops will. Otherwise, or where the program ends before that, it is reported.
 */
export class Unheard {
  #error: Error | null = null;
  /** Loops that will throw it, or hand it out, in their next turn. */
  #loops = 0;
  #watches: Watch[] = [];
  readonly #tell: (error: Error) => void;

  /** @param tell reports it */
  constructor(tell = (error: Error): void => runtime.diagnostics.unawaited(error)) {
    this.#tell = tell;
  }

  raise(error: Error): void {
    this.hear();
    this.#error = error;
    const patience = runtime.loop.every(grace, () => this.#loops === 0 && this.#report());
    this.#watches = [patience, runtime.loop.beforeEnd(() => this.#report())];
  }

  /** Somebody has heard of it. */
  hear(): void {
    this.#error = null;
    for (const watch of this.#watches.splice(0)) watch.close();
  }

  /** A loop begins. Gives what ends it. */
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

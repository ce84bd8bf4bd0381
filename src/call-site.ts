import { GstError } from './errors.ts';

/** V8's own. Stacks in GJS lead back to the caller by themselves. */
const { captureStackTrace } = Error as { captureStackTrace?: (target: object, below: unknown) => void };

/**
 * Where a wait began: what is rejected from the main loop has no line of the caller's in its stack. The frames are taken
 * here; they become text only where somebody asks.
 */
export class CallSite {
  declare readonly stack?: string;

  /** @param below the function whose callers count */
  constructor(below: unknown) {
    captureStackTrace?.(this, below);
  }

  /** Adds the caller's lines to an error of this package's; others come as they are. */
  lead(error: unknown): void {
    const isOurs = error instanceof GstError || (error as Partial<Error> | null)?.name === 'TimeoutError';
    if (!isOurs || !this.stack) return;
    const { stack } = error as Error;
    const frames = this.stack.slice(this.stack.indexOf('\n') + 1);
    if (!stack?.includes(frames)) (error as Error).stack = `${stack}\n    --- awaited ---\n${frames}`;
  }
}

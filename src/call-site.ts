import { GstError } from './errors.ts';

/** V8 only. In GJS, stacks reach back to the caller by themselves. */
const { captureStackTrace } = Error as { captureStackTrace?: (target: object, below: unknown) => void };

/**
 * Where a wait began: an error that is rejected from the main loop has no line of the caller in its stack. The frames
 * are captured here; they become text only on request.
 */
export class CallSite {
  declare readonly stack?: string;

  /** @param below the function whose callers are recorded */
  constructor(below: unknown) {
    captureStackTrace?.(this, below);
  }

  /** Adds the caller's lines to an error of this package; other errors are left as they are. */
  lead(error: unknown): void {
    const isOurs = error instanceof GstError || (error as Partial<Error> | null)?.name === 'TimeoutError';
    if (!isOurs || !this.stack) return;
    const { stack } = error as Error;
    const frames = this.stack.slice(this.stack.indexOf('\n') + 1);
    if (!stack?.includes(frames)) (error as Error).stack = `${stack}\n    --- awaited ---\n${frames}`;
  }
}

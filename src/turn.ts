/** A loop whose awaits settle at once starves the event loop: sockets, timers and signals wait behind it. */
import { runtime } from '#runtime';

/** When the event loop last ran. */
let turn = performance.now();
let breath: Promise<void> | null = null;

/** One turn of the event loop for all callers, whose own turns would add up. */
function breathe(): Promise<void> {
  breath ??= runtime.loop.breathe().then(() => {
    breath = null;
    turn = performance.now();
  });
  return breath;
}

/** Whether the event loop has not run for `longest` milliseconds. */
export const isTurnDue = (longest: number): boolean => performance.now() - turn > longest;

/** Lets the event loop run; null if it has run within the last `longest` milliseconds. */
export function shareTurn(longest: number): Promise<void> | null {
  return isTurnDue(longest) ? breathe() : null;
}

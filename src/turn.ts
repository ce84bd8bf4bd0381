/** A loop whose awaits are over before they begin leaves nothing else a turn: sockets, timers and signals wait behind it. */
import { runtime } from '#runtime';

/** When everything else last had its turn. */
let turn = performance.now();
let breath: Promise<void> | null = null;

/** One breath for all: those who took theirs one after the other would add up. */
function breathe(): Promise<void> {
  breath ??= runtime.loop.breathe().then(() => {
    breath = null;
    turn = performance.now();
  });
  return breath;
}

/** Whether everything else on the main thread has had no turn for so many milliseconds. */
export const isTurnDue = (longest: number): boolean => performance.now() - turn > longest;

/** Lets everything else on the main thread have its turn; null where it had one within so many milliseconds. */
export function shareTurn(longest: number): Promise<void> | null {
  return isTurnDue(longest) ? breathe() : null;
}

/** A loop whose awaits are over before they begin leaves nothing else a turn: sockets, timers and signals wait behind it. */
import { runtime } from '#runtime';

/** Milliseconds in a row after which everything else on the main thread has its turn. */
const longestTurn = 1;
/** When everything else last had its turn. */
let turn = performance.now();
let breath: Promise<void> | null = null;

/** One breath for all: those who took theirs one after the other would add up. */
function breathe(): Promise<void> {
  breath ??= runtime.waiting.breathe().then(() => {
    breath = null;
    turn = performance.now();
  });
  return breath;
}

/** Lets everything else on the main thread have its turn; null where it had one just now. */
export function shareTurn(): Promise<void> | null {
  return performance.now() - turn > longestTurn ? breathe() : null;
}

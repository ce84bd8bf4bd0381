/**
 * While a script awaits something at its top level, GJS (1.82, and its main branch in 2026) polls the main loop
 * without a pause and keeps a whole core busy. As long as somebody waits here, a source of the lowest priority, whose
 * turn comes only when nothing else is to be done, does the sleeping instead: it lets the loop block until something is.
 */
import type { Watch } from '../runtime.ts';
import { GLib } from './namespaces.ts';

/** Below every idle source there is, such as GTK's drawing and garbage collection. */
const lowestPriority = 10_000;

let waits = 0;
let source = 0;

function rest(): boolean {
  if (waits === 0) {
    source = 0;
    return GLib.SOURCE_REMOVE;
  }
  GLib.MainContext.default().iteration(true);
  return GLib.SOURCE_CONTINUE;
}

/** Whoever waits for the main loop says so, until it closes this. */
export function waitForLoop(): Watch {
  waits++;
  source ||= GLib.idle_add(lowestPriority, rest);
  let open = true;
  return {
    close() {
      if (open) waits--;
      open = false;
    },
  };
}

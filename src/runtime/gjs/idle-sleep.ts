/**
 * While a script awaits something at its top level, GJS (1.82, and its main branch in 2026) polls the main loop without
 * a pause and keeps a whole core busy. During a wait, a source of the lowest priority, which is dispatched only when no
 * other is ready, blocks in the loop until another source is ready.
 *
 * A `Gio.Application` sleeps by itself, and before `run` returns it waits until no source is ready any more: a source
 * that is always ready would prevent it from ending.
 */
import type { Watch } from '../port/index.ts';
import { Gio, GLib } from './namespaces.ts';

/** Below every other idle source, such as GTK's drawing and garbage collection. */
const lowestPriority = 10_000;

let waits = 0;
let source = 0;

function rest(): boolean {
  if (waits === 0 || hasApplication()) {
    source = 0;
    return GLib.SOURCE_REMOVE;
  }
  GLib.MainContext.default().iteration(true);
  return GLib.SOURCE_CONTINUE;
}

const hasApplication = (): boolean => Gio.Application.get_default() !== null;

/** Call it before waiting for the main loop, and close the result after. */
export function waitForLoop(): Watch {
  waits++;
  if (source === 0 && !hasApplication()) source = GLib.idle_add(lowestPriority, rest);
  let open = true;
  return {
    close() {
      if (open) waits--;
      open = false;
    },
  };
}

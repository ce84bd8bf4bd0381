import type { Watch } from '../port/index.ts';
import { waitForLoop } from './idle-sleep.ts';
import { GLib } from './namespaces.ts';

/**
 * A buffer passes the identity before it reaches the sink, and a synchronising sink holds it until its time. So after
 * each notification the sink is polled at growing intervals, up to this one, in milliseconds.
 */
const longestLook = 512;

export function look(interval: number, wake: () => void): Watch {
  const rest = waitForLoop();
  let source: number = GLib.timeout_add(GLib.PRIORITY_DEFAULT, interval, () => {
    wake();
    return GLib.SOURCE_CONTINUE;
  });
  return {
    close() {
      if (source) GLib.source_remove(source);
      source = 0;
      rest.close();
    },
  };
}

/** Wakes 1, 2, 4 … milliseconds after the last start, until `longestLook`. */
export function lookAgain(wake: () => void): Watch & { start(): void } {
  let source = 0;
  let delay = 1;
  let started = false;
  const schedule = () => {
    source = GLib.timeout_add(GLib.PRIORITY_DEFAULT, delay, () => {
      source = 0;
      // Restarted meanwhile: that notification has already woken the sink's reader, and the intervals begin again.
      delay = started ? 1 : delay * 2;
      const due = !started;
      started = false;
      if (delay <= longestLook) schedule();
      if (due) wake();
      return GLib.SOURCE_REMOVE;
    });
  };
  return {
    start() {
      started = true;
      if (source && delay <= 8) return;
      if (source) GLib.source_remove(source);
      delay = 1;
      schedule();
    },
    close() {
      if (source) GLib.source_remove(source);
      source = 0;
    },
  };
}

import type { Loop } from '../port/index.ts';
import { GLib } from './namespaces.ts';

export const loop: Loop = {
  breathe: () => fromIdle(() => undefined),
  every(milliseconds, callback) {
    let source: number = GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
      callback();
      return source ? GLib.SOURCE_CONTINUE : GLib.SOURCE_REMOVE;
    });
    return {
      close() {
        if (source) GLib.source_remove(source);
        source = 0;
      },
    };
  },
  beforeEnd: () => ({ close() {} }),
  nap: null,
};

/** Milliseconds after which its turn comes even where the program is never idle, as one with a timer of no delay. */
const longestRest = 5;

/** Runs `call` on the main thread, the only one there is, but after whoever asked for it has gone on. */
export function fromIdle<T>(call: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const sources: number[] = [];
    const run = (index: number) => () => {
      GLib.source_remove(sources[1 - index]);
      try {
        resolve(call());
      } catch (error) {
        reject(error);
      }
      return GLib.SOURCE_REMOVE;
    };
    sources.push(
      GLib.idle_add(GLib.PRIORITY_DEFAULT_IDLE, run(0)),
      GLib.timeout_add(GLib.PRIORITY_DEFAULT, longestRest, run(1)),
    );
  });
}

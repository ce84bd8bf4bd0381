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

/** Milliseconds after which the call runs even if the program is never idle, such as one with a timer without delay. */
const longestRest = 5;

/** Runs `call` on the main thread, the only one, after the caller has continued. */
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

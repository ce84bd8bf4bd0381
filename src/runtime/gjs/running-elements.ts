import type { Handle } from '../../generated/symbols.ts';
import { Gio, GObject, gst } from './namespaces.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

let running: Wrapper;

/**
 * Holds what is not in the null state: when a program ends GJS lets go of all that it wraps, and no element may go while
 * it runs. A list that is in itself stays.
 */
function runningElements(): Wrapper {
  if (!running) {
    running = new Gio.ListStore({ item_type: GObject.Object.$gtype });
    running.append(running);
  }
  return running;
}

/** `gst_element_set_state`. */
export function setState(element: Handle, state: number): number {
  const { NULL } = gst().State;
  const list = runningElements();
  if (state !== NULL && !list.find(element)[0]) list.append(element);
  const result: number = (element as Wrapper).set_state(state);
  if (state === NULL) {
    const [isThere, position] = list.find(element);
    if (isThere) list.remove(position);
  }
  return result;
}

import type { Handle } from '../../generated/symbols.ts';
import { Gio, GObject, gst } from './namespaces.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

let running: Wrapper;

/**
 * Holds the elements that are not in the NULL state: when a program ends, GJS drops every wrapper, but an element must
 * not be freed while it runs. The list contains itself, so that it is never freed.
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

import { runtime } from '#runtime';
import { owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c } = runtime;

/** Values of `GstEventType`. */
export const segmentEvent = 17934;
export const eosEvent = 28174;

/** Whether that event has passed the element's pad since the last flush (`gst_pad_get_sticky_event`). */
export function hasSeen(element: Handle, padName: 'src' | 'sink', type: number): boolean {
  using pad = owned(c.gst_element_get_static_pad(element, padName), 'object');
  using event = pad && owned(c.gst_pad_get_sticky_event(pad.handle, type, 0), 'mini');
  return event !== null;
}

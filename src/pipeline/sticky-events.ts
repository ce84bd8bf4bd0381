import { runtime } from '#runtime';
import type { Handle } from '../runtime/port/index.ts';

const { c, references } = runtime;

/** Of `GstEventType`. */
export const segmentEvent = 17934;
export const eosEvent = 28174;

/** Whether that event has come by the element's pad since the last flush (`gst_pad_get_sticky_event`). */
export function hasSeen(element: Handle, padName: 'src' | 'sink', type: number): boolean {
  const pad = c.gst_element_get_static_pad(element, padName);
  const event = pad && c.gst_pad_get_sticky_event(pad, type, 0);
  if (event) references.drop(event, 'mini', 0);
  if (pad) references.drop(pad, 'object', 0);
  return event !== null;
}

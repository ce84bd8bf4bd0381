/** Blocking calls, on the only thread: from an idle source, so that the caller continues first. */
import type { Handle } from '../../generated/symbols.ts';
import type { Blocking, Lift } from '../port/index.ts';
import { convertSample } from './convert-sample.ts';
import { fromIdle } from './loop.ts';
import { gst } from './namespaces.ts';
import { peerQuery, peerQueryNow } from './peer-query.ts';
import { setState } from './running-elements.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Milliseconds between checks for the end of a state change. */
const lookInterval = 2;

export const blocking: Blocking = {
  changesBlock: false,
  async setState(element, state, lift) {
    const change = () => setState(element, state);
    const { NULL, PLAYING } = gst().State;
    // A stop is made at once: the program may end before it is idle.
    if (state === NULL) return change();
    return fromIdle(() => (state === PLAYING && lift ? lifted(lift, change) : change()));
  },
  async seek(element, flags, position, lift) {
    for (let waited = 0; waited < longestSettling && isChanging(element); waited += lookInterval)
      await new Promise((resolve) => setTimeout(resolve, lookInterval));
    return fromIdle(() => {
      const seek = () => (element as Wrapper).seek_simple(gst().Format.TIME, flags, position);
      // With the limits lifted, a source may reach its end before the flush; one with `num-buffers` has no data after
      // that.
      return isChanging(element) ? lifted(lift, seek) : seek();
    });
  },
  // At once: a pipeline that is paused meanwhile would block the source, and thereby this thread.
  endStream: async (source, lift) => lifted(lift, () => (source as Wrapper).send_event(gst().Event.new_eos())),
  endPad: async (pad) => void (pad as Wrapper).send_event(gst().Event.new_eos()),
  peerQueryNow,
  peerQuery,
  convertSample,
};

/** Milliseconds that a seek waits for a pending state change. */
const longestSettling = 50;

/** Whether a state change is pending: its thread holds a lock that seeks need as well. */
const isChanging = (element: Handle): boolean => (element as Wrapper).get_state(0)[0] === gst().StateChangeReturn.ASYNC;

/** Lifts the limits only while this thread, the only one, is blocked. */
function lifted<T>(lift: Lift, call: () => T): T {
  const putBack = lift();
  try {
    return call();
  } finally {
    putBack();
  }
}

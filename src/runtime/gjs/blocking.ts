/** Calls that block, on the only thread there is: from an idle source, so that the caller goes on first. */
import type { Handle } from '../../generated/symbols.ts';
import type { Blocking, Lift } from '../port/index.ts';
import { convertSample } from './convert-sample.ts';
import { fromIdle } from './loop.ts';
import { gst } from './namespaces.ts';
import { peerQuery, peerQueryNow } from './peer-query.ts';
import { setState } from './running-elements.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Milliseconds between looks whether a change of state is over. */
const lookInterval = 2;

export const blocking: Blocking = {
  changesBlock: false,
  async setState(element, state, lift) {
    const change = () => setState(element, state);
    const { NULL, PLAYING } = gst().State;
    // What stops does so at once: this program may end before it is idle.
    if (state === NULL) return change();
    return fromIdle(() => (state === PLAYING && lift ? lifted(lift, change) : change()));
  },
  async seek(element, flags, position, lift) {
    for (let waited = 0; waited < longestSettling && isChanging(element); waited += lookInterval)
      await new Promise((resolve) => setTimeout(resolve, lookInterval));
    return fromIdle(() => {
      const seek = () => (element as Wrapper).seek_simple(gst().Format.TIME, flags, position);
      // Without limits a source may run out before the flush reaches it, and one with `num-buffers` has nothing after that.
      return isChanging(element) ? lifted(lift, seek) : seek();
    });
  },
  // At once: what is paused meanwhile would hold up the source, and this thread with it.
  endStream: async (source, lift) => lifted(lift, () => (source as Wrapper).send_event(gst().Event.new_eos())),
  endPad: async (pad) => void (pad as Wrapper).send_event(gst().Event.new_eos()),
  peerQueryNow,
  peerQuery,
  convertSample,
};

/** Milliseconds that a seek waits for a change of state that is under way. */
const longestSettling = 50;

/** Whether its state is about to change: the thread that does it holds the lock that seeks need as well. */
const isChanging = (element: Handle): boolean => (element as Wrapper).get_state(0)[0] === gst().StateChangeReturn.ASYNC;

/** What is lifted must be so at no other time than while this thread, the only one, is held up. */
function lifted<T>(lift: Lift, call: () => T): T {
  const putBack = lift();
  try {
    return call();
  } finally {
    putBack();
  }
}

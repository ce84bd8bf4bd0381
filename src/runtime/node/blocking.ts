/** Blocking calls, on a thread of libuv's pool; in a worker on its own thread. */
import { GstError } from '../../errors.ts';
import type { Blocking } from '../port/index.ts';
import { native } from './ffi.ts';
import { inTurn, offThread } from './libuv-queue.ts';
import { address, takeError, toHandle } from './marshal.ts';
import { peerQueryNow } from './peer-query.ts';
import { thread } from './thread-rules.ts';

const stateNull = 1; // GST_STATE_NULL
const formatTime = 3; // GST_FORMAT_TIME

export const blocking: Blocking = {
  changesBlock: !thread.callsBack,
  setState(element, state) {
    const change = () => offThread('gst_element_set_state', [element], address(element), state);
    return state > stateNull ? inTurn('start', change) : change();
  },
  seek(element, flags, position) {
    const values = [address(element), formatTime, flags, position];
    return inTurn('seek', async () => (await offThread('gst_element_seek_simple', [element], ...values)) !== 0);
  },
  endStream(source) {
    const end = () => offThread('gst_element_send_event', [source], address(source), native('gst_event_new_eos')());
    return inTurn('end', async () => (await end()) !== 0);
  },
  endPad(pad) {
    const end = () => offThread('gst_pad_send_event', [pad], address(pad), native('gst_event_new_eos')());
    return inTurn('end', async () => void (await end()));
  },
  peerQueryNow,
  peerQuery(pad, query) {
    const ask = () => offThread('gst_pad_peer_query', [pad], address(pad), address(query));
    return inTurn('query', async () => (await ask()) !== 0);
  },
  convertSample(sample, caps, timeout, isWanted) {
    return inTurn('conversion', async () => {
      if (!isWanted()) throw new GstError('it was given up before its turn');
      const failure = new BigUint64Array(1);
      const result = await offThread('gst_video_convert_sample', [], address(sample), address(caps), timeout, failure);
      const error = takeError(failure);
      if (error) throw error;
      return toHandle(result as number);
    });
  },
};

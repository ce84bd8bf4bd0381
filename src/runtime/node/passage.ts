import { fields as offsets } from '../../generated/symbols.ts';
import type { Passage, PassingFrame } from '../port/index.ts';
import { call, native } from './ffi.ts';
import koffi from './koffi.ts';
import { inTurn, offThread } from './libuv-queue.ts';
import { address, toHandle } from './marshal.ts';
import { refMini, unrefMini } from './references.ts';
import { typeByName } from './wrappers.ts';

const [, typeAt] = offsets['GstMiniObject.type'];
/**
 * `GstEventType`s that are not passed on: caps and segments, which the frames carry, the start of the stream, as the
 * appsrc begins its own, and the end of a flush.
 */
const told = new Set([5127, 10254, 12814, 17934]); // FLUSH_STOP, STREAM_START, CAPS, SEGMENT
const [, eventTypeAt] = offsets['GstEvent.type'];
const [, countAt] = offsets['GstMiniObject.refcount'];
/** References to a sample: one of this program, one of the appsink. */
const ours = 2;
const streamErrorFailed = 1; // GST_STREAM_ERROR_FAILED

let sampleType = 0;

export const passage: Passage = {
  next(sink, nanoseconds, alone) {
    for (;;) {
      const object = native('gst_app_sink_try_pull_object')(address(sink), nanoseconds) as number;
      if (!object) return null;
      sampleType ||= typeByName('GstSample');
      if (Number(koffi.decode.uint64(object + typeAt)) === sampleType) {
        const frame = frameOf(object, alone);
        if (frame) return frame;
        continue;
      }
      if (!told.has(koffi.decode.uint32(object + eventTypeAt) as number)) return { event: toHandle(object) };
      unrefMini(object);
    }
  },
  async flush(source) {
    const send = (event: number) => offThread('gst_element_send_event', [source], address(source), event);
    await inTurn('seek', async () => {
      await send(native('gst_event_new_flush_start')() as number);
      await send(native('gst_event_new_flush_stop')(true) as number);
    });
  },
  fail(element, text, debug) {
    const error = call(
      'g_error_new_literal',
      call('g_quark_from_string', 'gst-stream-error-quark'),
      streamErrorFailed,
      text,
    );
    const message = call('gst_message_new_error', address(element), error, debug);
    call('g_error_free', error);
    call('gst_element_post_message', address(element), message);
  },
};

/**
 * The appsink keeps the last sample, and thereby the buffer, until the next is pulled: the buffer would not be
 * writable, and elements downstream would copy it. So the buffer is taken out of the sample when only this program and
 * the sink refer to the sample.
 */
function frameOf(sample: number, alone: boolean): PassingFrame | null {
  const buffer = native('gst_sample_get_buffer')(sample) as number;
  if (!buffer) {
    unrefMini(sample);
    return null;
  }
  refMini(buffer);
  if (!alone || koffi.decode.int32(sample + countAt) !== ours)
    return { buffer: toHandle(buffer), origin: toHandle(sample) };
  const caps = native('gst_sample_get_caps')(sample) as number;
  const segment = native('gst_sample_get_segment')(sample) as number;
  const origin = native('gst_sample_new')(null, caps, segment, null) as number;
  unrefMini(sample);
  native('gst_sample_set_buffer')(sample, 0);
  return { buffer: toHandle(buffer), origin: toHandle(origin) };
}

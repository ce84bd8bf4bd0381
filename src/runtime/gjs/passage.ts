import type { Handle } from '../../generated/symbols.ts';
import type { Passage } from '../port/index.ts';
import { GLib, gst } from './namespaces.ts';
import { addressOf } from './references.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** The tags of each appsink's stream that have passed. */
const passed = new WeakMap<object, Set<string>>();

/** Introspection offers only events that stay on the pad: tags, of which there may be several. */
function nextTags(sink: Wrapper): Wrapper | null {
  const known = passed.get(sink) ?? new Set();
  passed.set(sink, known);
  const pad = sink.get_static_pad('sink');
  for (let index = 0; ; index++) {
    const event = pad.get_sticky_event(gst().EventType.TAG, index);
    if (!event) return null;
    const key = `${addressOf(event)} ${event.get_seqnum()}`;
    if (known.has(key)) continue;
    known.add(key);
    return event;
  }
}

/** A sample that was pulled, while tags before it are passed on. */
const held = new WeakMap<object, Wrapper>();

export const passage: Passage = {
  next(handle, nanoseconds) {
    const sink = handle as Wrapper;
    const sample = held.get(sink) ?? sink.try_pull_sample(nanoseconds);
    held.delete(sink);
    if (!sample) return null;
    const event = nextTags(sink);
    if (event) {
      held.set(sink, sample);
      return { event };
    }
    return { buffer: sample.get_buffer(), origin: sample };
  },
  async flush(handle) {
    const source = handle as Wrapper;
    source.send_event(gst().Event.new_flush_start());
    source.send_event(gst().Event.new_flush_stop(true));
  },
  fail(element, text, debug) {
    const { Message, StreamError, stream_error_quark: quark } = gst();
    const error = new GLib.Error(quark(), StreamError.FAILED, text);
    (element as Wrapper).post_message(Message.new_error(element as Handle, error, debug));
  },
};

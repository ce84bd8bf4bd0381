/** What of a pipeline keeps its stream from going on and only the program can help. */
import { runtime } from '#runtime';
import type { Handle } from '../runtime/runtime.ts';
import { type AppSink, unreadOf } from './app-sink.ts';

const { c, references, wrappers } = runtime;

const changeAsync = 2;
const segmentEvent = 17934; // GST_EVENT_SEGMENT

/** Appsinks with frames that nobody reads: neither what they share a source with goes on, nor does the stream end. */
export function unreadSinks(pipeline: Handle, sinkNamed: (name: string) => AppSink): string[] {
  return namesOf(pipeline, 'GstAppSink', (_, name) => unreadOf(sinkNamed(name)) > 0).map(
    (name) =>
      `the appsink ${name} has frames that nobody reads, and holds up the stream: read them beside all else, or end the branch in a fakesink`,
  );
}

/** Sinks and appsrcs that a pipeline waits for on its way to another state. */
export function withoutData(pipeline: Handle): string[] {
  if (c.gst_element_get_state(pipeline, 0)[0] !== changeAsync) return [];
  const sinks = namesOf(pipeline, 'GstBaseSink', (sink) => c.gst_element_get_state(sink, 0)[0] === changeAsync);
  const sources = namesOf(pipeline, 'GstAppSrc', (source) => !hasBegun(source));
  const said = sinks.length ? [`the pipeline is not ready before each sink has data, and ${list(sinks)} had none`] : [];
  if (sources.length) said.push(`nothing has been pushed into ${list(sources)}`);
  return said;
}

/** Elements that are not in the null state yet. */
export function notStopped(pipeline: Handle): string | null {
  const names = namesOf(pipeline, 'GstElement', (element) => c.gst_element_get_state(element, 0)[1] > 1);
  return names.length ? `${list(names)} did not stop yet: something they call does not return` : null;
}

const list = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

/** Whether it has sent its segment, which comes before the first buffer. */
function hasBegun(source: Handle): boolean {
  const pad = c.gst_element_get_static_pad(source, 'src');
  const segment = pad && c.gst_pad_get_sticky_event(pad, segmentEvent, 0);
  if (segment) references.drop(segment, 'mini', 0);
  if (pad) references.drop(pad, 'object', 0);
  return segment !== null;
}

function namesOf(pipeline: Handle, type: string, accept: (element: Handle, name: string) => boolean): string[] {
  const names: string[] = [];
  for (const element of wrappers.elements(pipeline)) {
    const name = c.gst_object_get_name(element) ?? '';
    if (wrappers.isA(element, type) && accept(element, name)) names.push(name);
    references.drop(element, 'object', 0);
  }
  return names;
}

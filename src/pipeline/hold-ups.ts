/** Sentences about what blocks a pipeline's stream, for a wait that has taken long. */
import { runtime } from '#runtime';
import { internal } from '../facade.ts';
import { OwnedList } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { type AppSink, unreadOf } from './app-sink.ts';
import { Element } from './element.ts';
import { states } from './message.ts';
import { eosEvent, hasSeen, segmentEvent } from './sticky-events.ts';

const { c, references, wrappers } = runtime;

const changeAsync = 2;

/** Appsinks with frames that nobody reads: they block the branches beside them and the end of the stream. */
export function unreadSinks(pipeline: Handle, sinkNamed: (name: string) => AppSink | null): string[] {
  const isUnread = (_: Handle, name: string): boolean => {
    const sink = sinkNamed(name);
    return sink !== null && unreadOf(sink) > 0;
  };
  return namesOf(pipeline, 'GstAppSink', isUnread).map(
    (name) =>
      `the appsink ${name} has frames that nobody reads, and holds up the stream: read them beside all else, or end the branch in a fakesink`,
  );
}

/** Sinks that a change of state waits for, and what their sources wait for. */
export function withoutData(pipeline: Handle): string[] {
  if (!isChanging(pipeline)) return [];
  const sinks = namesOf(pipeline, 'GstBaseSink', isChanging);
  if (sinks.length === 0) return [];
  const fed = namesOf(pipeline, 'GstAppSrc', (source) => !hasSeen(source, 'src', segmentEvent));
  const silent = namesOf(pipeline, 'GstBaseSrc', isSilent, placeOf).filter((name) => !fed.includes(name));
  const supplied = namesOf(pipeline, 'GstBaseSink', (sink) => !isChanging(sink));
  const tees = namesOf(pipeline, 'GstTee');
  return [
    `the pipeline is not ready before each sink has data, and ${list(sinks)} had none`,
    ...(fed.length ? [`nothing has been pushed into ${list(fed)}`] : []),
    ...(silent.length ? [`${list(silent)} gave none`] : []),
    ...obstacles(pipeline),
    ...(supplied.length && tees.length ? [`behind ${list(tees)} each branch needs a queue of its own`] : []),
  ];
}

/** Elements that have not started. */
export function notStarted(pipeline: Handle): string[] {
  const late = namesOf(pipeline, 'GstElement', (element) => stateOf(element) < states.indexOf('paused'));
  return late.length ? [`${list(late)} did not start yet`] : [];
}

/** Sinks that have not received EOS. */
export function withoutEnd(pipeline: Handle): string[] {
  const sinks = namesOf(pipeline, 'GstBaseSink', (sink) => !hasSeen(sink, 'sink', eosEvent));
  const isPaused = states[stateOf(pipeline)] === 'paused';
  return [
    ...(sinks.length ? [`the end did not reach ${list(sinks)} yet`] : []),
    ...(isPaused ? ['the pipeline is paused, and ends when it plays'] : []),
    ...obstacles(pipeline),
  ];
}

function obstacles(pipeline: Handle): string[] {
  const closed = namesOf(pipeline, 'GstElement', isClosed);
  const full = namesOf(pipeline, 'GstElement', isFull);
  return [
    ...(closed.length ? [`nothing gets through ${list(closed)}, whose \`drop\` is true`] : []),
    ...(full.length ? [`no more fits into ${list(full)}: larger limits (\`max-size-time\` and so on) may help`] : []),
  ];
}

/** Elements that are not in the null state yet. */
export function notStopped(pipeline: Handle): string | null {
  const names = namesOf(pipeline, 'GstElement', (element) => c.gst_element_get_state(element, 0)[1] > 1);
  return names.length ? `${list(names)} did not stop yet: something they call does not return` : null;
}

const list = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

const stateOf = (element: Handle): number => c.gst_element_get_state(element, 0)[1];
const isChanging = (element: Handle): boolean => c.gst_element_get_state(element, 0)[0] === changeAsync;
/** The segment precedes the first buffer. */
const isSilent = (source: Handle): boolean => !hasSeen(source, 'src', segmentEvent);

function property(handle: Handle, name: string): unknown {
  using element = new Element(internal, references.another(handle, 'object'));
  return element.propertyNames.includes(name) ? element.get(name) : null;
}

const isClosed = (element: Handle): boolean =>
  wrappers.typeName(element) === 'GstValve' && property(element, 'drop') === true;

/** One limit that is reached is enough. */
const isFull = (element: Handle): boolean =>
  /^GstQueue2?$/.test(wrappers.typeName(element)) &&
  ['buffers', 'bytes', 'time'].some((unit) => {
    const most = Number(property(element, `max-size-${unit}`));
    return most > 0 && Number(property(element, `current-level-${unit}`)) >= most;
  });

/** The name of a source, and the place that it reads from, if a property says so. */
function placeOf(source: Handle, name: string): string {
  const place = ['uri', 'location', 'device'].map((key) => property(source, key)).find(Boolean);
  return place ? `${name} (${place})` : name;
}

function namesOf(
  pipeline: Handle,
  type: string,
  accept: (element: Handle, name: string) => boolean = () => true,
  say: (element: Handle, name: string) => string = (_, name) => name,
): string[] {
  const names: string[] = [];
  using elements = new OwnedList(wrappers.elements(pipeline), 'object');
  for (const element of elements.handles) {
    const name = c.gst_object_get_name(element) ?? '';
    if (wrappers.isA(element, type) && accept(element, name)) names.push(say(element, name));
  }
  return names;
}

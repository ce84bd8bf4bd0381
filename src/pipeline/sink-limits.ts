import { runtime } from '#runtime';
import { internal } from '../facade.ts';
import { elementKind } from '../kinds.ts';
import { OwnedList, owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { Element } from './element.ts';

const { c, references, wrappers } = runtime;

/** Facades of the appsinks; the caller disposes them. */
function appSinksIn(pipeline: Handle): Element[] {
  using elements = new OwnedList(wrappers.elements(pipeline), 'object');
  const sinks = elements.handles.filter((element) => wrappers.isA(element, 'GstAppSink'));
  return sinks.map((sink) => new Element(internal, references.another(sink, 'object')));
}

const limits = ['max-buffers', 'max-bytes', 'max-time'];

/**
 * Removes the limits of a pipeline's appsinks. Returns a function that restores them.
 *
 * A full appsink holds a lock while it waits for a pull, and going to PLAYING needs that lock: on the thread that pulls, the
 * change would wait for ever. So would a seek meanwhile, and the end of a stream.
 */
export function lift(pipeline: Handle): () => void {
  const lifted: [Element, string, unknown][] = [];
  const sinks: Element[] = [];
  for (const sink of appSinksIn(pipeline)) {
    sinks.push(sink);
    // A sink that drops never waits for room. `max-bytes` and `max-time` came with GStreamer 1.24.
    if (sink.get('drop')) continue;
    const names = sink.propertyNames;
    for (const name of limits) if (names.includes(name)) lifted.push([sink, name, sink.get(name)]);
  }
  for (const [sink, name] of lifted) sink.set(name, 0);
  return () => {
    for (const [sink, name, value] of lifted) sink.set(name, value);
    for (const sink of sinks) sink.dispose();
  };
}

/**
 * Has the appsinks of a pipeline pass on EOS before all their samples are pulled. A sink that waits for that blocks its source,
 * even where it drops; if it is paused meanwhile it never gets to PAUSED, and does not play again either (GStreamer 1.26).
 * Returns a function that undoes this.
 */
export function liftWaitOnEos(pipeline: Handle): () => void {
  const lifted: Element[] = [];
  for (const sink of appSinksIn(pipeline)) {
    if (sink.get('wait-on-eos')) lifted.push(sink.set('wait-on-eos', false));
    else sink.dispose();
  }
  return () => {
    for (const sink of lifted) sink.set('wait-on-eos', true).dispose();
  };
}

/** Has the appsinks of a pipeline block neither data nor EOS. Returns a function that undoes this. */
export function liftAll(pipeline: Handle): () => void {
  const putBackWaiting = liftWaitOnEos(pipeline);
  const putBackLimits = lift(pipeline);
  return () => {
    putBackLimits();
    putBackWaiting();
  };
}

/** Has the appsinks that nobody reads drop samples, and block neither data nor EOS. Returns a function that undoes this. */
export function dropInUnread(pipeline: Handle, isRead: (name: string) => boolean): () => void {
  const dropping: [Element, unknown][] = [];
  for (const sink of appSinksIn(pipeline)) {
    if (sink.get('drop') || isRead(sink.name)) {
      sink.dispose();
      continue;
    }
    dropping.push([sink, sink.get('wait-on-eos')]);
    sink.set('wait-on-eos', false).set('drop', true);
    // A sink that has EOS already waits until all is pulled.
    for (let left = Number(sink.get('max-buffers')); left > 0; left--) {
      using sample = owned(c.gst_app_sink_try_pull_sample(elementKind.handleOf(sink), 0), 'mini');
      if (!sample) break;
    }
  }
  return () => {
    for (const [sink, waits] of dropping) sink.set('drop', false).set('wait-on-eos', waits).dispose();
  };
}

/** Sets how many frames may wait in an appsink, and whether a new one replaces the oldest. */
export function setLimits(sink: Handle, maxBuffers: number, drop: boolean): void {
  using element = new Element(internal, references.another(sink, 'object'));
  element.set('max-buffers', maxBuffers).set('drop', drop);
}

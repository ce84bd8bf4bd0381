import { runtime } from '#runtime';
import { internal } from '../native.ts';
import type { Handle } from '../runtime/runtime.ts';
import { Element } from './element.ts';

const { c, references, wrappers } = runtime;

const limits = ['max-buffers', 'max-bytes', 'max-time'];

/** Lets the appsinks of a pipeline take whatever comes. Gives what puts their limits back. */
export function liftLimits(pipeline: Handle): () => void {
  const lifted: [Element, string, unknown][] = [];
  const sinks: Element[] = [];
  for (const handle of wrappers.elements(pipeline)) {
    if (!wrappers.isA(handle, 'GstAppSink')) {
      references.drop(handle, 'object', 0);
      continue;
    }
    const sink = new Element(internal, handle);
    sinks.push(sink);
    // One that drops never waits. `max-bytes` and `max-time` came with GStreamer 1.24.
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

/** Has the appsinks that nobody reads drop what comes, and hold up neither data nor the end. Gives what takes that back. */
export function dropInUnread(pipeline: Handle, isRead: (name: string) => boolean): () => void {
  const dropping: [Element, unknown][] = [];
  for (const handle of wrappers.elements(pipeline)) {
    const element = new Element(internal, handle);
    if (!wrappers.isA(handle, 'GstAppSink') || element.get('drop') || isRead(element.name)) element.dispose();
    else {
      dropping.push([element, element.get('wait-on-eos')]);
      element.set('wait-on-eos', false).set('drop', true);
      // One that has the end already waits until all is pulled.
      for (let left = Number(element.get('max-buffers')); left > 0; left--) {
        const sample = c.gst_app_sink_try_pull_sample(handle, 0);
        if (!sample) break;
        references.drop(sample, 'mini', 0);
      }
    }
  }
  return () => {
    for (const [sink, waits] of dropping) sink.set('drop', false).set('wait-on-eos', waits).dispose();
  };
}

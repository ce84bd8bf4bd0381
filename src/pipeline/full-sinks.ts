import { runtime } from '#runtime';
import { internal } from '../native.ts';
import type { Handle } from '../runtime/runtime.ts';
import { Element } from './element.ts';

const { references, wrappers } = runtime;

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

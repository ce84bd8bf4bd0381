/**
 * An ALLOCATION query takes the stream lock of each pad on its way, and waits for streaming threads there. GJS can
 * neither try these locks nor wait on another thread. So the query is made only where nothing streams: before a
 * pipeline runs, and behind appsrcs all of whose data has passed.
 */
import { QueryError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import { GLib, gst } from './namespaces.ts';
import { sentinelOf } from './notify-identity.ts';
import { collected, wrappers } from './wrappers.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Microseconds between two checks. */
const lookInterval = 100;

/** `gst_pad_peer_query`; null if data flows, and has not stopped after `patience` microseconds. */
export function peerQueryNow(pad: Handle, query: Handle, patience = 500_000): boolean | null {
  const sources = sourcesAround(pad);
  const until = GLib.get_monotonic_time() + patience;
  return sources?.every((source) => isAtRest(source, until)) ? (pad as Wrapper).peer_query(query) : null;
}

/** Microseconds that one try may block this thread, when it is one of many. */
const shortPatience = 5000;
/** Milliseconds between the first two tries, and between the last two: a second and a half in total. */
const firstPause = 1;
const lastPause = 800;

/** As `peerQueryNow`, for a stream that may need this thread before it stops. */
export async function peerQuery(pad: Handle, query: Handle): Promise<boolean> {
  for (let time = firstPause; time <= lastPause; time *= 2) {
    await new Promise((done) => setTimeout(done, time));
    const answered = peerQueryNow(pad, query, shortPatience);
    if (answered !== null) return answered;
  }
  throw new QueryError('expected a stream at rest, which alone can be asked in GJS, got one that goes on', {
    detail: 'ask before anything is pushed, or when it has gone through; behind a queue, ask before it runs',
  });
}

/** The running appsrcs whose data may pass here; null if other threads push, or answer. */
function sourcesAround(start: Wrapper): Wrapper[] | null {
  const { PadDirection, State, TaskState } = gst();
  const found: Wrapper[] = [];
  const pads = new Set<Wrapper>([start]);
  // The loop also visits pads that it adds.
  for (const pad of pads) {
    const links = collected(pad.iterate_internal_links());
    for (const other of [...links, pad.get_peer()]) if (other) pads.add(other);
    const isBusy = pad.get_task_state() !== TaskState.STOPPED;
    const isSource = pad.direction === PadDirection.SRC && links.length === 0;
    if (!isBusy && !isSource) continue;
    const element = pad.get_parent_element();
    const [, state, next] = element?.get_state(0) ?? [];
    const runs = isBusy || state >= State.PAUSED || next >= State.PAUSED;
    if (!runs) continue;
    if (!isSource || !element || !wrappers.isA(element, 'GstAppSrc')) return null;
    found.push(element);
  }
  return found;
}

let markers = 0;

/**
 * Whether all data of an appsrc has passed. An event that reaches our element behind it shows that for the data before
 * the event; a second event shows it for the first. This thread waits here, so nothing is pushed meanwhile.
 */
function isAtRest(source: Wrapper, until: number): boolean {
  const sentinel = sentinelOf(source, 'src');
  if (!sentinel) return false;
  const { Event, EventType, Structure } = gst();
  let text = '';
  for (let round = 0; round < 2; round++) {
    const structure = Structure.new_empty(`gst-allocators-marker-${++markers}`);
    text = `${structure.get_name()};`;
    if (!source.send_event(Event.new_custom(EventType.CUSTOM_DOWNSTREAM, structure))) return false;
  }
  while (!sentinel.last_message?.includes(text)) {
    if (GLib.get_monotonic_time() > until) return false;
    GLib.usleep(lookInterval);
  }
  return true;
}

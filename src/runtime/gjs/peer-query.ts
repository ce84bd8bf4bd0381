/**
 * An ALLOCATION query takes the stream lock of each pad on its way, and waits for whoever streams there. GJS can neither
 * try these locks nor wait on another thread. So it is asked only where nothing streams: before a pipeline runs, and
 * behind appsrcs all of whose data has gone through.
 */
import { QueryError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import { GLib, gst } from './namespaces.ts';
import { sentinelOf } from './notify-identity.ts';
import { collected, wrappers } from './wrappers.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Microseconds between two looks. */
const lookInterval = 100;

/** `gst_pad_peer_query`; null when something streams, and has not come to rest after `patience` microseconds. */
export function peerQueryNow(pad: Handle, query: Handle, patience = 500_000): boolean | null {
  const sources = sourcesAround(pad);
  const until = GLib.get_monotonic_time() + patience;
  return sources?.every((source) => isAtRest(source, until)) ? (pad as Wrapper).peer_query(query) : null;
}

/** Microseconds that one try may block this thread, when it is one of many. */
const shortPatience = 5000;
/** Milliseconds between the first two tries, and between the last: a second and a half in all. */
const firstPause = 1;
const lastPause = 800;

/** As `peerQueryNow`, for a stream that may need this thread to come to rest. */
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

/** The appsrcs that run and whose data may come by; null where threads of others push, or answer. */
function sourcesAround(start: Wrapper): Wrapper[] | null {
  const { PadDirection, State, TaskState } = gst();
  const found: Wrapper[] = [];
  const pads = new Set<Wrapper>([start]);
  // What is added meanwhile has its turn as well.
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
 * Whether all that an appsrc was given has gone through. An event that comes to our element behind it says that for what
 * was before; and one more event, for that event. As this thread waits here, nobody pushes meanwhile.
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

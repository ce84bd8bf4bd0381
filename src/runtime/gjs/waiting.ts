/**
 * Waiting without JavaScript on a streaming thread, which GJS forbids. An `identity` element in front of the appsink
 * changes its `last-message` for each buffer and event, and GStreamer posts that change on the bus, in C. One behind an
 * appsrc tells that its queue has room.
 */
import { UnavailableError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import type { FlowWatch, Lift, Waiting, Watch } from '../port/index.ts';
import { readerOf } from './bus.ts';
import { convertSample } from './convert-sample.ts';
import { waitForLoop } from './idle-sleep.ts';
import { GLib, gst } from './namespaces.ts';
import { prepare, type Side, sentinelOf } from './notify-identity.ts';
import { peerQuery, peerQueryNow } from './peer-query.ts';
import { setState } from './running-elements.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** How long to wait between looks where nothing announces what is waited for: milliseconds. */
const lookInterval = 2;
/**
 * A buffer passes the identity before the sink has it, and a sink that keeps time holds it back until it is due. So
 * each announcement is followed by further looks, at growing distances up to this one: milliseconds.
 */
const longestLook = 512;

function watch(handle: Handle, side: Side, wake: () => void): FlowWatch {
  const sentinel = sentinelOf(handle, side);
  let listening = false;
  const heard = () => {
    if (listening) wake();
  };
  if (!sentinel) return lookWhileListening(wake);
  let rest: Watch | null = null;
  const follow = lookAgain(heard);
  const watch = readerOf(topOf(sentinel).get_bus()).watchElement(sentinel, () => {
    if (!listening) return;
    follow.start();
    wake();
  });
  let notify = 0;
  let open = true;
  const listen = (wanted: boolean): void => {
    if (!open || wanted === listening) return;
    listening = wanted;
    if (wanted) {
      rest = waitForLoop();
      notify = sentinel.add_property_notify_watch('last-message', false);
      // A buffer may have passed the sentinel and not reached the sink.
      follow.start();
    } else {
      sentinel.remove_property_notify_watch(notify);
      follow.close();
      rest?.close();
    }
  };
  return {
    listen,
    close() {
      if (!open) return;
      listen(false);
      open = false;
      watch.close();
    },
  };
}

/** Messages go up to the outermost bin's bus. */
function topOf(element: Wrapper): Wrapper {
  let top = element;
  for (let parent = top.get_parent(); parent; parent = top.get_parent()) top = parent;
  return top;
}

function lookWhileListening(wake: () => void): FlowWatch {
  let watch: Watch | null = null;
  let open = true;
  const listen = (wanted: boolean): void => {
    if (!open || wanted === (watch !== null)) return;
    watch?.close();
    watch = wanted ? look(lookInterval, wake) : null;
  };
  return {
    listen,
    close() {
      listen(false);
      open = false;
    },
  };
}

function look(interval: number, wake: () => void): Watch {
  const rest = waitForLoop();
  let source: number = GLib.timeout_add(GLib.PRIORITY_DEFAULT, interval, () => {
    wake();
    return GLib.SOURCE_CONTINUE;
  });
  return {
    close() {
      if (source) GLib.source_remove(source);
      source = 0;
      rest.close();
    },
  };
}

/** Wakes 1, 2, 4 … milliseconds after the last start, until `longestLook`. */
function lookAgain(wake: () => void): Watch & { start(): void } {
  let source = 0;
  let delay = 1;
  let started = false;
  const schedule = () => {
    source = GLib.timeout_add(GLib.PRIORITY_DEFAULT, delay, () => {
      source = 0;
      // Started anew meanwhile: that wake was as good as this one, the looks begin again.
      delay = started ? 1 : delay * 2;
      const due = !started;
      started = false;
      if (delay <= longestLook) schedule();
      if (due) wake();
      return GLib.SOURCE_REMOVE;
    });
  };
  return {
    start() {
      started = true;
      if (source && delay <= 8) return;
      if (source) GLib.source_remove(source);
      delay = 1;
      schedule();
    },
    close() {
      if (source) GLib.source_remove(source);
      source = 0;
    },
  };
}

export const waiting: Waiting = {
  watchBus: (bus, wake) => ({ ...readerOf(bus).watchMessages(wake), hold() {} }),
  prepareSink: (sink) => prepare(sink, 'sink'),
  prepareSource: (source) => prepare(source, 'src'),
  watchSink: (sink, wake) => watch(sink, 'sink', wake),
  // What leaves the source makes room in it.
  watchSource: (source, wake) => watch(source, 'src', wake),
  watchAllocation() {
    throw new UnavailableError(
      'allocation queries cannot be answered in GJS: they come on a streaming thread, where GJS runs no JavaScript. ' +
        'Take the frames over a hop of unixfdsink and unixfdsrc, make an allocator the default of the whole process with ' +
        'setDefault(), or run this part on Node',
    );
  },
  peerQueryNow,
  peerQuery,
  convertSample,
  async seek(element, flags, position, lift) {
    for (let waited = 0; waited < longestSettling && isChanging(element); waited += lookInterval)
      await new Promise((resolve) => setTimeout(resolve, lookInterval));
    return fromIdle(() => {
      const seek = () => (element as Wrapper).seek_simple(gst().Format.TIME, flags, position);
      // Without limits a source may run out before the flush reaches it, and one with `num-buffers` has nothing after that.
      return isChanging(element) ? lifted(lift, seek) : seek();
    });
  },
  // At once: what is paused meanwhile would hold up the source, and this thread with it.
  endStream: async (source, lift) => lifted(lift, () => (source as Wrapper).send_event(gst().Event.new_eos())),
  beforeEnd: () => ({ close() {} }),
  // What was disposed does not come back by itself.
  nap: null,
  every(milliseconds, callback) {
    let source: number = GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
      callback();
      return source ? GLib.SOURCE_CONTINUE : GLib.SOURCE_REMOVE;
    });
    return {
      close() {
        if (source) GLib.source_remove(source);
        source = 0;
      },
    };
  },
  breathe: () => fromIdle(() => undefined),
  changesBlock: false,
  async setState(element, state, lift) {
    const change = () => setState(element, state);
    const { NULL, PLAYING } = gst().State;
    // What stops does so at once: this program may end before it is idle.
    if (state === NULL) return change();
    return fromIdle(() => (state === PLAYING && lift ? lifted(lift, change) : change()));
  },
};

/** Milliseconds that a seek waits for a change of state that is under way. */
const longestSettling = 50;

/** Whether its state is about to change: the thread that does it holds the lock that seeks need as well. */
const isChanging = (element: Handle): boolean => (element as Wrapper).get_state(0)[0] === gst().StateChangeReturn.ASYNC;

/** What is lifted must be so at no other time than while this thread, the only one, is held up. */
function lifted<T>(lift: Lift, call: () => T): T {
  const putBack = lift();
  try {
    return call();
  } finally {
    putBack();
  }
}

/** Milliseconds after which its turn comes even where the program is never idle, as one with a timer of no delay. */
const longestRest = 5;

/** Runs `call` on the main thread, the only one there is, but after whoever asked for it has gone on. */
function fromIdle<T>(call: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const sources: number[] = [];
    const run = (index: number) => () => {
      GLib.source_remove(sources[1 - index]);
      try {
        resolve(call());
      } catch (error) {
        reject(error);
      }
      return GLib.SOURCE_REMOVE;
    };
    sources.push(
      GLib.idle_add(GLib.PRIORITY_DEFAULT_IDLE, run(0)),
      GLib.timeout_add(GLib.PRIORITY_DEFAULT, longestRest, run(1)),
    );
  });
}

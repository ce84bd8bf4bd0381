/**
 * One bus serves two kinds of readers: those of its messages, and appsinks, which property notifications among the messages
 * wake. So messages are sorted as they are popped: a notification wakes its sink, any other message waits in a queue until
 * it is read.
 */

import type { Handle } from '../../generated/symbols.ts';
import type { Watch } from '../port/index.ts';
import { waitForLoop } from './idle-sleep.ts';
import { GLib, gst, namespace } from './namespaces.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Messages that are read in one batch; the main loop runs in between. */
const batch = 64;

class BusReader {
  readonly #bus: Wrapper;
  readonly #queue: Wrapper[] = [];
  readonly #readers = new Set<() => void>();
  readonly #sinks = new Map<Wrapper, Set<() => void>>();
  #source = 0;

  constructor(bus: Wrapper) {
    this.#bus = bus;
  }

  pop(): Handle | null {
    const waiting = this.#queue.shift();
    if (waiting) return waiting;
    for (;;) {
      const message = this.#bus.pop();
      if (!message || !this.#isNotification(message)) return message;
    }
  }

  watchMessages(wake: () => void): Watch {
    // A function of its own, so that the same `wake` may watch twice.
    const reader = () => wake();
    this.#readers.add(reader);
    this.#update();
    if (this.#queue.length) {
      GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
        if (this.#readers.has(reader) && this.#queue.length) reader();
        return GLib.SOURCE_REMOVE;
      });
    }
    const rest = waitForLoop();
    return {
      close: () => {
        rest.close();
        this.#readers.delete(reader);
        this.#update();
      },
    };
  }

  /** Calls `wake` for each notification of the element, and when the stream changes its state or ends. */
  watchElement(element: Wrapper, wake: () => void): Watch {
    const sink = () => wake();
    const sinks = this.#sinks.get(element) ?? new Set();
    this.#sinks.set(element, sinks.add(sink));
    this.#update();
    return {
      close: () => {
        sinks.delete(sink);
        if (!sinks.size) this.#sinks.delete(element);
        this.#update();
      },
    };
  }

  /** Whether the message is for a sink, or about an element that this package added. */
  #isNotification(message: Wrapper): boolean {
    const { src, type } = message;
    return isSentinel(src) || (type === gst().MessageType.PROPERTY_NOTIFY && this.#sinks.has(src));
  }

  /** The bus has an fd that is readable while it has messages. */
  #update(): void {
    // A message refers to its element, the element to the bus, the bus to this reader: the cycle would never be freed.
    if (!this.#readers.size) this.#queue.length = 0;
    const wanted = this.#readers.size > 0 || this.#sinks.size > 0;
    if (wanted === this.#source > 0) return;
    if (wanted) {
      const { fd } = this.#bus.get_pollfd();
      this.#source = watchDescriptor(fd, () => this.#read());
    } else {
      GLib.source_remove(this.#source);
      this.#source = 0;
    }
  }

  #read(): void {
    const woken = new Set<() => void>();
    let arrived = false;
    for (let count = 0; count < batch; count++) {
      const message = this.#bus.pop();
      if (!message) break;
      if (this.#isNotification(message)) {
        for (const sink of this.#sinks.get(message.src) ?? []) woken.add(sink);
        continue;
      }
      if (this.#readers.size) this.#queue.push(message);
      arrived = true;
    }
    if (arrived) {
      // A sample or an end that comes without a buffer (a preroll, a state change) is announced by some message.
      for (const sinks of this.#sinks.values()) for (const sink of sinks) woken.add(sink);
      for (const reader of this.#readers) woken.add(reader);
    }
    for (const wake of woken) wake();
  }
}

/** Prefix of the names of added elements. Wrappers may be replaced, names are stable. */
export const sentinelPrefix = 'gst-allocators-wake-';

/** Whether this package added the element. */
export const isSentinel = (element: Wrapper): boolean => element?.get_name()?.startsWith(sentinelPrefix) ?? false;

const busReaders = new WeakMap<object, BusReader>();

export function readerOf(bus: Handle): BusReader {
  let reader = busReaders.get(bus);
  if (!reader) {
    reader = new BusReader(bus);
    busReaders.set(bus, reader);
  }
  return reader;
}

/** `gst_bus_pop`, without the notifications for sinks. */
export function popMessage(bus: Handle): Handle | null {
  return readerOf(bus).pop();
}

/** The id of a GLib source that calls back while the fd is readable. */
function watchDescriptor(fd: number, readable: () => void): number {
  const callback = () => {
    readable();
    return GLib.SOURCE_CONTINUE;
  };
  // GLib 2.80 moved it to its own namespace, and warns about the old one.
  const add = unixNamespace()?.fd_add_full ?? GLib.unix_fd_add_full;
  return add(GLib.PRIORITY_DEFAULT, fd, GLib.IOCondition.IN, callback);
}

function unixNamespace(): Wrapper {
  try {
    return namespace('GLibUnix');
  } catch {
    return null;
  }
}

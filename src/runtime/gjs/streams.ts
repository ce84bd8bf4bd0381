/**
 * Waiting without JavaScript on a streaming thread, which GJS forbids. An `identity` element in front of the appsink
 * changes its `last-message` for each buffer and event, and GStreamer posts that change on the bus, in C. One behind an
 * appsrc announces that its queue has room.
 */
import { UnavailableError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import type { FlowWatch, Streams, Watch } from '../port/index.ts';
import { readerOf } from './bus.ts';
import { waitForLoop } from './idle-sleep.ts';
import { prepare, type Side, sentinelOf } from './notify-identity.ts';
import { look, lookAgain } from './repeated-looks.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Milliseconds between polls when no notification announces the event. */
const lookInterval = 2;
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

export const streams: Streams = {
  watchBus: (bus, wake) => ({ ...readerOf(bus).watchMessages(wake), hold() {} }),
  prepareSink: (sink) => prepare(sink, 'sink'),
  prepareSource: (source) => prepare(source, 'src'),
  watchSink: (sink, wake) => watch(sink, 'sink', wake),
  // Data that leaves the source makes room in its queue.
  watchSource: (source, wake) => watch(source, 'src', wake),
  watchAllocation() {
    throw new UnavailableError(
      'allocation queries cannot be answered in GJS: they come on a streaming thread, where GJS runs no JavaScript. ' +
        'Take the frames over a hop of unixfdsink and unixfdsrc, make an allocator the default of the whole process with ' +
        'setDefault(), or run this part on Node',
    );
  },
};

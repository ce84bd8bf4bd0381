/**
 * Waits without own threads and without polling: a bus has an fd of its own, and an appsink or appsrc writes to
 * an eventfd from its streaming thread, in C. Node's loop watches the fds like any socket.
 */
import { closeSync, readSync } from 'node:fs';
import { GstError, UnavailableError } from '../../errors.ts';
import { fields, structs } from '../../generated/symbols.ts';
import type { FlowWatch, Streams, Watch } from '../port/index.ts';
import { eventfdWrite, libcFunction, native } from './ffi.ts';
import koffi from './koffi.ts';
import { address, toHandle } from './marshal.ts';
import { refObject, unrefObject } from './references.ts';
import { thread } from './thread-rules.ts';

const closeOnExec = 0o2000000; // EFD_CLOEXEC
const connectSwapped = 2; // G_CONNECT_SWAPPED

const poll = libcFunction('int poll(void *fds, unsigned long count, int timeout)');
const eventfd = libcFunction('int eventfd(unsigned int initial, int flags)');

const rest = (): void => {};

interface DescriptorWatch extends Watch {
  ref(): void;
  unref(): void;
}

/**
 * On Node 26 the continuations of promises that `wake` resolves run only when the loop next runs Node's own JavaScript:
 * an immediate triggers that.
 */
const watchDescriptor = (fd: number, wake: () => void): DescriptorWatch => {
  if (!thread.callsBack) return lookRepeatedly(fd, wake);
  return koffi.node.poll(fd, { readable: true }, () => {
    wake();
    setImmediate(rest);
  });
};

/** Milliseconds between two polls. */
const lookDelay = 2;
const readable = 1; // POLLIN

/** Polls, without koffi's callbacks. */
function lookRepeatedly(fd: number, wake: () => void): DescriptorWatch {
  const entry = new Int32Array([fd, readable]);
  const timer = setInterval(() => poll(entry, 1, 0) > 0 && wake(), lookDelay);
  return { close: () => clearInterval(timer), ref: () => timer.ref(), unref: () => timer.unref() };
}

/** Calls `wake` on the main thread after one of the signals was emitted on any thread. */
function watchSignals(object: number, signals: readonly string[], wake: () => void): FlowWatch {
  const fd = eventfd(0, closeOnExec);
  if (fd < 0) throw new GstError('no fd is left for a watch', { detail: `errno ${koffi.errno()}` });
  refObject(object);
  // Swapped, the handler's first argument is the data: the streaming thread itself calls eventfd_write(fd, …), which
  // returns 0 (GST_FLOW_OK), and no JavaScript is involved. The second argument, an address or a length, is what is
  // added to the counter. The eventfd blocks, so that a full counter does not fail the stream.
  const connect = native('g_signal_connect_data');
  const handlers = signals.map((signal) => connect(object, signal, eventfdWrite, fd, null, connectSwapped) as number);
  const change = (symbol: string): void => {
    for (const handler of handlers) native(symbol)(object, handler);
  };
  change('g_signal_handler_block');
  const counter = new Uint8Array(8);
  const watch = watchDescriptor(fd, () => {
    readSync(fd, counter);
    wake();
  });
  let open = true;
  let isListening = false;
  // The watched bus keeps the process alive while the pipeline runs; an abandoned loop over frames must not.
  watch.unref();
  return {
    listen(listening) {
      if (!open || listening === isListening) return;
      isListening = listening;
      change(listening ? 'g_signal_handler_unblock' : 'g_signal_handler_block');
    },
    close() {
      if (!open) return;
      open = false;
      change('g_signal_handler_disconnect');
      watch.close();
      // An emission under way may still write: the number must not belong to another file by then.
      setTimeout(closeSync, closeDelay, fd).unref();
      unrefObject(object);
    },
  };
}

/** Longer than a thread takes from the start of a signal emission to the end of `eventfd_write`. */
const closeDelay = 1000;

function setBoolean(object: number, name: string, value: boolean): void {
  native('gst_util_set_object_arg')(object, name, String(value));
}

export const streams: Streams = {
  watchBus(bus, wake) {
    const pollFd = new Uint8Array(structs.GPollFD);
    native('gst_bus_get_pollfd')(address(bus), pollFd);
    const watch = watchDescriptor(new DataView(pollFd.buffer).getInt32(fields['GPollFD.fd'][1], true), wake);
    return { close: () => watch.close(), hold: (holds) => (holds ? watch.ref() : watch.unref()) };
  },
  prepareSink() {},
  prepareSource() {},
  watchSink(sink, wake) {
    setBoolean(address(sink), 'emit-signals', true);
    return watchSignals(address(sink), ['new-sample', 'new-preroll', 'new-serialized-event', 'eos'], wake);
  },
  watchSource(source, wake) {
    setBoolean(address(source), 'emit-signals', true);
    return watchSignals(address(source), ['need-data'], wake);
  },
  watchAllocation(sink, answer) {
    if (!thread.callsBack) {
      throw new UnavailableError('a worker cannot answer allocation queries: a streaming thread would wait for it');
    }
    const pointer = refObject(address(sink));
    const type = koffi.proto('int', ['uintptr', 'uintptr', 'uintptr']);
    // koffi queues a call from another thread to the main loop, and the caller waits for it there.
    const callback = koffi.register(
      (_sink: number, query: number) => Number(answer(toHandle(query))),
      koffi.pointer(type),
    );
    setBoolean(pointer, 'emit-signals', true);
    const handler = native('g_signal_connect_data')(pointer, 'propose-allocation', callback, null, null, 0);
    let open = true;
    return {
      close() {
        if (!open) return;
        open = false;
        native('g_signal_handler_disconnect')(pointer, handler);
        unrefObject(pointer);
        // An emission under way may still call.
        setTimeout(koffi.unregister, closeDelay, callback).unref();
      },
    };
  },
};

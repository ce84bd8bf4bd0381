/**
 * Waiting without threads of ours and without polling: a bus has an fd of its own, and an appsink or appsrc writes to
 * an eventfd from its streaming thread, in C. Node's loop watches the fds like any socket.
 */
import { closeSync, readSync } from 'node:fs';
import koffi from 'koffi';
import { GstError } from '../../errors.ts';
import type { Waiting, Watch } from '../runtime.ts';
import { fields, structs } from '../symbols.ts';
import { address } from './functions.ts';
import { libc, type NativeFunction, native } from './library.ts';
import { refObject, unrefObject } from './references.ts';

const closeOnExec = 0o2000000; // EFD_CLOEXEC
const connectSwapped = 2; // G_CONNECT_SWAPPED

function watchDescriptor(fd: number, wake: () => void): Watch {
  const poll = koffi.node.poll(fd, { readable: true }, wake);
  return { close: () => poll.close() };
}

/** Calls `wake` on the main thread after the signals were emitted on any. */
function watchSignals(object: number, signals: readonly string[], wake: () => void): Watch {
  const eventfd = libc.func('int eventfd(unsigned int initial, int flags)');
  const fd = eventfd(0, closeOnExec) as number;
  if (fd < 0) throw new GstError('no fd is left for a watch', { detail: `errno ${koffi.errno()}` });
  refObject(object);
  // Swapped, the handler's first argument is the data: the streaming thread itself calls eventfd_write(fd, …), which
  // returns 0 (GST_FLOW_OK), and no JavaScript is involved. The second argument, an address or a length, is what is
  // added to the counter. Blocking, so that a counter nobody reads fills up instead of failing the stream.
  const write = libc.symbol('eventfd_write');
  const connect = native('g_signal_connect_data');
  const handlers = signals.map((signal) => connect(object, signal, write, fd, null, connectSwapped) as number);
  const counter = new Uint8Array(8);
  const watch = watchDescriptor(fd, () => {
    readSync(fd, counter);
    wake();
  });
  let open = true;
  return {
    close() {
      if (!open) return;
      open = false;
      const disconnect = native('g_signal_handler_disconnect');
      for (const handler of handlers) disconnect(object, handler);
      watch.close();
      // An emission that had begun may still write: the number must not name somebody else's fd by then.
      setTimeout(closeSync, closeDelay, fd).unref();
      unrefObject(object);
    },
  };
}

/** Longer than a thread needs from being inside a signal emission to the end of `eventfd_write`. */
const closeDelay = 1000;

function setBoolean(object: number, name: string, value: boolean): void {
  native('gst_util_set_object_arg')(object, name, String(value));
}

let setState: NativeFunction | undefined;

export const waiting: Waiting = {
  watchBus(bus, wake) {
    const pollFd = new Uint8Array(structs.GPollFD);
    native('gst_bus_get_pollfd')(address(bus), pollFd);
    return watchDescriptor(new DataView(pollFd.buffer).getInt32(fields['GPollFD.fd'][1], true), wake);
  },
  prepareSink() {},
  watchSink(sink, wake) {
    setBoolean(address(sink), 'emit-signals', true);
    return watchSignals(address(sink), ['new-sample', 'new-preroll', 'eos'], wake);
  },
  watchSource(source, wake) {
    setBoolean(address(source), 'emit-signals', true);
    return watchSignals(address(source), ['need-data'], wake);
  },
  setState(element, state) {
    setState ??= native('gst_element_set_state');
    const pointer = refObject(address(element));
    return new Promise((resolve, reject) => {
      setState?.async(pointer, state, (error: Error | null, result: number) => {
        unrefObject(pointer);
        if (error) reject(error);
        else resolve(result);
      });
    });
  },
};

/**
 * Pipelines of a worker. One that is terminated runs no JavaScript any more, and its pipelines would play on for as long as
 * the process lives. So they are in a list that is this thread's own: the C library lets go of it when the thread ends. For
 * each pipeline on it that is `gst_element_no_more_pads`, which does nothing but emit a signal, and the handlers of that
 * stop the pipeline and drop the list's reference.
 */
import { libcFunction, libraryOf, native } from './ffi.ts';
import { refObject } from './references.ts';
import { thread } from './thread-rules.ts';

const stateNull = 1; // GST_STATE_NULL

/** What C++ has its `thread_local` objects destroyed by. Unlike keys of pthreads, of which there are 1024, it does not run out. */
const atThreadEnd = libcFunction('int __cxa_thread_atexit_impl(void *destructor, uintptr object, uintptr library)');

const code = (symbol: string) => libraryOf(symbol).symbol(symbol);

let list = 0;

function newList(): number {
  const made = native('g_ptr_array_new_with_free_func')(code('gst_element_no_more_pads')) as number;
  atThreadEnd(code('g_ptr_array_unref'), made, 0);
  return made;
}

/** What the pipelines on the list have connected. */
const handlers = new Map<number, number[]>();

/** The pipeline is to be stopped with this thread, if it is not stopped before. */
export function stopWithThread(pipeline: number): void {
  if (!thread.endsAlone || handlers.has(pipeline)) return;
  list ||= newList();
  const connect = native('g_signal_connect_data');
  const on = (handler: string, data: bigint | null) =>
    connect(pipeline, 'no-more-pads', code(handler), data, null, 0) as number;
  handlers.set(pipeline, [on('gst_element_set_state', BigInt(stateNull)), on('g_object_unref', null)]);
  native('g_ptr_array_add', 'uintptr')(list, refObject(pipeline));
}

/** It is stopped. */
export function stoppedInThread(pipeline: number): void {
  const connected = handlers.get(pipeline);
  if (!connected) return;
  handlers.delete(pipeline);
  native('g_ptr_array_remove_fast', 'uintptr')(list, pipeline);
  for (const handler of connected) native('g_signal_handler_disconnect')(pipeline, handler);
}

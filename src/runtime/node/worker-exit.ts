/**
 * Stops the pipelines of a worker that is terminated. It runs no more JavaScript, and its pipelines would play for as
 * long as the process lives. So they are kept in a GPtrArray that libc frees when the thread ends. Its free function is
 * `gst_element_no_more_pads`, which only emits a signal; C handlers of that signal stop the pipeline and drop the
 * array's reference.
 */
import { libcFunction, libraryOf, native } from './ffi.ts';
import { refObject } from './references.ts';
import { thread } from './thread-rules.ts';

const stateNull = 1; // GST_STATE_NULL

/** How C++ destroys `thread_local` objects. Unlike pthread keys, of which there are 1024, it does not run out. */
const atThreadEnd = libcFunction('int __cxa_thread_atexit_impl(void *destructor, uintptr object, uintptr library)');

const code = (symbol: string) => libraryOf(symbol).symbol(symbol);

let list = 0;

function newList(): number {
  const made = native('g_ptr_array_new_with_free_func')(code('gst_element_no_more_pads')) as number;
  atThreadEnd(code('g_ptr_array_unref'), made, 0);
  return made;
}

/** The signal handlers of each pipeline in the array. */
const handlers = new Map<number, number[]>();

/** Stops the pipeline when this thread ends, unless `stoppedInThread` is called before. */
export function stopWithThread(pipeline: number): void {
  if (!thread.endsAlone || handlers.has(pipeline)) return;
  list ||= newList();
  const connect = native('g_signal_connect_data');
  const on = (handler: string, data: bigint | null) =>
    connect(pipeline, 'no-more-pads', code(handler), data, null, 0) as number;
  handlers.set(pipeline, [on('gst_element_set_state', BigInt(stateNull)), on('g_object_unref', null)]);
  native('g_ptr_array_add', 'uintptr')(list, refObject(pipeline));
}

/** Takes a pipeline that was stopped out of the array. */
export function stoppedInThread(pipeline: number): void {
  const connected = handlers.get(pipeline);
  if (!connected) return;
  handlers.delete(pipeline);
  native('g_ptr_array_remove_fast', 'uintptr')(list, pipeline);
  for (const handler of connected) native('g_signal_handler_disconnect')(pipeline, handler);
}

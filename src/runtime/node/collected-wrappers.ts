/**
 * node-gtk (4.1) drops its reference to a collected wrapper from a GLib idle source, which never runs without a main
 * loop. Most programs on Node.js run none, and would keep each allocator, pool and pipeline whose `.gi` they ever read.
 * So this module dispatches that source alone, ahead of all others of the main context. node-gtk makes the call:
 * finalizing an object may call JavaScript, which V8 does not support on koffi's stack.
 */
import { native } from './ffi.ts';
import { gi } from './node-gtk.ts';

/** In one iteration GLib dispatches only the ready sources of highest priority, which is the lowest number. */
const beforeAllOthers = -(2 ** 31);

let quark = 0;
/** Holds the address of node-gtk's data of a wrapper, which is the user data of its idle source. */
const collected = new FinalizationRegistry<number>((kept) => setImmediate(letGo, kept));
const watched = new WeakSet<object>();

/** Drops the reference of a wrapper when the wrapper is collected. */
export function letGoWhenCollected(wrapper: object, object: number): void {
  if (watched.has(wrapper)) return;
  watched.add(wrapper);
  quark ||= native('g_quark_from_string')('gnode_js_object') as number;
  const kept = native('g_object_get_qdata')(object, quark) as number;
  if (kept) collected.register(wrapper, kept);
}

function letGo(kept: number): void {
  // A main loop that runs dispatches the source itself.
  if (native('g_main_depth')() > 0) return;
  const source = native('g_main_context_find_source_by_user_data', 'uintptr')(0, kept) as number;
  if (!source) return;
  native('g_source_set_priority', 'uintptr')(source, beforeAllOthers);
  gi.GLib.MainContext.default().iteration(false);
}

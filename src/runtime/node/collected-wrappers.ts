/**
 * What V8 collects of node-gtk's object wrappers, node-gtk (4.1) lets go of in an idle call of GLib's main loop. Most
 * programs on Node.js run none, and would keep each allocator, pool and pipeline whose `.gi` they ever looked at. So
 * that one call is made for them, before and without any other source of the main context. It is node-gtk that makes it:
 * what ends may call JavaScript, which V8 does not bear on the stack koffi gives to C.
 */
import { native } from './ffi.ts';
import { gi } from './node-gtk.ts';

/** GLib calls what is ready of the lowest number, and nothing else in the same turn. */
const beforeAllOthers = -(2 ** 31);

let quark = 0;
/** By the address of what node-gtk keeps of a wrapper: its idle call is made with that. */
const collected = new FinalizationRegistry<number>((kept) => setImmediate(letGo, kept));
const watched = new WeakSet<object>();

/** Sees to it that the reference of a wrapper ends with it. */
export function letGoWhenCollected(wrapper: object, object: number): void {
  if (watched.has(wrapper)) return;
  watched.add(wrapper);
  quark ||= native('g_quark_from_string')('gnode_js_object') as number;
  const kept = native('g_object_get_qdata')(object, quark) as number;
  if (kept) collected.register(wrapper, kept);
}

function letGo(kept: number): void {
  // A main loop that runs does it itself.
  if (native('g_main_depth')() > 0) return;
  const source = native('g_main_context_find_source_by_user_data', 'uintptr')(0, kept) as number;
  if (!source) return;
  native('g_source_set_priority', 'uintptr')(source, beforeAllOthers);
  gi.GLib.MainContext.default().iteration(false);
}

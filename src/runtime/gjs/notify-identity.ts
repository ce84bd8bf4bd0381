/**
 * Puts an `identity` element in front of appsinks and behind appsrcs: its `last-message` property changes with each buffer
 * and event that passes, and GStreamer posts that change on the bus, in C.
 */
import type { Handle } from '../../generated/symbols.ts';
import { isSentinel, sentinelPrefix } from './bus.ts';
import { gst } from './namespaces.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

export type Side = 'sink' | 'src';
const otherSide = { sink: 'src', src: 'sink' } as const;

/** The identity in front of a prepared appsink, or behind a prepared appsrc. */
export function sentinelOf(element: Handle, side: Side): Wrapper | null {
  const neighbour = (element as Wrapper).get_static_pad(side)?.get_peer()?.get_parent_element();
  return neighbour && isSentinel(neighbour) ? neighbour : null;
}

export function prepare(handle: Handle, side: Side): void {
  const element = handle as Wrapper;
  if (sentinelOf(handle, side)) return;
  const pad = element.get_static_pad(side);
  const peer = pad?.get_peer();
  const bin = element.get_parent();
  // An unlinked element may be linked by name later, which the sentinel would prevent; across bins there is a ghost
  // pad.
  if (!peer || !bin || peer.get_parent_element()?.get_parent() !== bin) return;
  const { ElementFactory, PadLinkReturn } = gst();
  const sentinel = ElementFactory.make('identity', `${sentinelPrefix}${element.get_name()}`);
  if (!sentinel) return;
  sentinel.silent = false;
  bin.add(sentinel);
  const link = (one: Wrapper, other: Wrapper) => (side === 'sink' ? one.link(other) : other.link(one));
  const unlink = side === 'sink' ? peer.unlink(pad) : pad.unlink(peer);
  const linked =
    unlink &&
    link(peer, sentinel.get_static_pad(side)) === PadLinkReturn.OK &&
    link(sentinel.get_static_pad(otherSide[side]), pad) === PadLinkReturn.OK;
  if (!linked) {
    bin.remove(sentinel);
    link(peer, pad);
    return;
  }
  sentinel.sync_state_with_parent();
}

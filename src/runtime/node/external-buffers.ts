/**
 * ArrayBuffers on memory outside V8's heap, each for the duration of one mapping.
 *
 * Making one takes V8 longer than all the rest of a mapping. So at the end of a mapping `transfer()` detaches every
 * view, and the ArrayBuffer that it returns, which no other code has, is kept for the next mapping of the same bytes. A
 * kept ArrayBuffer is never read: its memory may already be freed.
 */

import koffi from './koffi.ts';

type Transfer = (this: ArrayBuffer, length?: number) => ArrayBuffer;
const { transfer } = ArrayBuffer.prototype as unknown as { transfer: Transfer };

/** V8's collector counts kept ArrayBuffers as memory, though they own none. */
const mostKeptBytes = 2 ** 29;
const mostKept = 256;

/** By address, least recently used first. */
const kept = new Map<number, ArrayBuffer>();
let keptBytes = 0;

let allowed = true;

export const viewsAllowed = (): boolean => allowed;

/** The last one kept, which is usually the next one needed: a lookup in the map costs as much as a call into C. */
let last: ArrayBuffer | null = null;
let lastPointer = 0;

/** Null if the engine forbids views on foreign memory, as Electron does. */
export function viewOf(pointer: number, size: number): ArrayBuffer | null {
  if (size === 0) return new ArrayBuffer(0);
  if (pointer === lastPointer && last?.byteLength === size) {
    const view = last;
    last = null;
    return guarded(view);
  }
  const known = kept.get(pointer);
  if (known?.byteLength === size) {
    kept.delete(pointer);
    keptBytes -= size;
    return guarded(known);
  }
  if (!allowed) return null;
  try {
    return guarded(koffi.view(pointer, size));
  } catch {
    allowed = false;
    return null;
  }
}

/**
 * Detaches the bytes from every view. False if they were transferred before, most likely to another thread, and can
 * still be read.
 */
export function endView(pointer: number, view: ArrayBuffer, size: number): boolean {
  if (size === 0) return true;
  if (view.byteLength === 0) return copied.delete(view);
  if (last) keepLast(pointer);
  if (size > mostKeptBytes) {
    detach(view);
    last = null;
    return true;
  }
  last = transfer.call(view);
  lastPointer = pointer;
  return true;
}

/** Moves `last` to the map, to make room for the ArrayBuffer at `pointer`. */
function keepLast(pointer: number): void {
  const view = last as ArrayBuffer;
  if (pointer === lastPointer) {
    detach(view);
    return;
  }
  forget(lastPointer);
  kept.set(lastPointer, view);
  keptBytes += view.byteLength;
  if (keptBytes <= mostKeptBytes && kept.size <= mostKept) return;
  for (const [oldest] of kept) {
    if (keptBytes <= mostKeptBytes && kept.size <= mostKept) return;
    forget(oldest);
  }
}

function forget(pointer: number): void {
  const view = kept.get(pointer);
  if (!view) return;
  kept.delete(pointer);
  keptBytes -= view.byteLength;
  detach(view);
}

/** Detaches the bytes at once, without waiting for the collector. */
export function detach(view: ArrayBuffer): void {
  // Detaching twice would throw.
  if (view.byteLength > 0) transfer.call(view, 0);
}

type Guarded = ArrayBuffer & { transfer: Transfer; transferToFixedLength: Transfer };

/** Views that were detached by their own `transfer`. */
const copied = new WeakSet<ArrayBuffer>();

/** `transfer()` of a view returns a copy: the view does not own the memory. */
function transferCopy(this: ArrayBuffer, length = this.byteLength): ArrayBuffer {
  const copy = new ArrayBuffer(length);
  new Uint8Array(copy).set(new Uint8Array(this, 0, Math.min(length, this.byteLength)));
  detach(this);
  copied.add(this);
  return copy;
}

function guarded(view: ArrayBuffer): ArrayBuffer {
  (view as Guarded).transfer = transferCopy;
  (view as Guarded).transferToFixedLength = transferCopy;
  return view;
}

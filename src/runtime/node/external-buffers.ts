/**
 * ArrayBuffers on memory that is not the engine's, each for the time of one mapping.
 *
 * To make one takes V8 longer than all the rest of a mapping. So its end takes the bytes away from all who had a view on
 * them with `transfer()`, and keeps what that gives, an ArrayBuffer that nobody has seen, for the next mapping of the same
 * bytes. Nobody looks into one that is kept: what it is on may be freed by then.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import koffi from './koffi.ts';

type Transfer = (this: ArrayBuffer, length?: number) => ArrayBuffer;

function findTransfer(): Transfer {
  const here = (ArrayBuffer.prototype as { transfer?: Transfer }).transfer;
  if (here) return here;
  // Node 20 has it behind a flag that a context made after setting it obeys.
  setFlagsFromString('--harmony-rab-gsab-transfer');
  return runInNewContext('ArrayBuffer.prototype.transfer') as Transfer;
}

const transfer = findTransfer();

/** The collector counts kept views as memory, though they are none. */
const mostKeptBytes = 2 ** 29;
const mostKept = 256;

/** By address, the one that ended longest ago first. */
const kept = new Map<number, ArrayBuffer>();
let keptBytes = 0;

let allowed = true;

export const viewsAllowed = (): boolean => allowed;

/** The one kept last, which most often is the next one wanted: a look into the map costs as much as a call into C. */
let last: ArrayBuffer | null = null;
let lastPointer = 0;

/** Null where the engine forbids views on foreign memory, as Electron does. */
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
 * Takes the bytes away from everybody. False when somebody has transferred them before, to another thread most likely:
 * they can still be reached.
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

/** Makes room for that of `pointer`. */
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

/** Lets go of the bytes at once, long before the collector would. */
export function detach(view: ArrayBuffer): void {
  // Nothing is left where somebody else detached it, and a second time would throw.
  if (view.byteLength > 0) transfer.call(view, 0);
}

type Guarded = ArrayBuffer & { transfer: Transfer; transferToFixedLength: Transfer };

/** Views that were detached by their own `transfer`. */
const copied = new WeakSet<ArrayBuffer>();

/** `transfer()` of a view gives a copy: the memory is not its own to give away. */
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

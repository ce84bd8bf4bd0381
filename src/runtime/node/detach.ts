/** Takes the memory away from a view. `transfer(0)` lets go of it at once; `transfer()` would keep an alias. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Transfer = (this: ArrayBuffer, length: number) => ArrayBuffer;

function findTransfer(): Transfer {
  const here = (ArrayBuffer.prototype as { transfer?: Transfer }).transfer;
  if (here) return here;
  // Node 20 has it behind a flag that a context made after setting it obeys.
  setFlagsFromString('--harmony-rab-gsab-transfer');
  return runInNewContext('ArrayBuffer.prototype.transfer') as Transfer;
}

const transfer = findTransfer();

export function detach(view: ArrayBuffer): void {
  // Nothing is left where somebody else detached it, and a second time would throw.
  if (view.byteLength > 0) transfer.call(view, 0);
}

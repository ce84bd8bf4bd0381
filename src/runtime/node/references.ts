import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fields } from '../../generated/symbols.ts';
import type { Handle, References } from '../port/index.ts';
import { type NativeFunction, native } from './ffi.ts';
import koffi from './koffi.ts';
import { address } from './marshal.ts';

const lazy = (symbol: string): ((pointer: number) => number) => {
  let bound: NativeFunction | undefined;
  return (pointer) => {
    bound ??= native(symbol, 'uintptr');
    return bound(pointer);
  };
};

export const refMini = lazy('gst_mini_object_ref');
export const unrefMini = lazy('gst_mini_object_unref');
export const refObject = lazy('g_object_ref');
export const unrefObject = lazy('g_object_unref');
const isWritable = lazy('gst_mini_object_is_writable');

const miniObjectFlags = fields['GstMiniObject.flags'][1];
const flagsOf = (memory: Handle): number => koffi.decode.uint32(address(memory) + miniObjectFlags);
const readOnly = 2; // GST_MEMORY_FLAG_READONLY
const noShare = 16; // GST_MEMORY_FLAG_NO_SHARE

/** V8 defines `gc` in a context that is made while a flag is set. */
function collector(): () => void {
  try {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc') as () => void;
  } catch {
    return () => {};
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}

let collectGarbage: (() => void) | null = null;

export const references: References = {
  collects: false,
  another(handle, family) {
    if (family === 'mini') refMini(address(handle));
    else refObject(address(handle));
    return handle;
  },
  drop(handle, family) {
    if (family === 'mini') unrefMini(address(handle));
    else unrefObject(address(handle));
  },
  noteUse() {},
  identical: (a, b) => a === b,
  isWritable: (mini) => isWritable(address(mini)) !== 0,
  isReadOnly: (memory) => (flagsOf(memory) & readOnly) !== 0,
  mayShare: (memory) => (flagsOf(memory) & noShare) === 0,
  collect() {},
  collectLost() {
    collectGarbage ??= collector();
    collectGarbage();
  },
};

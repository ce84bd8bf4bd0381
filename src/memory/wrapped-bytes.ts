/** Bytes of JavaScript as memory. */
import { runtime } from '#runtime';
import { type Bytes, expectBoolean, expectBytes, expectOptions, outOfRange } from '../expect.ts';
import { checkAllocation } from '../limits.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, wrappedBytes } = runtime;

/** Options of `Memory.newWrapped` and `Buffer.newWrapped`. */
export interface WrapOptions {
  /** Whether GStreamer may only read the bytes (`GST_MEMORY_FLAG_READONLY`). Default: false */
  readOnly?: boolean;
}

const getter = (of: object, name: string) => Object.getOwnPropertyDescriptor(of, name)?.get;
const bufferOf = getter(Object.getPrototypeOf(Uint8Array.prototype), 'buffer') as () => ArrayBufferLike;
const bufferOfDataView = getter(DataView.prototype, 'buffer') as () => ArrayBufferLike;
const isResizable = getter(ArrayBuffer.prototype, 'resizable') as (() => boolean) | undefined;
const isDataView = (view: ArrayBufferView): boolean => Object.prototype.toString.call(view) === '[object DataView]';

export function wrapBytes(given: Bytes, options?: WrapOptions): Handle {
  const { readOnly = false } = expectOptions('options', options, ['readOnly']);
  expectBoolean('options.readOnly', readOnly);
  const bytes = expectBytes('bytes', given);
  const buffer = ArrayBuffer.isView(given) ? (isDataView(given) ? bufferOfDataView : bufferOf).call(given) : given;
  if (!(buffer instanceof ArrayBuffer) || isResizable?.call(buffer))
    throw outOfRange('bytes', 'of an ArrayBuffer whose length is fixed', buffer);
  if (!wrappedBytes.zeroCopy.available) checkAllocation(bytes.length);
  if (bytes.length > 0) return wrappedBytes.wrap(bytes as Uint8Array<ArrayBuffer>, readOnly);
  // GStreamer has no memory around nothing.
  const empty = wrappedBytes.wrap(new Uint8Array(1), false);
  c.gst_memory_resize(empty, 0, 0);
  return empty;
}

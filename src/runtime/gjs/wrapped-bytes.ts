import type { Handle } from '../../generated/symbols.ts';
import type { WrappedBytes } from '../port/index.ts';
import { GLib, gst, init } from './namespaces.ts';
import { own } from './references.ts';

export const wrappedBytes: WrappedBytes = {
  zeroCopy: { available: false, found: 'a copy: introspection copies bytes' },
  wrap(bytes, readOnly) {
    init();
    const { Buffer } = gst();
    const buffer = readOnly ? Buffer.new_wrapped_bytes(new GLib.Bytes(bytes)) : Buffer.new_memdup(bytes);
    const memory = buffer.get_memory(0);
    buffer.remove_all_memory();
    own(memory);
    return memory as Handle;
  },
};

import { UnavailableError } from '../../errors.ts';
import type { Handle } from '../symbols.ts';
import { gst } from './namespaces.ts';

/**
 * Adds a meta from the form in which `unixfdsink` sends it to another process (`gst_meta_serialize`): total size, length
 * of the name, name, version 0, content. Before 1.28 introspection takes the bytes for a number.
 */
export function serialisedMeta(buffer: Handle, name: string, content: string): void {
  const { Meta, version, version_string: found } = gst();
  const [major, minor] = version();
  if (major === 1 && minor < 28) {
    throw new UnavailableError(
      `in GJS the fields of a custom meta can be set with GStreamer 1.28 or later, found ${found()}: before, introspection ` +
        'gives its structure as a copy only. Without fields it can be added, and all of them can be read',
    );
  }
  const encoder = new TextEncoder();
  const type = encoder.encode(name);
  const payload = encoder.encode(content);
  const bytes = new Uint8Array(8 + type.length + 2 + payload.length);
  const words = new DataView(bytes.buffer);
  words.setUint32(0, bytes.length, true);
  words.setUint32(4, type.length, true);
  bytes.set(type, 8);
  bytes.set(payload, 10 + type.length);
  Meta.deserialize(buffer, bytes);
}

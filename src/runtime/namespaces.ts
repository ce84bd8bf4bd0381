/** The introspected namespaces, for both engines. */
import { libraries } from '../generated/symbols.ts';

/** The namespaces of GStreamer that this package uses, `Gst` first, as in `gir/namespaces.ts`. */
export const gstNamespaces: readonly string[] = Object.keys(libraries).filter((name) => name.startsWith('Gst'));

/** Exceptions: the namespaces of GStreamer, and most others, have version 1.0. */
const versions: Record<string, string> = {
  GLib: '2.0',
  GLibUnix: '2.0',
  GObject: '2.0',
  Gio: '2.0',
  GioUnix: '2.0',
  Gtk: '4.0',
  Gdk: '4.0',
};

/** The version of a namespace in `gi`. */
export const versionOf = (namespace: string): string => versions[namespace] ?? '1.0';

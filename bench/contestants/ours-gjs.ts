/** Runs as `gjs -m ours-gjs.js BUNDLE`. */
import type * as Package from '../../src/index.ts';
import { ours } from './ours.ts';

// biome-ignore lint/suspicious/noExplicitAny: GJS's own globals, untyped on Node
const { imports, ARGV, print } = globalThis as any;
const { GLib, Gio, GioUnix } = imports.gi;

const gst: typeof Package = await import(`file://${(ARGV ?? imports.system.programArgs)[0]}`);
// Microseconds are the finest clock GLib has.
const answer = ours(gst, () => GLib.get_monotonic_time() * 1000);

const version = String(imports.system.version).replace(/(\d)(\d\d)(\d\d)$/, '$1.$2.$3');
print(JSON.stringify({ versions: { GJS: version, GStreamer: gst.version().string.replace('GStreamer ', '') } }));
const input = new Gio.DataInputStream({ base_stream: new (GioUnix ?? Gio).InputStream({ fd: 0 }) });
for (;;) {
  const [line] = input.read_line_utf8(null);
  if (line === null) break;
  print(JSON.stringify(await answer(JSON.parse(line))));
}

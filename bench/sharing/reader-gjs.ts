/** The reading process in GJS: `gjs -m reader-gjs.js BUNDLE TRANSPORT PATH CAPS FRAMES`. It says `done` and waits for its end. */
import { read } from './reading.ts';

// biome-ignore lint/suspicious/noExplicitAny: GJS's own globals, untyped on Node
const { imports, ARGV, print } = globalThis as any;
const [bundle, transport, path, caps, count] = (ARGV ?? imports.system.programArgs) as string[];
await read(await import(`file://${bundle}`), transport as string, path as string, caps as string, Number(count));
print('done');
imports.gi.GLib.usleep(60e6);

/** The reading process in GJS: `gjs -m reader-gjs.js BUNDLE READING`, as `reader.js` does it. */
import { read } from './reading.ts';

// biome-ignore lint/suspicious/noExplicitAny: GJS's own globals, untyped on Node
const { imports, ARGV, print } = globalThis as any;
const [bundle, reading] = (ARGV ?? imports.system.programArgs) as [string, string];
await read(await import(`file://${bundle}`), JSON.parse(reading));
print('done');
imports.gi.GLib.usleep(60e6);

/** Runs as `gjs -m gjs.js BUNDLE FRAMES ROUNDS`. */
import type * as Package from '../../src/index.ts';
import { measure } from './measure.ts';

// biome-ignore lint/suspicious/noExplicitAny: GJS's own globals, untyped on Node
const { imports, ARGV, print } = globalThis as any;
const { GLib } = imports.gi;
const [bundle, frames, rounds] = ARGV ?? imports.system.programArgs;
const gst: typeof Package = await import(`file://${bundle}`);
print(JSON.stringify(await measure(gst, () => GLib.get_monotonic_time() * 1000, Number(frames), Number(rounds))));

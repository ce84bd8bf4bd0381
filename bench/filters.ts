/**
 * `npm run bench:filters [-- --frames 3000] [--rounds 5] [--engine node|gjs]`: what a filter costs on raw 1080p, beside an
 * identity and beside its body alone; medians, and the ratios that count.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as gst from '../src/index.ts';
import { root } from './contestants/index.ts';
import { measure, type Times } from './filters/measure.ts';
import { median, ratio as share } from './statistics.ts';

const { frames, rounds, engine } = parseArgs({
  options: {
    frames: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '5' },
    engine: { type: 'string' },
  },
}).values;

const inGjs = (): Times => {
  const program = join(root, 'dist/node/bench/filters/gjs.js');
  const bundle = join(root, 'dist/gjs/gst-allocators.js');
  return JSON.parse(execFileSync('gjs', ['-m', program, bundle, frames, rounds], { encoding: 'utf8' }));
};

for (const [name, run] of [
  ['node', () => measure(gst, () => performance.now() * 1e6, Number(frames), Number(rounds))],
  ['gjs', inGjs],
] as const) {
  if (engine !== undefined && engine !== name) continue;
  const times = await run();
  const of = (work: string): number => median(times[work] ?? []);
  console.log(`${name}, ${frames} frames, ${rounds} rounds`);
  for (const work of Object.keys(times)) console.log(`  ${(of(work) / 1e6).toFixed(3).padStart(8)} ms  ${work}`);
  const ratio = (what: string, beside: string): void =>
    console.log(
      `  ${share(times[what] ?? [], times[beside] ?? [])
        .toFixed(2)
        .padStart(8)} ×   ${what} beside ${beside}`,
    );
  ratio('empty body', 'identity');
  ratio('empty body', 'the mapping alone');
  ratio('inverting body', 'the inversion alone');
}

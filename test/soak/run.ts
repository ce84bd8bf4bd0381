/**
 * `npm run soak [-- SCENARIO…] [--engine node|gjs] [--part 0.01]`: the long runs, one after the other, with a table at
 * the end. Ctrl-C ends it with the table of what was done until then.
 */
import { parseArgs } from 'node:util';
import { type Engine, engines } from '../node/child.ts';
import { counts, type Figures, type Name, soak } from './soak.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { engine: { type: 'string' }, part: { type: 'string', default: '1' } },
});
const part = Number(values.part);
const unknown = positionals.filter((name) => !Object.hasOwn(counts, name));
if (unknown.length || !(part > 0) || (values.engine !== undefined && !engines.includes(values.engine as Engine))) {
  console.error(`usage: npm run soak -- [${Object.keys(counts).join('|')}]… [--engine node|gjs] [--part 0.01]`);
  process.exit(2);
}
const names = (positionals.length ? positionals : Object.keys(counts)) as Name[];
const chosen = engines.filter((engine) => values.engine === undefined || values.engine === engine);

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());

const isTerminal = process.stdout.isTTY;
const results: Figures[] = [];
for (const engine of chosen) {
  for (const name of names) {
    if (abort.signal.aborted) break;
    const count = Math.max(200, Math.round(counts[name] * part));
    const begin = performance.now();
    let told = 0;
    const progress = (done: number): void => {
      const now = performance.now();
      if (now - told < (isTerminal ? 200 : 10_000)) return;
      told = now;
      const rate = (done / ((now - begin) / 1000)).toFixed(0);
      const text = `${name} (${engine}): ${done} of ${count}, ${rate} a second`;
      if (isTerminal) process.stdout.write(`\r\x1b[K${text}`);
      else console.log(text);
    };
    const figures = await soak(name, engine, count, { abort: abort.signal, progress });
    if (isTerminal) process.stdout.write('\r\x1b[K');
    if (abort.signal.aborted) break;
    results.push(figures);
    console.log(`${name} (${engine}): ${figures.seconds.toFixed(0)} s, ${figures.faults.join('; ') || 'flat'}`);
  }
}

const change = ({ begin, end }: Figures, what: 'rss' | 'fds' | 'threads' | 'mappings'): string =>
  begin && end ? `${begin[what].toFixed(0)} → ${end[what].toFixed(0)}` : '–';
const rows = results.map((figures) => [
  figures.name,
  figures.engine,
  String(figures.done),
  figures.seconds.toFixed(0),
  String(figures.kills),
  change(figures, 'rss'),
  change(figures, 'fds'),
  change(figures, 'threads'),
  change(figures, 'mappings'),
  figures.faults.length ? 'no' : 'yes',
]);
const head = ['', '', 'rounds', 's', 'kills', 'RSS/MiB', 'fds', 'threads', 'mappings', 'flat'];
const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] as string).length)));
console.log('');
for (const row of [head, ...rows])
  console.log(row.map((cell, column) => cell.padEnd(widths[column] as number)).join('  '));
if (abort.signal.aborted) {
  console.log('ended before its time');
  process.exitCode = 130;
} else if (results.some(({ faults }) => faults.length)) process.exitCode = 1;

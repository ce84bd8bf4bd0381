/**
 * `npm run soak [-- SCENARIO…] [--engine node|gjs] [--part 0.01] [--seed 57]`: the long runs, one after the other, with a
 * table at the end. Ctrl-C ends it with the table of what was done until then.
 */
import { parseArgs } from 'node:util';
import { type Engine, engines } from '../node/child.ts';
import { callsOfASeed, tryEach } from '../node/fuzz/seeds.ts';
import type { Figures, Options } from './figures.ts';
import { counts, type Name, soak } from './soak.ts';
import { specs } from './specs.ts';

interface Scenario {
  /** How often, in the whole of it. */
  count: Record<Engine, number>;
  /** Fewer rounds tell nothing. */
  least: number;
  run(engine: Engine, count: number, options: Options): Promise<Figures>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { engine: { type: 'string' }, part: { type: 'string', default: '1' }, seed: { type: 'string' } },
});
const part = Number(values.part);
const both = (count: number): Record<Engine, number> => ({ node: count, gjs: count });

const flat = ([name, count]: [string, number]): [string, Scenario] => [
  name,
  {
    // GJS's garbage makes it slow.
    count: name === 'branches' ? { node: count, gjs: count / 5 } : both(count),
    least: name === 'branches' ? 20 : 200,
    run: (engine, rounds, options) => soak(name as Name, engine, rounds, options),
  },
];

/** Behind those of `npm test`. */
const firstSeed = 41;

const scenarios: Record<string, Scenario> = {
  ...Object.fromEntries(Object.entries(counts).map(flat)),
  // Hostile calls; with a seed, those of that one alone.
  fuzz: {
    count: both(200 * callsOfASeed),
    least: callsOfASeed,
    async run(engine, count, { abort, progress }) {
      const begin = performance.now();
      const first = Number(values.seed ?? firstSeed);
      const seeds = values.seed === undefined ? Math.ceil(count / callsOfASeed) : 1;
      let done = 0;
      let through = 0;
      const faults = await tryEach(
        engine,
        Array.from({ length: seeds }, (_, index) => first + index),
        {
          abort,
          ended({ calls }) {
            done += calls.length;
            progress(`${++through} of ${seeds} seeds from ${first} on, ${done} calls`);
          },
        },
      );
      return { name: 'fuzz', engine, done, seconds: (performance.now() - begin) / 1000, faults };
    },
  },
  // Random orders of calls against the model, and in the whole of it each order that is longer by one or two.
  lifetimes: {
    count: { node: 100_000, gjs: 3000 },
    least: 1,
    run(engine, count, options) {
      const environment = {
        GST_ALLOCATORS_RUNS: String(count),
        ...(part < 1 ? {} : { GST_ALLOCATORS_DEPTH: engine === 'node' ? '7' : '5' }),
      };
      return specs('lifetimes', engine, count, { files: ['lifetimes'], grep: '^Lifetimes', environment }, options);
    },
  },
  // Of each kind of process, in the midst of sharing.
  kills: {
    count: { node: 200, gjs: 0 },
    least: 1,
    run(engine, count, options) {
      const environment = { GST_ALLOCATORS_KILLS: String(count) };
      return specs(
        'kills',
        engine,
        count,
        { files: ['node/sharing-kill', 'node/sharing-flicker', 'node/shmdata-kill'], environment },
        options,
      );
    },
  },
};

const unknown = positionals.filter((name) => !Object.hasOwn(scenarios, name));
const isSeed = values.seed === undefined || /^\d+$/.test(values.seed);
const isEngine = values.engine === undefined || engines.includes(values.engine as Engine);
if (unknown.length || !(part > 0) || !isEngine || !isSeed) {
  console.error(
    `usage: npm run soak -- [${Object.keys(scenarios).join('|')}]… [--engine node|gjs] [--part 0.01] [--seed 57]`,
  );
  process.exit(2);
}
const names = positionals.length ? positionals : Object.keys(scenarios);
const chosen = engines.filter((engine) => values.engine === undefined || values.engine === engine);

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());

const isTerminal = process.stdout.isTTY;
const results: Figures[] = [];
for (const engine of chosen) {
  for (const name of names) {
    const { count, least, run } = scenarios[name] as Scenario;
    if (abort.signal.aborted || count[engine] === 0) continue;
    let told = 0;
    const begin = performance.now();
    const progress = (text: string): void => {
      const now = performance.now();
      if (now - told < (isTerminal ? 200 : 10_000)) return;
      told = now;
      const line = `${name} (${engine}), ${((now - begin) / 1000).toFixed(0)} s: ${text.trim()}`;
      if (isTerminal) process.stdout.write(`\r\x1b[K${line}`);
      else console.log(line);
    };
    const figures = await run(engine, Math.max(least, Math.round(count[engine] * part)), {
      abort: abort.signal,
      progress,
    });
    if (isTerminal) process.stdout.write('\r\x1b[K');
    if (abort.signal.aborted) break;
    results.push(figures);
    console.log(`${name} (${engine}): ${figures.seconds.toFixed(0)} s, ${figures.faults.join('; ') || 'all is well'}`);
  }
}

const change = ({ begin, end }: Figures, what: 'rss' | 'fds' | 'threads' | 'mappings'): string =>
  begin && end ? `${begin[what].toFixed(0)} → ${end[what].toFixed(0)}` : '–';
const rows = results.map((figures) => [
  figures.name,
  figures.engine,
  String(figures.done),
  figures.seconds.toFixed(0),
  figures.kills === undefined ? '–' : String(figures.kills),
  change(figures, 'rss'),
  change(figures, 'fds'),
  change(figures, 'threads'),
  change(figures, 'mappings'),
  figures.faults.length ? 'no' : 'yes',
]);
const head = ['', '', 'rounds', 's', 'kills', 'RSS/MiB', 'fds', 'threads', 'mappings', 'well'];
const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] as string).length)));
console.log('');
for (const row of [head, ...rows])
  console.log(row.map((cell, column) => cell.padEnd(widths[column] as number)).join('  '));
if (abort.signal.aborted) {
  console.log('ended before its time');
  process.exitCode = 130;
} else if (results.some(({ faults }) => faults.length)) process.exitCode = 1;

/** `npm run bench`: every contestant on the same work, in turns, in one run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chart } from './chart.ts';
import { Contestant } from './contestant.ts';
import { entries, root } from './contestants/index.ts';
import { machine } from './machine.ts';
import { renewPage } from './page.ts';
import { type Pace, race } from './race.ts';
import { raceReady } from './ready.ts';
import { sharingTable, table } from './report.ts';
import { type Result, summarise } from './result.ts';
import { scenes, shareAll } from './sharing.ts';
import { works } from './work.ts';

const ready = { name: 'ready', title: 'from the start of the process until GStreamer is ready' };
const names = [ready, ...works, ...scenes];

const usage = `npm run bench -- [options]
  --quick          fewer and shorter rounds
  --only NAME      this work alone; may be repeated (${names.map(({ name }) => name).join(', ')})
  --against NAME   these contestants alone, ours on Node aside; may be repeated
  --before FOLDER  the built checkout of an older version, which takes part too as node-before and gjs-before
  --json           JSON on stdout instead of the table
  --keep           keep the result in bench/results under today's date, with a chart, and renew docs/performance.md

Progress goes to stderr; the latest result is always in bench/results/latest.json.`;

const paces: Record<string, Pace & { sharing: { rounds: number; seconds: number } }> = {
  quick: { rounds: 3, length: 15, sharing: { rounds: 1, seconds: 0.3 } },
  full: { rounds: 11, length: 100, sharing: { rounds: 3, seconds: 1 } },
};

const terminal = process.stderr.isTTY;
function progress(text: string, last = false): void {
  if (terminal) process.stderr.write(`\r\x1b[K${text}${last ? '\n' : ''}`);
  else if (last) process.stderr.write(`${text}\n`);
}

function options() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        against: { type: 'string', multiple: true, default: [] },
        before: { type: 'string' },
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    process.exit(2);
  }
}

function chosen<T extends { name: string }>(all: readonly T[], names: readonly string[]): readonly T[] {
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown === undefined) return names.length ? all.filter(({ name }) => names.includes(name)) : all;
  process.stderr.write(`there is no ${unknown}; there are ${all.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

async function main(): Promise<void> {
  const { quick, only, against, before, json, keep, help } = options();
  if (help) return void process.stdout.write(`${usage}\n`);
  const wanted = new Set(chosen(names, only).map(({ name }) => name));
  const mode = quick ? 'quick' : 'full';
  const pace = paces[mode] as (typeof paces)[string];
  progress('compiling');
  const all = entries(before && resolve(before));
  const taking = chosen(all.entries, against.length ? ['node', ...against] : []);

  const result: Result = {
    date: new Date().toISOString(),
    mode,
    machine: machine(root),
    contestants: [],
    works: [],
    sharing: [],
  };
  const contestants: Contestant[] = [];
  try {
    for (const { name, title, command } of taking) {
      progress(`starting ${title}`);
      if ('absent' in command) result.contestants.push({ name, title, versions: {}, absent: command.absent });
      else {
        const contestant = await Contestant.start(name, command);
        contestants.push(contestant);
        result.contestants.push({ name, title, versions: contestant.versions });
      }
    }
    // A long work that is named also runs in a quick run.
    const doing = names.filter(
      (one) => wanted.has(one.name) && !(quick && 'isLong' in one && one.isLong && !only.length),
    );
    const begin = Date.now();
    let finished = 0;
    const timed = async <T>(title: string, run: () => Promise<T>): Promise<T> => {
      const started = Date.now();
      const result = await run();
      const seconds = [started, begin].map((since) => ((Date.now() - since) / 1000).toFixed(1));
      progress(`${++finished} of ${doing.length}  ${title}  ${seconds[0]} s, ${seconds[1]} s in all`, true);
      return result;
    };
    const show = (title: string) => (done: number) => progress(`${title}  ${Math.round(done * 100)} %`);
    if (doing.includes(ready)) {
      await timed(ready.title, async () => {
        const times = await raceReady(all.ready, taking, pace.rounds, show(ready.title));
        result.works.push(summarise(ready, times));
      });
    }
    for (const work of works) {
      if (!doing.includes(work)) continue;
      await timed(work.title, async () => {
        result.works.push(summarise(work, await race(contestants, work, pace, show(work.title))));
      });
    }
    for (const scene of scenes) {
      if (!doing.includes(scene)) continue;
      const { rounds, seconds } = pace.sharing;
      await timed(`two processes share frames, ${scene.title}`, async () => {
        result.sharing.push(await shareAll(scene, rounds, seconds, progress));
      });
    }
  } finally {
    for (const contestant of contestants) contestant.stop();
  }

  const text = `${JSON.stringify(result, null, 1).replace(/(?<=[[\d,])\n\s*(?=[-\d\]])/g, '')}\n`;
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), text);
  if (keep) {
    const file = join(folder, `${result.date.slice(0, 10)}-${mode}.json`);
    writeFileSync(file, text);
    // Stored results are linted like all files.
    execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', file], { cwd: root, stdio: 'ignore' });
    writeFileSync(file.replace(/json$/, 'svg'), chart(result));
    renewPage(join(root, 'docs/performance.md'), result);
  }

  if (json) process.stdout.write(text);
  else {
    const versions = [
      ...Object.entries(result.machine).map(([name, value]) => `${name} ${value}`),
      ...result.contestants.map(({ title, versions }) =>
        [title, ...Object.entries(versions).map(([name, value]) => `${name} ${value}`)].join(' · '),
      ),
    ];
    process.stdout.write(`\n${table(result)}\n${sharingTable(result)}\n${versions.join('\n')}\n`);
  }
}

main().catch((error) => {
  progress(`The bench failed, and gives no figures.\n${error instanceof Error ? error.message : error}`, true);
  process.exit(1);
});

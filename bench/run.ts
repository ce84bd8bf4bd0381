/** `npm run bench`: every contestant on the same work, in turns, in one run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Contestant } from './contestant.ts';
import { entries, root } from './contestants/index.ts';
import { machine } from './machine.ts';
import { type Pace, race } from './race.ts';
import { table } from './report.ts';
import { type Result, summarise } from './result.ts';
import { works } from './work.ts';

const usage = `npm run bench -- [options]
  --quick          fewer and shorter rounds
  --only NAME      this work alone; may be repeated (${works.map(({ name }) => name).join(', ')})
  --against NAME   these contestants alone, ours on Node aside; may be repeated
  --json           JSON on stdout instead of the table
  --keep           keep the result in bench/results under today's date

Progress goes to stderr; the latest result is always in bench/results/latest.json.`;

const paces: Record<string, Pace> = { quick: { rounds: 9, length: 40 }, full: { rounds: 25, length: 200 } };

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
  const { quick, only, against, json, keep, help } = options();
  if (help) return void process.stdout.write(`${usage}\n`);
  const chosenWorks = chosen(works, only);
  const mode = quick ? 'quick' : 'full';
  progress('compiling');
  const taking = chosen(entries(), against.length ? ['node', ...against] : []);

  const result: Result = {
    date: new Date().toISOString(),
    mode,
    machine: machine(root),
    contestants: [],
    works: [],
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
    for (const work of chosenWorks) {
      const started = Date.now();
      const pace = paces[mode] as Pace;
      const times = await race(contestants, work, pace, (done) =>
        progress(`${work.title}  ${Math.round(done * 100)} %`),
      );
      result.works.push(summarise(work, times));
      progress(`${work.title}  ${((Date.now() - started) / 1000).toFixed(1)} s`, true);
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
    // What is kept is linted with everything else.
    execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', file], { cwd: root, stdio: 'ignore' });
  }

  if (json) process.stdout.write(text);
  else {
    const versions = [
      ...Object.entries(result.machine).map(([name, value]) => `${name} ${value}`),
      ...result.contestants.map(({ title, versions }) =>
        [title, ...Object.entries(versions).map(([name, value]) => `${name} ${value}`)].join(' · '),
      ),
    ];
    process.stdout.write(`\n${table(result)}\n${versions.join('\n')}\n`);
  }
}

main().catch((error) => {
  progress(`The bench failed, and gives no figures.\n${error instanceof Error ? error.message : error}`, true);
  process.exit(1);
});

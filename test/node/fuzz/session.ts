/** A process that makes calls until they are over or it breaks, and the shortest way to break it again. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '../../fuzz/call.ts';
import type { Plan, Reach } from '../../fuzz/fuzz.ts';
import type { Engine } from '../child.ts';

export interface Session {
  /** What went wrong, in words that are the same when it does once more; null when nothing did. */
  failure: string | null;
  calls: Call[];
  /** Null where it did not come to its end. */
  reach: Reach | null;
}

/** Milliseconds without a sign of life; while looking for the shortest replay it is known what to wait for. */
const patience = 10_000;
const shortPatience = 2500;

const here = (path: string) => new URL(path, import.meta.url).href;

/** Lines are written one by one and at once: the last one that arrives is the last one there was. */
const scripts: Record<Engine, string> = {
  node: `
    import { readFileSync, writeSync } from 'node:fs';
    import { fuzz } from ${JSON.stringify(here('../../fuzz/fuzz.js'))};
    // Node makes the pipe one that does not wait as soon as something is printed.
    const say = (line) => {
      for (let rest = Buffer.from(line + '\\n'); rest.length; ) {
        try {
          rest = rest.subarray(writeSync(1, rest));
        } catch (error) {
          if (error.code !== 'EAGAIN') throw error;
        }
      }
    };
    process.on('unhandledRejection', (error) => say('bad ' + JSON.stringify('unhandled: ' + error)));
    await fuzz(JSON.parse(readFileSync('plan.json', 'utf8')), say);`,
  gjs: `
    import GLib from 'gi://GLib';
    import { fuzz } from ${JSON.stringify(here('../../../../gjs/fuzz.js'))};
    await fuzz(JSON.parse(new TextDecoder().decode(GLib.file_get_contents('plan.json')[1])), print);`,
};

export async function run(
  engine: Engine,
  plan: Plan,
  { limit = patience, abort }: { limit?: number; abort?: AbortSignal | undefined } = {},
): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-fuzz-'));
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  writeFileSync(join(folder, 'program.mjs'), scripts[engine]);
  // Node may print a warning in parts, with other lines in between: there are to be none, of errors that nobody awaits either.
  const command =
    engine === 'node' ? [process.execPath, '--unhandled-rejections=none', 'program.mjs'] : ['gjs', '-m', 'program.mjs'];
  // Both outputs in one pipe: what is written on stderr comes after the call that it is about.
  const child = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', ...command], {
    cwd: folder,
    // No file that a call could take over: pipes are refused.
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, GST_ALLOCATORS_DEBUG: 'quiet' },
    ...(abort ? { signal: abort, killSignal: 'SIGKILL' } : {}),
  });
  const session: Session = { failure: null, calls: [], reach: null };
  const fail = (words: string): void => {
    session.failure ??= words;
    child.kill('SIGKILL');
  };
  const hang = (): void => fail('hangs');
  const timer = setTimeout(hang, limit);
  let line = '';
  let isWarning = false;
  let isUnawaited = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    timer.refresh();
    const lines = (line + text).replaceAll(chatter, '').split('\n');
    line = lines.pop() ?? '';
    for (const each of lines) {
      if (session.failure !== null) return;
      // What the package warns of goes on until the next line of the protocol: errors come with their stacks.
      isWarning = isWarning ? !/^(call|end|bad) |^finish$/.test(each) : warning.test(each);
      isUnawaited ||= isWarning && each.includes('nobody awaits this error');
      if (isWarning) continue;
      if (each.startsWith('call ')) session.calls.push(JSON.parse(each.slice(5)));
      else if (each.startsWith('end ')) {
        session.reach = JSON.parse(each.slice(4)) as Reach;
        if (session.reach.waits) child.kill('SIGKILL');
      } else if (each.startsWith('bad ')) fail(String(JSON.parse(each.slice(4))));
      else if (/\w/.test(each) && each !== 'finish') fail(withoutNumbers(each));
    }
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on('error', (error) => error.name === 'AbortError' || reject(error));
    child.on('close', (...end) => resolve(end));
  });
  clearTimeout(timer);
  // Peers that it has started may be at work there for a moment more.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  if (code !== 0 && !(code === 1 && isUnawaited) && !session.reach?.waits)
    session.failure ??= `ended with ${signal ?? code}`;
  return session;
}

/** What `shmsink` prints of readers that leave: no more than that. */
const chatter = /Sending new shm area failed: Broken pipe\n?/g;
/** What the package says of waits, and of errors that nobody awaits. */
const warning = /gst-allocators-WARNING \*\*|GstAllocatorsWarning: |^\(Use `node --trace-warnings/;

/** A line of stderr without what differs from run to run. */
const withoutNumbers = (line: string): string => line.replace(/0x[0-9a-f]+|\d{2}:\d{2}:\d{2}\.\d+|\(\w+:\d+\)/g, '…');

/** Fewest calls that go wrong in the same way: first the last ones that do, then without those that can be left out. */
export async function shortest(
  engine: Engine,
  { failure, calls }: Session,
  limit: number,
  abort?: AbortSignal,
): Promise<Call[]> {
  const end = Date.now() + limit;
  const fails = async (some: Call[]): Promise<boolean> =>
    (await run(engine, { seed: 0, count: 0, calls: some }, { limit: shortPatience, abort })).failure?.split('\n')[0] ===
    failure?.split('\n')[0];
  let best = calls;
  for (let count = 1; count < calls.length && Date.now() < end; count *= 4) {
    if (!(await fails(calls.slice(-count)))) continue;
    best = calls.slice(-count);
    break;
  }
  for (let size = best.length >> 1; size > 0; size >>= 1) {
    for (let from = best.length - size; from >= 0; from -= size) {
      if (Date.now() > end || abort?.aborted) return best;
      const fewer = best.toSpliced(from, size);
      if (fewer.length && (await fails(fewer))) best = fewer;
    }
  }
  return best;
}

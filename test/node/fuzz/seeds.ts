/** Seeds, each in a process of its own, and what is said of those that failed. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../child.ts';
import { run, type Session, shortest } from './session.ts';

export const callsOfASeed = 2500;
const processes = 2;
const timeToShrink = 60_000;
/** There is little to be learnt from more. */
const mostFailures = 3;

/** Gives the failures, each with the command that makes its calls again. */
export async function tryEach(
  engine: Engine,
  seeds: Iterable<number>,
  { abort, ended = () => {} }: { abort?: AbortSignal; ended?: (session: Session) => void } = {},
): Promise<string[]> {
  const failures: string[] = [];
  const rest = seeds[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = rest.next(); !next.done && failures.length < mostFailures; next = rest.next()) {
      const seed = next.value;
      const session = await run(engine, { seed, count: callsOfASeed }, { abort });
      if (abort?.aborted) return;
      if (session.failure !== null) failures.push(await explain(engine, seed, session, abort));
      ended(session);
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  return failures;
}

async function explain(engine: Engine, seed: number, session: Session, abort?: AbortSignal): Promise<string> {
  const file = join(tmpdir(), `gst-allocators-calls-${engine}-${seed}.json`);
  const few = await shortest(engine, session, timeToShrink, abort);
  writeFileSync(file, JSON.stringify(few, null, 1));
  const last = few.slice(-5).map((call) => `\n  ${JSON.stringify(call).slice(0, 400)}`);
  return (
    `npm run soak -- fuzz --engine ${engine} --seed ${seed}, call ${session.calls.length}: ${session.failure}\n` +
    `${few.length} calls do it (${file}), the last are${last.join('')}`
  );
}

/** Runs the contestants on one work in turns, and accepts no time without proof. */
import type { Contestant } from './contestant.ts';
import type { Answer, Work } from './work.ts';

/** Nanoseconds for one repetition, for each round; or the reason for none. */
export type Times = { rounds: number[]; count: number; peak?: number } | { cannot: string };

export interface Pace {
  rounds: number;
  /** Milliseconds that a round should take. */
  length: number;
}

/** Rounds of works with a fixed count, which measure the development over time. */
const longRounds = 1;

/** Limit of repetitions in a round: proofs are sums that must stay exact. */
const mostTimes = 1e6;

async function ask(contestant: Contestant, work: Work, count: number, seed: number): Promise<Answer> {
  const round = work.round(count, seed);
  const answer = await contestant.round(round);
  if ('cannot' in answer) return answer;
  const wanted = work.check(round);
  if (answer.check === wanted) return answer;
  throw new Error(
    `${contestant.name} did not do the work: ${JSON.stringify(round)} gives ${wanted}, not ${answer.check}`,
  );
}

/** Number of repetitions for a round of that length; warms each contestant up. */
async function calibrate(contestant: Contestant, work: Work, length: number): Promise<number | { cannot: string }> {
  if (work.count) {
    const answer = await ask(contestant, work, 10, 1);
    return 'cannot' in answer ? answer : work.count;
  }
  const wanted = length * 1e6;
  for (let count = 1; ; ) {
    const answer = await ask(contestant, work, count, 1);
    if ('cannot' in answer) return answer;
    const fitting = Math.min(Math.ceil((count * wanted) / answer.nanoseconds), mostTimes);
    if (answer.nanoseconds > wanted / 2 || fitting <= count) return Math.max(1, fitting);
    count = Math.min(fitting, count * 10);
  }
}

export async function race(
  contestants: readonly Contestant[],
  work: Work,
  { rounds, length }: Pace,
  progress: (done: number) => void,
): Promise<Map<string, Times>> {
  const times = new Map<string, Times>();
  for (const contestant of contestants) {
    const count = await calibrate(contestant, work, length);
    times.set(contestant.name, typeof count === 'number' ? { rounds: [], count } : count);
  }
  const turns = work.count ? longRounds : rounds;
  for (let round = 0; round < turns; round++) {
    progress(round / turns);
    for (let turn = 0; turn < contestants.length; turn++) {
      // Rotates the order, so that no contestant always follows the slowest.
      const contestant = contestants[(turn + round) % contestants.length] as Contestant;
      const own = times.get(contestant.name) as Times;
      if ('cannot' in own) continue;
      const answer = await ask(contestant, work, own.count, round + 2);
      if ('cannot' in answer) throw new Error(`${contestant.name} cannot do what it did before: ${answer.cannot}`);
      own.rounds.push(answer.nanoseconds / own.count);
      if (answer.peak) own.peak = answer.peak;
    }
  }
  return times;
}

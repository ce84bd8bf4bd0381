/** The result of a run, as stored in `bench/results`. */
import type { Times } from './race.ts';
import type { SharingResult } from './sharing.ts';
import { median, ratio, spread } from './statistics.ts';
import type { Work } from './work.ts';

export type Cell =
  | {
      /** Nanoseconds for one repetition. */
      median: number;
      /** Half the distance between the quartiles, as a share of the median. */
      spread: number;
      /** Repetitions in a round. */
      count: number;
      /** To each other contestant: median of the ratios round by round. */
      ratios: Record<string, number>;
      rounds: number[];
      /** Peak memory of the process in the last round, in bytes. */
      peak?: number;
    }
  | { cannot: string };

export interface Result {
  date: string;
  mode: string;
  machine: Record<string, string>;
  contestants: { name: string; title: string; versions: Record<string, string>; absent?: string }[];
  works: { name: string; title: string; cells: Record<string, Cell> }[];
  sharing: SharingResult[];
}

export function summarise(
  { name, title }: Pick<Work, 'name' | 'title'>,
  times: Map<string, Times>,
): Result['works'][number] {
  const cells: Record<string, Cell> = {};
  for (const [contestant, own] of times) {
    if ('cannot' in own) {
      cells[contestant] = own;
      continue;
    }
    const ratios: Record<string, number> = {};
    for (const [other, its] of times) {
      if (other !== contestant && 'rounds' in its) ratios[other] = ratio(own.rounds, its.rounds);
    }
    const { rounds, count, peak } = own;
    const cell = { median: median(rounds), spread: spread(rounds), count, ratios, rounds };
    cells[contestant] = peak === undefined ? cell : { ...cell, peak };
  }
  return { name, title, cells };
}

import type { Engine, Look } from '../node/child.ts';

export interface Options {
  abort: AbortSignal;
  /** Called now and then with the progress. */
  progress(text: string): void;
}

/** The result of a scenario on one engine. */
export interface Figures {
  name: string;
  engine: Engine;
  done: number;
  seconds: number;
  kills?: number;
  /** What the process took of the system after its first rounds, and at its end. */
  begin?: Look | null;
  end?: Look | null;
  /** Empty when all is well. */
  faults: string[];
}

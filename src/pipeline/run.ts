import type { PipelineError } from '../errors.ts';

/** What the elements of a pipeline need to know of it. */
export interface Run {
  /** Why it failed; null while it has not. */
  readonly failure: PipelineError | null;
  /** Whether it is in the null state, or on its way there. */
  readonly isStopped: boolean;
  /** Whether it was stopped; before it first played it is not over. */
  readonly isOver: boolean;
  /** Whether the stream has ended at all sinks. */
  readonly isEnded: boolean;
  /** Counts how often it left the null state. */
  readonly number: number;
  /** Reads what is on the bus. */
  look(): void;
  /** Calls back when it fails, ends or stops. */
  follow(callback: () => void): () => void;
}

import type { ParseArgsConfig } from 'node:util';

/** Options by their names, as `parseArgs` gives them. */
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** One of the commands of `gst-allocators`. */
export interface Command {
  /** Its line, and those of its options. */
  usage: string;
  options: NonNullable<ParseArgsConfig['options']>;
  run(values: Values, words: readonly string[]): Promise<void>;
}

/** Words that make no command: they are answered with how it is used. */
export class UsageError extends Error {}

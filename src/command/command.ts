import type { ParseArgsConfig } from 'node:util';

/** Options by their names, as `parseArgs` gives them. */
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** One of the commands of `gst-allocators`. */
export interface Command {
  /** The usage lines of the command and its options. */
  usage: string;
  options: NonNullable<ParseArgsConfig['options']>;
  run(values: Values, words: readonly string[]): Promise<void>;
}

/** Invalid arguments: the program answers with its usage. */
export class UsageError extends Error {}

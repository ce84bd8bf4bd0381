#!/usr/bin/env node
/** `gst-allocators`: the command line of the package. Each command has its own file. */
import { parseArgs } from 'node:util';
import { GstError } from '../errors.ts';
import { nearest } from '../expect.ts';
import { type Command, UsageError } from './command.ts';
import { doctor } from './doctor.ts';
import { frames } from './frames.ts';
import { probe } from './probe.ts';
import { types } from './types.ts';

const commands: Readonly<Record<string, Command>> = { types, doctor, probe, frames };

const usage = `${Object.values(commands)
  .map(({ usage }) => usage)
  .join('\n\n')}\n`;

async function main([verb, ...words]: string[]): Promise<void> {
  if (verb === undefined || verb === '--help' || verb === '-h') return void process.stdout.write(usage);
  const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  if (!command) {
    const near = nearest(verb, Object.keys(commands));
    throw new UsageError(`there is no command ${verb}${near ? `; did you mean ${near}?` : ''}`);
  }
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { ...command.options, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) console.log(command.usage);
  else await command.run(values, positionals);
}

await main(process.argv.slice(2)).catch((error: Error & { code?: string }) => {
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  const isOurs = error instanceof GstError || error.code !== undefined;
  console.error(isUsage ? `${error.message}\n\n${usage}` : isOurs ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
});

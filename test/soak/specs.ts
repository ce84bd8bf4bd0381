/** Specs at a longer setting than that of `npm test`. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../node/child.ts';
import type { Figures, Options } from './figures.ts';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));

/** Which specs mocha is to run. */
export interface Chosen {
  /** On Node. */
  files: readonly string[];
  /** In GJS. */
  grep?: string;
  environment: Record<string, string>;
}

const commands: Record<Engine, (chosen: Chosen) => string[]> = {
  node: ({ files }) => [
    process.execPath,
    'node_modules/mocha/bin/mocha.js',
    '--exit',
    '--require',
    'dist/node/test/harness/leak-check.js',
    ...files.map((file) => `dist/node/test/${file}.test.js`),
  ],
  gjs: ({ grep = '' }) => ['gjs', '-m', 'dist/gjs/test.js', '--grep', grep],
};

export async function specs(
  name: string,
  engine: Engine,
  done: number,
  chosen: Chosen,
  { abort, progress }: Options,
): Promise<Figures> {
  const begin = performance.now();
  const [command = '', ...values] = commands[engine](chosen);
  const child = spawn(command, values, {
    cwd: checkout,
    env: { ...process.env, G_DEBUG: 'fatal-criticals', ...chosen.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: abort,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const through = output.match(/✔.*/g)?.at(-1);
      if (through) progress(through);
    });
  }
  const status = await new Promise<number | string | null>((resolve, reject) => {
    child.on('error', (error) => error.name === 'AbortError' || reject(error));
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  const settings = Object.entries(chosen.environment).map(([key, value]) => `${key}=${value}`);
  const told = output.slice(Math.max(0, output.search(/\d+ failing/)));
  const faults = status === 0 ? [] : [`with ${settings.join(' ')} it ended with ${status}: ${told.slice(0, 4000)}`];
  return { name, engine, done, seconds: (performance.now() - begin) / 1000, faults };
}

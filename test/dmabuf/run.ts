/**
 * Runs the specs of this folder on both engines, with dma-bufs to inherit: GJS has no way to make them, and
 * `sources.ts` hands them to the specs. `node dist/node/test/dmabuf/run.js [--grep PATTERN]`
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { dmaBuf, memfd } from '../../src/index.ts';
import { traceSync } from './node/trace-sync.ts';
import { copies, dmaBufSize, dmaBufVariable, firstDmaBuf, type Source, sources } from './sources.ts';

const make: Record<Source, () => number> = {
  udmabuf: () => dmaBuf.fromMemfd(memfd('dmabuf specs', dmaBufSize)),
  system: () => dmaBuf.fromHeap('system', dmaBufSize),
};
const dmaBufs = sources.flatMap((source) => Array.from({ length: copies }, make[source]));

/** Milliseconds a test may take where everything is emulated. */
const patience = '100000';
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const options = process.argv.slice(2);
const engines = {
  'Node.js': [
    process.execPath,
    here('../../../../node_modules/mocha/bin/mocha.js'),
    '--exit',
    '--timeout',
    patience,
    '--require',
    here('../harness/leak-check.js'),
    `${here('.')}**/*.test.js`,
    ...options,
  ],
  GJS: ['gjs', '-m', here('../../../gjs/test-dmabuf.js'), ...options],
};

traceSync();
for (const [engine, [program, ...rest]] of Object.entries(engines)) {
  console.log(`\ndma-bufs on ${engine}`);
  const { status, signal, error } = spawnSync(program as string, rest, {
    env: {
      ...process.env,
      G_DEBUG: 'fatal-criticals',
      [dmaBufVariable]: String(firstDmaBuf),
      GST_ALLOCATORS_TIMEOUT: patience,
    },
    stdio: ['ignore', 'inherit', 'inherit', ...dmaBufs],
  });
  if (error) throw error;
  if (signal) console.error(`${engine} was ended by ${signal}`);
  if (status !== 0) process.exitCode = 1;
}

/** Bundles every spec that runs on both engines into `dist/gjs/test.js`, with the ground that mocha needs in GJS. */
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const tests = fileURLToPath(new URL('..', import.meta.url));
const specs = globSync('**/*.test.js', { cwd: tests, exclude: ['node/**'] }).sort();
if (!specs.length) throw new Error(`expected specs in ${tests}, found none`);

const modules = ['gjs/setup.js', ...specs, 'gjs/run.js'];
await build({
  stdin: {
    contents: modules.map((path) => `import './${path}';`).join('\n'),
    resolveDir: tests,
    sourcefile: 'all-specs.js',
  },
  outfile: fileURLToPath(new URL('../../../gjs/test.js', import.meta.url)),
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['gjs'],
  target: 'firefox128',
  external: ['gi', 'gi://*', 'system'],
  logLevel: 'warning',
});

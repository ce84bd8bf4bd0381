/** Bundles the specs that run on both engines, with the ground that mocha needs in GJS: those of dma-bufs by themselves; and the fuzzer. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

const tests = fileURLToPath(new URL('..', import.meta.url));

const shared: BuildOptions = {
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['gjs'],
  target: 'firefox128',
  external: ['gi', 'gi://*', 'system'],
  logLevel: 'warning',
};
const output = (name: string): string => fileURLToPath(new URL(`../../../gjs/${name}.js`, import.meta.url));

async function bundle(name: string, pattern: string, exclude: string[]): Promise<void> {
  const specs = globSync(pattern, { cwd: tests, exclude }).sort();
  if (!specs.length) throw new Error(`expected specs in ${tests}, found no ${pattern}`);
  const modules = ['gjs/setup.js', ...specs, 'gjs/run.js'];
  await build({
    ...shared,
    stdin: {
      contents: modules.map((path) => `import './${path}';`).join('\n'),
      resolveDir: tests,
      sourcefile: 'all-specs.js',
    },
    outfile: output(name),
  });
}

await bundle('test', '**/*.test.js', ['node/**', 'dmabuf/**']);
await bundle('test-dmabuf', 'dmabuf/**/*.test.js', ['dmabuf/node/**']);
await build({ ...shared, entryPoints: [join(tests, 'fuzz/fuzz.js')], outfile: output('fuzz') });

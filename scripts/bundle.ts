/**
 * Bundles the output of `tsc` in `dist/`:
 *
 * - `dist/package/`: the npm package for Node.js, and its declarations in one file
 * - `dist/gjs/`: the module for GJS, which resolves no npm packages; the examples and the specs that run there
 */
import { copyFileSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const shared: BuildOptions = {
  bundle: true,
  format: 'esm',
  // Error messages and `describe` name classes.
  keepNames: true,
  logLevel: 'warning',
};

const forNode: BuildOptions = {
  ...shared,
  platform: 'node',
  target: 'node22',
  packages: 'external',
  splitting: true,
  sourcemap: true,
};

const forGjs: BuildOptions = {
  ...shared,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['gjs'],
  target: 'firefox115',
  external: ['gi', 'gi://*', 'system', 'cairo', 'gettext'],
};

/** One bundle of all matching specs, between mocha's set-up for GJS and the code that runs it. */
async function bundleSpecs(outfile: string, pattern: string, exclude: string[]): Promise<void> {
  const specs = globSync(pattern, { cwd: 'dist/node/test', exclude }).sort();
  if (!specs.length) throw new Error(`expected specs in dist/node/test, found no ${pattern}`);
  const modules = ['gjs/setup.js', ...specs, 'gjs/run.js'];
  const contents = modules.map((path) => `import './${path}';`).join('\n');
  await build({ ...forGjs, stdin: { contents, resolveDir: 'dist/node/test', sourcefile: 'all-specs.js' }, outfile });
}

/**
 * The public declarations in one file. `#types/…` are the types of the raw namespaces, separate files of the package.
 */
async function bundleDeclarations(input: string, file: string): Promise<void> {
  const bundle = await rollup({
    input,
    external: /^#types\//,
    plugins: [dts()],
    onwarn({ message }) {
      throw new Error(message);
    },
  });
  // It is a directive only at the top of a file.
  await bundle.write({ file, format: 'es', banner: '/// <reference lib="esnext.disposable" />' });
  await bundle.close();
}

await Promise.all([
  build({
    ...forNode,
    entryPoints: {
      'gst-allocators': 'dist/node/src/index.js',
      shmdata: 'dist/node/src/shmdata/command.js',
      command: 'dist/node/src/command/main.js',
    },
    outdir: 'dist/package',
  }),
  bundleDeclarations('dist/node/src/index.d.ts', 'dist/package/gst-allocators.d.ts'),
  build({
    ...forGjs,
    entryPoints: ['dist/node/src/index.js'],
    outfile: 'dist/gjs/gst-allocators.js',
    sourcemap: true,
  }),
  build({
    ...forGjs,
    entryPoints: ['dist/node/examples/desktop.js', 'dist/node/examples/share-frames/consumer-gjs.js'],
    outbase: 'dist/node/examples',
    outdir: 'dist/gjs/examples',
    sourcemap: true,
  }),
  bundleSpecs('dist/gjs/test.js', '**/*.test.js', ['node/**', 'dmabuf/**']),
  bundleSpecs('dist/gjs/test-dmabuf.js', 'dmabuf/**/*.test.js', ['dmabuf/node/**']),
  build({ ...forGjs, entryPoints: ['dist/node/test/fuzz/fuzz.js'], outfile: 'dist/gjs/fuzz.js' }),
]);
copyFileSync('types/gjs-module.d.ts', 'dist/gjs/gst-allocators.d.ts');

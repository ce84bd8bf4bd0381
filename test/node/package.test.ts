/** What people get from npm: packed, installed into an empty project, used from Node.js, GJS and TypeScript. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';
import { build, stop } from 'esbuild';
import { publint } from 'publint';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const addon = 'node_modules/node-gtk/lib/binding';

/** Runs in the project with nothing of the test run's own settings. */
function run(folder: string, command: string, ...options: string[]) {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (/^(npm_|NODE_OPTIONS|GST_ALLOCATORS_DEBUG|GST_DEBUG)/.test(name)) delete env[name];
  for (const name of Object.keys(process.env)) {
    if (/^npm_config_(registry|.*proxy)$/.test(name)) env[name] = process.env[name] as string;
  }
  const { status, stdout, stderr, error } = spawnSync(command, options, { cwd: folder, env, encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout, stderr };
}

const roundTrip = `
ShmAllocator.initOnce();
const allocator = ShmAllocator.get();
const memory = allocator.alloc(4096);
memory.withMapping(MapFlags.WRITE, (bytes) => { bytes.fill(7); });
const sum = memory.withMapping(MapFlags.READ, (bytes) => bytes.reduce((total, byte) => total + byte, 0));
memory.dispose();
allocator.dispose();
`;

const consumer = (from: string, getName: string) => `
import { Buffer, gi, isFdMemory, MapFlags, Sample, ShmAllocator, type WaitOptions } from '${from}';
ShmAllocator.initOnce();
using allocator = ShmAllocator.get();
using memory = allocator?.alloc(4096);
const copy: Uint8Array | undefined = memory?.withMapping(MapFlags.READ, (bytes) => bytes.slice());
using buffer = Buffer.from(copy ?? new Uint8Array(1));
const options: WaitOptions = { timeout: 1e9, signal: new AbortController().signal };
const element = gi.Gst.ElementFactory.make('identity', null);
export const isRawTaken: boolean = isFdMemory(null as never as InstanceType<typeof gi.Gst.Memory>);
Sample.create(new gi.Gst.Buffer());
// @ts-expect-error a memory is no buffer
export const noSample = () => Sample.create(buffer.memory(0));
export const name: string | null | undefined = element?.${getName}();
export const found: [number, InstanceType<typeof gi.GstAllocators.ShmAllocator> | null] = [buffer.size, null];
// @ts-expect-error the namespaces have types: there is no such class
export const nothing = gi.Gst.NoSuchClass;
// @ts-expect-error and no such option
export const wrong: WaitOptions = { ...options, timeout: '1 s' };
`;

describe('The package', function () {
  this.timeout(300_000);
  let work: string;
  let project: string;
  let files: { path: string; size: number }[];
  let packedSize: number;
  let packedName: string;
  const installed = (path: string): string => join(project, 'node_modules/gst-allocators', path);
  const script = (name: string, text: string): string => {
    writeFileSync(join(project, name), text);
    return name;
  };

  before(() => {
    assert.isTrue(existsSync(join(root, 'dist/gjs/gst-allocators.js')), 'nothing to pack: `npm run build` first');
    work = mkdtempSync(join(tmpdir(), 'gst-allocators-package-'));
    project = join(work, 'project');
    mkdirSync(project);
    const packed = run(root, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', work);
    assert.equal(packed.status, 0, packed.stderr);
    const [about] = JSON.parse(packed.stdout);
    files = about.files;
    packedSize = about.size;
    packedName = about.filename;
    script('package.json', '{ "private": true, "type": "module" }');
    // Without scripts: compiling node-gtk takes a minute. Its addon is taken from here when a test is to have it.
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(work, about.filename)];
    const offline = run(project, 'npm', ...install, '--offline');
    if (offline.status !== 0) {
      const online = run(project, 'npm', ...install);
      assert.equal(online.status, 0, online.stderr);
    }
  });
  after(async () => {
    await stop();
    if (work) rmSync(work, { recursive: true });
  });

  it('has the built modules, typings and papers, and nothing else', () => {
    const unwanted = files.filter(
      ({ path }) =>
        !/^(dist\/package\/((gst-allocators|shmdata|command|chunk-\w+)\.js(\.map)?|gst-allocators\.d\.ts)|dist\/gjs\/gst-allocators\.(js|js\.map|d\.ts)|types\/(property-types|generated\/elements|(generated\/)?(node|gjs)(\/[\w.-]+)?)\.d\.ts)$/.test(
          path,
        ) && !['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'].includes(path),
    );
    assert.deepEqual(unwanted, []);
    for (const path of [
      'dist/package/gst-allocators.js',
      'dist/package/shmdata.js',
      'dist/package/gst-allocators.d.ts',
      'dist/gjs/gst-allocators.js',
      'dist/gjs/gst-allocators.d.ts',
      'types/generated/node/GstAllocators-1.0.d.ts',
      'types/generated/gjs/gstallocators-1.0.d.ts',
      'types/generated/elements.d.ts',
      'README.md',
      'LICENSE',
    ]) {
      assert.isTrue(
        files.some((file) => file.path === path),
        path,
      );
    }
    assert.isBelow(packedSize, 2_600_000);
  });

  it('is as publint and Are The Types Wrong want it', async () => {
    const tarball = readFileSync(join(work, packedName));
    const bytes = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.length) as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball: bytes }, strict: true });
    assert.deepEqual(
      messages.map(({ code, path: where }) => `${code} at ${where.join('.')}`),
      [],
    );
    const { checkPackage, createPackageFromTarballData } = await import('@arethetypeswrong/core');
    const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
    assert.isNotFalse(analysis.types);
    const problems = 'problems' in analysis ? analysis.problems : [];
    // Node's old resolution knows no `exports`, and CommonJS gets ES modules by `require` of Node 22.
    const expected = new Set(['NoResolution', 'CJSResolvesToESM']);
    assert.deepEqual(
      problems.filter(({ kind }) => !expected.has(kind)),
      [],
    );
  });

  it('has source maps that carry their sources', () => {
    for (const { path } of files.filter((file) => file.path.endsWith('.js'))) {
      const url = /\/\/# sourceMappingURL=(.+)\s*$/.exec(readFileSync(installed(path), 'utf8'))?.[1];
      assert.isString(url, path);
      const map = JSON.parse(readFileSync(join(dirname(installed(path)), url as string), 'utf8'));
      assert.lengthOf(map.sourcesContent ?? [], map.sources.length, path);
      assert.isTrue(
        map.sourcesContent.every((text: unknown) => typeof text === 'string'),
        path,
      );
    }
  });

  it('names its classes as the documentation does, on both engines', () => {
    const text = (from: string, log: string) =>
      `import * as all from '${from}'; ${log}(Object.entries(all).filter(([name, value]) =>
        /^[A-Z]/.test(name) && typeof value === 'function' && value.name !== name).map(([name, value]) => value.name + ' for ' + name).join());`;
    const ofNode = run(project, process.execPath, script('names.js', text('gst-allocators', 'console.log')));
    assert.deepEqual(ofNode, { status: 0, stdout: '\n', stderr: '' });
    const path = './node_modules/gst-allocators/dist/gjs/gst-allocators.js';
    assert.deepEqual(run(project, 'gjs', '-m', script('gjs-names.js', text(path, 'print'))), ofNode);
  });

  it('works without node-gtk, which npm leaves out where its install script fails', () => {
    const about = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
    assert.hasAllKeys(about.optionalDependencies, ['node-gtk']);
    const [there, away] = [join(project, 'node_modules/node-gtk'), join(work, 'node-gtk')];
    renameSync(there, away);
    try {
      // What was loaded for the attempt is not unloaded by the collector: GObject has types of it.
      const text = `import { gi, MapFlags, Pipeline, ShmAllocator } from 'gst-allocators'; ${roundTrip} console.log(sum);
        for (let attempt = 0; attempt < 3; attempt++) {
          try { gi.Gst; } catch (error) { console.log(error.name, /npm install node-gtk/.test(error.message)); }
          for (let round = 0; round < 5; round++) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
        }
        Pipeline.parse('videotestsrc ! videoconvert ! fakesink').dispose();`;
      const { status, stdout, stderr } = run(project, process.execPath, '--expose-gc', script('without.js', text));
      assert.deepEqual([status, stdout, stderr], [0, `${7 * 4096}\n${'UnavailableError true\n'.repeat(3)}`, '']);
    } finally {
      renameSync(away, there);
    }
  });

  it('has the shmdata command', () => {
    const { status, stdout, stderr } = run(project, 'node_modules/.bin/shmdata', '--help');
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.match(stdout, /^shmdata list /);
  });

  it('says what to do about the missing addon when a raw object is asked for', () => {
    rmSync(join(project, addon), { recursive: true, force: true });
    const text = `import { Buffer, gi, UnavailableError } from 'gst-allocators';
      for (const ask of [() => gi.Gst, () => new Buffer().gi]) {
        try { ask(); } catch (error) { console.log(error instanceof UnavailableError, error.message); }
      }`;
    const { status, stdout, stderr } = run(project, process.execPath, script('asking.js', text));
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    const [first, second, ...rest] = stdout.trim().split('\n');
    assert.match(first ?? '', /^true node-gtk .*allowScripts.*npm rebuild node-gtk/);
    assert.equal(second, first);
    assert.deepEqual(rest, []);
  });

  it('gives raw objects with the addon', () => {
    cpSync(join(root, addon), join(project, addon), { recursive: true });
    const text = `import { Buffer, gi, MapFlags, ShmAllocator } from 'gst-allocators'; ${roundTrip}
      using buffer = Buffer.from(new Uint8Array(12));
      console.log(sum, buffer.gi.getSize(), gi.GstAllocators.ALLOCATOR_SHM);`.replace('using', 'const');
    const { status, stdout, stderr } = run(project, process.execPath, script('with.js', text));
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: `${7 * 4096} 12n shm\n`, stderr: '' });
  });

  for (const format of ['cjs', 'esm']) {
    it(`runs from a bundle of esbuild, as ${format}, raw objects included`, () => {
      const text = `import { gi, MapFlags, ShmAllocator } from 'gst-allocators'; ${roundTrip}
        console.log(sum, gi.GstAllocators.ALLOCATOR_SHM);`;
      const from = script('to-bundle.js', text);
      const bundle = `bundle.${format === 'cjs' ? 'cjs' : 'mjs'}`;
      const options = ['--bundle', '--platform=node', `--format=${format}`, '--log-level=error', `--outfile=${bundle}`];
      const built = run(project, join(root, 'node_modules/.bin/esbuild'), from, ...options);
      assert.deepEqual(built, { status: 0, stdout: '', stderr: '' });
      const { status, stdout, stderr } = run(project, process.execPath, bundle);
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: `${7 * 4096} shm\n`, stderr: '' });
    });
  }

  for (const [bundler, conditions, wanted] of [
    ['esbuild for GJS', ['gjs'], 'gjs'],
    ['gjsify', ['browser', 'import'], 'gjs'],
    ['esbuild for Node.js', ['node', 'import', 'module'], 'package'],
    ['esbuild with nothing said', ['import'], 'package'],
    ['Vite for a server', ['module', 'node', 'development'], 'package'],
    ['Vite for GJS', ['gjs', 'module', 'browser', 'production'], 'gjs'],
    ['Vite for Electron', ['node', 'module', 'production'], 'package'],
    ['Webpack for Node.js', ['webpack', 'production', 'node'], 'package'],
  ] as const) {
    it(`gives ${bundler} the build for ${wanted === 'gjs' ? 'GJS' : 'Node.js'}`, async () => {
      const { metafile } = await build({
        stdin: { contents: "export * from 'gst-allocators';", resolveDir: project },
        ...{ bundle: true, write: false, metafile: true, format: 'esm', platform: 'neutral' },
        conditions: [...conditions],
        external: ['gi', 'gi://*', 'system', 'node:*', 'koffi'],
        absWorkingDir: project,
      });
      const taken = Object.keys(metafile.inputs).filter((path) => path.endsWith('gst-allocators.js'));
      assert.deepEqual(taken, [`node_modules/gst-allocators/dist/${wanted}/gst-allocators.js`]);
    });
  }

  it('runs in GJS from a bundle of esbuild', async () => {
    await build({
      stdin: {
        contents: `import { gi, MapFlags, runtime, ShmAllocator } from 'gst-allocators';
          ${roundTrip} print(sum, runtime, gi.GstAllocators.ALLOCATOR_SHM);`,
        resolveDir: project,
      },
      ...{ bundle: true, format: 'esm', platform: 'neutral', conditions: ['gjs'], outfile: join(project, 'gjs.js') },
      external: ['gi', 'gi://*', 'system'],
    });
    const { status, stdout, stderr } = run(project, 'gjs', '-m', 'gjs.js');
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: `${7 * 4096} gjs shm\n`, stderr: '' });
  });

  it('is refused by npm where the C library is musl', function () {
    const archive = join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) as string);
    const empty = join(work, 'musl');
    mkdirSync(empty);
    writeFileSync(join(empty, 'ldd'), '# musl libc'); // where npm looks
    const privately = ['--mount', '--propagation', 'private'];
    if (run(empty, 'unshare', ...privately, 'true').status !== 0) return this.skip();
    const install = `mount --bind ldd /usr/bin/ldd && npm install --prefer-offline --dry-run --ignore-scripts ${archive}`;
    const { status, stderr } = run(empty, 'unshare', ...privately, 'sh', '-c', install);
    assert.notEqual(status, 0);
    assert.match(stderr, /EBADPLATFORM[\s\S]*libc/);
  });

  it('is one module in GJS, imported by its path', () => {
    const text = `import { gi, MapFlags, runtime, ShmAllocator } from './node_modules/gst-allocators/dist/gjs/gst-allocators.js';
      ${roundTrip} print(sum, runtime, gi.GstAllocators.ALLOCATOR_SHM);`;
    const { status, stdout, stderr } = run(project, 'gjs', '-m', script('in-gjs.js', text));
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: `${7 * 4096} gjs shm\n`, stderr: '' });
  });

  describe('type-checks strictly, libraries included', () => {
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--ignoreConfig', '--target', 'es2023'];
    const nodeTypes = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'];
    const noDom = ['--lib', 'es2023,esnext.disposable'];
    const node = consumer('gst-allocators', 'getName');
    const gjs = consumer('./node_modules/gst-allocators/dist/gjs/gst-allocators.js', 'get_name');

    for (const [title, text, options] of [
      ['on Node.js', node, ['--module', 'nodenext', ...noDom, ...nodeTypes]],
      ['on Node.js with a bundler', node, ['--module', 'esnext', '--moduleResolution', 'bundler', ...nodeTypes]],
      ['in GJS', gjs, ['--module', 'nodenext', ...noDom, '--types', '']],
      ['in GJS with the types of the DOM', gjs, ['--module', 'esnext', '--moduleResolution', 'bundler', '--types', '']],
      ['in GJS with those of Node.js', gjs, ['--module', 'nodenext', ...noDom, ...nodeTypes]],
      [
        'in GJS by the condition of its bundler',
        gjs.replace(/'\.\/node_modules.*\.js'/, "'gst-allocators'"),
        ['--module', 'esnext', '--moduleResolution', 'bundler', '--customConditions', 'gjs', ...noDom, '--types', ''],
      ],
      [
        'in GJS by the name of the package',
        gjs.replace(/'\.\/node_modules.*\.js'/, "'gst-allocators/gjs'"),
        ['--module', 'nodenext', ...noDom, '--types', ''],
      ],
    ] as const) {
      it(title, () => {
        const compiler = join(root, 'node_modules/typescript/bin/tsc');
        const { status, stdout } = run(
          project,
          process.execPath,
          compiler,
          ...strict,
          ...options,
          script('consumer.ts', text),
        );
        assert.deepEqual({ status, stdout }, { status: 0, stdout: '' });
      });
    }
  });
});

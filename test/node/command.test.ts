/** The command `gst-allocators`, as a terminal has it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from 'chai';
import { runtime } from '#runtime';
import { Project, root } from './types/compiler.ts';

const script = join(root, 'dist/package/command.js');

describe('The command gst-allocators', function () {
  this.timeout(120_000);
  let folder: string;
  let child: ChildProcess | null = null;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gst-allocators-command-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    if (child?.kill()) await new Promise((done) => child?.once('exit', done));
    child = null;
  });

  const run = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const refused = (status: number, words: RegExp, ...line: string[]) => {
    const ran = run(...line);
    assert.equal(ran.status, status, ran.stdout);
    assert.match(ran.stderr, words);
  };

  it('probes a film, and makes pictures of its frames', () => {
    const film = join(folder, 'film.ogv');
    const made = spawnSync('gst-launch-1.0', [
      ...'-q videotestsrc num-buffers=10 ! video/x-raw,width=32,height=16,framerate=10/1 ! theoraenc ! oggmux'.split(
        ' ',
      ),
      ...['!', 'filesink', `location=${film}`],
    ]);
    assert.equal(made.status, 0, String(made.stderr));
    assert.match(run('probe', film).stdout, /^\S+\/ogg, 1 s, seekable\nvideo: Theora, 32×16, 10\/1 fps/);
    assert.deepInclude(JSON.parse(run('probe', film, '--json').stdout).streams[0], { width: 32, rate: '10/1' });
    const shots = run('frames', film, '--every', '300ms', '--width', '16', '--out', 'shot-%03d.png', '--json');
    const lines = shots.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ pts, path }) => [pts / 1e6, path]),
      [0, 300, 600, 900].map((pts, index) => [pts, `shot-00${index}.png`]),
    );
    const bytes = readFileSync(join(folder, 'shot-003.png'));
    assert.deepEqual([bytes.toString('latin1', 1, 4), bytes.readUInt32BE(16), bytes.readUInt32BE(20)], ['PNG', 16, 8]);
    assert.match(run('frames', film, '--start', '0.8s').stdout, /^0\.800 {2}32×16\n0\.900 {2}32×16\n$/);
    refused(1, /nowhere/, 'probe', '/nowhere/film.mp4');
    refused(1, /nowhere/, 'frames', '/nowhere/film.mp4');
    refused(2, /^probe takes one FILE/, 'probe');
    refused(2, /^--every takes a time/, 'frames', film, '--every', 'often');
    refused(2, /^--out takes a name with a number/, 'frames', film, '--out', 'shot.png');
  });

  it('says how it is used', () => {
    const { status, stdout } = run('--help');
    assert.equal(status, 0);
    assert.match(stdout, /^gst-allocators types .*\n(?: {2}--.*\n)+\ngst-allocators doctor/);
    assert.match(run('types', '--help').stdout, /^gst-allocators types/);
    refused(2, /^there is no command tpyes; did you mean types\?\n\ngst-allocators types/, 'tpyes');
    refused(2, /Unknown option '--ot'/, 'types', '--ot', 'x');
    refused(2, /^types takes no words, got x/, 'types', 'x');
    refused(2, /^--watch needs --out FILE/, 'types', '--watch');
    refused(1, /^no plugin x265x is installed; did you mean x265\?/, 'types', '--plugin', 'x265x');
    refused(1, /ENOENT/, 'types', '--plugin', 'level', '--out', 'nowhere/at/all.ts');
  });

  it('tells what works here, with remedies', () => {
    const { status, stdout, stderr } = run('doctor');
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.match(stdout, /^GStreamer 1\.\d+\.\d+, Node\.js \d+/);
    assert.match(stdout, /^yes {2}shmAllocator +GStreamer/m);
    assert.match(stdout, /^no {3}\w+ .*\n +→ \w+/m);
  });

  it('writes the types of all elements, which take the place of the shipped ones', () => {
    const project = new Project();
    try {
      const file = join(project.folder, 'elements.ts');
      const first = run('types', '--out', file);
      assert.deepEqual({ ...first, stdout: '' }, { status: 0, stdout: '', stderr: '' });
      const factories = runtime.registry?.plugins().flatMap((plugin) => plugin.factories) ?? [];
      assert.isAbove(factories.length, 900);
      assert.include(first.stdout, `${file}: ${factories.length} elements`);
      assert.include(run('types', '--out', file).stdout, `${file}: nothing new`);
      const text = readFileSync(file, 'utf8');
      // As of another machine: its x264enc has one property more, and another one less.
      const other = text
        .replace(
          /\n {2}\/\*\* Bitrate in kbit\/sec\. From 1 to 2048000\..*\*\/\n {2}bitrate: Integer;/,
          '\n  /** Speed. */\n  swiftness: Integer;',
        )
        .replace(/\n {2}videotestsrc: (\w+);/, '\n  othertestsrc: $1;');
      writeFileSync(file, other);
      const use = (expected: string) => `import './elements.ts';
import { Pipeline } from 'gst-allocators';
const pipeline = Pipeline.parse('othertestsrc name=o ! x264enc name=e swiftness=5 ! fakesink');
const swift: number = pipeline.get('e').get('swiftness'); pipeline.get('o').get('pattern').length;
pipeline.get('e').get('bitrate');${expected}`;
      const { errors } = project.check(use(''), '--allowImportingTsExtensions');
      assert.match([...errors.values()].join('\n'), /^[^\n]*x264enc has no property 'bitrate'[^\n]*$/);
      assert.deepEqual([...errors.keys()], [5]);
      const { stdout } = run('types', '--out', file);
      for (const line of ['x264enc: new bitrate', 'x264enc: gone swiftness', 'new: videotestsrc', 'gone: othertestsrc'])
        assert.include(stdout.split('\n'), line);
      assert.equal(readFileSync(file, 'utf8'), text);
    } finally {
      project.remove();
    }
  });

  it('writes those of some plugins alone', () => {
    const { status, stdout } = run('types', '--plugin', 'level', '--plugin', 'spectrum,cutter', 'videotestsrc');
    assert.equal(status, 0);
    const [, body = ''] = /InstalledElementTypes \{\n([\s\S]*?)^\}/m.exec(stdout) ?? [];
    assert.deepEqual(body.match(/^ {2}\w+(?=:)/gm), ['  cutter', '  level', '  spectrum', '  videotestsrc']);
  });

  it('looks again when something is installed', async () => {
    const plugins = join(folder, 'plugins');
    mkdirSync(plugins);
    const libraries = new Map(runtime.registry?.plugins().map(({ name, file }) => [name, file ?? '']));
    const install = (name: string) => copyFileSync(libraries.get(name) ?? '', join(plugins, `libgst${name}.so`));
    install('level');
    const environment = {
      ...process.env,
      GST_PLUGIN_SYSTEM_PATH: plugins,
      GST_PLUGIN_PATH: '',
      GST_REGISTRY: join(folder, 'registry'),
    };
    child = spawn(process.execPath, [script, 'types', '--out', 'watched.ts', '--watch'], {
      cwd: folder,
      env: environment,
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const until = async (words: RegExp) => {
      for (let look = 0; look < 300 && !words.test(said); look++) await new Promise((done) => setTimeout(done, 100));
      assert.match(said, words);
    };
    await until(/watching .*plugins/);
    install('cutter');
    await until(/^new: cutter$/m);
  });
});

/** The programs in README.md, run as they stand there. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';
import { stop, transform } from 'esbuild';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

describe('README', function () {
  this.timeout(60_000);
  let folder = '';
  let programs: string[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gst-allocators-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/gst-allocators'));
    const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('/run/user/1000', folder);
    const found = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, program = '']) => program);
    // Node 22 knows no `using`.
    const made = await Promise.all(found.map((program) => transform(program, { loader: 'ts', target: 'node22' })));
    programs = made.map(({ code }) => code);
    await stop();
  });
  after(() => rmSync(folder, { recursive: true }));

  function start(index: number) {
    const file = join(folder, `program-${index}.mjs`);
    writeFileSync(file, programs[index] ?? '');
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
    return { child, stdout: text(child.stdout), stderr: text(child.stderr) };
  }

  it('has four programs', () => assert.lengthOf(programs, 4));

  it('has the table that `npm run reach` made', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, table] = /^<!-- reach -->\n([\s\S]*?)^<!-- \/reach -->$/m.exec(readme) ?? [];
    assert.strictEqual(table, execFileSync(join(root, 'scripts/reach'), ['--table'], { encoding: 'utf8' }));
    assert.notMatch(table ?? '', /failed/, 'nothing is claimed that was not run');
  });

  it('prints the brightness of 100 frames', async () => {
    const { stdout, stderr } = start(0);
    assert.strictEqual(await stderr, '');
    const lines = (await stdout).trim().split('\n');
    assert.lengthOf(lines, 100);
    for (const line of lines) assert.match(line, /^\d\.\d\d s: 1?\d\d\.\d$/);
  });

  it('prints the fd of shared memory', async () => {
    const { stdout, stderr } = start(1);
    assert.strictEqual(await stderr, '');
    assert.match(await stdout, /^fd \d+\n$/);
  });

  it('shares frames', async () => {
    const reading = start(3);
    const writing = start(2);
    await new Promise((resolve) => reading.child.stdout.once('data', resolve));
    writing.child.kill('SIGTERM');
    reading.child.kill('SIGTERM');
    assert.match(await reading.stdout, /^Uint8Array\(4\) \[ (\d+), \1, \1, \1 \]\n/);
    assert.strictEqual((await reading.stderr) + (await writing.stderr), '');
  });
});

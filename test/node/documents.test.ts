/** The programs of the guides run, each in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { assert } from 'chai';
import { probe } from '../../src/index.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const module = pathToFileURL(join(root, 'dist/package/gst-allocators.js')).href;

/** The programs of a guide. */
const programsOf = (guide: string): string[] =>
  [...readFileSync(join(root, 'docs', guide), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(
    ([, text = '']) => text,
  );

describe('The guides', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gst-allocators-guides-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs a program in the folder, and returns what it prints. */
  function run(program: string): string {
    const path = join(folder, 'program.ts');
    writeFileSync(path, program.replace("'gst-allocators'", `'${module}'`));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    return stdout;
  }

  it('have programs that record films', async () => {
    const [sound, interrupted, ...others] = programsOf('recording.md');
    assert.isEmpty(others);
    run(sound ?? '');
    const film = await probe(join(folder, 'film.mp4'));
    assert.closeTo(film.duration ?? 0, 2e9, 2e8);
    assert.lengthOf(film.streams, 2);
    run(interrupted ?? '');
    assert.closeTo((await probe(join(folder, 'until-ctrl-c.mkv'))).duration ?? 0, 3e9, 2e8);
  });
});

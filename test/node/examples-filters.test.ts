/** The examples that look inside frames and samples, run as a person would. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { assert } from 'chai';
import { probe } from '../../src/index.ts';

const launcher = fileURLToPath(new URL('../../examples/run.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-filters-'));

async function run(...parameters: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [launcher, ...parameters], {
    env: { ...process.env, INIT_CWD: folder },
  });
  assert.strictEqual(stderr, '');
  return stdout;
}

describe('Examples that look inside', function () {
  this.timeout(60_000);
  after(() => rmSync(folder, { recursive: true }));

  it('blur: filters every frame in place, copying none but the last', async () => {
    const text = await run('blur', '--frames', '30', '--film', 'blurred.webm');
    assert.match(text, /blurred\.webm: 1280×720, \d/);
    assert.match(text, /^30 frames, \d+ frames\/s; blurring took [\d.]+ ms a frame, 0 were copied$/m);
  });

  it('record: starts and ends recordings while it plays, each a whole film', async () => {
    const text = await run('record', '--films', '2', '--seconds', '1', '--out', join(folder, 'part'));
    assert.match(text, /part-1\.webm is whole\n.*part-2\.webm is whole/);
    for (const film of ['part-1.webm', 'part-2.webm']) {
      const { container, duration } = await probe(join(folder, film));
      assert.match(String(container), /webm/i);
      assert.isAbove(duration ?? 0, 0);
    }
  });

  it('switch: shows the source of the key', async () => {
    const text = await run('switch', '--keys', '1213');
    assert.match(
      text,
      /^1: mean brightness 2\d\d\n2: mean brightness [12]?\d\n1: mean brightness 2\d\d\n3: mean brightness \d+\n$/,
    );
  });

  it('level: measures sound, channel by channel', async () => {
    const text = await run('level', '--seconds', '0.6');
    assert.match(text, /^ 1 [█·│]{50} +-\d+\.\d dB\n 2 [█·│]{50} +-\d+\.\d dB$/m);
    assert.match(text, /^\d+ buffers of [SF]\d+LE, 2 channels, measured$/m);
  });
});

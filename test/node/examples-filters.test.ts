/** The examples that look inside frames and samples, run as a person would. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { assert } from 'chai';

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

  it('level: measures sound, channel by channel', async () => {
    const text = await run('level', '--seconds', '0.6');
    assert.match(text, /^ 1 [█·│]{50} +-\d+\.\d dB\n 2 [█·│]{50} +-\d+\.\d dB$/m);
    assert.match(text, /^\d+ buffers of [SF]\d+LE, 2 channels, measured$/m);
  });
});

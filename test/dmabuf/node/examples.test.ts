import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { assert } from 'chai';
import { MapFlags, Pipeline } from '../../../src/index.ts';
import { isAlone, watchDmaBufs } from '../open-dma-bufs.ts';

const launcher = fileURLToPath(new URL('../../../examples/run.js', import.meta.url));

function run(...parameters: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...parameters], { encoding: 'utf8' });
  assert.strictEqual(status, 0, `${stdout}\n${stderr}`);
  assert.strictEqual(stderr, '');
  return stdout;
}

describe('examples on the devices of the rig', () => {
  before(function () {
    if (!isAlone) this.skip(); // what a real camera sees, and a desktop shows, is not for specs
  });
  watchDmaBufs();

  it('camera reads each frame in a dma-buf of the driver', () => {
    const text = run('camera', '--frames', '6');
    assert.match(text, /^6 frames in a dma-buf of videobuf2_\w+$/m);
    assert.match(text, /mean +[1-9]\d* .*█/);
  });

  it('scanout draws what the display then shows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scanout-'));
    const output = join(folder, 'shown.png');
    try {
      assert.match(run('scanout', '--seconds', '0.1', '--output', output), /^1280×800, 5120 bytes a row/);
      await using pipeline = Pipeline.parse(
        `uridecodebin uri=${pathToFileURL(output)} ! videoconvert ! video/x-raw, format=RGB ! appsink name=sink`,
      );
      await pipeline.play();
      using sample = await pipeline.appSink('sink').pull({ timeout: 20e9 });
      assert.match(sample?.caps ?? '', /width=\(int\)1280, height=\(int\)800/);
      sample?.buffer?.withMapping(MapFlags.READ, (bytes) => {
        const at = (x: number, y: number) => [...bytes.subarray((y * 1280 + x) * 3, (y * 1280 + x) * 3 + 3)];
        assert.deepEqual(at(640, 100), [255, 255, 255]); // the cross
        assert.deepEqual(at(100, 400), [255, 255, 255]);
        const [across, down] = [1000 - 640, 200 - 400];
        assert.deepEqual(at(1000, 200), [((across ** 2 + down ** 2) >> 7) & 255, 199, 63]);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

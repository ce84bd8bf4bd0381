import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { assert } from 'chai';
import { Buffer, convertSample, Pipeline, Sample } from '../../src/index.ts';

const launcher = fileURLToPath(new URL('../../examples/run.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-examples-'));
const inFolder = (name: string) => join(folder, name);
const children = new Set<ChildProcess>();

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

function start(
  parameters: string[],
  environment: Record<string, string> = {},
): { child: ChildProcess; done: Promise<Ran> } {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...ours } = process.env;
  const child = spawn(process.execPath, [launcher, ...parameters], {
    cwd: folder,
    env: { ...ours, INIT_CWD: folder, ...environment },
  });
  children.add(child);
  const status = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      children.delete(child);
      resolve(code);
    });
  });
  const done = Promise.all([status, text(child.stdout), text(child.stderr)]).then(([status, stdout, stderr]) => ({
    status,
    stdout,
    stderr,
  }));
  return { child, done };
}

/** Runs an example that shall end well and complain about nothing. */
async function run(...parameters: string[]): Promise<string> {
  const { status, stdout, stderr } = await start(parameters).done;
  assert.strictEqual(status, 0, `${stdout}\n${stderr}`);
  assert.strictEqual(stderr, '');
  return stdout;
}

interface Picture {
  width: number;
  height: number;
  /** Four bytes a pixel. */
  bytes: Uint8Array;
}

async function firstPicture(source: string): Promise<Picture> {
  await using pipeline = Pipeline.parse(
    `${source} ! videoconvert ! video/x-raw, format=RGBx ! appsink name=sink sync=false max-buffers=1`,
  );
  await pipeline.play();
  using sample = await pipeline.appSink('sink').pull({ timeout: 20e9 });
  const [, width, height] = /width=\(int\)(\d+), height=\(int\)(\d+)/.exec(sample?.caps ?? '')?.map(Number) ?? [];
  return { width: width ?? 0, height: height ?? 0, bytes: sample?.buffer?.extract() ?? new Uint8Array() };
}

async function toPng({ width, height, bytes }: Picture): Promise<Uint8Array> {
  using buffer = Buffer.from(bytes);
  using raw = Sample.create(buffer, `video/x-raw, format=RGBx, width=${width}, height=${height}, framerate=0/1`);
  using png = await convertSample(raw, 'image/png');
  return png.buffer?.extract() ?? new Uint8Array();
}

const decode = (name: string) => firstPicture(`uridecodebin uri="${pathToFileURL(inFolder(name)).href}"`);

async function countFrames(name: string): Promise<number> {
  await using pipeline = Pipeline.parse(
    `uridecodebin uri="${pathToFileURL(inFolder(name)).href}" ! appsink name=sink sync=false`,
  );
  await pipeline.play();
  let frames = 0;
  for await (const sample of pipeline.appSink('sink').frames()) {
    sample.dispose();
    frames++;
  }
  return frames;
}

type Region = [left: number, top: number, width: number, height: number];

/** Colours of a part of the picture, as 24-bit numbers. */
function colours({ width, bytes }: Picture, [left, top, across, down]: Region): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Uint32Array.from(
    { length: across * down },
    (_, index) => view.getUint32(4 * ((top + Math.floor(index / across)) * width + left + (index % across))) >>> 8,
  );
}

const distinct = (picture: Picture, region?: Region) =>
  new Set(colours(picture, region ?? [0, 0, picture.width, picture.height])).size;

const begins = (name: string) => readFileSync(inFolder(name)).subarray(0, 16).toString('latin1');

describe('examples', function () {
  this.timeout(120_000);
  this.slow(30_000);

  after(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('are listed by `npm run example` alone', async () => {
    const told = await run();
    for (const name of ['snapshot', 'histogram', 'draw', 'desktop', 'share-frames']) assert.include(told, name);
  });

  it('each say what they take', async () => {
    for (const name of ['snapshot', 'histogram', 'draw', 'desktop', 'share-frames'])
      assert.include(await run(name, '--help'), 'FILE');
  });

  it('refuse what is no example', async () => {
    const { status, stderr } = await start(['snapshots']).done;
    assert.strictEqual(status, 2);
    assert.include(stderr, 'snapshot ');
  });

  describe('draw', () => {
    it('makes a WebM of as many frames as were asked for', async () => {
      assert.include(await run('draw', '--frames', '20', '--size', '320x180'), 'played again: 20 frames');
      assert.isTrue(begins('drawing.webm').startsWith('\x1aE\xdf\xa3'));
      assert.strictEqual(await countFrames('drawing.webm'), 20);
      const picture = await decode('drawing.webm');
      assert.deepEqual([picture.width, picture.height], [320, 180]);
      assert.isAbove(distinct(picture), 2000);
    });

    it('makes an MP4', async () => {
      await run('draw', '--frames', '60', '--size', '640x360', '--film', 'drawing.mp4');
      assert.match(begins('drawing.mp4'), /^....ftyp/s);
      assert.strictEqual(await countFrames('drawing.mp4'), 60);
    });

    it('ends with a film that can be played when it is interrupted', async () => {
      const { child, done } = start(['draw', '--frames', '100000', '--size', '64x64', '--film', 'cut.webm']);
      while (!existsSync(inFolder('cut.webm')) || statSync(inFolder('cut.webm')).size < 20_000) await sleep(20);
      child.kill('SIGINT');
      const { status, stdout, stderr } = await done;
      assert.strictEqual(status, 0, stderr);
      assert.include(stdout, 'all there');
    });

    it('says which formats there are', async () => {
      const { status, stderr } = await start(['draw', '--film', 'drawing.gif']).done;
      assert.strictEqual(status, 1);
      assert.include(stderr, '.webm, .mp4 or .mkv');
    });
  });

  describe('snapshot', () => {
    for (const [extension, signature] of [
      ['png', /^\x89PNG\r\n/],
      ['jpg', /^\xff\xd8\xff/],
      ['webp', /^RIFF....WEBP/s],
    ] as const) {
      it(`takes a ${extension} of the test source`, async () => {
        const told = await run('snapshot', '--at', '1.5', '--picture', `test.${extension}`);
        assert.include(told, '1.500 s, 1280×720');
        assert.match(begins(`test.${extension}`), signature);
        const picture = await decode(`test.${extension}`);
        assert.deepEqual([picture.width, picture.height], [1280, 720]);
        // White, yellow … blue: the bars of the test picture.
        const bars = Array.from({ length: 7 }, (_, bar) => colours(picture, [bar * 182 + 90, 100, 1, 1])[0] ?? 0);
        const isBright = (colour: number) => [16, 8, 0].map((shift) => ((colour >> shift) & 255) > 128);
        assert.deepEqual(
          bars.map((colour) => isBright(colour).map(Number).join('')),
          ['111', '110', '011', '010', '101', '100', '001'],
        );
      });
    }

    it('finds a time in a film, and scales', async () => {
      assert.include(await run('snapshot', 'drawing.mp4', '--at', '1', '--width', '200'), 'frame at 1.000 s');
      const picture = await decode('snapshot.png');
      assert.approximately(picture.width / picture.height, 16 / 9, 0.03);
      assert.strictEqual(picture.width, 200);
    });

    it('says that the film is shorter, that there is none, or that it is no film', async () => {
      writeFileSync(inFolder('text.txt'), 'no film\n'.repeat(100));
      for (const [parameters, reason] of [
        [['drawing.mp4', '--at', '60'], ' s long'],
        [['nothing.mp4'], 'there is no file nothing.mp4'],
        [['text.txt'], 'text file'],
        [['--picture', 'a.bmp'], '.webp'],
      ] as const) {
        const { status, stderr } = await start(['snapshot', ...parameters]).done;
        assert.strictEqual(status, 1);
        assert.include(stderr, reason);
      }
    });
  });

  describe('histogram', () => {
    it('prints plain lines where there is no terminal', async () => {
      const lines = (await run('histogram', '--frames', '35')).trim().split('\n');
      assert.isAtLeast(lines.length, 3);
      assert.match(lines[0] ?? '', /s {3}mean +\d+ .*[▁▂▃▄▅▆▇█]/);
      assert.match(lines.at(-1) ?? '', /^35 frames measured/);
    });

    it('measures a film to its end', async () => {
      assert.include(await run('histogram', 'drawing.webm'), '20 frames measured');
    });

    it('ends well with Ctrl-C', async () => {
      const { child, done } = start(['histogram']);
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      child.kill('SIGINT');
      const { status, stdout, stderr } = await done;
      assert.strictEqual(status, 0, stderr);
      assert.match(stdout, /\d+ frames measured/);
    });
  });

  describe('camera and scanout', () => {
    it('say that the device is not there', async () => {
      for (const name of ['camera', 'scanout']) {
        const { status, stderr } = await start([name, '--device', '/dev/no-such']).done;
        assert.strictEqual(status, 1);
        assert.include(stderr, 'there is no /dev/no-such');
      }
    });
  });

  describe('share-frames', () => {
    for (const consumer of ['node', 'gjs']) {
      for (const media of [[], ['drawing.mp4']]) {
        it(`shares frames of ${media[0] ?? 'the test source'} with ${consumer}, without a loss`, async () => {
          const size = ['--frames', '60', '--size', '640x360'];
          const told = await run('share-frames', ...size, '--consumer', consumer, '--picture', 'last.png', ...media);
          assert.match(told, /frames +60 +60\n/);
          assert.match(told, /frames lost +0\n/);
          assert.match(told, /damaged stamps +0\n/);
          const picture = await decode('last.png');
          assert.deepEqual([picture.width, picture.height], [640, 360]);
          rmSync(inFolder('last.png'));
        });
      }
    }
  });

  describe('desktop', () => {
    /** Where the example puts its parts, in its own picture of 640 × 560. */
    const parts = { picture: [0, 14, 640, 360], text: [0, 375, 640, 44], curve: [0, 420, 640, 140] } satisfies Record<
      string,
      Region
    >;
    const orange = 0xffc259;

    it('takes a picture of its window where there is no display', async () => {
      const told = await run('desktop', '--seconds', '3');
      assert.isAbove(Number(/(\d+) frames measured/.exec(told)?.[1]), 20);
      const picture = await decode('desktop.png');
      assert.deepEqual([picture.width, picture.height], [640, 560]);
      assert.isAbove(distinct(picture, parts.picture), 100);
      assert.isAbove(distinct(picture, parts.text), 10);
      assert.isAbove(colours(picture, parts.curve).filter((colour) => colour === orange).length, 100);
    });

    it('shows the live picture and its measurement on a screen', async () => {
      const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '800x700x24', '-nolisten', 'tcp'], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      });
      children.add(screen);
      try {
        const display = await new Promise<string>((resolve) =>
          screen.stdio[3]?.once('data', (number) => resolve(`:${String(number).trim()}`)),
        );
        const { child, done } = start(['desktop', '--seconds', '60'], {
          DISPLAY: display,
          GTK_A11Y: 'none',
          GDK_BACKEND: 'x11',
        });
        const photograph = () =>
          firstPicture(`ximagesrc display-name=${display} use-damage=false show-pointer=false num-buffers=1`);
        let [before, after] = [await photograph(), await photograph()];
        for (let tries = 0; tries < 100 && distinct(before) < 100; tries++) {
          await sleep(200);
          before = await photograph();
        }
        await sleep(1500);
        after = await photograph();
        child.kill('SIGTERM');
        await done;
        const keep = process.env.GST_ALLOCATORS_TEST_SCREENSHOT; // for a person to look at
        if (keep) writeFileSync(keep, await toPng(after));
        assert.deepEqual([after.width, after.height], [800, 700]);
        assert.isAbove(distinct(after), 100);
        const all: Region = [0, 0, 800, 700];
        const [then, now] = [colours(before, all), colours(after, all)];
        // Rows in which most of the picture moved on, rows of the curve, and rows between them: the measurement.
        const changed = (row: number) => {
          let count = 0;
          for (let at = row * 800; at < (row + 1) * 800; at++) count += Number(then[at] !== now[at]);
          return count;
        };
        const changes = Array.from({ length: 700 }, (_, row) => changed(row));
        const pictureRows = changes.filter((count) => count > 500).length;
        assert.isAbove(pictureRows, 300);
        const lastPictureRow = changes.findLastIndex((count) => count > 500);
        const firstCurveRow = now.findIndex((colour, at) => colour === orange && at > lastPictureRow * 800) / 800;
        assert.isAbove(firstCurveRow, lastPictureRow);
        const textRows = changes
          .slice(lastPictureRow + 1, lastPictureRow + 46)
          .filter((count) => count > 0 && count < 300);
        assert.isAtLeast(textRows.length, 5);
      } finally {
        screen.kill();
        children.delete(screen);
      }
    });
  });
});

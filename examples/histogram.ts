/**
 * The brightness of a stream, live in the terminal: `npm run example histogram -- [options] [file or URI]`.
 *
 * The loop below reads the frame in GStreamer's memory, without a copy.
 */
import { parseArgs } from 'node:util';
import { MapFlags, Pipeline, type Sample } from '../src/index.ts';
import { cell, columnsOf, levels } from './histogram/columns.ts';
import { decoded, pictureSize } from './media.ts';

const usage = `npm run example histogram -- [options] [FILE or URI]

  --frames N            ends after so many (default: with the stream, or with Ctrl-C)

Without a file or URI a test source is measured, while the day breaks and night falls in it.`;

const rows = 12;
/** Seconds of the stream between two lines if the output is no terminal. */
const lineInterval = 0.5;
const testSource = `videotestsrc is-live=true pattern=zone-plate kx2=6 ky2=6 kt=4 ! video/x-raw, width=640, height=360, framerate=30/1
  ! videobalance name=light contrast=0.4`;

interface Brightness {
  /** Pixels of each level. */
  histogram: Uint32Array;
  mean: number;
}

function measure(sample: Sample): Brightness {
  const { width, height } = pictureSize(sample.caps);
  const histogram = new Uint32Array(levels);
  sample.buffer?.withMapping(MapFlags.READ, (bytes) => {
    // Rows begin at multiples of four bytes, with padding between them.
    const stride = bytes.length / height;
    for (let row = 0; row < height; row++) {
      const end = row * stride + width;
      // biome-ignore lint/style/noNonNullAssertion: a byte is one of 256 levels
      for (let at = row * stride; at < end; at++) histogram[bytes[at]!]!++;
    }
  });
  const sum = histogram.reduce((total, pixels, level) => total + pixels * level, 0);
  return { histogram, mean: sum / (width * height) };
}

function drawing({ histogram, mean }: Brightness, status: string, width: number): string[] {
  const count = 2 ** Math.floor(Math.log2(Math.max(16, Math.min(128, width - 2))));
  const columns = columnsOf(histogram, count);
  const lines: string[] = [];
  for (let row = rows - 1; row >= 0; row--) lines.push(` ${columns.map((height) => cell(height, row, rows)).join('')}`);
  const shade = (column: number) => Math.round((column * (levels - 1)) / (count - 1));
  lines.push(
    ` ${columns.map((_, column) => `\x1b[48;2;${`${shade(column)};`.repeat(2)}${shade(column)}m `).join('')}\x1b[0m`,
  );
  const marker = Math.floor((mean * count) / levels);
  lines.push(` ${' '.repeat(marker)}▲`, ` ${status}`);
  return lines;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { frames: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return console.log(usage);
  if (values.frames !== undefined && !/^[1-9]\d*$/.test(values.frames))
    throw new Error(`expected --frames to be a number of at least 1, got ${values.frames}`);
  const most = Number(values.frames ?? Number.POSITIVE_INFINITY);

  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const source = positionals[0] === undefined ? testSource : decoded(positionals[0]);
  await using pipeline = Pipeline.parse(
    `${source} ! videoconvert ! video/x-raw, format=GRAY8 ! appsink name=sink max-buffers=2`,
  );
  const light = positionals[0] === undefined ? pipeline.get('light') : null;
  await pipeline.play();

  const { stdout } = process;
  const begin = performance.now();
  let frames = 0;
  let nextLine = 0;
  let drawn = 0;
  if (stdout.isTTY) stdout.write('\x1b[?25l'); // no cursor in the picture
  try {
    for await (const sample of pipeline.appSink('sink').frames({ signal: stop.signal })) {
      using frame = sample;
      const brightness = measure(frame);
      frames++;
      const time = (frame.buffer?.pts ?? 0) / 1e9;
      light?.set('brightness', 0.35 * Math.sin(time / 2));
      const rate = frames / Math.max((performance.now() - begin) / 1000, 1e-3);
      const status = `${time.toFixed(2).padStart(7)} s   mean ${brightness.mean.toFixed(0).padStart(3)}   ${rate.toFixed(0)} frames/s`;
      if (stdout.isTTY) {
        const lines = drawing(brightness, `${status}   Ctrl-C ends`, stdout.columns);
        stdout.write(`${drawn ? `\x1b[${drawn}A` : ''}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
        drawn = lines.length;
      } else if (time >= nextLine) {
        nextLine = time + lineInterval;
        console.log(
          `${status}   ${columnsOf(brightness.histogram, 64)
            .map((height) => cell(height, 0, 1))
            .join('')}`,
        );
      }
      if (frames >= most) break;
    }
  } finally {
    if (stdout.isTTY) stdout.write('\x1b[?25h');
  }
  console.log(`${frames} frames measured in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

/**
 * The brightness of a camera's picture: `npm run example camera -- [options]`.
 *
 * The driver writes each picture into a dma-buf; the loop below reads its luma there, without a copy.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dmaBuf, isDmaBufMemory, MapFlags, Pipeline, type Sample, VideoFrame, VideoInfo } from '../src/index.ts';
import { cell, columnsOf, levels } from './histogram/columns.ts';

const usage = `npm run example camera -- [options]

  --device PATH         (default /dev/video0)
  --frames N            ends after so many (default: with Ctrl-C)`;

/** Seconds from one line to the next. */
const lineInterval = 0.5;

interface Measured {
  /** Pixels of each level. */
  histogram: Uint32Array;
  mean: number;
}

function measure(sample: Sample): Measured {
  const histogram = new Uint32Array(levels);
  if (!sample.buffer || !sample.caps) return { histogram, mean: 0 };
  using frame = VideoFrame.map(sample.buffer, VideoInfo.fromCaps(sample.caps), MapFlags.READ);
  const [luma] = frame.planes;
  if (!luma) return { histogram, mean: 0 };
  const { data, stride, width, height, pixelStride } = luma;
  for (let row = 0; row < height; row++) {
    const end = row * stride + width * pixelStride;
    // biome-ignore lint/style/noNonNullAssertion: a byte is one of 256 levels
    for (let at = row * stride; at < end; at += pixelStride) histogram[data[at]!]!++;
  }
  return { histogram, mean: histogram.reduce((total, pixels, level) => total + pixels * level, 0) / (width * height) };
}

/** The kernel's description of the picture's memory. */
function placeOf(sample: Sample): string {
  using memory = sample.buffer?.memory(0);
  const found = memory && isDmaBufMemory(memory) && memory.fd !== null ? dmaBuf.inspect(memory.fd) : null;
  return found ? `a dma-buf of ${found.exporter}` : 'plain memory';
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      device: { type: 'string', default: '/dev/video0' },
      frames: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  if (values.frames !== undefined && !/^[1-9]\d*$/.test(values.frames))
    throw new Error(`expected --frames to be a number of at least 1, got ${values.frames}`);
  if (!existsSync(values.device)) throw new Error(`there is no ${values.device}`);
  const most = Number(values.frames ?? Number.POSITIVE_INFINITY);

  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  await using pipeline = Pipeline.parse(
    'v4l2src name=camera io-mode=dmabuf ! video/x-raw, format={ NV12, I420, YUY2, GRAY8 } ! appsink name=sink max-buffers=2',
  );
  pipeline.get('camera').set('device', values.device);
  await pipeline.play();

  const places = new Map<string, number>();
  const begin = performance.now();
  let frames = 0;
  let nextLine = 0;
  for await (const sample of pipeline.appSink('sink').frames({ signal: stop.signal })) {
    using frame = sample;
    const { histogram, mean } = measure(frame);
    const place = placeOf(frame);
    places.set(place, (places.get(place) ?? 0) + 1);
    frames++;
    const seconds = (performance.now() - begin) / 1000;
    if (seconds >= nextLine || frames === most) {
      nextLine = seconds + lineInterval;
      const columns = columnsOf(histogram, 64).map((height) => cell(height, 0, 1));
      console.log(`${seconds.toFixed(1).padStart(6)} s   mean ${mean.toFixed(0).padStart(3)}   ${columns.join('')}`);
    }
    if (frames === most) break;
  }
  for (const [place, count] of places) console.log(`${count} frames in ${place}`);
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

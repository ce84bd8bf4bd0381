/**
 * A film drawn in TypeScript: `npm run example draw -- [options]`.
 *
 * The pixels are written into buffers of a pool, in place; each is drawn again as soon as the encoder has released it.
 * At the end the film is opened again and its frames are counted.
 */
import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BufferPool, MapFlags, Pipeline } from '../src/index.ts';
import { painting } from './draw/painting.ts';
import { decoded } from './media.ts';

const usage = `npm run example draw -- [options]

  --film FILE           where it goes: .webm (VP8) or .mp4 (H.264) (default drawing.webm)
  --frames N            how many, 30 a second (default 240)
  --size WIDTHxHEIGHT   default 1280x720`;

const encoders: Record<string, string> = {
  // Fast settings, below the best quality; the bitrate sets the size.
  '.webm': 'vp8enc deadline=1 cpu-used=6 threads=4 target-bitrate=4000000 ! webmmux',
  '.mp4': 'x264enc speed-preset=veryfast bitrate=4000 ! video/x-h264, profile=high ! mp4mux faststart=true',
};
const framesPerSecond = 30;
const bytesPerPixel = 4;
const nanoseconds = 1e9;

interface Film {
  path: string;
  encoder: string;
  frames: number;
  width: number;
  height: number;
}

async function draw({ path, encoder, frames, width, height }: Film, signal: AbortSignal): Promise<number> {
  const caps = `video/x-raw, format=RGBx, width=${width}, height=${height}, framerate=${framesPerSecond}/1`;
  await using pipeline = Pipeline.parse(
    `appsrc name=frames format=time ! videoconvert ! video/x-raw, format=I420 ! ${encoder} ! filesink name=file`,
  );
  pipeline.get('file').set('location', resolve(path));
  const source = pipeline.appSrc('frames');
  source.caps = caps;
  await pipeline.play();

  // At most four frames exist: being drawn, waiting, or being encoded.
  using pool = BufferPool.create({ caps, size: width * height * bytesPerPixel, min: 2, max: 4 });
  const picture = painting(width, height);
  const begin = performance.now();
  let drawn = 0;
  for (; drawn < frames && !signal.aborted; drawn++) {
    using buffer = await pool.acquire({ timeout: 30 * nanoseconds });
    buffer.withMapping(MapFlags.WRITE, (bytes) =>
      picture.paint(new Uint32Array(bytes.buffer, bytes.byteOffset, width * height), drawn / framesPerSecond),
    );
    buffer.pts = Math.round((drawn * nanoseconds) / framesPerSecond);
    buffer.duration = Math.round(nanoseconds / framesPerSecond);
    await source.push(buffer);
    showProgress(drawn + 1, frames, begin);
  }
  // Even after an interruption, the frames so far become a playable film.
  source.endOfStream();
  await pipeline.finished({ timeout: 60 * nanoseconds });
  showProgress(drawn, frames, begin, true);
  return drawn;
}

function showProgress(done: number, frames: number, begin: number, isLast = false): void {
  const rate = (done * 1000) / (performance.now() - begin);
  const text = `${done} of ${frames} frames, ${rate.toFixed(0)} frames/s`;
  if (!process.stderr.isTTY) {
    if (isLast) console.log(text);
    return;
  }
  const width = 40;
  const filled = Math.round((width * done) / frames);
  process.stderr.write(`\r${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text} \x1b[K${isLast ? '\n' : ''}`);
}

/** How many frames a player finds in it. */
async function countFrames(path: string): Promise<number> {
  await using pipeline = Pipeline.parse(`${decoded(path)} ! appsink name=sink sync=false`);
  await pipeline.play();
  let frames = 0;
  for await (const sample of pipeline.appSink('sink').frames()) {
    sample.dispose();
    frames++;
  }
  return frames;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      film: { type: 'string', default: 'drawing.webm' },
      frames: { type: 'string', default: '240' },
      size: { type: 'string', default: '1280x720' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const encoder = encoders[extname(values.film).toLowerCase()];
  if (!encoder) throw new Error(`expected --film to end in ${Object.keys(encoders).join(' or ')}, got ${values.film}`);
  if (!/^[1-9]\d*$/.test(values.frames)) throw new Error(`expected --frames to be at least 1, got ${values.frames}`);
  const [, width, height] = /^(\d+)x(\d+)$/.exec(values.size)?.map(Number) ?? [];
  // Colour is stored for squares of four pixels.
  if (!width || !height || width % 2 || height % 2)
    throw new Error(`expected --size to be even numbers like 1280x720, got ${values.size}`);

  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const drawn = await draw({ path: values.film, encoder, frames: Number(values.frames), width, height }, stop.signal);
  const found = await countFrames(values.film);
  const size = (statSync(values.film).size / 1e6).toFixed(2);
  console.log(`${values.film}: ${width}×${height}, ${(drawn / framesPerSecond).toFixed(1)} s, ${size} MB`);
  if (found !== drawn) throw new Error(`${drawn} frames were drawn, a player finds ${found}`);
  console.log(`played again: ${found} frames, all there`);
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

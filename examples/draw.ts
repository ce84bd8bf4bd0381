/**
 * A film drawn in TypeScript, with a sound that is calculated: `npm run example draw -- [options]`.
 *
 * The pixels are written into buffers of a pool, in place; each is drawn again as soon as the encoder has released it.
 * At the end the film is opened again and its frames are counted.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BufferPool, frames, MapFlags, record } from '../src/index.ts';
import { painting } from './draw/painting.ts';

const usage = `npm run example draw -- [options]

  --film FILE           where it goes: .webm, .mp4 or .mkv (default drawing.webm)
  --frames N            how many, 30 a second (default 240)
  --size WIDTHxHEIGHT   default 1280x720`;

const framesPerSecond = 30;
const sampleRate = 48_000;
const nanoseconds = 1e9;

interface Film {
  path: string;
  frames: number;
  width: number;
  height: number;
}

/** A chord that swells and fades, as long as a frame is shown, in two channels. */
function sound(from: number): Float32Array {
  const samples = new Float32Array((2 * sampleRate) / framesPerSecond);
  for (let at = 0; at < samples.length; at += 2) {
    const time = from + at / 2 / sampleRate;
    const swell = 0.08 * (1 - Math.cos(Math.PI * time));
    for (const [index, pitch] of [220, 277.18, 329.63].entries()) {
      const tone = swell * Math.sin(2 * Math.PI * pitch * time);
      const right = index / 2;
      samples[at] = (samples[at] ?? 0) + tone * (1 - right / 2);
      samples[at + 1] = (samples[at + 1] ?? 0) + tone * (0.5 + right / 2);
    }
  }
  return samples;
}

async function draw({ path, frames, width, height }: Film, signal: AbortSignal): Promise<number> {
  // Even after an interruption, the frames so far become a playable film.
  await using film = await record(resolve(path), {
    video: { format: 'RGBx', width, height, rate: framesPerSecond },
    audio: { rate: sampleRate },
  });
  // Each buffer is drawn again as soon as the encoder has released it.
  const { caps, size } = film.video.info;
  using pool = BufferPool.create({ caps, size, min: 2 });
  const picture = painting(width, height);
  const begin = performance.now();
  let drawn = 0;
  for (; drawn < frames && !signal.aborted; drawn++) {
    const time = drawn / framesPerSecond;
    using buffer = await pool.acquire({ timeout: 30 * nanoseconds });
    buffer.withMapping(MapFlags.WRITE, (bytes) =>
      picture.paint(new Uint32Array(bytes.buffer, bytes.byteOffset, width * height), time),
    );
    await film.video.write(buffer, { pts: Math.round(time * nanoseconds) });
    await film.audio.write(sound(time));
    showProgress(drawn + 1, frames, begin);
  }
  await film.close();
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
  let count = 0;
  for await (using _ of frames(path)) count++;
  return count;
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
  if (!/\.(webm|mp4|mkv)$/i.test(values.film))
    throw new Error(`expected --film to end in .webm, .mp4 or .mkv, got ${values.film}`);
  if (!/^[1-9]\d*$/.test(values.frames)) throw new Error(`expected --frames to be at least 1, got ${values.frames}`);
  const [, width, height] = /^(\d+)x(\d+)$/.exec(values.size)?.map(Number) ?? [];
  // Colour is stored for squares of four pixels.
  if (!width || !height || width % 2 || height % 2)
    throw new Error(`expected --size to be even numbers like 1280x720, got ${values.size}`);

  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const drawn = await draw({ path: values.film, frames: Number(values.frames), width, height }, stop.signal);
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

/**
 * A filter in TypeScript: `npm run example blur -- [options] [FILE or URI]`.
 *
 * Regions the size of faces wander over the picture and are blurred, in place: the encoder gets the decoder's frames
 * without a copy.
 */
import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AppSink, type Buffer, MapFlags, Pipeline, VideoFrame, VideoInfo } from '../src/index.ts';
import { boxBlur } from './blur/box-blur.ts';
import { decoded } from './media.ts';

const usage = `npm run example blur -- [options] [FILE or URI]

  --film FILE           where it goes: .webm (VP8) or .mp4 (H.264) (default blurred.webm)
  --regions N           how many are blurred (default 3)
  --frames N            ends after so many (default: with the stream)

Without a file or URI a test source of 240 frames is filtered.`;

const encoders: Record<string, string> = {
  '.webm': 'vp8enc deadline=1 cpu-used=6 threads=4 target-bitrate=4000000 ! webmmux',
  '.mp4': 'x264enc speed-preset=veryfast bitrate=4000 ! video/x-h264, profile=high ! mp4mux faststart=true',
};
const testSource = 'videotestsrc num-buffers=240 pattern=smpte ! video/x-raw, width=1280, height=720, framerate=30/1';
const nanoseconds = 1e9;

interface Region {
  x: number;
  y: number;
  size: number;
}

/** The regions at a time in seconds; each moves by itself, within the picture. */
function regionsAt(time: number, count: number, { width, height }: VideoInfo): Region[] {
  // Colours are stored for squares of four pixels.
  const size = Math.min(Math.floor(height / 4), width) & ~1;
  return Array.from({ length: count }, (_, index) => {
    const along = (speed: number, room: number) =>
      Math.floor(((1 + Math.sin(time * speed + index * 2)) / 2) * room) & ~1;
    return { x: along(0.7 + index * 0.2, width - size), y: along(0.5 + index * 0.3, height - size), size };
  });
}

function blur(buffer: Buffer, info: VideoInfo, count: number): void {
  using frame = VideoFrame.map(buffer, info, MapFlags.READWRITE);
  for (const { x, y, size } of regionsAt((buffer.pts ?? 0) / nanoseconds, count, info)) {
    for (const part of frame.region(x, y, size, size)) boxBlur(part, Math.max(1, Math.floor(part.width / 8)));
  }
}

interface Frame {
  buffer: Buffer;
  caps: string;
}

/**
 * Frames without other owners, so that they may be written. An appsink releases a frame when the next is pulled, so
 * each frame is yielded one later. `makeWritable` then copies only the last one.
 */
async function* ownFrames(sink: AppSink): AsyncGenerator<Frame> {
  let held: Frame | null = null;
  try {
    for await (const sample of sink.frames()) {
      const caps = sample.caps ?? '';
      const buffer = sample.takeBuffer();
      if (held) yield held;
      held = buffer && { buffer, caps };
    }
    if (held) yield held;
  } finally {
    held?.buffer.dispose();
  }
}

async function filter(media: string | undefined, film: string, count: number, most: number, signal: AbortSignal) {
  await using input = Pipeline.parse(
    `${media === undefined ? testSource : decoded(media)} ! videoconvert ! video/x-raw, format=I420 ! appsink name=sink max-buffers=2 sync=false`,
  );
  await using output = Pipeline.parse(
    `appsrc name=frames format=time ! ${encoders[extname(film).toLowerCase()]} ! filesink name=file`,
  );
  output.get('file').set('location', resolve(film));
  const source = output.appSrc('frames');
  const sink = input.appSink('sink');
  sink.set('enable-last-sample', false);
  await input.play();

  const begin = performance.now();
  let info: VideoInfo | null = null;
  let [frames, copied, blurring] = [0, 0, 0];
  for await (const { buffer, caps } of ownFrames(sink)) {
    using mine = buffer;
    if (!info) {
      info = VideoInfo.fromCaps(caps);
      source.caps = caps;
      await output.play();
    }
    if (!mine.isWritable) copied++;
    mine.makeWritable();
    const start = performance.now();
    blur(mine, info, count);
    blurring += performance.now() - start;
    await source.push(mine);
    if (++frames >= most || signal.aborted) break;
  }
  if (!info) throw new Error('there was no frame to be filtered');
  source.endOfStream();
  await output.finished({ timeout: 60 * nanoseconds });
  return { info, frames, copied, blurring, seconds: (performance.now() - begin) / 1000 };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      film: { type: 'string', default: 'blurred.webm' },
      regions: { type: 'string', default: '3' },
      frames: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  if (!encoders[extname(values.film).toLowerCase()])
    throw new Error(`expected --film to end in ${Object.keys(encoders).join(' or ')}, got ${values.film}`);
  for (const name of ['regions', 'frames'] as const) {
    const value = values[name];
    if (value !== undefined && !/^[1-9]\d*$/.test(value))
      throw new Error(`expected --${name} to be a number of at least 1, got ${value}`);
  }

  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const most = Number(values.frames ?? Number.POSITIVE_INFINITY);
  const done = await filter(positionals[0], values.film, Number(values.regions), most, stop.signal);
  const { width, height } = done.info;
  console.log(`${values.film}: ${width}×${height}, ${(statSync(values.film).size / 1e6).toFixed(2)} MB`);
  console.log(
    `${done.frames} frames, ${(done.frames / done.seconds).toFixed(0)} frames/s; blurring took ${(done.blurring / done.frames).toFixed(2)} ms a frame, ${done.copied} were copied`,
  );
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

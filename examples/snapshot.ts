/**
 * One frame of a film as a picture: `npm run example snapshot -- [options] [file or URI]`.
 *
 * GStreamer decodes, turns and scales; `convertSample` then makes a PNG, JPEG or WebP of the frame.
 */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { convertSample, Pipeline, type Sample, SeekFlags } from '../src/index.ts';
import { decoded, pictureSize } from './media.ts';

const usage = `npm run example snapshot -- [options] [FILE or URI]

  --at SECONDS          which frame (default 0)
  --width PIXELS        of the picture (default: as the film has it)
  --picture FILE        where it goes: .png, .jpg or .webp (default snapshot.png)

Without a file or URI the test source has its picture taken.`;

const formats: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};
const testSource = 'videotestsrc ! video/x-raw, width=1280, height=720, framerate=30/1';
const nanoseconds = 1e9;

/** Seconds from the start of the film: timestamps may begin elsewhere, as the segment says. */
function timeOf({ buffer, segment }: Sample): number {
  return ((buffer?.pts ?? 0) - (segment.start ?? 0) + (segment.time ?? 0)) / nanoseconds;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      at: { type: 'string', default: '0' },
      width: { type: 'string' },
      picture: { type: 'string', default: 'snapshot.png' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const at = Number(values.at);
  if (!(at >= 0 && values.at.trim())) throw new Error(`expected --at to be seconds from the start, got ${values.at}`);
  if (values.width !== undefined && !/^[1-9]\d*$/.test(values.width))
    throw new Error(`expected --width to be a number of pixels, got ${values.width}`);
  const format = formats[extname(values.picture).toLowerCase()];
  if (!format)
    throw new Error(`expected --picture to end in ${Object.keys(formats).join(', ')}, got ${values.picture}`);

  const source = positionals[0] === undefined ? testSource : decoded(positionals[0]);
  const size = values.width ? `, width=${values.width}` : '';
  await using pipeline = Pipeline.parse(
    // Films of phones have an orientation tag, and some films have pixels that are not square.
    `${source} ! videoconvert ! videoflip video-direction=auto ! videoscale
     ! video/x-raw, pixel-aspect-ratio=1/1${size} ! appsink name=sink sync=false max-buffers=1`,
  );
  await pipeline.pause();
  // Some versions of GStreamer give the last frame for any time after it.
  const { duration } = pipeline;
  if (duration !== null && at > 0 && at * nanoseconds >= duration)
    throw new Error(`there is no frame at ${at} s, it is ${(duration / nanoseconds).toFixed(3)} s long`);
  if (at > 0) await pipeline.seek(at * nanoseconds, { flags: SeekFlags.FLUSH | SeekFlags.ACCURATE });
  await pipeline.play();
  using sample = await pipeline.appSink('sink').pull({ timeout: 20 * nanoseconds });
  if (!sample) throw new Error(`there is no frame at ${at} s`);
  using picture = await convertSample(sample, format);
  const bytes = picture.buffer?.extract() ?? new Uint8Array();
  writeFileSync(values.picture, bytes);

  const { width, height } = pictureSize(sample.caps);
  console.log(
    `${values.picture}: the frame at ${timeOf(sample).toFixed(3)} s, ${width}×${height}, ${(bytes.length / 1000).toFixed(0)} kB`,
  );
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

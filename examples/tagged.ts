/**
 * A stream whose frames carry detections, read by another branch: `npm run example tagged -- [options]`.
 *
 * TypeScript finds the ball in each frame and attaches its position to the frame as a custom meta. Elements keep the
 * meta: through a tee and queues, and through scaling and conversion, which make new frames.
 */
import { parseArgs } from 'node:util';
import { type AppSink, type Buffer, MapFlags, Pipeline, registerCustomMeta } from '../src/index.ts';

const usage = `npm run example tagged -- [options]

  --frames N            how many frames are looked at (default 90)`;

const [width, height] = [320, 240];
const smaller = 4;
const format = `video/x-raw, format=GRAY8, width=${width}, height=${height}, framerate=30/1`;

/** Without tags: the position in the original frame stays valid, whatever happens to the picture. */
const meta = 'ExampleBall';

interface Ball {
  x: number;
  y: number;
}

/** The centre of the bright pixels. */
function findBall(bytes: Uint8Array, columns: number, rows: number): Ball | null {
  let [left, right, top, bottom] = [columns, -1, rows, -1];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if ((bytes[y * columns + x] as number) < 128) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? null : { x: (left + right) / 2, y: (top + bottom) / 2 };
}

const lookAt = (buffer: Buffer, columns: number, rows: number): Ball | null =>
  buffer.withMapping(MapFlags.READ, (bytes) => findBall(bytes, columns, rows));

/** Pulls frames, attaches the position to each, and pushes them on. */
async function tag(pipeline: Pipeline): Promise<void> {
  const tagged = pipeline.appSrc('tagged');
  let id = 0;
  for await (const sample of pipeline.appSink('camera').frames()) {
    using buffer = sample.takeBuffer();
    if (!buffer) continue;
    const ball = lookAt(buffer, width, height);
    // The sink still has the frame, so this copies the buffer with its metas, but not the memory.
    buffer
      .makeWritable()
      .addCustomMeta(meta, { id: id++, found: ball !== null, ...(ball && { x: ball.x, y: ball.y }) });
    await tagged.push(buffer);
  }
  tagged.endOfStream();
}

/** Compares each frame of a branch with its meta. */
async function compare(sink: AppSink, scale: number): Promise<{ frames: number; notes: number; agree: number }> {
  const result = { frames: 0, notes: 0, agree: 0 };
  for await (const sample of sink.frames()) {
    using frame = sample;
    result.frames++;
    const note = frame.buffer?.customMeta(meta);
    if (!frame.buffer || !note) continue;
    result.notes++;
    const ball = lookAt(frame.buffer, width / scale, height / scale);
    const isNear = (key: 'x' | 'y') => ball !== null && Math.abs(Number(note[key]) / scale - ball[key]) <= 1.5;
    if (note.found === (ball !== null) && (!ball || (isNear('x') && isNear('y')))) result.agree++;
    if (scale > 1 && result.frames % 30 === 0)
      console.log(`frame ${note.id}: the ball was at ${note.x}, ${note.y}; here it is at ${ball?.x}, ${ball?.y}`);
  }
  return result;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { frames: { type: 'string', default: '90' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return console.log(usage);
  if (!/^[1-9]\d{0,5}$/.test(values.frames))
    throw new Error(`expected --frames to be a number from 1 to 999999, got ${values.frames}`);

  registerCustomMeta(meta);
  // The branches get no frame before the program pushes one: their sinks must not wait for a preroll (`async=false`).
  await using pipeline = Pipeline.parse(`
    videotestsrc pattern=ball num-buffers=${values.frames} ! ${format} ! appsink name=camera sync=false
    appsrc name=tagged format=time caps="${format}" ! tee name=both
    both. ! queue ! appsink name=large sync=false async=false
    both. ! queue ! videoconvertscale ! video/x-raw, width=${width / smaller}, height=${height / smaller} ! appsink name=small sync=false async=false`);
  await pipeline.play();
  const [, large, small] = await Promise.all([
    tag(pipeline),
    compare(pipeline.appSink('large'), 1),
    compare(pipeline.appSink('small'), smaller),
  ]);
  for (const [name, { frames, notes, agree }] of Object.entries({ large, small }))
    console.log(`${name} branch: ${frames} frames, ${notes} with a note, ${agree} show what it says`);
  if (large.agree !== large.frames || small.agree !== small.frames) process.exitCode = 1;
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

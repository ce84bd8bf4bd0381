import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { GstError } from '../errors.ts';
import { MapFlags } from '../map-flags.ts';
import { frames as framesOf, type MediaFramesOptions } from '../media/frames.ts';
import { Sample } from '../memory/sample.ts';
import { convertSample } from '../video/convert-sample.ts';
import type { VideoFrame } from '../video/video-frame.ts';
import { type Command, UsageError, type Values } from './command.ts';

const formats: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};
const units: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, '': 1e9, min: 60e9, h: 3600e9 };

export const frames: Command = {
  usage: `gst-allocators frames FILE     the frames of a film, as pictures
  --out shot-%03d.png            where they go: .png, .jpg or .webp; %03d is the number. Without it their times are said
  --every 1s                     one frame in so long a time: 500ms, 1s, 2min
  --start 10s, --end 20s         from a time, to a time
  --width PIXELS, --height PIXELS
  --json                         a line of JSON for each frame`,
  options: {
    out: { type: 'string' },
    every: { type: 'string' },
    start: { type: 'string' },
    end: { type: 'string' },
    width: { type: 'string' },
    height: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async run(values, [file, ...others]) {
    if (file === undefined || others.length > 0) throw new UsageError('frames takes one FILE or URI');
    const out = values.out === undefined ? null : String(values.out);
    const type = out === null ? null : formats[extname(out).toLowerCase()];
    if (type === undefined) throw new UsageError(`--out takes a name that ends in ${Object.keys(formats).join(', ')}`);
    if (out !== null && out.replace(/%0?\d*d/, '') === out)
      throw new UsageError('--out takes a name with a number in it, such as shot-%03d.png');
    let number = 0;
    for await (using frame of framesOf(file, optionsOf(values))) {
      const path = out?.replace(/%0?(\d*)d/, (_, width) => String(number).padStart(Number(width), '0')) ?? null;
      if (path !== null && type) await write(frame, type, path);
      const { pts, width, height } = frame;
      if (values.json) console.log(JSON.stringify({ number, pts, width, height, path }));
      else console.log([((pts ?? 0) / 1e9).toFixed(3), `${width}×${height}`, path ?? ''].join('  ').trimEnd());
      number++;
    }
  },
};

function optionsOf(values: Values): MediaFramesOptions {
  const options: Record<string, number> = {};
  for (const name of ['every', 'start', 'end'])
    if (values[name] !== undefined) options[name] = time(name, values[name]);
  for (const name of ['width', 'height']) {
    if (values[name] === undefined) continue;
    if (!/^[1-9]\d{0,4}$/.test(String(values[name]))) throw new UsageError(`--${name} takes a number of pixels`);
    options[name] = Number(values[name]);
  }
  return options;
}

function time(name: string, value: unknown): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(String(value)) ?? [];
  const length = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (count === undefined || length === undefined)
    throw new UsageError(`--${name} takes a time, such as 500ms, 1s or 2min`);
  return Math.round(Number(count) * length);
}

function capsOf({ info: { format, width, height, framerate, pixelAspectRatio } }: VideoFrame): string {
  return `video/x-raw, format=${format}, width=${width}, height=${height}, framerate=${framerate}, pixel-aspect-ratio=${pixelAspectRatio}`;
}

async function write(frame: VideoFrame, type: string, path: string): Promise<void> {
  using sample = Sample.create(frame.buffer, capsOf(frame));
  using picture = await convertSample(sample, type);
  const bytes = picture.buffer?.withMapping(MapFlags.READ, (view) => view.slice());
  if (!bytes) throw new GstError(`${path} could not be made`);
  await writeFile(path, bytes);
}

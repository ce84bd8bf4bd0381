/**
 * A picture drawn into memory that a display controller shows: `npm run example scanout -- [options]`.
 *
 * TypeScript draws into a dumb buffer, which goes to the display by its dma-buf, without a copy. Then the framebuffer
 * that the display controller shows is saved as a PNG. Not for a card that a desktop uses.
 */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  Buffer,
  convertSample,
  DmaBufAllocator,
  DrmDumbAllocator,
  dmaBuf,
  dmaDrm,
  drmDumbMemoryExportDmaBuf,
  MapFlags,
  Pipeline,
  Sample,
} from '../src/index.ts';
import { capture } from './scanout/capture.ts';

const usage = `npm run example scanout -- [options]

  --device PATH         (default /dev/dri/card0)
  --output FILE         where the screenshot goes (default scanout.png)
  --seconds N           how long it is shown (default 2)`;

const drmFourcc = dmaDrm.fromString('XR24').fourcc;
const format = 'BGRx';

/** The size that a display connected to the card prefers. */
function displaySize(device: string): { width: number; height: number } {
  const outputs = readdirSync('/sys/class/drm').filter((name) => name.startsWith(`${basename(device)}-`));
  for (const output of outputs) {
    const [, width, height] = /^(\d+)x(\d+)/.exec(readFileSync(`/sys/class/drm/${output}/modes`, 'utf8')) ?? [];
    if (width && height) return { width: Number(width), height: Number(height) };
  }
  throw new Error(`no display is connected to ${device}`);
}

/** Rings of colour around a white cross. */
function draw(bytes: Uint8Array, width: number, height: number, pitch: number): void {
  const pixels = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [across, down] = [x - width / 2, y - height / 2];
      const ring = (across * across + down * down) >> 7;
      const colour = ((ring & 255) << 16) | (((x * 255) / width) << 8) | ((y * 255) / height);
      pixels[(y * pitch) / 4 + x] = Math.abs(across) < 8 || Math.abs(down) < 8 ? 0xffffff : colour;
    }
  }
}

/** The card's current picture, as a PNG. */
async function screenshot(card: number): Promise<Uint8Array> {
  const { fd, fourcc, width, height, pitch } = capture(card);
  const shown = dmaDrm.fourccToFormat(fourcc);
  if (!shown) throw new Error(`the card shows ${dmaDrm.fourccToString(fourcc)}, which GStreamer has no format for`);
  using allocator = new DmaBufAllocator();
  using memory = allocator.allocDmaBuf(fd, dmaBuf.inspect(fd)?.size ?? pitch * height);
  using buffer = new Buffer().appendMemory(memory);
  buffer.addVideoMeta({ format: shown, width, height, offsets: [0], strides: [pitch] });
  using sample = Sample.create(buffer, `video/x-raw, format=${shown}, width=${width}, height=${height}, framerate=0/1`);
  using png = await convertSample(sample, 'image/png');
  return png.buffer?.extract() ?? new Uint8Array();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      device: { type: 'string', default: '/dev/dri/card0' },
      output: { type: 'string', default: 'scanout.png' },
      seconds: { type: 'string', default: '2' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const seconds = Number(values.seconds);
  if (!(seconds >= 0 && seconds <= 3600))
    throw new Error(`expected --seconds to be a number from 0 to 3600, got ${values.seconds}`);
  if (!existsSync(values.device)) throw new Error(`there is no ${values.device}`);

  const { width, height } = displaySize(values.device);
  // Only the first opener of a card may show pictures. The allocator opens it separately, with handles of its own.
  const card = openSync(values.device, 'r+');
  try {
    using allocator = DrmDumbAllocator.newWithDevicePath(values.device);
    const { memory, pitch } = allocator.allocDumb({ drmFourcc, width, height });
    using dumb = memory;
    dumb.withMapping(MapFlags.WRITE, (bytes) => draw(bytes, width, height, pitch));
    using exported = drmDumbMemoryExportDmaBuf(dumb);
    using frame = new Buffer().appendMemory(exported);
    frame.addVideoMeta({ format, width, height, offsets: [0], strides: [pitch] });
    frame.pts = 0;

    await using pipeline = Pipeline.parse(`appsrc name=source format=time ! kmssink fd=${card} skip-vsync=true`);
    const source = pipeline.appSrc('source');
    source.caps = `video/x-raw, format=${format}, width=${width}, height=${height}, framerate=0/1`;
    const playing = pipeline.play();
    await source.push(frame);
    await playing;
    await sleep(seconds * 1000);
    const png = await screenshot(card);
    writeFileSync(values.output, png);
    console.log(`${width}×${height}, ${pitch} bytes a row, on ${values.device}: ${values.output}, ${png.length} bytes`);
  } finally {
    closeSync(card);
  }
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

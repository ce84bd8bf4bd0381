/**
 * Video from any shmdata program, drawn on in TypeScript, and sent on: `npm run example shmdata-process -- [FROM [TO]]`.
 *
 * Try it with `shmdata send film.mkv /tmp/camera`, then `shmdata watch /tmp/processed` or any other shmdata program.
 * Frames are read in the writer's memory, and written straight to the memory of the next readers.
 */
import { parseArgs } from 'node:util';
import { ShmdataReader, ShmdataWriter } from '../src/index.ts';
import { pictureSize } from './media.ts';

const usage = `npm run example shmdata-process -- [FROM [TO]]

Inverts the pixels above a line that sweeps down the picture. FROM (default /tmp/camera) must be RGBA or another format
of four bytes a pixel; TO (default /tmp/processed) is where the result goes. Until Ctrl-C.`;

const bytesPerPixel = 4;
const framesPerSweep = 120;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return console.log(usage);
  const [from = '/tmp/camera', to = '/tmp/processed'] = positionals;
  const abort = new AbortController();
  process.on('SIGINT', () => abort.abort());

  console.log(`waiting for frames at ${from} …`);
  let writer: ShmdataWriter | null = null;
  let picture = new Uint8Array(0);
  let frames = 0;
  try {
    for await (const { bytes, size, type } of ShmdataReader.follow(from, { signal: abort.signal })) {
      if (writer?.type !== type) {
        const { width, height } = pictureSize(type);
        if (width * height * bytesPerPixel !== size)
          throw new Error(`expected a picture of ${bytesPerPixel} bytes a pixel, got ${size} bytes of ${type}`);
        await writer?.close();
        writer = await ShmdataWriter.open(to, { type, size });
        picture = new Uint8Array(size);
        console.log(`${width}×${height}, on to ${to}`);
      }
      // The frame is shared with the writer's other readers: change a copy.
      picture.set(bytes);
      const { width, height } = pictureSize(type);
      const rows = Math.floor(((frames % framesPerSweep) / framesPerSweep) * height);
      const pixels = new Uint32Array(picture.buffer, 0, rows * width);
      // All but alpha, in one step for each pixel.
      for (let index = 0; index < pixels.length; index++) pixels[index] = (pixels[index] as number) ^ 0x00ffffff;
      writer.tryWrite(picture);
      frames++;
    }
  } finally {
    await writer?.close();
  }
  console.log(`${frames} frames`);
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

/**
 * A ring of the program's own memfds: `npm run example ring -- [options]`.
 *
 * The pool below offers its buffers to the element upstream, which draws straight into the files. Every holder of the
 * fds, such as a driver or another process, has the picture; here the program reads it back from the file.
 */
import { readSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Buffer, CustomBufferPool, FdAllocator, MapFlags, memfd, Pipeline } from '../src/index.ts';

const usage = `npm run example ring -- [options]

  --frames N            how many frames are drawn (default 300)
  --slots N             how many memfds there are, 2 to 64 (default 4)`;

const [width, height] = [640, 360];
const frameBytes = width * height;
/** The complete caps of upstream: a running pool cannot be reconfigured. */
const caps =
  `video/x-raw, format=(string)GRAY8, width=(int)${width}, height=(int)${height}, framerate=(fraction)30/1, ` +
  'multiview-mode=(string)mono, pixel-aspect-ratio=(fraction)1/1, interlace-mode=(string)progressive';

class Ring extends CustomBufferPool {
  /** The fd of each slot: lent, they close with the pool's memory. */
  readonly fds: number[] = [];
  readonly #allocator = new FdAllocator();

  allocateBuffer(): Buffer {
    const fd = memfd(`ring-${this.fds.length}`, frameBytes);
    using memory = this.#allocator.allocFd(fd, frameBytes);
    this.fds.push(fd);
    return new Buffer().appendMemory(memory);
  }

  override dispose(): void {
    super.dispose();
    this.#allocator.dispose();
  }
}

const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => total + byte, 0);

function count(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most)
    throw new Error(`expected --${name} to be a number from ${least} to ${most}, got ${text}`);
  return number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      frames: { type: 'string', default: '300' },
      slots: { type: 'string', default: '4' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const frames = count('frames', values.frames, 1, 1e6);
  const slots = count('slots', values.slots, 2, 64);

  using ring = new Ring({ caps, size: frameBytes, min: 2, max: slots });
  ring.start();
  await using pipeline = Pipeline.parse(
    `videotestsrc pattern=ball num-buffers=${frames} ! video/x-raw, format=GRAY8, width=${width}, height=${height}, framerate=30/1
      ! appsink name=sink sync=false`,
  );
  const sink = pipeline.appSink('sink');
  sink.proposeAllocation({ pool: ring });

  const drawn = new Map(ring.fds.map((fd) => [fd, 0]));
  const file = new Uint8Array(frameBytes);
  let elsewhere = 0;
  let different = 0;
  const begin = performance.now();
  await pipeline.play();
  for await (const sample of sink.frames({ maxBuffers: 1 })) {
    using frame = sample;
    using memory = frame.buffer?.memory(0);
    const times = drawn.get(memory?.fd ?? -1);
    if (!memory || memory.fd === null || times === undefined) {
      elsewhere++;
      continue;
    }
    drawn.set(memory.fd, times + 1);
    readSync(memory.fd, file, 0, frameBytes, 0);
    if (memory.withMapping(MapFlags.READ, sum) !== sum(file)) different++;
  }
  const seconds = (performance.now() - begin) / 1000;

  let slot = 0;
  for (const [fd, times] of drawn) console.log(`slot ${slot++}   fd ${fd}   ${times} frames`);
  console.log(
    `${frames} frames drawn into ${slots} memfds in ${seconds.toFixed(2)} s, ${elsewhere} elsewhere, ${different} differ`,
  );
  if (elsewhere || different) process.exitCode = 1;
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

/**
 * The writing process: `writer.js TRANSPORT PATH WIDTH HEIGHT FRAMES PAINTED`. It prints `ready`, waits for a line on
 * stdin, writes the frames as fast as they are taken, prints `done` and ends with its stdin.
 */
import { openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { FrameWriter, type Buffer as GstBuffer, MapFlags, ShmdataWriter } from '../../src/index.ts';
import { stamp, unpainted } from './stamp.ts';

const [transport, path, ...numbers] = process.argv.slice(2) as [string, string, ...string[]];
const [width, height, frames, painted] = numbers.map(Number) as [number, number, number, number];
const size = width * height * 4;
const caps = `video/x-raw, format=RGBA, width=${width}, height=${height}, framerate=60/1`;
const buffers = 8;

/** Writes every byte of the frame, or its number alone. */
function paint(bytes: Uint8Array, number: number): void {
  if (painted) bytes.fill(number);
  stamp(bytes, number);
}

process.stdin.on('close', () => process.exit());
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const started = async (): Promise<void> => {
  process.stdout.write('ready\n');
  await input.next();
};

async function throughFrameWriter(name: 'unixfd' | 'shm'): Promise<void> {
  const writer = await FrameWriter.open(path, { caps, transport: name, buffers });
  const all: GstBuffer[] = [];
  const takeAll = async (): Promise<void> => {
    while (all.length < buffers) all.push(await writer.acquire(size));
  };
  const giveBack = (): void => {
    for (const buffer of all.splice(0)) buffer.dispose();
  };
  // The kernel allocates the pages at the first write, which must not be measured.
  await takeAll();
  for (const buffer of all) buffer.memset(0, unpainted, size);
  giveBack();
  await started();
  let next = 0;
  const write = (bytes: Uint8Array): void => paint(bytes, next);
  for (; next < frames; next++) {
    const buffer = await writer.acquire(size);
    buffer.withMapping(MapFlags.WRITE, write);
    buffer.offset = next;
    await writer.write(buffer, { pts: next });
    buffer.dispose();
  }
  // All buffers are back: the reader has released every frame.
  await takeAll();
  process.stdout.write('done\n');
}

async function throughShmdata(): Promise<void> {
  const writer = await ShmdataWriter.open(path, { type: caps, size });
  const frame = new Uint8Array(size).fill(1);
  await started();
  for (let number = 0; number < frames; number++) {
    paint(frame, number);
    await writer.write(frame);
  }
  process.stdout.write('done\n');
}

async function throughPipe(): Promise<void> {
  await started();
  const frame = new Uint8Array(size).fill(1);
  const fd = openSync(path, 'w');
  for (let number = 0; number < frames; number++) {
    paint(frame, number);
    for (let at = 0; at < size; ) at += writeSync(fd, frame, at);
  }
  process.stdout.write('done\n');
}

/** Without a second process: the time of the copies alone. */
async function copying(): Promise<void> {
  await started();
  // Filled, as otherwise all its pages would be one shared page of zeros.
  const frame = Buffer.alloc(size, 1);
  const copy = Buffer.alloc(size);
  for (let number = 0; number < frames; number++) {
    paint(frame, number);
    frame.copy(copy);
  }
  process.stdout.write('done\n');
}

if (transport === 'unixfd' || transport === 'shm') await throughFrameWriter(transport);
else if (transport === 'shmdata') await throughShmdata();
else if (transport === 'pipe') await throughPipe();
else await copying();
process.stdin.resume();

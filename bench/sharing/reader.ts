/**
 * The reading process on Node: `reader.js READING`, in JSON. It prints `done` after all frames, and ends with its
 * stdin.
 */
import { openSync, readSync } from 'node:fs';
import * as gst from '../../src/index.ts';
import { type Reading, read } from './reading.ts';
import { expectStamp } from './stamp.ts';

const reading = JSON.parse(process.argv[2] as string) as Reading;

function readPipe({ path, caps, frames }: Reading): void {
  const [width = 0, height = 0] = (/width=(\d+), height=(\d+)/.exec(caps) ?? []).slice(1).map(Number);
  const frame = new Uint8Array(width * height * 4);
  const fd = openSync(path, 'r');
  for (let number = 0; number < frames; number++) {
    for (let at = 0; at < frame.length; ) at += readSync(fd, frame, at, frame.length - at, null);
    expectStamp(frame, number);
  }
}

if (reading.transport === 'pipe') readPipe(reading);
else await read(gst, reading);
process.stdout.write('done\n');
process.stdin.resume().on('close', () => process.exit());

/** The reading process on Node: `reader.js TRANSPORT PATH CAPS FRAMES`. It says `done` and waits for its end. */
import { openSync, readSync } from 'node:fs';
import * as gst from '../../src/index.ts';
import { read } from './reading.ts';
import { expectStamp } from './stamp.ts';

const [transport, path, caps, count] = process.argv.slice(2) as [string, string, string, string];

function readPipe(): void {
  const [width = 0, height = 0] = (/width=(\d+), height=(\d+)/.exec(caps) ?? []).slice(1).map(Number);
  const frame = new Uint8Array(width * height * 4);
  const fd = openSync(path, 'r');
  for (let number = 0; number < Number(count); number++) {
    for (let at = 0; at < frame.length; ) at += readSync(fd, frame, at, frame.length - at, null);
    expectStamp(frame, number);
  }
}

if (transport === 'pipe') readPipe();
else await read(gst, transport, path, caps, Number(count));
process.stdout.write('done\n');
setInterval(() => {}, 1000);

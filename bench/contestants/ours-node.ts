import { ftruncateSync } from 'node:fs';
import { createInterface } from 'node:readline';
import koffi from 'koffi';
import * as gst from '../../src/index.ts';
import { ours } from './ours.ts';

const memfd = koffi.load('libc.so.6').func('int memfd_create(const char *name, unsigned int flags)');
const ofSize = (size: number): number => {
  const fd = memfd('bench', 1);
  ftruncateSync(fd, size);
  return fd;
};
const answer = ours(gst, () => Number(process.hrtime.bigint()), ofSize);
const say = (line: unknown): void => console.log(JSON.stringify(line));

say({
  versions: {
    Node: process.versions.node,
    V8: process.versions.v8,
    GStreamer: gst.version().string.replace('GStreamer ', ''),
  },
});
for await (const line of createInterface({ input: process.stdin })) say(await answer(JSON.parse(line)));

import { createInterface } from 'node:readline';
import * as gst from '../../src/index.ts';
import { ours } from './ours.ts';

const answer = ours(gst, () => Number(process.hrtime.bigint()));
const say = (line: unknown): void => console.log(JSON.stringify(line));

say({
  versions: {
    Node: process.versions.node,
    V8: process.versions.v8,
    GStreamer: gst.version().string.replace('GStreamer ', ''),
  },
});
for await (const line of createInterface({ input: process.stdin })) say(answer(JSON.parse(line)));

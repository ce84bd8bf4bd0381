/** `gst-launch-1.0 … ! fdsink | node`: a program without any binding. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const now = () => Number(process.hrtime.bigint());

/** One process and one pipe for each stream. */
async function follow(description, size, count, started) {
  const words = description
    .replace(/appsink name=sink\d+ sync=false max-buffers=4/, 'fdsink fd=1 sync=false')
    .split(' ');
  const child = spawn('gst-launch-1.0', ['-q', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let check = 0;
  let frame = 0;
  let at = 0;
  let first = 0;
  for await (const chunk of child.stdout) {
    for (let from = 0; from < chunk.length; ) {
      if (at === 0) first = chunk[from];
      const part = Math.min(size - at, chunk.length - from);
      at += part;
      from += part;
      if (at < size) continue;
      if (frame === 0) started();
      check += frame++ * (first + chunk[from - 1]);
      at = 0;
    }
  }
  if (frame !== count + 1) throw new Error(`${frame} frames came of ${count + 1}`);
  if (child.exitCode === null) await once(child, 'exit');
  return check;
}

async function sink({ description, size, count, streams }) {
  let start = 0;
  const parts = description.split(/(?= videotestsrc)/).map((part) => part.trim());
  const sums = await Promise.all(
    parts.map((part) =>
      follow(part, size, count, () => {
        start ||= now();
      }),
    ),
  );
  if (sums.length !== streams) throw new Error(`${sums.length} pipes for ${streams} streams`);
  return { nanoseconds: now() - start, check: sums.reduce((a, b) => a + b) };
}

const version = execFileSync('gst-launch-1.0', ['--version'], { encoding: 'utf8' });
const say = (line) => console.log(JSON.stringify(line));
say({ versions: { Node: process.versions.node, GStreamer: /GStreamer ([\d.]+)/.exec(version)[1] } });
createInterface({ input: process.stdin }).on('line', async (line) => {
  const asked = JSON.parse(line);
  say(
    asked.verb === 'sink'
      ? await sink(asked)
      : { cannot: 'a pipe carries bytes one way, and has no memory of GStreamer' },
  );
});

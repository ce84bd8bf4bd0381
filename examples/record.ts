/**
 * Records parts of a live picture: `npm run example record -- [options] [SOURCE]`. `r` starts and ends a recording,
 * Ctrl-C ends everything; each film is complete.
 */
import { parseArgs } from 'node:util';
import { type Branch, Pipeline, type Sample } from '../src/index.ts';

const usage = `npm run example record -- [options] [SOURCE]

  SOURCE            gst-launch's, such as v4l2src (default: a test picture)
  --films N         without keys: so many recordings, one after the other, then it ends
  --seconds N       length of each of those (default: 1)
  --out NAME        films are NAME-1.webm and so on (default: film)

r starts a recording and ends it; q or Ctrl-C ends the program.`;

const cells = [64, 18] as const;
const shades = ' .:-=+*#%@';

function draw(sample: Sample, status: string): void {
  const [columns, rows] = cells;
  using buffer = sample.buffer;
  const lines = buffer?.withMapping(1, (bytes) =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => shades[((bytes[row * columns + column] ?? 0) * 9) >> 8]).join(''),
    ),
  );
  process.stdout.write(`\x1b[H${lines?.join('\n')}\n\x1b[2K${status}\n`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      films: { type: 'string' },
      seconds: { type: 'string', default: '1' },
      out: { type: 'string', default: 'film' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const films = values.films === undefined ? null : Number(values.films);
  const seconds = Number(values.seconds);
  if (films !== null && !(films > 0)) throw new Error(`expected --films to be a number above 0, got ${values.films}`);
  if (!(seconds > 0)) throw new Error(`expected --seconds to be a number above 0, got ${values.seconds}`);
  const source: string = positionals[0] ?? 'videotestsrc is-live=true pattern=ball';

  await using pipeline = Pipeline.parse(
    `${source} ! videoconvert ! video/x-raw, format=I420 ! tee name=t ! queue ! videoconvert ! videoscale
      ! video/x-raw, format=GRAY8, width=${cells[0]}, height=${cells[1]} ! appsink name=picture drop=true` as string,
  );
  await pipeline.play();

  let count = 0;
  const start = (): Promise<Branch> =>
    pipeline.attach(`vp8enc deadline=1 ! webmmux ! filesink location="${values.out}-${++count}.webm"` as string, {
      to: 't',
    });
  const finish = async (branch: Branch): Promise<void> => {
    await branch.detach();
    if (films !== null) console.log(`${values.out}-${count}.webm is whole`);
  };

  if (films !== null) {
    while (count < films) {
      const branch = await start();
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      await finish(branch);
    }
    return;
  }

  const stop = new AbortController();
  let recording: Branch | null = null;
  // Each key waits until the previous one is handled.
  let turn: Promise<void> = Promise.resolve();
  const toggle = async (): Promise<void> => {
    const branch = recording;
    recording = branch ? null : await start();
    if (branch) await finish(branch);
  };
  process.on('SIGINT', () => stop.abort());
  const { stdin } = process;
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', (keys: Uint8Array) => {
    for (const key of String.fromCharCode(...keys)) {
      if (key === 'r') turn = turn.then(toggle).catch((error: Error) => console.error(error.message));
      else if (key === 'q' || key === '\x03') stop.abort();
    }
  });
  process.stdout.write('\x1b[2J');
  try {
    for await (using sample of pipeline.appSink('picture').frames({ signal: stop.signal }))
      draw(sample, recording ? `● film ${count}   r ends it` : 'r records   q ends');
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
  }
  await turn;
  if (recording) await finish(recording);
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

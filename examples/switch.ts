/**
 * Switches a live picture among three sources: `npm run example switch -- [options]`. The keys 1, 2 and 3 choose one, Ctrl-C
 * ends the program.
 */
import { parseArgs } from 'node:util';
import { Pipeline, type Sample } from '../src/index.ts';

const usage = `npm run example switch -- [options]

  --keys 1323       without a keyboard: these keys, one after ten frames each, then it ends

1, 2 and 3 choose the source; q or Ctrl-C ends the program.`;

const cells = [64, 18] as const;
const shades = ' .:-=+*#%@';
const format = `video/x-raw, format=GRAY8, width=${cells[0]}, height=${cells[1]}, framerate=30/1`;
const source = (pattern: string): string => `videotestsrc is-live=true pattern=${pattern} ! ${format} ! inputs.`;

/** The bytes of a picture: one for each cell. */
function bytesOf(sample: Sample): Uint8Array {
  using buffer = sample.buffer;
  return buffer?.extract() ?? new Uint8Array();
}

function draw(bytes: Uint8Array): void {
  const [columns, rows] = cells;
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from(bytes.subarray(row * columns, (row + 1) * columns), (byte) => shades[(byte * 9) >> 8]).join(''),
  );
  process.stdout.write(`\x1b[H${lines.join('\n')}\n\x1b[2K1 2 3 choose the source   q ends\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { keys: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return console.log(usage);

  await using pipeline: Pipeline = Pipeline.parse(
    `input-selector name=inputs ! appsink name=picture max-buffers=1 drop=true
      ${source('white')} ${source('black')} ${source('ball')}` as string,
  );
  await pipeline.play();
  const inputs = pipeline.get('inputs');
  const stop = new AbortController();
  const press = (key: string): void => {
    if ('123'.includes(key)) inputs.set('active-pad', inputs.pad(`sink_${Number(key) - 1}`));
    else if (key === 'q' || key === '\x03') stop.abort();
  };

  if (values.keys !== undefined) {
    for (const key of values.keys) {
      press(key);
      for (let frame = 0; frame < 10; frame++) (await pipeline.appSink('picture').pull())?.dispose();
      using sample = await pipeline.appSink('picture').pull();
      const bytes = sample ? bytesOf(sample) : new Uint8Array();
      const mean = bytes.reduce((sum, byte) => sum + byte, 0) / bytes.length;
      console.log(`${key}: mean brightness ${mean.toFixed(0)}`);
    }
    return;
  }

  process.on('SIGINT', () => stop.abort());
  const { stdin } = process;
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', (keys: Uint8Array) => {
    for (const key of String.fromCharCode(...keys)) press(key);
  });
  process.stdout.write('\x1b[2J');
  try {
    for await (using sample of pipeline.appSink('picture').frames({ signal: stop.signal })) draw(bytesOf(sample));
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
  }
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

/**
 * Shares frames between two processes: `npm start [-- options] [file or URI]`.
 *
 * Frames of a test source, or of the given media, are written to shared memory; TypeScript stamps each in place; a
 * second process, on Node or in GJS, reads the same physical memory and checks every stamp.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { ConsumerReport } from './share-frames/consumer.ts';
import { type ProducerReport, produce } from './share-frames/producer.ts';

const usage = `npm start [-- options] [FILE or URI]

  --frames N            frames of the test source (default 600)
  --size WIDTHxHEIGHT   of the test source (default 1920x1080)
  --consumer node|gjs   what the second process runs on (default node)
  --picture FILE        where the last frame goes (default last-frame.png)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: 'string', default: '600' },
    size: { type: 'string', default: '1920x1080' },
    consumer: { type: 'string', default: 'node' },
    picture: { type: 'string', default: 'last-frame.png' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function fail(message: string): never {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}

function sourceOf(media: string | undefined): string {
  if (media === undefined) {
    const [, width, height] =
      /^(\d+)x(\d+)$/.exec(values.size) ?? fail(`expected --size to be like 1920x1080, got ${values.size}`);
    if (!/^[1-9]\d*$/.test(values.frames)) fail(`expected --frames to be a number of at least 1, got ${values.frames}`);
    return `videotestsrc num-buffers=${values.frames} pattern=ball ! video/x-raw, format=I420, width=${width}, height=${height}, framerate=60/1`;
  }
  const isUri = /^[a-z][a-z\d+.-]+:/i.test(media);
  if (!isUri && !existsSync(media)) fail(`there is no file ${media}`);
  const uri = isUri ? media : pathToFileURL(resolve(media)).href;
  return `uridecodebin uri="${uri}" caps="video/x-raw(ANY)" expose-all-streams=false ! videoconvert ! video/x-raw, format=I420`;
}

if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (values.consumer !== 'node' && values.consumer !== 'gjs')
  fail(`expected --consumer to be node or gjs, got ${values.consumer}`);
const source = sourceOf(positionals[0]);

const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-'));
const socket = join(folder, 'frames.socket');
const picture = resolve(values.picture);
const stop = new AbortController();
let consumer: ChildProcess | null = null;
let ready = false;
let seen = 0;
let consumerReport: ConsumerReport | null = null;

const consumerDone = Promise.withResolvers<void>();
stop.signal.addEventListener('abort', () => consumerDone.resolve());

function startConsumer(): void {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const [command, script] =
    values.consumer === 'gjs'
      ? ['gjs', here('../../gjs/examples/share-frames/consumer-gjs.js')]
      : [process.execPath, here('./share-frames/consumer-node.js')];
  const parameters = values.consumer === 'gjs' ? ['-m', script] : [script];
  consumer = spawn(command, [...parameters, socket, picture], { stdio: ['ignore', 'pipe', 'inherit'] });
  consumer.on('error', (error) => stop.abort(new Error(`the consumer could not be started: ${error.message}`)));
  consumer.on('exit', (code, signal) => {
    if (!consumerReport) stop.abort(new Error(`the consumer ended early (${signal ?? `exit code ${code}`})`));
    consumerDone.resolve();
  });
  createInterface({ input: consumer.stdout as NonNullable<ChildProcess['stdout']> }).on('line', (line) => {
    const told = JSON.parse(line) as { ready?: true; seen?: number; report?: ConsumerReport };
    ready ||= told.ready === true;
    if (told.seen) seen = told.seen;
    if (told.report) consumerReport = told.report;
  });
}
let shownAt = 0;
function showProgress(report: ProducerReport): void {
  if (!process.stderr.isTTY || performance.now() - shownAt < 100) return;
  shownAt = performance.now();
  const rate = report.frames / report.seconds;
  process.stderr.write(
    `\r${report.frames} frames, ${rate.toFixed(0)} frames/s, ${report.frames - seen} under way \x1b[K`,
  );
}

process.on('SIGINT', () => stop.abort(new Error('interrupted')));

let failure: unknown = null;
try {
  const report = await produce({
    source,
    socket,
    window: 16,
    start: startConsumer,
    isReady: () => ready,
    seen: () => seen,
    progress: showProgress,
    signal: stop.signal,
  });
  await consumerDone.promise;
  stop.signal.throwIfAborted();
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (consumerReport) process.exitCode = print(report, consumerReport) ? 0 : 1;
} catch (error) {
  failure = stop.signal.aborted ? stop.signal.reason : error;
} finally {
  (consumer as ChildProcess | null)?.kill();
  rmSync(folder, { recursive: true, force: true });
}
if (failure) {
  console.error(`\n${failure instanceof Error ? failure.message : failure}`);
  process.exit(1);
}

/** Prints the table; false when a frame was lost or damaged. */
function print(produced: ProducerReport, consumed: ConsumerReport): boolean {
  const lost = produced.frames - consumed.frames;
  const shared = consumed.inodes.filter((inode) => produced.inodes.includes(inode)).length;
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const rows: [string, string, string][] = [
    ['', 'producer (node)', `consumer (${values.consumer})`],
    ['frames', `${produced.frames}`, `${consumed.frames}`],
    ['frames/s', (produced.frames / produced.seconds).toFixed(0), (consumed.frames / consumed.seconds).toFixed(0)],
    [
      'GB/s',
      (produced.bytes / produced.seconds / 1e9).toFixed(2),
      (consumed.bytes / consumed.seconds / 1e9).toFixed(2),
    ],
    ['copies per frame', (produced.copies / produced.frames).toFixed(2), '0.00'],
    ['distinct fds', `${produced.inodes.length}`, `${consumed.inodes.length} (${shared} the same memory)`],
    ['peak memory', mebibytes(process.resourceUsage().maxRSS * 1024), mebibytes(consumed.peakMemory)],
    ['damaged stamps', '', `${consumed.damaged}`],
    ['out of order', '', `${consumed.outOfOrder}`],
    ['frames lost', '', `${lost}`],
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1 | 2].length)));
  console.log(`${produced.size} frames from ${positionals[0] ?? 'the test source'}, last one in ${picture}\n`);
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('   '),
    );
  return lost === 0 && consumed.damaged === 0 && consumed.outOfOrder === 0;
}

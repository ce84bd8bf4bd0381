#!/usr/bin/env node
/** `shmdata`: inspects, records and creates shmdata streams from a terminal. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { normaliseCaps } from '../caps/caps.ts';
import { GstError } from '../errors.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { fitsAddress } from '../socket-path.ts';
import { appSinkToShmdata, shmdataToAppSrc } from './bridges.ts';
import { probe } from './probe.ts';
import { ShmdataReader } from './reader.ts';
import { type Container, recorder } from './recording.ts';

const usage = `shmdata list [FOLDER]          the shmdata sockets of a folder (default /tmp)
shmdata watch PATH             frames a second, their size and type, until Ctrl-C
shmdata record PATH FILE       to H.264 in .mkv or ProRes in .mov, until Ctrl-C or the writer leaves
shmdata send FILE PATH         the picture of a film, or of any URI GStreamer plays, at its own pace

  --format FORMAT              pixels that are sent (default RGBA)
  --seconds N                  end by itself after so long
  --drop                       drop frames while readers are busy, instead of waiting for them`;

class UsageError extends Error {}

const nanoseconds = 1e9;
const waitForWriter = 100;
/** Milliseconds in which a second signal counts as the same keystroke. */
const sameKeystroke = 500;
const interrupted = 130;

const soon = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

interface Settings {
  format: string;
  drop: boolean;
  signal: AbortSignal;
}

/** Prints a line; on a terminal the next line overwrites it. */
function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
  else console.log(text);
}

const endProgress = (): void => void (process.stdout.isTTY && process.stdout.write('\n'));

const bytesText = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** Text from a peer without control characters, which a terminal would execute. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '�');

/** The names in a folder. @throws GstError that says what is wrong with the folder */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const known: Record<string, string> = {
      ENOENT: `there is no folder ${folder}`,
      ENOTDIR: `expected a folder, got ${folder}, which is none`,
      EACCES: `the folder ${folder} cannot be read by this user`,
    };
    throw new GstError(known[code ?? ''] ?? message, { cause });
  }
}

async function list(folder: string): Promise<void> {
  const found = namesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => fitsAddress(path) && statSync(path, { throwIfNoEntry: false })?.isSocket());
  const rows = await Promise.all(found.map(async (path) => ({ path, ...(await probe(path)) })));
  const width = Math.max(0, ...rows.map(({ path }) => path.length));
  let shown = 0;
  for (const { path, state, type } of rows.sort((a, b) => a.path.localeCompare(b.path))) {
    if (state !== 'live' && state !== 'stale') continue;
    const what =
      state === 'stale' ? 'dead: nobody listens' : type === null ? 'no shmdata, or it lets nobody in' : printable(type);
    console.log(`${printable(path).padEnd(width)}   ${what}`);
    shown++;
  }
  if (shown === 0) console.log(`no sockets in ${folder}`);
}

function waitingText(path: string, obstacle: string | null): string {
  const folder = dirname(resolve(path));
  const why = existsSync(folder) ? obstacle : `there is no folder ${folder}`;
  return `waiting for a writer at ${path}${why ? `: ${why}` : ''}`;
}

async function watch(path: string, { signal }: Settings): Promise<void> {
  const reader = ShmdataReader.follow(path, { signal });
  let size = 0;
  let last = { ...reader.statistics, at: performance.now() };
  let waited = '';
  const report = (): void => {
    const now = { ...reader.statistics, at: performance.now() };
    const seconds = (now.at - last.at) / 1000;
    const rate = (now.frames - last.frames) / seconds;
    const throughput = (now.bytes - last.bytes) / seconds;
    last = now;
    const waiting = reader.isConnected ? '' : waitingText(path, reader.obstacle);
    if (!waiting)
      progress(
        `${rate.toFixed(1)} frames/s   ${bytesText(size)}   ${bytesText(throughput)}/s   ${printable(reader.type ?? '')}`,
      );
    // Prints each cause once, not every second: the output may be a file.
    else if (waiting !== waited) progress(waiting);
    waited = waiting;
  };
  const timer = setInterval(report, 1000);
  try {
    for await (const frame of reader) {
      // The first frame is reported at once.
      const isFirst = size === 0;
      ({ size } = frame);
      if (isFirst) progress(`${bytesText(size)}   ${printable(frame.type)}`);
    }
  } finally {
    clearInterval(timer);
    endProgress();
  }
  const { frames, bytes, connections } = reader.statistics;
  console.log(`${frames} frames, ${bytesText(bytes)}, ${connections} ${connections === 1 ? 'writer' : 'writers'}`);
}

/** Waits for a writer at a path and returns its type. */
async function typeAt(path: string, signal: AbortSignal): Promise<string | null> {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const { state, type } = await probe(path);
    if (state === 'not a socket') throw new GstError(`${path} is no socket`);
    if (type !== null) return type;
    if (isFirst) progress(`waiting for a writer at ${path}`);
    await soon(waitForWriter);
  }
  return null;
}

async function record(path: string, file: string, { signal, drop }: Settings): Promise<void> {
  const extension = extname(file).toLowerCase().slice(1);
  if (extension !== 'mkv' && extension !== 'mov')
    throw new UsageError(`expected FILE to end in .mkv or .mov, got ${file}`);
  const type = await typeAt(path, signal);
  if (type === null) return;
  const caps = normaliseCaps(type);
  if (caps === null)
    throw new GstError(`the stream's type is no caps, so that it cannot be recorded: ${printable(type)}`);
  await using pipeline = Pipeline.parse(
    `appsrc name=source is-live=true format=time do-timestamp=true max-bytes=200000000 ! ${recorder(caps, extension as Container)} ! filesink name=file`,
  );
  pipeline.get('file').set('location', resolve(file));
  const source = pipeline.appSrc('source');
  source.caps = caps;
  await pipeline.play();
  const begin = performance.now();
  const timer = setInterval(() => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    progress(`${((performance.now() - begin) / 1000).toFixed(0)} s, ${bytesText(size)} in ${file}`);
  }, 1000);
  try {
    const { frames, dropped } = await shmdataToAppSrc(path, source, { signal, drop, reconnect: false });
    if (frames === 0) throw new GstError(`no frame came, ${file} is empty`);
    source.endOfStream();
    await pipeline.finished({ timeout: 60 * nanoseconds });
    endProgress();
    console.log(`${file}: ${frames} frames${dropped ? `, ${dropped} dropped` : ''}, ${bytesText(statSync(file).size)}`);
  } finally {
    clearInterval(timer);
  }
}

async function send(media: string, path: string, { signal, format, drop }: Settings): Promise<void> {
  const isUri = /^[a-z][a-z\d+.-]+:/i.test(media);
  if (!isUri && !existsSync(media)) throw new GstError(`there is no file ${media}`);
  if (!/^[\w-]+$/.test(format))
    throw new UsageError(`expected --format to be one of GStreamer's, such as RGBA or I420, got ${format}`);
  const uri = isUri ? media : pathToFileURL(resolve(media)).href;
  await using pipeline = Pipeline.parse(
    `uridecodebin name=decoder caps="video/x-raw(ANY)" expose-all-streams=false ! videoconvert ! video/x-raw, format=${format} ! appsink name=sink`,
  );
  pipeline.get('decoder').set('uri', uri);
  await pipeline.play();
  const timer = setInterval(() => {
    progress(`${((pipeline.position ?? 0) / nanoseconds).toFixed(0)} s of ${media} at ${path}`);
  }, 1000);
  try {
    const { frames, dropped } = await appSinkToShmdata(pipeline.appSink('sink'), path, { signal, drop });
    endProgress();
    console.log(`${frames} frames sent${dropped ? `, ${dropped} dropped` : ''}`);
  } finally {
    clearInterval(timer);
  }
}

interface Command {
  /** Arguments of the command; those in brackets are optional. */
  words: readonly string[];
  run(words: readonly string[], settings: Settings): Promise<void>;
}

const commands: Record<'list' | 'watch' | 'record' | 'send', Command> = {
  list: { words: ['[FOLDER]'], run: ([folder = '/tmp']) => list(folder) },
  watch: { words: ['PATH'], run: ([path = ''], settings) => watch(path, settings) },
  record: { words: ['PATH', 'FILE'], run: ([path = '', file = ''], settings) => record(path, file, settings) },
  send: { words: ['FILE', 'PATH'], run: ([file = '', path = ''], settings) => send(file, path, settings) },
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'RGBA' },
      seconds: { type: 'string' },
      drop: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [verb, ...given] = positionals;
  if (values.help || verb === undefined) return console.log(usage);
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  if (seconds !== null && !(seconds > 0))
    throw new UsageError(`expected --seconds to be a number above 0, got ${values.seconds}`);
  const abort = new AbortController();
  const end = (): void => abort.abort();
  let asked = Number.POSITIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      end();
      // A second Ctrl-C exits at once. The first may arrive twice: from the terminal, and forwarded by npm.
      asked = Math.min(asked, performance.now());
      if (performance.now() - asked > sameKeystroke) process.exit(interrupted);
    });
  }
  if (seconds !== null) setTimeout(end, seconds * 1000).unref();
  const settings = { format: values.format, drop: values.drop, signal: abort.signal };
  const command = Object.hasOwn(commands, verb) ? commands[verb as keyof typeof commands] : null;
  if (!command) throw new UsageError(`there is no command ${verb}`);
  const { words, run } = command;
  const least = words.filter((word) => !word.startsWith('[')).length;
  const missing = words.slice(given.length, least);
  if (missing.length) throw new UsageError(`shmdata ${verb} lacks its ${missing.join(' and its ')}`);
  const extra = given.slice(words.length);
  if (extra.length)
    throw new UsageError(
      `shmdata ${verb} takes ${words.join(' and ')}, and nothing more: got ${extra.join(' ')} as well`,
    );
  await run(given, settings);
}

await main().catch((error: Error & { code?: string }) => {
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  const isOurs = error instanceof GstError || error instanceof RangeError || error.code !== undefined;
  console.error(isUsage ? `${error.message}\n\n${usage}` : isOurs ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
});

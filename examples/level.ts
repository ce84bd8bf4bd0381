/**
 * The loudness of a stream, live in the terminal: `npm run example level -- [options] [FILE or URI]`.
 *
 * The samples are read in GStreamer's memory, in any format, without a copy.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { AudioBuffer, AudioInfo, type Buffer, Pipeline } from '../src/index.ts';

const usage = `npm run example level -- [options] [FILE or URI]

  --seconds N           ends after so many (default: with the stream, or with Ctrl-C)

Without a file or URI a test tone is measured that grows louder and softer.`;

const testSource = `audiotestsrc is-live=true name=tone wave=pink-noise volume=0.1
  ! audio/x-raw, rate=48000, channels=1 ! audiopanorama name=place`;
/** Decibels below full scale where the bar begins. */
const floor = -60;
/** Decibels a second by which the peak mark falls. */
const fall = 12;
const barWidth = 50;
/** Seconds of the stream between two lines if the output is no terminal. */
const lineInterval = 0.5;

interface Level {
  /** Root of the mean square, and the largest sample: 1 is full scale. */
  rms: number;
  peak: number;
}

const decibels = (level: number): number => Math.max(floor, 20 * Math.log10(level));

/** The samples of one buffer, reused for each. */
let samples = new Float32Array(0);

function measure(buffer: Buffer, info: AudioInfo): Level[] {
  using audio = AudioBuffer.map(buffer, info);
  const { frames } = audio;
  if (samples.length < frames) samples = new Float32Array(frames);
  return Array.from({ length: audio.channels }, (_, channel) => {
    audio.copyChannel(channel, samples);
    let [sum, peak] = [0, 0];
    for (let frame = 0; frame < frames; frame++) {
      const value = samples[frame] as number;
      sum += value * value;
      if (value > peak) peak = value;
      else if (-value > peak) peak = -value;
    }
    return { rms: Math.sqrt(sum / Math.max(frames, 1)), peak };
  });
}

function bar({ rms }: Level, held: number): string {
  const cells = (level: number) => Math.round(((decibels(level) - floor) / -floor) * barWidth);
  const mark = Math.min(cells(held), barWidth - 1);
  const line = Array.from({ length: barWidth }, (_, cell) => (cell < cells(rms) ? '█' : cell === mark ? '│' : '·'));
  return `${line.join('')} ${decibels(rms).toFixed(1).padStart(6)} dB`;
}

function sourceOf(media: string): string {
  const isUri = /^[a-z][a-z\d+.-]+:/i.test(media);
  if (!isUri && !existsSync(media)) throw new Error(`there is no file ${media}`);
  const uri = isUri ? media : pathToFileURL(resolve(media)).href;
  return `uridecodebin uri="${uri}" caps="audio/x-raw" expose-all-streams=false`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return console.log(usage);
  if (values.seconds !== undefined && !(Number(values.seconds) > 0))
    throw new Error(`expected --seconds to be a number above 0, got ${values.seconds}`);
  const end = Number(values.seconds ?? Number.POSITIVE_INFINITY);

  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const isTest = positionals[0] === undefined;
  await using pipeline = Pipeline.parse(
    `${positionals[0] === undefined ? testSource : sourceOf(positionals[0])} ! audioconvert ! appsink name=sink max-buffers=8`,
  );
  await pipeline.play();

  const { stdout } = process;
  let info: AudioInfo | null = null;
  let caps: string | null = null;
  let held: number[] = [];
  let [buffers, drawn, nextLine] = [0, 0, 0];
  if (stdout.isTTY) stdout.write('\x1b[?25l'); // no cursor in the picture
  try {
    for await (const sample of pipeline.appSink('sink').frames({ signal: stop.signal })) {
      using one = sample;
      if (!one.buffer) continue;
      if (!info || one.caps !== caps) {
        caps = one.caps;
        info = AudioInfo.fromCaps(caps ?? '');
      }
      const levels = measure(one.buffer, info);
      buffers++;
      const time = (one.buffer.pts ?? 0) / 1e9;
      const fallen = 10 ** ((-fall * ((one.buffer.duration ?? 0) / 1e9)) / 20);
      held = levels.map(({ peak }, channel) => Math.max(peak, (held[channel] ?? 0) * fallen));
      if (isTest) {
        pipeline.get('tone').set('volume', 0.05 + 0.3 * (1 + Math.sin(time * 2)));
        pipeline.get('place').set('panorama', Math.sin(time));
      }
      const lines = levels.map((level, channel) => ` ${channel + 1} ${bar(level, held[channel] ?? 0)}`);
      if (stdout.isTTY) {
        lines.push(` ${time.toFixed(2).padStart(7)} s   ${info.format}, ${info.rate} Hz   Ctrl-C ends`);
        stdout.write(`${drawn ? `\x1b[${drawn}A` : ''}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
        drawn = lines.length;
      } else if (time >= nextLine) {
        nextLine = time + lineInterval;
        console.log(`${time.toFixed(2).padStart(7)} s\n${lines.join('\n')}`);
      }
      if (time >= end) break;
    }
  } finally {
    if (stdout.isTTY) stdout.write('\x1b[?25h');
  }
  if (!info) throw new Error('there was no sound to be measured');
  console.log(`${buffers} buffers of ${info.format}, ${info.channels} channels, measured`);
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});

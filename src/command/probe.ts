import { type Probed, type ProbedStream, probe as probeSource } from '../media/probe.ts';
import { timeText } from '../time.ts';
import { type Command, UsageError } from './command.ts';

export const probe: Command = {
  usage: `gst-allocators probe FILE      what is in a file, or behind a URI
  --json                         as probe() has it`,
  options: { json: { type: 'boolean', default: false } },
  async run({ json }, [file, ...others]) {
    if (file === undefined || others.length > 0) throw new UsageError('probe takes one FILE or URI');
    const found = await probeSource(file);
    console.log(json ? JSON.stringify(found, plain, 2) : linesOf(found).join('\n'));
  },
};

/** Converts values that JSON cannot represent: large numbers, fractions and other texts of GStreamer. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  const isPlain = value === null || typeof value !== 'object' || Array.isArray(value);
  return isPlain || Object.getPrototypeOf(value) === Object.prototype ? value : String(value);
}

const linesOf = ({ container, duration, seekable, live, streams, tags }: Probed): string[] => [
  [
    container ?? 'no container',
    duration === null ? 'length unknown' : timeText(duration),
    seekable ? 'seekable' : 'not seekable',
    ...(live ? ['live'] : []),
  ].join(', '),
  ...streams.map(lineOf),
  ...Object.entries(tags).map(([name, value]) => `  ${name}: ${JSON.stringify(value, plain)}`),
];

function lineOf(stream: ProbedStream): string {
  const details = [stream.codec ?? stream.type];
  if (stream.kind === 'video') {
    if (stream.width && stream.height) details.push(`${stream.width}×${stream.height}`);
    if (stream.rate) details.push(`${stream.rate} fps`);
    if (stream.rotation) details.push(`to be turned by ${stream.rotation}°`);
    if (stream.isMirrored) details.push('mirrored');
  }
  if (stream.kind === 'audio') {
    if (stream.rate) details.push(`${stream.rate} Hz`);
    if (stream.channels) details.push(`${stream.channels} channels`);
  }
  if (stream.language) details.push(stream.language);
  if (stream.bitrate) details.push(`${Math.round(stream.bitrate / 1000)} kbit/s`);
  return `${stream.kind}: ${details.join(', ')}`;
}

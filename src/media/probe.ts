import { runtime } from '#runtime';
import { takeCaps } from '../caps/caps.ts';
import { Fraction } from '../caps/field-value.ts';
import { readFields } from '../caps/structure.ts';
import { PipelineError } from '../errors.ts';
import { expectOptions } from '../expect.ts';
import { internal } from '../facade.ts';
import { pipelineKind } from '../kinds.ts';
import { Element } from '../pipeline/element.ts';
import type { MessageFields } from '../pipeline/message-types.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { Handle } from '../runtime/port/index.ts';
import { checkWait, pause, type WaitOptions, waitOptionNames } from '../wait.ts';
import { nameOf, type Url, uriOf } from './source.ts';
import { stalled, watchStall } from './stall.ts';
import { orientationIn, type Tags, tagsOf } from './tags.ts';

const { c, references, wrappers } = runtime;

const noPreroll = 3; // GST_STATE_CHANGE_NO_PREROLL
const timeFormat = 3; // GST_FORMAT_TIME
const defaultTimeout = 30e9;
/** No real source has more streams than this. */
const mostStreams = 1024;
/** Number of checks, and nanoseconds between them: streams after the first may lag behind. */
const mostLooks = 40;
const mostLooksForTags = 20;
const lookInterval = 5e6;
/** Formats that precede a stream, but are no containers. */
const headers = ['application/x-id3', 'application/x-apetag'];

interface AnyStream {
  /** `gst_pad_get_stream_id`: the same for the same file. @since 1.2 */
  readonly id: string | null;
  /** Name of the encoded format, such as `video/x-h264` (`gst_structure_get_name` of the caps). */
  readonly type: string;
  /** The codec in GStreamer's words, such as `H.264 (High Profile)`; null where it is not tagged. */
  readonly codec: string | null;
  /** The stream's caps; null where none have come. */
  readonly caps: string | null;
  /** ISO 639; null where it is not tagged. */
  readonly language: string | null;
  /** Bits a second; null where it is not tagged. */
  readonly bitrate: number | null;
  /** All tags of the stream except pictures. */
  readonly tags: MessageFields;
}

export interface ProbedVideo extends AnyStream {
  readonly kind: 'video';
  /** Pixels as encoded: `rotation` is not applied; null where only a decoder knows. */
  readonly width: number | null;
  readonly height: number | null;
  /** Frames a second; 0/1 for a variable rate and for a picture, null where it is not known. */
  readonly rate: Fraction | null;
  /** Degrees clockwise to rotate the picture before it is shown. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Whether to mirror the picture before that. */
  readonly isMirrored: boolean;
}

export interface ProbedAudio extends AnyStream {
  readonly kind: 'audio';
  /** Samples a second; null where only a decoder knows. */
  readonly rate: number | null;
  readonly channels: number | null;
}

export interface ProbedOther extends AnyStream {
  readonly kind: 'text' | 'other';
}

export type ProbedStream = ProbedVideo | ProbedAudio | ProbedOther;

/** The contents of a source. */
export interface Probed {
  readonly uri: string;
  /** The format that contains the streams, such as `video/quicktime`; null for a stream without one. */
  readonly container: string | null;
  /** Nanoseconds; null while unknown, and for a source without end or times. */
  readonly duration: number | null;
  /** Whether the source can seek without reading all data before the position (`gst_query_parse_seeking`). */
  readonly seekable: boolean;
  /** Whether data comes in real time: a camera, a broadcast. */
  readonly live: boolean;
  readonly streams: readonly ProbedStream[];
  /** Tags of the whole source: title, artist, date. */
  readonly tags: MessageFields;
}

/**
 * Finds the container, duration and streams of a file, or of any URI. Nothing is decoded (`urisourcebin` with
 * `parse-streams`).
 * @param source a path, a URI or a `URL`
 * @param options `timeout` is 30 s by default
 * @throws PipelineError when the source cannot be opened, is empty, or has no format that GStreamer knows
 * @since 1.22
 */
export async function probe(source: string | Url, options: WaitOptions = {}): Promise<Probed> {
  const uri = uriOf(source);
  const { timeout = defaultTimeout, signal } = expectOptions('options', options, waitOptionNames);
  const checked = checkWait(signal === undefined ? { timeout } : { timeout, signal });
  await using pipeline = Pipeline.parse(
    'urisourcebin name=source parse-streams=true ! fakesink name=sink enable-last-sample=false',
    { warnings: false },
  );
  pipeline.get('source').set('uri', uri);
  let isStalled = false;
  {
    using _ = watchStall(pipeline, () => {
      isStalled = true;
      pipeline.stop().catch(() => {});
    });
    await pipeline.pause(checked).catch((error) => {
      throw isStalled ? stalled(nameOf(source)) : error;
    });
  }
  const isLive = c.gst_element_get_state(pipelineKind.handleOf(pipeline), 0)[0] === noPreroll;
  // A live source has no data before it plays.
  if (isLive) await pipeline.play(checked);
  let found = look(pipeline);
  for (let looks = 0; looks < mostLooks && !isComplete(found, looks); looks++) {
    await pause(lookInterval, checked);
    checkWait(checked);
    found = look(pipeline);
  }
  const { pads, container } = found;
  if (pads.length === 0) throw new PipelineError(`${nameOf(source)} has no streams`);
  const streams = pads.map(streamOf);
  return {
    uri,
    container: streams.some(({ type }) => type === container) ? null : container,
    duration: pipeline.duration,
    seekable: isSeekable(pipelineKind.handleOf(pipeline)),
    live: isLive,
    streams,
    tags: Object.assign({}, ...pads.map(({ tags }) => tags.whole)),
  };
}

interface StreamPad {
  readonly id: string | null;
  readonly caps: string | null;
  readonly tags: Tags;
}

interface Found {
  readonly pads: readonly StreamPad[];
  readonly container: string | null;
}

/** A single stream has its tags before its first data; of several, all but the first may get theirs after their caps. */
const isComplete = ({ pads }: Found, looks: number): boolean =>
  pads.length > 0 &&
  pads.every(({ caps }) => caps !== null) &&
  (pads.length === 1 || looks >= mostLooksForTags || pads.every(({ tags }) => Object.keys(tags.own).length > 0));

/** The pads of the streams: those of parsebin, or of the source itself where its streams are raw. */
function look(pipeline: Pipeline): Found {
  const elements = wrappers.elements(pipelineKind.handleOf(pipeline));
  try {
    const named = (type: string) => elements.filter((element) => wrappers.typeName(element) === type);
    const pads = named('GstParseBin').flatMap(padsOf);
    const types = named('GstTypeFindElement').map(foundBy);
    return {
      pads: pads.length > 0 ? pads : named('GstURISourceBin').flatMap(padsOf),
      container: types.map(typeIn).find((type) => type !== null && !headers.includes(type)) ?? null,
    };
  } finally {
    for (const element of elements) references.drop(element, 'object', 0);
  }
}

function foundBy(typefind: Handle): string | null {
  using element = new Element(internal, references.another(typefind, 'object'));
  return text(element.get('caps'));
}

function withPad<T>(element: Handle, name: string, use: (pad: Handle) => T): T | null {
  const pad = c.gst_element_get_static_pad(element, name);
  if (!pad) return null;
  try {
    return use(pad);
  } finally {
    references.drop(pad, 'object', 0);
  }
}

const capsAt = (pad: Handle): string | null => takeCaps(c.gst_pad_get_current_caps(pad));

function padsOf(element: Handle): StreamPad[] {
  const pads: StreamPad[] = [];
  for (let index = 0; index < mostStreams; index++) {
    const read = (pad: Handle): StreamPad => ({
      id: c.gst_pad_get_stream_id(pad),
      caps: capsAt(pad),
      tags: tagsOf(pad),
    });
    const found = withPad(element, `src_${index}`, read);
    if (!found) break;
    pads.push(found);
  }
  return pads;
}

const typeIn = (caps: string | null): string | null => caps && (/^[^,(; ]+/.exec(caps)?.[0] ?? null);

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const count = (value: unknown): number | null => (typeof value === 'number' && value > 0 ? value : null);

function streamOf({ id, caps, tags: { own: tags } }: StreamPad): ProbedStream {
  const type = typeIn(caps) ?? 'unknown';
  const fields = caps === null ? {} : readFields(caps);
  const isPicture = /^(video|image)\//.test(type);
  const isSound = type.startsWith('audio/');
  const stream = {
    id,
    type,
    codec: text(tags[isPicture ? 'video-codec' : isSound ? 'audio-codec' : 'subtitle-codec']),
    caps,
    language: text(tags['language-code']),
    bitrate: count(tags.bitrate) ?? count(tags['nominal-bitrate']),
    tags,
  };
  if (isPicture) {
    const rate = fields.framerate instanceof Fraction ? fields.framerate : null;
    const size = { width: count(fields.width), height: count(fields.height) };
    return { ...stream, kind: 'video', ...size, rate, ...orientationIn(tags) };
  }
  if (isSound) return { ...stream, kind: 'audio', rate: count(fields.rate), channels: count(fields.channels) };
  return { ...stream, kind: /^(text|subpicture|closedcaption)\/|subtitle/.test(type) ? 'text' : 'other' };
}

function isSeekable(pipeline: Handle): boolean {
  const query = c.gst_query_new_seeking(timeFormat);
  try {
    return c.gst_element_query(pipeline, query) && c.gst_query_parse_seeking(query)[1];
  } finally {
    references.drop(query, 'mini', 0);
  }
}

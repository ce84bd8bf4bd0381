import { runtime } from '#runtime';
import type { Fraction } from '../caps/field-value.ts';
import { PipelineError, UnavailableError } from '../errors.ts';
import { expectFunction, expectOptions, expectSize, expectTime, outOfRange } from '../expect.ts';
import { elementKind } from '../kinds.ts';
import type { Sample } from '../memory/sample.ts';
import type { AppSink } from '../pipeline/app-sink.ts';
import { Pipeline, SeekFlags } from '../pipeline/pipeline.ts';
import { isKnownFormat } from '../video/video-format.ts';
import { frameOf, type VideoFrame } from '../video/video-frame.ts';
import { VideoInfo } from '../video/video-info.ts';
import { checkWait, endable, isAborted, type WaitOptions, waitOptionNames } from '../wait.ts';
import { probe } from './probe.ts';
import { rateOf, rateOfInterval } from './rate.ts';
import { nameOf, type Url, uriOf } from './source.ts';
import { stalled, watchStall } from './stall.ts';
import { orientationIn, tagsOf } from './tags.ts';

const { c, references } = runtime;

const largestSide = 32_767;
const testScheme = /^test:(?:\/\/)?/;

/** Progress of a loop over a film whose duration is known. */
export interface Progress {
  /** Nanoseconds from the start of the film: when the frame is shown. */
  readonly position: number;
  /** Nanoseconds of the whole film. */
  readonly duration: number;
  /** The part between `start` and `end` that is done: 0 to 1. */
  readonly fraction: number;
}

export interface MediaFramesOptions extends WaitOptions {
  /** `RGB`, `RGBA`, `I420`, `GRAY8` …. Default: that of the decoder, which needs no conversion. */
  format?: string;
  /** Pixels. With only one of both, the other follows; with both, the picture gets black borders if its shape differs. */
  width?: number;
  height?: number;
  /** Frames a second: some are left out, or repeated. Default: every frame of the film, once. */
  rate?: number | Fraction;
  /** One frame for each interval of that many nanoseconds from `start`: the one that is shown then. Not with `rate`. */
  every?: number;
  /** Nanoseconds from the start of the film where the loop begins. Default 0 */
  start?: number;
  /** Nanoseconds from the start of the film: frames that begin then or later are left out. Default: none. */
  end?: number;
  /** Called with each frame of a film whose duration is known, before the loop gets it. */
  onProgress?: (progress: Progress) => void;
}

/** Checked options. */
interface Wanted {
  readonly uri: string;
  readonly name: string;
  /** Description of the elements between the decoder and the sink. */
  readonly conversion: string;
  readonly start: number;
  readonly end: number;
  readonly onProgress: ((progress: Progress) => void) | null;
  readonly wait: WaitOptions;
}

/** The open pipeline of a loop, and whether the loop was ended from outside. */
interface Loop {
  isOver: boolean;
  pipeline: Pipeline | null;
}

/**
 * The frames of a film, a camera or a network stream, mapped for reading: `for await (using frame of frames('film.mp4'))`.
 * Each is yours to dispose. They come as fast as they are decoded, rotated as the film's tags say. Ends with the film, with
 * the signal and on `break`.
 * @param source a path, a URI or a `URL`; `test:smpte` and the other patterns of `videotestsrc` for a picture without end
 * @param options `timeout` is for each frame
 * @throws PipelineError when the source cannot be opened, has no video or is damaged; the frames before the damage come first.
 *   UnavailableError where no decoder for it is installed
 */
export function frames(
  source: string | Url,
  options: MediaFramesOptions = {},
): AsyncGenerator<VideoFrame, void, undefined> {
  const wanted = expectWanted(source, options);
  const loop: Loop = { isOver: false, pipeline: null };
  return endable(read(source, wanted, loop), () => {
    loop.isOver = true;
    loop.pipeline?.stop().catch(() => {});
  });
}

function expectWanted(source: string | Url, options: MediaFramesOptions): Wanted {
  const given = expectOptions('options', options, [
    ...waitOptionNames,
    ...['format', 'width', 'height', 'rate', 'every', 'start', 'end', 'onProgress'],
  ]);
  const { format, width, height, rate, every, start = 0, end, onProgress, ...wait } = given;
  if (format !== undefined && (typeof format !== 'string' || !isKnownFormat(format)))
    throw outOfRange('options.format', 'a format of raw video, such as "RGBA"', format);
  if (rate !== undefined && every !== undefined)
    throw new TypeError('expected `options.rate` or `options.every`, got both');
  const sides = Object.entries({ width, height }).flatMap(([name, side]) =>
    side === undefined ? [] : [`${name}=${expectSize(`options.${name}`, side, largestSide, 1)}`],
  );
  const framerate =
    every === undefined ? rate !== undefined && rateOf('options.rate', rate) : rateOfInterval('options.every', every);
  const caps = [
    'video/x-raw',
    ...(format === undefined ? [] : [`format=${format}`]),
    ...sides,
    // With square pixels, the missing side follows the shape of the picture as displayed.
    ...(sides.length > 0 ? ['pixel-aspect-ratio=1/1'] : []),
    ...(framerate ? [`framerate=${framerate}`] : []),
  ];
  const converts = format !== undefined || sides.length > 0;
  const first = expectTime('options.start', start);
  const last = end === undefined ? Number.POSITIVE_INFINITY : expectTime('options.end', end);
  if (last < first) throw outOfRange('options.end', `at least \`options.start\`, ${first}`, end);
  return {
    uri: uriOf(source),
    name: nameOf(source),
    conversion: `${framerate ? 'videorate ! ' : ''}${converts ? 'videoconvertscale ! ' : ''}${caps.join(',')}`,
    start: first,
    end: last,
    onProgress: onProgress === undefined ? null : expectFunction('options.onProgress', onProgress),
    wait,
  };
}

/** Decodes video only, into system memory. */
const decoder = 'uridecodebin name=source expose-all-streams=false caps=video/x-raw(ANY)';
const turner = 'videoconvert ! videoflip video-direction=auto ! ';

function open({ uri, conversion }: Wanted, turns: boolean): Pipeline {
  const test = testScheme.test(uri);
  const description: string = `${test ? 'videotestsrc name=source' : decoder} ! ${turns ? turner : ''}${conversion}`;
  const pipeline: Pipeline = Pipeline.parse(`${description} ! appsink name=frames sync=false`);
  try {
    const source = pipeline.get('source');
    if (!test) source.set('uri', uri);
    else source.set('pattern', uri.replace(testScheme, '') || 'smpte');
  } catch (error) {
    pipeline.dispose();
    throw error;
  }
  return pipeline;
}

async function* read(source: string | Url, wanted: Wanted, loop: Loop): AsyncGenerator<VideoFrame, void, undefined> {
  if (isAborted(wanted.wait)) return;
  checkWait(wanted.wait);
  let count = 0;
  for (const turns of [false, true]) {
    await using pipeline = open(wanted, turns);
    loop.pipeline = pipeline;
    let isStalled = false;
    const stall = watchStall(pipeline, () => {
      isStalled = true;
      pipeline.stop().catch(() => {});
    });
    try {
      const sink = pipeline.appSink('frames');
      await begin(pipeline, wanted);
      let reader: Reader | null = null;
      for await (const sample of sink.frames(wanted.wait)) {
        if (!reader) {
          stall[Symbol.dispose]();
          if (!turns && isTurned(sink)) {
            sample.dispose();
            break;
          }
          reader = new Reader(pipeline, wanted);
        }
        const times = timesOf(sample);
        // A source that cannot seek is read from its start.
        if (times.pts !== null && times.pts + (times.duration ?? 0) < wanted.start) {
          sample.dispose();
          continue;
        }
        if (times.pts !== null && times.pts >= wanted.end) {
          sample.dispose();
          return;
        }
        count++;
        yield reader.frame(sample, times);
      }
      if (isStalled) throw stalled(wanted.name);
      if (reader || loop.isOver || isAborted(wanted.wait)) return;
      if (turns || !isTurned(sink)) {
        if (count === 0 && wanted.start === 0) throw new PipelineError(`${wanted.name} has no frame`);
        return;
      }
    } catch (error) {
      if (loop.isOver || isAborted(wanted.wait)) return;
      if (isStalled) throw stalled(wanted.name);
      throw count === 0 && error instanceof PipelineError ? await explained(error, source, wanted) : error;
    } finally {
      stall[Symbol.dispose]();
    }
  }
}

/** Plays from `start` on. The loop over the frames reports errors. */
async function begin(pipeline: Pipeline, { start, wait }: Wanted): Promise<void> {
  if (start === 0) return void pipeline.play().catch(() => {});
  await pipeline.pause(wait);
  // A source that cannot seek is read from its start.
  await pipeline.seek(start, { flags: SeekFlags.FLUSH | SeekFlags.ACCURATE, ...wait }).catch((error) => {
    if (!(error instanceof PipelineError)) throw error;
  });
  pipeline.play().catch(() => {});
}

/** Whether the film is tagged as rotated or mirrored: the tags come before the first frame. */
function isTurned(sink: AppSink): boolean {
  const pad = c.gst_element_get_static_pad(elementKind.handleOf(sink), 'sink');
  if (!pad) return false;
  const { rotation, isMirrored } = orientationIn(tagsOf(pad).own);
  references.drop(pad, 'object', 0);
  return rotation !== 0 || isMirrored;
}

interface Times {
  readonly pts: number | null;
  readonly duration: number | null;
}

/** Times in the film (`gst_segment_to_stream_time`). */
function timesOf(sample: Sample): Times {
  const { buffer, segment } = sample;
  const duration = buffer?.duration ?? null;
  const pts = buffer?.pts ?? null;
  return { pts: pts === null ? null : Math.max(0, pts - (segment.start ?? 0) + (segment.time ?? 0)), duration };
}

/** Makes frames of samples, and reports progress. */
class Reader {
  readonly #wanted: Wanted;
  readonly #pipeline: Pipeline;
  #caps: string | null = null;
  #info: VideoInfo | null = null;
  #duration: number | null | undefined;

  constructor(pipeline: Pipeline, wanted: Wanted) {
    this.#pipeline = pipeline;
    this.#wanted = wanted;
  }

  frame(sample: Sample, times: Times): VideoFrame {
    try {
      const { caps } = sample;
      if (!this.#info || caps !== this.#caps) this.#info = VideoInfo.fromCaps(caps ?? '');
      this.#caps = caps;
      this.#tell(times);
      return frameOf(sample, this.#info, times);
    } finally {
      sample.dispose();
    }
  }

  #tell({ pts }: Times): void {
    const { onProgress, start, end } = this.#wanted;
    if (!onProgress || pts === null) return;
    if (this.#duration === undefined) this.#duration = this.#pipeline.duration;
    const duration = this.#duration;
    if (duration === null) return;
    const length = Math.min(end, duration) - start;
    onProgress({
      position: pts,
      duration,
      fraction: length > 0 ? Math.min(1, Math.max(0, (pts - start) / length)) : 1,
    });
  }
}

/** Why there was not one frame: that a decoder lacks, for one, is said of films that have no video at all as well. */
async function explained(error: PipelineError, source: string | Url, { name, wait, uri }: Wanted): Promise<Error> {
  if (testScheme.test(uri)) return error;
  const found = await probe(source, wait).catch(() => null);
  if (!found) return error;
  const video = found.streams.find(({ kind }) => kind === 'video');
  const others = found.streams.map(({ codec, type }) => codec ?? type).join(', ');
  if (!video) return new PipelineError(`${name} has no video; it has ${others}`, { cause: error });
  if (!/missing decoder|no suitable plugins/i.test(`${error.debug} ${error.detail}`)) return error;
  return new UnavailableError(`nothing here decodes the video of ${name}, ${video.codec ?? video.type}`, {
    cause: error,
  });
}

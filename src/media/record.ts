import { AudioInfo } from '../audio/audio-info.ts';
import type { Fraction } from '../caps/field-value.ts';
import { PipelineError } from '../errors.ts';
import { expectBoolean, expectOptions, expectSize, expectString, outOfRange } from '../expect.ts';
import { internal } from '../facade.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { VideoInfo } from '../video/video-info.ts';
import { checkWait, type WaitOptions, waitOptionNames } from '../wait.ts';
import { type AudioCodec, encoding, needsEven, type Rates, titleOf, type VideoCodec } from './codecs.ts';
import { type Container, type ContainerName, codecIn, containerOf, expectTrack, needMuxer } from './containers.ts';
import { rateOf } from './rate.ts';
import { type AudioTrack, Recording, type SoundInfo, type VideoTrack } from './recording.ts';

const largestSampleRate = 768_000;
const mostChannels = 64;
const largestBitrate = 2e9;
/** Bits for a pixel, and for a second of one channel, where the program does not say. */
const bitsAPixel = 0.12;
const bitsAChannel = 80_000;

/** The picture of a recording. */
export interface RecordVideoOptions {
  /** Pixels. */
  width: number;
  /** Rows. */
  height: number;
  /** Of the frames that are written. Default `RGBA`; transparency is kept by `png`, `gif` and `ffv1` alone. */
  format?: string;
  /** Frames a second; null where they come at irregular times, each with a `pts`. Default 30. */
  rate?: number | Fraction | null;
  /** Default: what is usual for the file. */
  codec?: VideoCodec;
  /** Bits a second. Default: as many as it takes for a good picture. */
  bitrate?: number;
  /** Whether an encoder of the graphics card is taken where there is one. Default false. */
  hardware?: boolean;
  /** The encoder as in a gst-launch description, such as `x264enc tune=zerolatency`; it overrides the options above. */
  encoder?: string;
}

/** The sound of a recording. */
export interface RecordAudioOptions {
  /** Samples a second in each channel. Default 48000. */
  rate?: number;
  /** Default 2. */
  channels?: number;
  /** Of the interleaved samples that are written. Default `F32LE`. */
  format?: string;
  /** Default: what is usual for the file. */
  codec?: AudioCodec;
  /** Bits a second. */
  bitrate?: number;
  /** The encoder as in a gst-launch description; it overrides `codec` and `bitrate`. */
  encoder?: string;
}

export interface RecordOptions extends WaitOptions {
  /** At least one of `video` and `audio` is given. */
  video?: RecordVideoOptions;
  audio?: RecordAudioOptions;
  /** Default: by the ending of the path. */
  container?: ContainerName;
}

/** The tracks that a recording with these options has. */
type VideoOf<Options> = Options extends { video: object }
  ? VideoTrack
  : Options extends { video?: never }
    ? null
    : VideoTrack | null;
type AudioOf<Options> = Options extends { audio: object }
  ? AudioTrack
  : Options extends { audio?: never }
    ? null
    : AudioTrack | null;

/**
 * Opens a film to write: `await using film = await record('film.mp4', { video: { width, height } })`, then
 * `await film.video.write(frame)` for each frame. Its ending says what it is: `.mp4`, `.mov`, `.mkv`, `.webm`, `.ogg`, `.wav`,
 * `.flac`, `.mp3`, `.gif`, or a sequence of `.png` or `.jpg` such as `shot-%03d.png`. A file that is there is overwritten.
 * @param path of the file
 * @throws RangeError and TypeError for options that the file cannot have; UnavailableError that names the element to
 *   install; PipelineError when the file cannot be written
 * @since 1.20
 */
export async function record<const Options extends RecordOptions>(
  path: string,
  options: Options,
): Promise<Recording<VideoOf<Options>, AudioOf<Options>>> {
  const given = expectOptions('options', options as RecordOptions, [
    ...waitOptionNames,
    ...['video', 'audio', 'container'],
  ]);
  const { video, audio, container: name, ...wait } = given;
  const container = containerOf(expectString('path', path), name);
  if (video === undefined && audio === undefined)
    throw new TypeError('expected `options.video`, `options.audio` or both, got neither');
  if (video !== undefined) expectTrack(container, 'video');
  if (audio !== undefined) expectTrack(container, 'audio');
  const picture = video === undefined ? null : pictureOf(video, container);
  const sound = audio === undefined ? null : soundOf(audio, container);
  if (picture && sound && !container.muxer)
    throw outOfRange('options', `of one track: ${container.name} files have no more`, 'both');
  if (container.isSequence) expectNumbered(path);
  checkWait(wait);
  needMuxer(container);
  // No warnings: encoders may take long to end.
  const pipeline: Pipeline = Pipeline.parse(descriptionOf(container, picture, sound), { warnings: false });
  try {
    pipeline.get('file').set('location', path);
    await pipeline.play(wait);
    const recording = new Recording(internal, path, pipeline, picture?.info ?? null, sound);
    return recording as Recording<VideoOf<Options>, AudioOf<Options>>;
  } catch (error) {
    await pipeline.stop().catch(() => {});
    pipeline.dispose();
    throw error instanceof PipelineError && error.element === 'file'
      ? new PipelineError(`${JSON.stringify(path)} cannot be written`, { cause: error, detail: error.detail })
      : error;
  }
}

/** A checked track: what is pushed, and the description of what encodes it. */
interface Picture {
  readonly info: VideoInfo;
  readonly encoder: string;
}

interface Sound extends SoundInfo {
  readonly encoder: string;
}

function pictureOf(options: RecordVideoOptions, container: Container): Picture {
  const given = expectOptions('options.video', options, [
    ...['width', 'height', 'format', 'rate', 'codec', 'bitrate', 'hardware', 'encoder'],
  ]);
  const { format = 'RGBA', rate = 30, codec: asked, hardware = false, encoder } = given;
  const { width, height } = VideoInfo.of(format, given.width as number, given.height as number);
  const framerate = rate === null ? '0/1' : rateOf('options.video.rate', rate);
  const info = VideoInfo.fromCaps(
    `video/x-raw,format=${format},width=${width},height=${height},framerate=${framerate}`,
  );
  expectBoolean('options.video.hardware', hardware);
  const bitrate = bitrateOf('options.video.bitrate', given.bitrate);
  if (encoder !== undefined) return { info, encoder: expectString('options.video.encoder', encoder) };
  const codec = codecIn(container, 'video', asked);
  if (needsEven(codec) && (width % 2 || height % 2))
    throw outOfRange('options.video', `of an even width and height for ${titleOf(codec)}`, `${width}×${height}`);
  const { numerator, denominator } = info.framerate;
  const usual = Math.round(width * height * (numerator === 0 ? 30 : numerator / denominator) * bitsAPixel);
  return {
    info,
    encoder: encoding(codec, 'video/x-raw', hardware, { asked: bitrate, usual: Math.max(100_000, usual) }),
  };
}

function soundOf(options: RecordAudioOptions, container: Container): Sound {
  const given = expectOptions('options.audio', options, ['rate', 'channels', 'format', 'codec', 'bitrate', 'encoder']);
  const { format = 'F32LE', codec: asked, encoder } = given;
  const rate = expectSize('options.audio.rate', given.rate ?? 48_000, largestSampleRate, 1);
  const channels = expectSize('options.audio.channels', given.channels ?? 2, mostChannels, 1);
  if (!/^[A-Z\d]+(_\w+)?$/.test(expectString('options.audio.format', format)))
    throw outOfRange('options.audio.format', 'a format of raw audio, such as "S16LE"', format);
  // More than two channels need positions; 0 means that they have none.
  const mask = channels > 2 ? ',channel-mask=(bitmask)0x0' : '';
  const caps = `audio/x-raw,format=${format},rate=${rate},channels=${channels},layout=interleaved${mask}`;
  const info = AudioInfo.fromCaps(caps);
  const bitrate = bitrateOf('options.audio.bitrate', given.bitrate);
  if (encoder !== undefined) return { info, caps, encoder: expectString('options.audio.encoder', encoder) };
  const codec = codecIn(container, 'audio', asked);
  const rates: Rates = { asked: bitrate, usual: channels * bitsAChannel };
  return { info, caps, encoder: encoding(codec, 'audio/x-raw', false, rates) };
}

const bitrateOf = (name: string, bitrate: number | undefined): number | null =>
  bitrate === undefined ? null : expectSize(name, bitrate, largestBitrate, 1000);

/** GStreamer makes the names of a sequence with C's `printf`. */
function expectNumbered(path: string): void {
  const [first, ...others] = path.match(/%/g) ?? [];
  if (first === undefined || others.length > 0 || !/%0?\d{0,2}d/.test(path))
    throw outOfRange('path', 'one with one number in it, such as "shot-%03d.png"', path);
}

/** The encoded data of two tracks waits in a multiqueue, which lets each of them get ahead of the other. */
function descriptionOf({ muxer, isSequence }: Container, picture: Picture | null, sound: Sound | null): string {
  const source = 'format=time max-bytes=0';
  const tracks = [
    picture && `appsrc name=video ${source} max-buffers=4 ! videoconvert ! ${picture.encoder}`,
    sound && `appsrc name=audio ${source} max-time=500000000 ! audioconvert ! audioresample ! ${sound.encoder}`,
  ].filter((track) => track !== null);
  const file = isSequence ? 'multifilesink name=file async=false' : 'filesink name=file async=false';
  if (!muxer) return `${tracks.join(' ')} ! ${file}`;
  const [track] = tracks;
  if (tracks.length === 1) return `${track} ! ${muxer} ! ${file}`;
  const queued = tracks.map((each, index) => `${each} ! queues.sink_${index} queues.src_${index} ! mux.`);
  const queues = 'multiqueue name=queues max-size-bytes=0 max-size-time=0 max-size-buffers=64';
  return `${queues} ${muxer} name=mux ! ${file} ${queued.join(' ')}`;
}

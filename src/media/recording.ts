import { runtime } from '#runtime';
import { AudioBuffer } from '../audio/audio-buffer.ts';
import { fillWithSilence } from '../audio/audio-format.ts';
import type { AudioInfo } from '../audio/audio-info.ts';
import { DisposedError, PipelineError } from '../errors.ts';
import { type Bytes, expectBytes, expectOptions, expectTime, outOfRange, wrongType } from '../expect.ts';
import { expectInternal, type Internal, internal, lock } from '../facade.ts';
import { Buffer, facadeOfRaw } from '../memory/buffer.ts';
import type { AppSrc } from '../pipeline/app-src.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { BufferPool } from '../pool/buffer-pool.ts';
import type { RawBuffer } from '../raw-types.ts';
import { VideoFrame } from '../video/video-frame.ts';
import type { VideoInfo } from '../video/video-info.ts';
import { checkWait, type WaitOptions, waitOptionNames } from '../wait.ts';

const second = 1e9;

/** When something that is written is shown or heard. */
export interface RecordWriteOptions extends WaitOptions {
  /** Nanoseconds from the start of the film. Default: the time of the frame; without one, the end of what was written before. */
  pts?: number;
  /** Nanoseconds. Default: of a frame, as the rate says; of samples, as long as they are. */
  duration?: number;
}

/** What is written, as a buffer that the track may keep. */
interface Piece {
  readonly buffer: Buffer;
  /** Frames of a picture, or samples of each channel. */
  readonly units: number;
  readonly pts: number | null;
}

/** Disposes the piece. */
let push: (track: Track, piece: Piece, options: RecordWriteOptions) => Promise<void>;
let expectOpen: (track: Track) => void;
/** Whether nothing was written. */
let isEmpty: (track: Track) => boolean;
/** Refuses further writes. Returns the error that a write has reported. */
let finish: (track: Track) => unknown;
let dropPool: (track: VideoTrack) => void;

/** One of the tracks of a recording. Writes of one track keep their order. */
abstract class Track {
  readonly #name: string;
  readonly #source: AppSrc;
  /** Caps of what is written, until the source has them. */
  #caps: string | null;
  /** Units a second; 0 for a variable rate. */
  readonly #rate: number;
  /** Time of the last write that had one, and the units since. */
  #base = 0;
  #units = 0;
  #last = 0;
  #isEnded = false;
  #failure: unknown = null;

  static {
    push = (track, piece, options) => track.#push(piece, options);
    expectOpen = (track) => {
      if (track.#isEnded) throw new DisposedError('the Recording was closed before');
    };
    isEmpty = (track) => track.#caps !== null;
    finish = (track) => {
      track.#isEnded = true;
      return track.#failure;
    };
  }

  /** @internal */
  protected constructor(key: Internal, name: string, source: AppSrc, caps: string, rate: number) {
    expectInternal(key, new.target.name);
    runtime.threads.keepHere(this);
    this.#name = name;
    this.#source = source;
    this.#caps = caps;
    this.#rate = rate;
  }

  /** Nanoseconds from the start of the film to the end of what was written. */
  get end(): number {
    return Math.round(this.#base + (this.#rate === 0 ? 0 : (this.#units * second) / this.#rate));
  }

  async #push({ buffer, units, pts }: Piece, options: RecordWriteOptions): Promise<void> {
    using kept = buffer;
    const { duration, pts: asked, ...wait } = options;
    const time = asked ?? pts;
    if (time === null && this.#rate === 0)
      throw new TypeError('expected `options.pts`, as the recording has no rate and the frame has no time, got none');
    const before = { base: this.#base, units: this.#units, last: this.#last };
    if (time !== null && time < this.#last)
      throw outOfRange(
        'options.pts',
        `at least ${this.#last}, which is when the ${this.#name} written before begins`,
        time,
      );
    if (time !== null) [this.#base, this.#units] = [time, 0];
    const begin = this.end;
    this.#last = begin;
    this.#units += units;
    kept.pts = begin;
    kept.duration = duration ?? (this.#rate === 0 ? null : this.end - begin);
    if (this.#caps !== null) this.#source.caps = this.#caps;
    this.#caps = null;
    try {
      await this.#source.push(kept, wait);
    } catch (error) {
      // As if this had not been written, unless something was after it.
      if (this.#last === begin) [this.#base, this.#units, this.#last] = [before.base, before.units, before.last];
      this.#failure = error;
      throw error;
    }
  }
}

function expectWriteOptions(options: RecordWriteOptions | undefined): RecordWriteOptions {
  const { pts, duration, ...wait } = expectOptions('options', options, [...waitOptionNames, 'pts', 'duration']);
  return {
    ...checkWait(wait),
    ...(pts === undefined ? {} : { pts: expectTime('options.pts', pts) }),
    ...(duration === undefined ? {} : { duration: expectTime('options.duration', duration) }),
  };
}

/** A copy with metadata of its own that shares the memory. */
function copyOf(name: string, wanted: string, buffer: Buffer | RawBuffer): Buffer {
  if (buffer instanceof Buffer) return buffer.copy();
  using raw = facadeOfRaw(buffer);
  if (!raw) throw wrongType(name, wanted, buffer);
  return raw.copy();
}

const isBytes = (value: unknown): value is Bytes =>
  value instanceof ArrayBuffer ||
  ArrayBuffer.isView(value) ||
  (typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer);

/** The picture of a `Recording`. */
export class VideoTrack extends Track {
  /** Format, size and rate of the frames. */
  readonly info: VideoInfo;
  #pool: BufferPool | null = null;

  static {
    dropPool = (track) => {
      track.#pool?.stop();
      track.#pool?.dispose();
      track.#pool = null;
    };
  }

  /** @internal */
  constructor(key: Internal, source: AppSrc, info: VideoInfo) {
    expectInternal(key, 'VideoTrack');
    const { numerator, denominator } = info.framerate;
    super(key, 'frame', source, info.caps, numerator / denominator);
    this.info = info;
  }

  /**
   * Writes a frame. Resolves when there is room for another one, so that a program that awaits it keeps to the encoder's pace.
   * @param frame a `VideoFrame`, a buffer, or bytes, which are copied. What you give stays yours, and its memory must not
   *   change until it is encoded. Bytes have the layout of `info`: rows of `info.planes[0].stride` bytes
   * @param options `pts` in nanoseconds; the times of frames must not go back
   * @throws RangeError for a frame of another format or size, and for a time that goes back; PipelineError when encoding
   *   or writing fails; DisposedError after `close()`; MapError while the frame is mapped for writing
   */
  async write(frame: VideoFrame | Buffer | RawBuffer | Bytes, options?: RecordWriteOptions): Promise<void> {
    const checked = expectWriteOptions(options);
    expectOpen(this);
    await push(this, this.#piece(frame), checked);
  }

  #piece(frame: VideoFrame | Buffer | RawBuffer | Bytes): Piece {
    if (frame instanceof VideoFrame) {
      const { format, width, height } = frame.info;
      const { info } = this;
      if (format !== info.format || width !== info.width || height !== info.height)
        throw outOfRange('frame', this.#words(info), this.#words(frame.info));
      return { buffer: frame.buffer.copy(), units: 1, pts: frame.pts };
    }
    if (isBytes(frame)) return { buffer: this.#copied(expectBytes('frame', frame)), units: 1, pts: null };
    const buffer = copyOf('frame', 'a VideoFrame, a Buffer or bytes', frame);
    return { buffer, units: 1, pts: buffer.pts };
  }

  #words({ format, width, height }: VideoInfo): string {
    return `${format} of ${width}×${height}`;
  }

  #copied(bytes: Uint8Array): Buffer {
    const { info } = this;
    if (bytes.length !== info.size)
      throw outOfRange('frame', `${info.size} bytes of ${this.#words(info)}`, bytes.length);
    this.#pool ??= BufferPool.create({ size: info.size });
    const buffer = this.#pool.tryAcquire() ?? Buffer.alloc(info.size);
    buffer.fill(0, bytes);
    return buffer;
  }
}
lock(VideoTrack);

/** The sound of a `Recording`. */
export class AudioTrack extends Track {
  /** Format, rate and channels of the samples. */
  readonly info: AudioInfo;

  /** @internal */
  constructor(key: Internal, source: AppSrc, info: AudioInfo, caps: string) {
    expectInternal(key, 'AudioTrack');
    super(key, 'audio', source, caps, info.rate);
    this.info = info;
  }

  /**
   * Writes samples, as many as there are. Resolves when there is room for more.
   * @param samples an `AudioBuffer`, a buffer, or a typed array, which is copied: interleaved, in the format of `info`
   * @param options `pts` in nanoseconds. Without one, samples follow those before
   * @throws RangeError for samples of another format or no whole number of frames, and for a time that goes back;
   *   PipelineError when encoding or writing fails; DisposedError after `close()`
   */
  async write(samples: AudioBuffer | Buffer | RawBuffer | Bytes, options?: RecordWriteOptions): Promise<void> {
    const checked = expectWriteOptions(options);
    expectOpen(this);
    const { buffer, pts } = this.#bufferOf(samples);
    const { bytesPerFrame } = this.info;
    const units = buffer.size / bytesPerFrame;
    if (units === 0 || !Number.isInteger(units)) {
      const { size } = buffer;
      buffer.dispose();
      throw outOfRange('samples', `whole frames of ${bytesPerFrame} bytes, one at least`, size);
    }
    await push(this, { buffer, units, pts }, checked);
  }

  #bufferOf(samples: AudioBuffer | Buffer | RawBuffer | Bytes): { buffer: Buffer; pts: number | null } {
    if (isBytes(samples)) return { buffer: Buffer.from(expectBytes('samples', samples)), pts: null };
    if (samples instanceof AudioBuffer) {
      const [wanted, got] = [this.info, samples.info].map(
        ({ format, rate, channels, layout }) => `${format} of ${channels} channels, ${rate} Hz, ${layout}`,
      ) as [string, string];
      if (wanted !== got) throw outOfRange('samples', wanted, got);
    }
    const given = samples instanceof AudioBuffer ? samples.buffer : samples;
    const buffer = copyOf('samples', 'an AudioBuffer, a Buffer or a typed array', given);
    return { buffer, pts: buffer.pts };
  }
}
lock(AudioTrack);

/** A black picture, or a grey one of a format with chroma. */
function blank({ size, format }: VideoInfo): Uint8Array {
  return new Uint8Array(size).fill(/RGB|BGR|GRAY/.test(format) ? 0 : 0x80);
}

/** As many samples as a frame of AAC has, or fewer. */
function silence({ bytesPerFrame, sample }: AudioInfo): Uint8Array {
  const bytes = new Uint8Array(bytesPerFrame * 1024);
  fillWithSilence(bytes, sample);
  return bytes;
}

/** The samples of a sound, and their caps. */
export interface SoundInfo {
  readonly info: AudioInfo;
  readonly caps: string;
}

/**
 * A film that is being written (`record`). `close()`, or the end of the block with `await using`, makes the file whole.
 * What ends the program meanwhile leaves a film that can be played: of `.mp4` and `.mov` up to the last second.
 */
export class Recording<
  Video extends VideoTrack | null = VideoTrack | null,
  Audio extends AudioTrack | null = AudioTrack | null,
> {
  /** Path of the file. */
  readonly path: string;
  /** The picture; null if the recording has none. */
  readonly video: Video;
  /** The sound; null if the recording has none. */
  readonly audio: Audio;
  readonly #pipeline: Pipeline;
  #closing: Promise<void> | null = null;

  /** @internal */
  constructor(key: Internal, path: string, pipeline: Pipeline, video: VideoInfo | null, audio: SoundInfo | null) {
    expectInternal(key, 'Recording');
    runtime.threads.keepHere(this);
    this.path = path;
    this.#pipeline = pipeline;
    this.video = (video && new VideoTrack(internal, pipeline.appSrc('video'), video)) as Video;
    this.audio = (audio && new AudioTrack(internal, pipeline.appSrc('audio'), audio.info, audio.caps)) as Audio;
  }

  /**
   * Encodes what was written, and completes the file (`gst_event_new_eos`). A track that got nothing gets one blank frame, or 1024
   * silent samples, if the other one has data. Every call resolves when that is done. If it is
   * given up, the file is left as it is.
   * @throws PipelineError if the file could not be completed, unless a write has reported the error
   */
  close(options: WaitOptions = {}): Promise<void> {
    if (!this.#closing) {
      const checked = checkWait(options);
      this.#closing = this.#close(checked);
    }
    return this.#closing;
  }

  async #close(options: WaitOptions): Promise<void> {
    // MP4 with a track without data is read by no player, and the muxers of Matroska wait for it forever.
    const [video, audio] = [this.video as VideoTrack | null, this.audio as AudioTrack | null];
    if (video && audio && isEmpty(video) && !isEmpty(audio)) await video.write(blank(video.info)).catch(() => {});
    if (video && audio && isEmpty(audio) && !isEmpty(video)) await audio.write(silence(audio.info)).catch(() => {});
    const reported = [video, audio].map((track) => track && finish(track));
    if (video) dropPool(video);
    try {
      await this.#pipeline.stop({ endOfStream: true, ...options });
    } catch (error) {
      if (!(error instanceof PipelineError) || !reported.some((known) => known instanceof PipelineError)) throw error;
    } finally {
      await this.#pipeline.stop().catch(() => {});
      this.#pipeline.dispose();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

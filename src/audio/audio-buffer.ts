import { runtime } from '#runtime';
import { MapError, NotWritableError } from '../errors.ts';
import { expectSize, outOfRange, wrongType } from '../expect.ts';
import { type Internal, internal, lock } from '../facade.ts';
import { bufferKind } from '../kinds.ts';
import { MapFlags } from '../map-flags.ts';
import type { Buffer } from '../memory/buffer.ts';
import {
  type MapPlanesOptions,
  type MappedBuffer,
  MappedPlanes,
  mapPlanesAs,
  type PlaneRange,
} from '../memory/planes.ts';
import type { RawBuffer } from '../raw-types.ts';
import { type AudioData, fillWithSilence } from './audio-format.ts';
import { AudioInfo } from './audio-info.ts';

/** One channel of a mapped buffer: sample `i` is at `data[start + i * step]`. */
export interface AudioChannel {
  /**
   * Samples of the format's kind, in this machine's byte order; bytes where no typed array has such samples (24 bits in
   * 3 bytes, the other byte order). With interleaved audio the other channels' samples are in between.
   */
  readonly data: AudioData;
  /** Elements before the channel's first sample. */
  readonly start: number;
  /** Elements from one sample to the next. */
  readonly step: number;
}

/**
 * A buffer mapped as samples (`GstAudioBuffer`). On Node.js the samples are GStreamer's own bytes; where the engine
 * must copy (GJS), changes are copied back at `dispose()`.
 */
export class AudioBuffer extends MappedPlanes<AudioData> {
  /** The audio format of the mapping (`GST_AUDIO_BUFFER_FORMAT` and so on). */
  readonly info: AudioInfo;
  /** Samples of each channel (`GST_AUDIO_BUFFER_N_SAMPLES`). */
  readonly frames: number;

  private constructor(key: Internal, mapped: MappedBuffer, info: AudioInfo, frames: number) {
    super(key, 'AudioBuffer', mapped, (bytes) => viewOf(bytes, info));
    this.info = info;
    this.frames = frames;
  }

  /**
   * Maps a buffer as the audio that `info` describes (`gst_audio_buffer_map`). A `GstAudioMeta` locates channels that
   * are not interleaved; without one they follow each other.
   * @param buffer stays yours; disposing it ends the mapping
   * @throws MapError when the buffer has no whole number of frames or too few bytes, when samples lie across several
   * memories, and when GStreamer cannot map it; NotWritableError for WRITE on a shared buffer
   * @since 1.16
   */
  static map(
    buffer: Buffer | RawBuffer,
    info: AudioInfo,
    flags: MapFlags = MapFlags.READ,
    options: MapPlanesOptions = {},
  ): AudioBuffer {
    if (!(info instanceof AudioInfo)) throw wrongType('info', 'an AudioInfo', info);
    let frames = 0;
    const rangesOf = (facade: Buffer): PlaneRange[] => {
      const places = placesIn(facade, info);
      ({ frames } = places);
      return places.planes;
    };
    return mapPlanesAs(buffer, flags, options, rangesOf, (mapped) => new AudioBuffer(internal, mapped, info, frames));
  }

  /** The mapped buffer. */
  get buffer(): Buffer {
    return this.mapped.buffer;
  }

  /** Number of channels (`GST_AUDIO_BUFFER_CHANNELS`). */
  get channels(): number {
    return this.info.channels;
  }

  /** The samples of one channel, whatever the layout. */
  channel(index: number): AudioChannel {
    const { planes } = this;
    expectSize('index', index, this.channels - 1);
    const { elements } = this.info.sample;
    if (this.info.layout === 'interleaved') {
      return { data: planes[0] as AudioData, start: index * elements, step: this.channels * elements };
    }
    return { data: planes[index] as AudioData, start: 0, step: elements };
  }

  /**
   * A copy of one channel's samples from −1 to 1, whatever the format.
   * @param into destination, at least `frames` long. Default: a new array
   */
  copyChannel(index: number, into: Float32Array = new Float32Array(this.frames)): Float32Array {
    const { data, start, step } = this.channel(index);
    if (!(into instanceof Float32Array)) throw wrongType('into', 'a Float32Array', into);
    if (into.length < this.frames) throw outOfRange('into', `at least ${this.frames} long`, into.length);
    const { read } = this.info.sample;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const [first, distance] = [start * data.BYTES_PER_ELEMENT, step * data.BYTES_PER_ELEMENT];
    for (let frame = 0; frame < this.frames; frame++) into[frame] = read(view, first + frame * distance);
    return into;
  }

  /**
   * Makes all samples silent (`gst_audio_format_info_fill_silence`).
   * @throws NotWritableError for a buffer that is not mapped for WRITE
   * @since 1.20
   */
  fillSilence(): this {
    const { planes } = this;
    if (!(this.flags & MapFlags.WRITE))
      throw new NotWritableError('expected an AudioBuffer mapped for WRITE to fill with silence, got one for READ');
    for (const { buffer, byteOffset, byteLength } of planes)
      fillWithSilence(new Uint8Array(buffer, byteOffset, byteLength), this.info.sample);
    return this;
  }
}
lock(AudioBuffer);

/** Positions of the samples in this buffer. */
function placesIn(buffer: Buffer, info: AudioInfo): { frames: number; planes: PlaneRange[] } {
  const { layout, channels, bytesPerFrame, sampleBytes } = info;
  const { size } = buffer;
  const meta = runtime.metas.audio(bufferKind.handleOf(buffer));
  const frames = meta?.samples ?? size / bytesPerFrame;
  if (!Number.isInteger(frames)) {
    throw new MapError(`expected a buffer of whole frames of ${bytesPerFrame} bytes, got one of ${size}`);
  }
  const range = (offset: number, length: number): PlaneRange => ({ offset, size: length, length });
  if (layout === 'interleaved') return { frames, planes: [range(0, frames * bytesPerFrame)] };
  const planeBytes = frames * sampleBytes;
  const offsets = meta?.offsets.length
    ? meta.offsets
    : Array.from({ length: channels }, (_, index) => index * planeBytes);
  if (offsets.length !== channels) {
    throw new MapError(`expected a buffer of ${channels} channels, got one whose GstAudioMeta has ${offsets.length}`);
  }
  return { frames, planes: offsets.map((offset) => range(offset, planeBytes)) };
}

function viewOf(bytes: Uint8Array, { sample }: AudioInfo): AudioData {
  if (sample.elements === 1 && bytes.byteOffset % sample.sampleBytes) {
    throw new MapError(`samples of ${sample.sampleBytes} bytes do not begin at byte ${bytes.byteOffset}`);
  }
  return sample.view(bytes);
}

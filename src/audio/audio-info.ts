import { runtime } from '#runtime';
import { withCaps } from '../caps/caps.ts';
import { UnavailableError } from '../errors.ts';
import { expectString, outOfRange } from '../expect.ts';
import { expectInternal, type Internal, internal } from '../facade.ts';
import type { Handle } from '../runtime/port/index.ts';
import { type AudioFormat, audioFormat } from './audio-format.ts';

const { c, fields } = runtime;

/** `GstAudioLayout`: samples of all channels in turn, or each channel by itself. */
export type AudioLayout = 'interleaved' | 'non-interleaved';

/** Raw audio as its caps describe it (`GstAudioInfo`). Plain data: nothing to dispose. */
export class AudioInfo {
  /** `S16LE`, `F32LE`… */
  readonly format: string;
  /** Frames a second; a frame is one sample of every channel. */
  readonly rate: number;
  /** Number of channels (`GST_AUDIO_INFO_CHANNELS`). */
  readonly channels: number;
  /** Layout of the samples of several channels (`GST_AUDIO_INFO_LAYOUT`). */
  readonly layout: AudioLayout;
  /** Bytes of one sample of every channel (`GST_AUDIO_INFO_BPF`). */
  readonly bytesPerFrame: number;
  /** Bytes of one sample. */
  readonly sampleBytes: number;
  /** Significant bits of a sample. */
  readonly bits: number;
  /** Memory layout of a sample. */
  readonly sample: AudioFormat;

  private constructor(key: Internal, native: Handle, format: string) {
    expectInternal(key, 'AudioInfo');
    this.format = format;
    this.rate = fields.number(native, 'GstAudioInfo.rate');
    this.channels = fields.number(native, 'GstAudioInfo.channels');
    this.layout = fields.number(native, 'GstAudioInfo.layout') === 0 ? 'interleaved' : 'non-interleaved';
    this.bytesPerFrame = fields.number(native, 'GstAudioInfo.bpf');
    this.sampleBytes = this.bytesPerFrame / this.channels;
    const sample = audioFormat(format, this.sampleBytes);
    if (!sample) throw new UnavailableError(`the layout of the audio format ${format} is not known to this package`);
    this.sample = sample;
    this.bits = sample.bits;
    Object.freeze(this);
  }

  /**
   * `gst_audio_info_new_from_caps`.
   * @throws RangeError when the caps are not fixed, or not those of raw audio
   * @since 1.20
   */
  static fromCaps(caps: string): AudioInfo {
    expectString('caps', caps);
    return withCaps('caps', caps, (given) => {
      const structure = given && c.gst_caps_is_fixed(given) ? c.gst_caps_get_structure(given, 0) : null;
      const isRaw = structure !== null && c.gst_structure_get_name(structure) === 'audio/x-raw';
      const native = given && isRaw ? c.gst_audio_info_new_from_caps(given) : null;
      if (!native || !structure) throw outOfRange('caps', 'fixed caps of audio/x-raw', caps);
      try {
        return new AudioInfo(internal, native, c.gst_structure_get_string(structure, 'format') ?? '');
      } finally {
        c.gst_audio_info_free(native);
      }
    });
  }
}

import { runtime } from '#runtime';
import { takeCaps, withCaps } from '../caps/caps.ts';
import { wrongType } from '../expect.ts';
import { Facade, type Internal, internal, lend, lock } from '../facade.ts';
import { bufferKind, sampleKind } from '../kinds.ts';
import type { RawBuffer } from '../raw-types.ts';
import type { FieldName, Handle } from '../runtime/port/index.ts';
import { Buffer } from './buffer.ts';

const { c, fields, references } = runtime;
const { handleOf } = sampleKind;

/** The part of the stream a sample belongs to (`GstSegment`); times in nanoseconds for `format` 3 (TIME). */
export interface Segment {
  rate: number;
  /** `GstFormat`: 3 is time. */
  format: number;
  base: number | null;
  start: number | null;
  stop: number | null;
  time: number | null;
  position: number | null;
  duration: number | null;
}

/** A buffer with its caps, segment and info (`GstSample`): what an `AppSink` gives. */
export class Sample extends Facade {
  /** Undefined as long as nobody looked at it. */
  #buffer: Buffer | null | undefined;
  #caps: string | null | undefined;

  static {
    sampleKind.hook<Sample>({
      end(sample) {
        sample.#buffer?.dispose();
        sample.#buffer = null;
      },
      // A buffer that was looked at counts its bytes itself.
      weigh: (sample, handle) => (sample.#buffer === undefined ? bytesIn(handle) : 0),
    });
  }

  /** @internal */
  constructor(key: Internal, handle: Handle) {
    super(key, handle, sampleKind);
  }

  /** `gst_sample_new`. */
  static create(buffer: Buffer | RawBuffer | null, caps: string | null = null): Sample {
    return withCaps('caps', caps, (native) => {
      const make = (handle: Handle | null) => new Sample(internal, c.gst_sample_new(handle, native, null, null));
      return buffer === null ? make(null) : lend('buffer', buffer, bufferKind, make);
    });
  }

  /** A facade for a raw `Gst.Sample`. */
  static wrap(raw: unknown): Sample {
    const handle = runtime.wrappers.fromRaw(raw, 'mini', 'GstSample');
    if (!handle) throw wrongType('raw', 'a Gst.Sample', raw);
    return new Sample(internal, handle);
  }

  /** The buffer (`gst_sample_get_buffer`). It belongs to the sample and is disposed with it; null when there is none. */
  get buffer(): Buffer | null {
    const sample = handleOf(this);
    if (this.#buffer && !this.#buffer.isDisposed) return this.#buffer;
    const handle = c.gst_sample_get_buffer(sample);
    this.#buffer = handle && new Buffer(internal, handle);
    return this.#buffer;
  }

  /**
   * Takes the buffer out and disposes the sample. An appsink holds the last sample until the next one comes: bytes can
   * be changed in place through `memory(i)`, timestamps and metas after `makeWritable()`.
   * @returns a buffer that is yours to dispose; null when there is none
   */
  takeBuffer(): Buffer | null {
    const { buffer } = this;
    this.#buffer = null;
    this.dispose();
    return buffer;
  }

  /** `gst_sample_get_caps`. */
  get caps(): string | null {
    const handle = handleOf(this);
    if (this.#caps === undefined) this.#caps = takeCaps(c.gst_sample_get_caps(handle));
    return this.#caps;
  }

  /** `gst_sample_get_segment`. */
  get segment(): Segment {
    const native = c.gst_sample_get_segment(handleOf(this));
    const time = (name: FieldName) => fields.time(native, name);
    return {
      rate: fields.number(native, 'GstSegment.rate'),
      format: fields.number(native, 'GstSegment.format'),
      base: time('GstSegment.base'),
      start: time('GstSegment.start'),
      stop: time('GstSegment.stop'),
      time: time('GstSegment.time'),
      position: time('GstSegment.position'),
      duration: time('GstSegment.duration'),
    };
  }

  /** Extra information as a structure's string (`gst_sample_get_info`); null for none. */
  get info(): string | null {
    const native = c.gst_sample_get_info(handleOf(this));
    return native && c.gst_structure_to_string(native);
  }
}
lock(Sample);

function bytesIn(sample: Handle): number {
  const buffer = c.gst_sample_get_buffer(sample);
  if (!buffer) return 0;
  const size = c.gst_buffer_get_size(buffer);
  references.drop(buffer, 'mini', 0);
  return size;
}

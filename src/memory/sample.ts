import { runtime } from '#runtime';
import { takeCaps, withCaps } from '../caps/caps.ts';
import { Structure } from '../caps/field-value.ts';
import { withStructure } from '../caps/structure.ts';
import { expectOptions, wrongType } from '../expect.ts';
import { Facade, type Internal, internal, lend, lock } from '../facade.ts';
import { bufferKind, sampleKind } from '../kinds.ts';
import type { RawBuffer } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';
import { Buffer } from './buffer.ts';
import { expectSegment, readSegment, type Segment, withSegment } from './segment.ts';

const { c, references } = runtime;
const { handleOf } = sampleKind;

/** Optional parts of a sample beside its buffer and caps. */
export interface SampleOptions {
  /** The part of the stream that the sample belongs to. Default: the whole stream, in TIME. */
  segment?: Segment;
  /** Extra information. Default: none. */
  info?: Structure;
}

/** A buffer with its caps, segment and info (`GstSample`), from an `AppSink`. */
export class Sample extends Facade {
  /** Undefined until it was first asked for. */
  #buffer: Buffer | null | undefined;
  #caps: string | null | undefined;

  static {
    sampleKind.hook<Sample>({
      end(sample) {
        sample.#buffer?.dispose();
        sample.#buffer = null;
      },
      // Once the buffer has a facade, that counts its bytes.
      weigh: (sample, handle) => (sample.#buffer === undefined ? bytesIn(handle) : 0),
    });
  }

  /** @internal */
  constructor(key: Internal, handle: Handle) {
    super(key, handle, sampleKind);
  }

  /** `gst_sample_new`. The arguments stay yours. */
  static create(buffer: Buffer | RawBuffer | null, caps: string | null = null, options?: SampleOptions): Sample {
    const { segment, info } = expectOptions('options', options, ['segment', 'info']);
    if (segment !== undefined) expectSegment('options.segment', segment);
    if (info !== undefined && !(info instanceof Structure)) throw wrongType('options.info', 'a Structure', info);
    return withCaps('caps', caps, (native) => {
      const make = (handle: Handle | null) =>
        withEach(segment, info, (part, extra) => new Sample(internal, c.gst_sample_new(handle, native, part, extra)));
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
   * Takes the buffer out and disposes the sample. An appsink holds the last sample until the next one comes: you can change
   * bytes in place through `memory(i)`, and timestamps and metas after `makeWritable()`.
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
    return readSegment(c.gst_sample_get_segment(handleOf(this)));
  }

  /** Extra information as a structure's string (`gst_sample_get_info`); null for none. */
  get info(): string | null {
    const native = c.gst_sample_get_info(handleOf(this));
    return native && c.gst_structure_to_string(native);
  }
}
lock(Sample);

/** Calls `use` with a native segment, and a copy of the structure that GStreamer will free. */
function withEach<T>(
  segment: Segment | undefined,
  info: Structure | undefined,
  use: (segment: Handle | null, info: Handle | null) => T,
): T {
  const next = (part: Handle | null): T =>
    info
      ? withStructure(info.name, 'options.info', info.fields, (native) => use(part, c.gst_structure_copy(native)))
      : use(part, null);
  return segment ? withSegment(segment, next) : next(null);
}

function bytesIn(sample: Handle): number {
  const buffer = c.gst_sample_get_buffer(sample);
  if (!buffer) return 0;
  const size = c.gst_buffer_get_size(buffer);
  references.drop(buffer, 'mini', 0);
  return size;
}

/** Cuts samples off buffers of raw audio, without a copy of the others. */
import { runtime } from '#runtime';
import { AllocationError, MapError } from '../errors.ts';
import { expectSize, outOfRange, wrongType } from '../expect.ts';
import { internal, lend } from '../facade.ts';
import { bufferKind } from '../kinds.ts';
import { Buffer } from '../memory/buffer.ts';
import { expectDivisible } from '../memory/buffer-copies.ts';
import { expectSegment, Format, type Segment, withSegment } from '../memory/segment.ts';
import type { RawBuffer } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';
import { AudioInfo } from './audio-info.ts';

const { c, metas } = runtime;
const { handleOf } = bufferKind;

const second = 1_000_000_000n;

/**
 * The samples within a segment, with their times (`gst_audio_buffer_clip`).
 * @param buffer stays as it is
 * @param segment in `Format.TIME`, for the buffer's `pts`, or in `Format.DEFAULT`, for its `offset`
 * @returns a buffer that shares the memories, with all samples where there is no `pts`; null where no sample is within
 * @throws RangeError where its times, or its offsets, are of more samples than it has; GstError for memory that cannot be
 *   divided
 */
export function audioBufferClip(buffer: Buffer | RawBuffer, info: AudioInfo, segment: Segment): Buffer | null {
  const { format } = expectSegment('segment', segment);
  if (format !== Format.TIME && format !== Format.DEFAULT)
    throw outOfRange('segment', 'in Format.TIME or Format.DEFAULT', format);
  return withCopy(buffer, info, (copy, frames) => {
    if (copy.pts === null || frames === 0) return copy;
    const [start, stop] = format === Format.TIME ? timesOf(copy, info, frames) : offsetsOf(copy, frames);
    const within = segment.clip(start, stop);
    if (!within) return null;
    const samples = (length: number): number =>
      format === Format.TIME ? Number((BigInt(length) * BigInt(info.rate)) / second) : length;
    const before = samples((within.start ?? start) - start);
    const behind = samples(stop - (within.stop ?? stop));
    if (before + behind === 0) return copy;
    // GStreamer does not check that.
    if (before >= frames || before + behind > frames)
      throw outOfRange('buffer', `with times of its ${frames} samples, to cut off ${before} and ${behind}`, stop);
    const native = handleOf(copy);
    return withSegment(segment, (part) => made(c.gst_audio_buffer_clip(native, part, info.rate, info.bytesPerFrame)));
  });
}

/**
 * Some of the samples (`gst_audio_buffer_truncate`). `offset` and `offsetEnd` are theirs; other times are not set.
 * @param buffer stays as it is
 * @param trim samples of each channel to leave out
 * @param samples samples of each channel from there; default: the rest
 * @returns a buffer that shares the memories
 * @throws GstError for memory that cannot be divided
 * @since 1.16
 */
export function audioBufferTruncate(
  buffer: Buffer | RawBuffer,
  info: AudioInfo,
  trim: number,
  samples?: number,
): Buffer {
  return withCopy(buffer, info, (copy, frames) => {
    if (frames === 0) throw outOfRange('buffer', 'of one sample or more', 0);
    expectSize('trim', trim, frames - 1);
    const left = samples === undefined ? frames - trim : expectSize('samples', samples, frames - trim);
    if (left === frames) return copy;
    return made(c.gst_audio_buffer_truncate(handleOf(copy), info.bytesPerFrame, trim, left));
  }) as Buffer;
}

/** Calls with a buffer that shares the memories, which may be the result, and its samples of each channel. */
function withCopy(
  buffer: Buffer | RawBuffer,
  info: AudioInfo,
  use: (copy: Buffer, frames: number) => Buffer | null,
): Buffer | null {
  if (!(info instanceof AudioInfo)) throw wrongType('info', 'an AudioInfo', info);
  return lend('buffer', buffer, bufferKind, (native) => {
    const frames = framesIn(native, info);
    expectDivisible(native);
    const copy = new Buffer();
    let result: Buffer | null = null;
    try {
      result = use(copy.copyInto(buffer), frames);
      return result;
    } finally {
      if (result !== copy) copy.dispose();
    }
  });
}

function framesIn(native: Handle, { bytesPerFrame }: AudioInfo): number {
  const size = c.gst_buffer_get_size(native);
  const frames = metas.audio(native)?.samples ?? Math.floor(size / bytesPerFrame);
  if (frames * bytesPerFrame <= size) return frames;
  throw new MapError(`expected a buffer of ${frames} frames of ${bytesPerFrame} bytes, got one of ${size} bytes`);
}

function timesOf({ pts, duration }: Buffer, { rate }: AudioInfo, frames: number): [number, number] {
  const start = pts as number;
  return [start, start + (duration ?? Number((BigInt(frames) * second) / BigInt(rate)))];
}

function offsetsOf({ offset, offsetEnd }: Buffer, frames: number): [number, number] {
  if (offset === null) throw outOfRange('buffer', 'with an `offset`, for a segment in Format.DEFAULT', offset);
  const end = offsetEnd ?? offset + frames;
  if (end < offset) throw outOfRange('buffer', 'with an `offsetEnd` behind its `offset`', end);
  return [offset, end];
}

function made(native: Handle | null): Buffer {
  if (!native) throw new AllocationError('the samples could not be cut off');
  return new Buffer(internal, native);
}

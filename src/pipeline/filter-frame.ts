/** The argument of a filter's body, and its result. */
import { runtime } from '#runtime';
import { AudioBuffer } from '../audio/audio-buffer.ts';
import { AudioInfo } from '../audio/audio-info.ts';
import { wrongType } from '../expect.ts';
import { internal } from '../facade.ts';
import { bufferKind } from '../kinds.ts';
import { MapFlags } from '../map-flags.ts';
import { Buffer } from '../memory/buffer.ts';
import type { Handle } from '../runtime/port/index.ts';
import { VideoFrame } from '../video/video-frame.ts';
import { VideoInfo } from '../video/video-info.ts';

const { mapping, references } = runtime;
const { handleOf } = bufferKind;

/** What the body of a filter gets: a video frame, audio samples, or a plain buffer. */
export type FilterKind = 'video' | 'audio' | 'buffer';
export type FilterFrame = VideoFrame | AudioBuffer | Buffer;

/** How the buffers of a stream are mapped, by its caps. */
export type Shape = VideoInfo | AudioInfo | null;

export function shapeOf(caps: string, as: FilterKind | undefined): Shape {
  if (as === 'buffer') return null;
  if (as === 'video') return VideoInfo.fromCaps(caps);
  if (as === 'audio') return AudioInfo.fromCaps(caps);
  // Memory other than system memory has no planes that can be mapped.
  if (/^video\/x-raw,/.test(caps)) return VideoInfo.fromCaps(caps);
  return /^audio\/x-raw,/.test(caps) ? AudioInfo.fromCaps(caps) : null;
}

/** A writable buffer: a copy where the given one is shared. Takes over the reference. */
export function ownBuffer(handle: Handle): Buffer {
  const buffer = new Buffer(internal, handle);
  if (references.isWritable(handle) && mapping.canMapAll(handle, MapFlags.READWRITE)) return buffer;
  try {
    return buffer.copyDeep();
  } finally {
    buffer.dispose();
  }
}

export function frameOf(buffer: Buffer, shape: Shape): FilterFrame {
  if (shape instanceof VideoInfo) return VideoFrame.map(buffer, shape, MapFlags.READWRITE);
  return shape ? AudioBuffer.map(buffer, shape, MapFlags.READWRITE) : buffer;
}

/** The buffer to pass on: the body's own, or the one it returned, with the frame's times if it has no `pts`. */
export function resultOf(returned: unknown, buffer: Buffer): Buffer | null {
  if (returned === undefined || returned === buffer) return buffer;
  if (returned === null) return null;
  if (!(returned instanceof Buffer)) throw wrongType('the result of `body`', 'nothing, a Buffer or null', returned);
  handleOf(returned);
  if (returned.pts === null) {
    returned.makeWritable();
    for (const name of ['pts', 'dts', 'duration'] as const) returned[name] ??= buffer[name];
  }
  return returned;
}

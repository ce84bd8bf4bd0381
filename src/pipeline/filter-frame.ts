/** What the body of a filter is given, and what becomes of what it gives. */
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

/** What the body of a filter gets: a picture, samples, or bytes. */
export type FilterKind = 'video' | 'audio' | 'buffer';
export type FilterFrame = VideoFrame | AudioBuffer | Buffer;

/** How the buffers of a stream are shown, by its caps. */
export type Shape = VideoInfo | AudioInfo | null;

export function shapeOf(caps: string, as: FilterKind | undefined): Shape {
  if (as === 'buffer') return null;
  if (as === 'video') return VideoInfo.fromCaps(caps);
  if (as === 'audio') return AudioInfo.fromCaps(caps);
  // Other kinds of memory than the system's have no planes to be mapped.
  if (/^video\/x-raw,/.test(caps)) return VideoInfo.fromCaps(caps);
  return /^audio\/x-raw,/.test(caps) ? AudioInfo.fromCaps(caps) : null;
}

/** A buffer that may be written; a copy where somebody else has a part in it. Takes the reference over. */
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

/** The buffer to be handed on: what the body was given, or returned, with the times of the frame where it has none. */
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

/**
 * Checks a buffer's `GstVideoMeta`. Elements trust that it agrees with the caps, and that its planes lie within the buffer:
 * GStreamer checks neither, and would access bytes beyond the end.
 */
import { runtime } from '#runtime';
import { UnavailableError } from '../errors.ts';
import { eachMemory } from '../fd/file-backing.ts';
import type { Handle, VideoLayout } from '../runtime/port/index.ts';
import { planeAt, VideoInfo } from './video-info.ts';

const { c, fields, metas } = runtime;

/** Caps of pictures that elements map, unlike those in a device's memory. */
const mapped = /^video\/x-raw(\((?![^)]*memory:(?!SystemMemory\b))[^)]*\))?,/;

/** The picture that caps describe, if elements map it; null for other caps, and for formats newer than this package. */
export function mappedPictureOf(caps: string): VideoInfo | null {
  try {
    return mapped.test(caps) ? VideoInfo.fromCaps(caps) : null;
  } catch {
    return null;
  }
}

/** The mistake in a buffer's video meta, in a stream of such pictures; null if there is none. */
export function objectionToLayout(buffer: Handle, meta: VideoLayout, info: VideoInfo): string | null {
  if (!info.layout) return null;
  const { format, width, height } = info;
  if (meta.format !== c.gst_video_format_from_string(format) || meta.width < width || meta.height < height) {
    const found = `${c.gst_video_format_to_string(meta.format)} of ${meta.width}x${meta.height}`;
    return `its video meta is of ${found}, its caps are of ${format}, ${width}x${height}`;
  }
  const ends: number[] = [];
  eachMemory(buffer, 0, -1, (memory) => ends.push((ends.at(-1) ?? 0) + fields.number(memory, 'GstMemory.size')));
  const index = info.planes.findIndex((_, plane) => !isWithin(ends, info, meta, plane));
  return index < 0 ? null : `plane ${index} of its video meta is not all within one of its memories`;
}

/** The buffer's video meta; null where there is none, and where the engine cannot read it. */
export function layoutOf(buffer: Handle): VideoLayout | null {
  try {
    return metas.videoToCheck(buffer);
  } catch (error) {
    if (error instanceof UnavailableError) return null;
    throw error;
  }
}

/** Whether a plane lies within one of the memories that end at `ends`. */
function isWithin(ends: readonly number[], info: VideoInfo, meta: VideoLayout, index: number): boolean {
  const { offsets, strides, width, height } = meta;
  if (offsets.length !== info.planes.length) return false;
  const [offset, stride] = [offsets[index] as number, strides[index] as number];
  const rows = info.interlaceMode === 'alternate' ? Math.ceil(height / 2) : height;
  // In bottom-up pictures the first row comes last.
  const isUpsideDown = stride < 0 && !info.layout?.tiles;
  const plane = planeAt(info, index, offset, isUpsideDown ? -stride : stride, width, rows);
  const begin = isUpsideDown ? offset + stride * (plane.height - 1) : offset;
  const memory = ends.findIndex((end) => offset < end);
  return memory >= 0 && begin >= (ends[memory - 1] ?? 0) && begin + plane.size <= (ends[memory] as number);
}

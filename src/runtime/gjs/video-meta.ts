/**
 * GJS makes no wrapper for a `GstVideoMeta`. Mapping the buffer as a frame of the same format takes the meta's strides and
 * offsets over, and is refused for another format or for a larger picture: that is how the rest is found out.
 */
import type { Metas, VideoMetaFields } from '../runtime.ts';
import type { Handle } from '../symbols.ts';
import { GLib, namespace } from './namespaces.ts';

type Picture = Pick<VideoMetaFields, 'format' | 'width' | 'height'>;

/** READ, and no reference on the buffer. */
const mapFlags = 1 | (1 << 16);
const largestSide = 32767;
const smallest = { width: 1, height: 1 };

function mapAs(buffer: Handle, { format, width, height }: Picture): VideoMetaFields | null {
  const { VideoInfo, VideoFrame } = namespace('GstVideo');
  const info = new VideoInfo();
  if (!info.set_format(format, width, height)) return null;
  const [mapped, frame] = VideoFrame.map(info, buffer, mapFlags);
  if (!mapped) return null;
  const { flags, id, info: found } = frame;
  // The format's description is nothing GJS can read; planes that are not there have no stride.
  const count = found.stride.filter((stride: number) => stride !== 0).length;
  const fields = {
    flags,
    format,
    id,
    width,
    height,
    offsets: found.offset.slice(0, count),
    strides: found.stride.slice(0, count),
    padding: null,
  };
  frame.unmap();
  return fields;
}

/** GStreamer takes it for a programming error, on stderr, to map a frame as what it is not. */
function withoutComplaint<T>(attempt: () => T): T {
  const handler = GLib.log_set_handler('GStreamer-Video', GLib.LogLevelFlags.LEVEL_CRITICAL, () => undefined);
  try {
    return attempt();
  } finally {
    GLib.log_remove_handler('GStreamer-Video', handler);
  }
}

/** The largest side with which `fits` still holds; it holds for 1. */
function largest(fits: (side: number) => boolean): number {
  let [low, high] = [1, largestSide + 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function findOut(buffer: Handle): VideoMetaFields | null {
  const formats = Object.values(namespace('GstVideo').VideoFormat) as unknown[];
  const format = formats.find(
    (value): value is number =>
      typeof value === 'number' && value > 1 && mapAs(buffer, { format: value, ...smallest }) !== null,
  );
  if (format === undefined) return null;
  const width = largest((side) => mapAs(buffer, { format, width: side, height: 1 }) !== null);
  const height = largest((side) => mapAs(buffer, { format, width: 1, height: side }) !== null);
  return mapAs(buffer, { format, width, height });
}

export const readVideoMeta: Metas['video'] = (buffer, expected) => {
  const api = namespace('GstVideo').video_meta_api_get_type();
  // biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
  if ((buffer as any).get_n_meta(api) === 0) return null;
  return withoutComplaint(() => (expected && mapAs(buffer, expected)) ?? findOut(buffer));
};

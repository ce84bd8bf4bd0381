/** GJS makes no wrapper for a `GstVideoMeta`: it is read in its serialised form. */
import { UnavailableError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import type { Metas, VideoLayout, VideoMetaFields } from '../port/index.ts';
import { knownFlags } from './marshal.ts';
import { namespace } from './namespaces.ts';
import { contentOf } from './serialised-buffer.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

let api: unknown;

function hasVideoMeta(buffer: Handle): boolean {
  api ??= namespace('GstVideo').video_meta_api_get_type();
  return (buffer as Wrapper).get_n_meta(api) > 0;
}

export function readVideoMeta(buffer: Handle): VideoMetaFields | null {
  if (!hasVideoMeta(buffer)) return null;
  const content = contentOf(buffer, 'GstVideoMeta');
  if (!content)
    throw new UnavailableError('a GstVideoMeta with functions of its own for mapping cannot be read in GJS');
  const word = (place: number): number => content.getUint32(place, true);
  const planes = Array.from({ length: word(16) }, (_, plane) => plane);
  const strides = 20 + planes.length * 8;
  const padding = strides + planes.length * 4;
  return {
    flags: word(0),
    format: word(4),
    id: null,
    width: word(8),
    height: word(12),
    offsets: planes.map((plane) => Number(content.getBigUint64(20 + plane * 8, true))),
    strides: planes.map((plane) => content.getInt32(strides + plane * 4, true)),
    padding: { top: word(padding), bottom: word(padding + 4), left: word(padding + 8), right: word(padding + 12) },
  };
}

/** Metas that this program has added: reading one back takes most of a millisecond. */
const added = new WeakMap<object, VideoLayout>();
/** Whether it has added any: they stay on a pool's buffers, which return with other wrappers. */
let hasAdded = false;

export function videoMetaToCheck(buffer: Handle): VideoLayout | null {
  const known = added.get(buffer);
  if (known) return known;
  return hasVideoMeta(buffer) && (hasAdded || !(buffer as Wrapper).pool) ? readVideoMeta(buffer) : null;
}

/** A pool's buffer with the meta of another buffer: the meta is checked as on that one. */
export function noteVideoMeta(buffer: Handle, from: Handle): void {
  const layout = videoMetaToCheck(from);
  if (layout) added.set(buffer, layout);
}

export function addVideoMeta(buffer: Handle, fields: Parameters<Metas['addVideo']>[1]): void {
  const { flags, format, width, height, offsets, strides, padding } = fields;
  if (padding) {
    throw new UnavailableError(
      'the padding of a GstVideoMeta cannot be set in GJS: introspection has no wrapper for it',
    );
  }
  const unknown = flags & ~knownFlags(namespace('GstVideo').VideoFrameFlags);
  if (unknown)
    throw new UnavailableError(
      `flags beyond those of GstVideoFrameFlags cannot be set in GJS: 0x${(unknown >>> 0).toString(16)}`,
    );
  hasAdded = true;
  // Of several the first counts.
  if (!hasVideoMeta(buffer)) added.set(buffer, fields);
  // GStreamer reads four of each.
  const four = (numbers: readonly number[]) => [...numbers, 0, 0, 0, 0].slice(0, 4);
  const { buffer_add_video_meta_full: add } = namespace('GstVideo');
  add(buffer, flags, format, width, height, strides.length, four(offsets), four(strides));
}

import { outOfRange } from '../../expect.ts';
import { type FieldName, fields, type Handle } from '../../generated/symbols.ts';
import type { Metas, VideoMetaFields } from '../port/index.ts';
import { call, type NativeFunction, native } from './ffi.ts';
import koffi from './koffi.ts';
import { address } from './marshal.ts';

const largestSide = 2 ** 31 - 1;
type Padding = VideoMetaFields['padding'];

let getVideoMeta: NativeFunction | undefined;

/** `gst_buffer_get_video_meta`, read in place. */
export function readVideoMeta(buffer: Handle): VideoMetaFields | null {
  getVideoMeta ??= native('gst_buffer_get_video_meta');
  const meta = getVideoMeta(address(buffer)) as number;
  if (!meta) return null;
  const at = (field: FieldName): number => meta + fields[field][1];
  const word = (field: FieldName): number => koffi.decode.uint32(at(field));
  const planes = [...Array(word('GstVideoMeta.n_planes')).keys()];
  const padding = at('GstVideoMeta.alignment');
  return {
    flags: word('GstVideoMeta.flags'),
    format: word('GstVideoMeta.format'),
    id: koffi.decode.int32(at('GstVideoMeta.id')),
    width: word('GstVideoMeta.width'),
    height: word('GstVideoMeta.height'),
    offsets: planes.map((plane) => Number(koffi.decode.uint64(at('GstVideoMeta.offset') + plane * 8))),
    strides: planes.map((plane) => koffi.decode.int32(at('GstVideoMeta.stride') + plane * 4)),
    padding: {
      top: koffi.decode.uint32(padding),
      bottom: koffi.decode.uint32(padding + 4),
      left: koffi.decode.uint32(padding + 8),
      right: koffi.decode.uint32(padding + 12),
    },
  };
}

export const addVideoMeta: Metas['addVideo'] = (
  buffer,
  { flags, format, width, height, offsets, strides, padding },
) => {
  if (padding) expectRoomFor(padding, format, width, height, strides);
  // GStreamer reads four of each.
  const places = new BigUint64Array(4);
  const steps = new Int32Array(4);
  offsets.forEach((offset, plane) => {
    places[plane] = BigInt(offset);
  });
  steps.set(strides);
  const count = strides.length;
  const meta = call(
    'gst_buffer_add_video_meta_full',
    address(buffer),
    flags,
    format,
    width,
    height,
    count,
    places,
    steps,
  ) as number;
  if (!meta) return false;
  if (padding) {
    const { top, bottom, left, right } = padding;
    [top, bottom, left, right].forEach((pixels, side) => {
      koffi.encode(meta, fields['GstVideoMeta.alignment'][1] + side * 4, 'uint32', pixels);
    });
  }
  return true;
};

/**
 * `gst_video_meta_set_alignment`, which takes its structure by value: the strides must be those that GStreamer computes for
 * the picture with its padding, where there is any.
 */
function expectRoomFor(padding: Padding, format: number, width: number, height: number, strides: number[]): void {
  const { top, bottom, left, right } = padding;
  if (top + bottom + left + right === 0) return;
  const wanted =
    left + right + width > largestSide || top + bottom + height > largestSide
      ? null
      : stridesOf(format, width, height, Uint32Array.of(top, bottom, left, right, 0, 0, 0, 0), strides.length);
  if (wanted?.every((stride, plane) => stride === strides[plane])) return;
  const those = wanted ? `such strides are ${wanted.join(', ')}` : 'there are no such strides';
  throw outOfRange('meta.strides', `those of the picture with its \`padding\` (${those})`, strides.join(', '));
}

/** Null if GStreamer has none. */
function stridesOf(format: number, width: number, height: number, alignment: Uint32Array, planes: number) {
  const info = call('gst_video_info_new') as number;
  try {
    const isKnown =
      call('gst_video_info_set_format', info, format, width, height) && call('gst_video_info_align', info, alignment);
    if (!isKnown) return null;
    return Array.from({ length: planes }, (_, plane) =>
      koffi.decode.int32(info + fields['GstVideoInfo.stride'][1] + plane * 4),
    );
  } finally {
    call('gst_video_info_free', info);
  }
}

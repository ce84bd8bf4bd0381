import type { Metas, VideoMetaFields } from '../runtime.ts';
import { type FieldName, fields, type Handle } from '../symbols.ts';
import { address } from './functions.ts';
import koffi from './koffi.ts';
import { call, type NativeFunction, native } from './library.ts';

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
    // Set as it is: `gst_video_meta_set_alignment` wants the strides to be those it would compute itself.
    [top, bottom, left, right].forEach((pixels, side) => {
      koffi.encode(meta, fields['GstVideoMeta.alignment'][1] + side * 4, 'uint32', pixels);
    });
  }
  return true;
};

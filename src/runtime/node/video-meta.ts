import koffi from 'koffi';
import type { VideoMetaFields } from '../runtime.ts';
import { type FieldName, fields, type Handle } from '../symbols.ts';
import { address } from './functions.ts';
import { type NativeFunction, native } from './library.ts';

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

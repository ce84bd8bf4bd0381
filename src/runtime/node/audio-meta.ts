import { fields, type Handle } from '../../generated/symbols.ts';
import type { AudioMetaFields } from '../port/index.ts';
import { call } from './ffi.ts';
import koffi from './koffi.ts';
import { address } from './marshal.ts';

/** `gst_buffer_get_audio_meta`, read in place. */
export function readAudioMeta(buffer: Handle): AudioMetaFields | null {
  const meta = call('gst_buffer_get_meta', address(buffer), call('gst_audio_meta_api_get_type')) as number;
  if (!meta) return null;
  const word = (pointer: number): number => Number(koffi.decode.uint64(pointer));
  const channels = koffi.decode.int32(meta + fields['GstAudioMeta.info'][1] + fields['GstAudioInfo.channels'][1]);
  const offsets = word(meta + fields['GstAudioMeta.offsets'][1]);
  return {
    samples: word(meta + fields['GstAudioMeta.samples'][1]),
    offsets: offsets ? Array.from({ length: channels }, (_, channel) => word(offsets + channel * 8)) : [],
  };
}

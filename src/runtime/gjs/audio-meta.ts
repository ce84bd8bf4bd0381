import { UnavailableError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import type { AudioMetaFields } from '../port/index.ts';
import { contentOf } from './serialised-buffer.ts';

/**
 * Offset of the number of channels in a serialised `GstAudioMeta`; their positions follow, if they are not too many.
 */
const channelCount = 16;
const mostPositions = 64;
const planar = 1; // GST_AUDIO_LAYOUT_NON_INTERLEAVED

export function readAudioMeta(buffer: Handle): AudioMetaFields {
  const content = contentOf(buffer, 'GstAudioMeta');
  if (!content)
    throw new UnavailableError('a GstAudioMeta cannot be read in GJS: this GStreamer does not serialise it');
  const channels = content.getInt32(channelCount, true);
  const samples = channelCount + 4 + (channels > mostPositions ? 0 : channels * 4);
  const word = (place: number): number => Number(content.getBigUint64(place, true));
  return {
    samples: word(samples),
    offsets:
      content.getInt32(8, true) === planar
        ? Array.from({ length: channels }, (_, channel) => word(samples + 8 + channel * 8))
        : [],
  };
}

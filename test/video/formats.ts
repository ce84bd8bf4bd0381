/** Whether the installed GStreamer knows the format: the table has those of newer ones too. */
import { VideoInfo } from '../../src/index.ts';

export function isKnownFormat(name: string): boolean {
  try {
    return VideoInfo.fromCaps(`video/x-raw, format=${name}, width=16, height=16, framerate=0/1`).planes.length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

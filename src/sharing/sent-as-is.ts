import { compareVersions, type Version } from '../init.ts';
import type { Buffer } from '../memory/buffer.ts';

/**
 * Whether `unixfdsink` can send the memories of a buffer: all have fds and, before GStreamer 1.26.1, none begins at an
 * offset. Older versions of `unixfdsrc` assume that such a memory ends `size` bytes after the start of its file, and
 * readers would see other bytes. The reader's version decides; it is assumed to equal this process's.
 */
export function isSentAsIs(buffer: Buffer, found: Version): boolean {
  const takesOffsets = compareVersions(found, '1.26.1') >= 0;
  for (let index = 0; index < buffer.memoryCount; index++) {
    using memory = buffer.memory(index);
    if (memory.fd === null || (memory.offset > 0 && !takesOffsets)) return false;
  }
  return true;
}

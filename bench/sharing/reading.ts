/** The reading process's work, the same on both engines. */
import type * as Package from '../../src/index.ts';
import { expectStamp } from './stamp.ts';

export async function read(
  { FrameReader, MapFlags, ShmdataReader }: typeof Package,
  transport: string,
  path: string,
  caps: string,
  frames: number,
): Promise<void> {
  let number = 0;
  if (transport === 'shmdata') {
    for await (const { bytes } of ShmdataReader.follow(path)) {
      expectStamp(bytes, number++);
      if (number === frames) return;
    }
  } else {
    const options = transport === 'shm' ? ({ transport, caps } as const) : {};
    for await (const sample of FrameReader.follow(path, options)) {
      const buffer = sample.buffer as Package.Buffer;
      expectStamp(buffer.map(MapFlags.READ).bytes, number++);
      sample.dispose();
      if (number === frames) return;
    }
  }
}

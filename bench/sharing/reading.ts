/** The reading process's work, the same on both engines. */
import type * as Package from '../../src/index.ts';
import { expectPainted, expectStamp } from './stamp.ts';

/** The use of each frame: reads only its number; its first and last bytes; a byte of each of its pages. */
export type Use = 'take' | 'look' | 'touch';

export interface Reading {
  transport: string;
  path: string;
  caps: string;
  frames: number;
  use: Use;
}

/** Reads all frames; throws if they differ from the written ones. */
export async function read(
  { FrameReader, MapFlags, ShmdataReader }: typeof Package,
  { transport, path, caps, frames, use }: Reading,
): Promise<void> {
  const check = (bytes: Uint8Array, number: number): void => {
    expectStamp(bytes, number);
    if (use === 'touch') expectPainted(bytes);
  };
  let number = 0;
  if (transport === 'shmdata') {
    for await (const { bytes } of ShmdataReader.follow(path)) {
      check(bytes, number++);
      if (number === frames) return;
    }
  } else {
    for await (const sample of FrameReader.follow(path, transport === 'shm' ? { transport, caps } : {})) {
      const buffer = sample.buffer as Package.Buffer;
      if (use !== 'take') check(buffer.map(MapFlags.READ).bytes, number);
      else if (buffer.offset !== number) throw new Error(`expected frame ${number}, got ${buffer.offset}`);
      sample.dispose();
      if (++number === frames) return;
    }
  }
}

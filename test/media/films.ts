/** Films that specs make for themselves, in files without a name. */
import { host } from '#host';
import { Pipeline } from '../../src/index.ts';

export interface Film extends Disposable {
  /** Of its file, as long as it is not disposed. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file with these bytes. */
export function fileOf(bytes: Uint8Array): Film {
  const fd = host.openFile(bytes);
  return { path: `/proc/self/fd/${fd}`, bytes, [Symbol.dispose]: () => host.close(fd) };
}

/** A film that a description makes, which ends in `… ! file` once. */
export async function film(description: string): Promise<Film> {
  const fd = host.openFile(new Uint8Array());
  const path = `/proc/self/fd/${fd}`;
  const text: string = description.replace('! file', `! filesink location=${path}`);
  await using pipeline = Pipeline.parse(text);
  await pipeline.play();
  await pipeline.finished();
  await pipeline.stop();
  const chunks: number[] = [];
  for (let offset = 0; ; ) {
    const bytes = host.read(fd, offset, 1 << 16);
    if (bytes.length === 0) break;
    for (const byte of bytes) chunks.push(byte);
    offset += bytes.length;
  }
  return { path, bytes: Uint8Array.from(chunks), [Symbol.dispose]: () => host.close(fd) };
}

/** As many frames of 32×16 as are asked for, ten a second, each brighter than the one before. */
export const pictures = (count: number, size = 'width=32,height=16'): string =>
  `videotestsrc num-buffers=${count} pattern=ball ! video/x-raw,format=I420,${size},framerate=10/1`;

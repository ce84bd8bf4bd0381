/** Times of filters, on the engine whose package is given. */
import type * as Package from '../../src/index.ts';

/** Nanoseconds a frame, in the order of the rounds. */
export type Times = Record<string, number[]>;

const caps = 'video/x-raw, format=I420, width=1920, height=1080, framerate=30/1';

/** Inverts eight bytes at a time. */
function invert(frame: Package.VideoFrame): void {
  for (const { data } of frame.planes) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
    for (let at = 0; at < words.length; at++) words[at] = ~(words[at] as number);
  }
}

/** @param now nanoseconds */
export async function measure(gst: typeof Package, now: () => number, frames: number, rounds: number): Promise<Times> {
  async function play(body: ((frame: Package.VideoFrame) => void) | null): Promise<number> {
    const pipeline = gst.Pipeline.parse(
      `videotestsrc num-buffers=${frames} pattern=black ! ${caps} ! identity name=filter ! fakesink` as string,
    );
    if (body) pipeline.filter('filter', body, { as: 'video' });
    await pipeline.pause();
    const begin = now();
    await pipeline.play();
    await pipeline.finished();
    const end = now();
    await pipeline.stop();
    pipeline.dispose();
    return (end - begin) / frames;
  }
  /** The work alone, on one frame. */
  function repeat(use: (buffer: Package.Buffer) => void): number {
    const buffer = gst.Buffer.alloc(1920 * 1080 * 1.5);
    const begin = now();
    for (let frame = 0; frame < frames; frame++) use(buffer);
    const end = now();
    buffer.dispose();
    return (end - begin) / frames;
  }
  const info = gst.VideoInfo.fromCaps(caps);
  const works: Record<string, () => Promise<number> | number> = {
    identity: () => play(null),
    'empty body': () => play(() => {}),
    'inverting body': () => play(invert),
    'the mapping alone': () => repeat((buffer) => gst.VideoFrame.map(buffer, info, 3).dispose()),
    'the inversion alone': () =>
      repeat((buffer) => {
        const frame = gst.VideoFrame.map(buffer, info, 3);
        invert(frame);
        frame.dispose();
      }),
  };
  const times: Times = {};
  // In turns, so that a machine that becomes slower does so for all of them.
  for (let round = 0; round < rounds; round++)
    for (const [name, work] of Object.entries(works)) {
      times[name] ??= [];
      times[name].push(await work());
    }
  return times;
}

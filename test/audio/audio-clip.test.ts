/** Samples that are cut off: the cases of GStreamer's own suite. */
import { assert } from 'chai';
import {
  AudioBuffer,
  AudioInfo,
  audioBufferClip,
  audioBufferTruncate,
  Buffer,
  Format,
  Pipeline,
  Segment,
} from '../../src/index.ts';
import { pattern, throws } from '../harness/expectations.ts';

const s = 1_000_000_000;
const info = AudioInfo.fromCaps('audio/x-raw, format=S8, rate=100, channels=1, layout=interleaved');

/** 1,000 samples from the second second on, which are 200 to 1,200 of their stream. */
function tenSeconds(): Buffer {
  const buffer = Buffer.from(pattern(1000));
  return Object.assign(buffer, { pts: 2 * s, duration: 10 * s, offset: 200, offsetEnd: 1200 });
}

describe('Samples of a buffer', () => {
  const { TIME, DEFAULT } = Format;

  for (const [name, format, start, stop, first, last] of [
    ['at both ends', TIME, 4 * s, 8 * s, 400, 800],
    ['at the start', TIME, 4 * s, 12 * s, 400, 1200],
    ['at the end', TIME, 2 * s, 10 * s, 200, 1000],
    ['at both ends, by their numbers', DEFAULT, 400, 800, 400, 800],
    ['at the start, by their numbers', DEFAULT, 400, 1200, 400, 1200],
    ['at the end, by their numbers', DEFAULT, 200, 1000, 200, 1000],
    ['nowhere', TIME, 0, 20 * s, 200, 1200],
  ] as const)
    it(`are cut off ${name}`, () => {
      using buffer = tenSeconds();
      using clipped = audioBufferClip(buffer, info, new Segment({ format, start, stop, time: start })) as Buffer;
      const { pts, duration, offset, offsetEnd } = clipped;
      assert.deepEqual([pts, duration], [first * (s / 100), (last - first) * (s / 100)]);
      assert.deepEqual([offset, offsetEnd], [first, last]);
      assert.deepEqual(clipped.extract(), pattern(1000).slice(first - 200, last - 200));
      assert.deepEqual([buffer.size, buffer.pts, buffer.offset], [1000, 2 * s, 200]);
    });

  it('are cut off where only the start of the buffer is known', () => {
    using buffer = Object.assign(Buffer.from(pattern(1000)), { pts: 2 * s });
    using clipped = audioBufferClip(buffer, info, new Segment({ start: 4 * s, stop: 8 * s })) as Buffer;
    assert.deepEqual([clipped.pts, clipped.duration, clipped.offset, clipped.size], [4 * s, null, null, 400]);
  });

  it('are cut off each channel where they are not interleaved', async () => {
    const caps = 'audio/x-raw, format=F32LE, rate=100, channels=2, layout=non-interleaved';
    await using pipeline = Pipeline.parse(
      `audiotestsrc wave=saw samplesperbuffer=100 num-buffers=1 ! audioconvert ! ${caps} ! appsink name=sink sync=false`,
    );
    await pipeline.play();
    using sample = await pipeline.appSink('sink').pull();
    const planar = AudioInfo.fromCaps(sample?.caps as string);
    const whole = sample?.buffer as Buffer;
    const channels = (buffer: Buffer): number[][] => {
      using audio = AudioBuffer.map(buffer, planar);
      return [0, 1].map((channel) => [...audio.copyChannel(channel)]);
    };
    const all = channels(whole);
    using clipped = audioBufferClip(whole, planar, new Segment({ start: 0.2 * s, stop: 0.5 * s })) as Buffer;
    assert.deepEqual(
      channels(clipped),
      all.map((each) => each.slice(20, 50)),
    );
    assert.deepEqual([clipped.pts, clipped.duration], [0.2 * s, 0.3 * s]);
    using some = audioBufferTruncate(clipped, planar, 10, 5);
    assert.deepEqual(
      channels(some),
      all.map((each) => each.slice(30, 35)),
    );
    assert.deepEqual(channels(whole), all);
  });

  it('are yours to change, cut off or not', () => {
    using buffer = tenSeconds();
    using other = Buffer.alloc(1);
    using memory = other.memory(0);
    for (const segment of [new Segment(), new Segment({ start: 4 * s })]) {
      using clipped = audioBufferClip(buffer, info, segment) as Buffer;
      clipped.appendMemory(memory).pts = 5;
      assert.isTrue(clipped.isWritable);
    }
    assert.deepEqual([buffer.size, buffer.pts], [1000, 2 * s]);
  });

  it('are none within a segment that is elsewhere, and all without a time', () => {
    using buffer = tenSeconds();
    assert.isNull(audioBufferClip(buffer, info, new Segment({ start: 12 * s })));
    assert.isNull(audioBufferClip(buffer, info, new Segment({ format: DEFAULT, start: 1200 })));
    using timeless = Buffer.from(pattern(1000));
    using clipped = audioBufferClip(timeless, info, new Segment({ start: 1, stop: 2 })) as Buffer;
    assert.deepEqual([clipped.size, clipped.pts], [1000, null]);
  });

  it('are not cut off where there are fewer than the times say', () => {
    using buffer = Object.assign(Buffer.from(pattern(100)), { pts: 0, duration: 10 * s });
    throws(() => audioBufferClip(buffer, info, new Segment({ start: 5 * s })), RangeError, /`buffer`/);
    throws(() => audioBufferClip(buffer, info, new Segment({ format: DEFAULT })), RangeError, /`offset`/);
    throws(() => audioBufferClip(buffer, info, new Segment({ format: Format.PERCENT })), RangeError, /`segment`/);
    throws(() => audioBufferClip(buffer, info, {} as Segment), TypeError, /`segment`/);
    throws(() => audioBufferClip(buffer, {} as AudioInfo, new Segment()), TypeError, /`info`/);
  });

  it('are left out by their number', () => {
    const frames = AudioInfo.fromCaps('audio/x-raw, format=S16LE, rate=100, channels=2, layout=interleaved');
    using buffer = tenSeconds();
    using some = audioBufferTruncate(buffer, frames, 100, 100);
    assert.deepEqual([some.pts, some.duration, some.offset, some.offsetEnd], [null, null, 300, 400]);
    assert.deepEqual(some.extract(), pattern(1000).slice(400, 800));
    using rest = audioBufferTruncate(buffer, frames, 249);
    assert.strictEqual(rest.size, 4);
    throws(() => audioBufferTruncate(buffer, frames, 250), RangeError, /`trim`/);
    throws(() => audioBufferTruncate(buffer, frames, 100, 151), RangeError, /`samples`/);
    using empty = new Buffer();
    throws(() => audioBufferTruncate(empty, frames, 0), RangeError, /`buffer`/);
  });
});

import { assert } from 'chai';
import {
  Buffer,
  BufferFlags,
  DisposedError,
  MapError,
  MapFlags,
  NotWritableError,
  Pipeline,
  runtime,
  type Sample,
  UnavailableError,
  VideoFrame,
  VideoInfo,
} from '../../src/index.ts';
import { badNumbers, notNumbers, pattern, throws } from '../harness/expectations.ts';
import { unavailableInGjs } from '../harness/unavailable-in-gjs.ts';

const { READ, WRITE, READWRITE } = MapFlags;
const infoOf = (format: string, width: number, height: number, more = '') =>
  VideoInfo.fromCaps(`video/x-raw, format=${format}, width=${width}, height=${height}${more}`);

/** A buffer with a memory for each of the parts. */
function bufferOf(...parts: Uint8Array[]): Buffer {
  const buffer = new Buffer();
  for (const part of parts) {
    using other = Buffer.from(part);
    using memory = other.memory(0);
    buffer.appendMemory(memory);
  }
  return buffer;
}

describe('VideoFrame', () => {
  const i420 = infoOf('I420', 35, 19);

  it('has the planes where the caps say they are', () => {
    const bytes = pattern(i420.size);
    using buffer = Buffer.from(bytes);
    using frame = VideoFrame.map(buffer, i420);
    assert.strictEqual(frame.info, i420);
    assert.deepEqual([frame.width, frame.height, frame.flags], [35, 19, READ]);
    assert.deepEqual(
      frame.planes.map(({ stride, width, height, pixelStride, rowStep, pixelStep }) => [
        stride,
        width,
        height,
        pixelStride,
        rowStep,
        pixelStep,
      ]),
      [
        [36, 35, 19, 1, 36, 1],
        [20, 18, 10, 1, 20, 1],
        [20, 18, 10, 1, 20, 1],
      ],
    );
    frame.planes.forEach(({ data }, index) => {
      const { offset } = i420.planes[index] as (typeof i420.planes)[0];
      assert.strictEqual(data.constructor, Uint8Array);
      assert.deepEqual([...data], [...bytes.subarray(offset, offset + data.length)]);
    });
    assert.strictEqual(frame.zeroCopy, runtime === 'node');
  });

  it('has the planes where a GstVideoMeta says they are', () => {
    const bytes = pattern(4000);
    using buffer = Buffer.from(bytes);
    buffer.addVideoMeta({ format: 'I420', width: 35, height: 19, offsets: [100, 2100, 1500], strides: [64, 48, 32] });
    using frame = VideoFrame.map(buffer, i420);
    assert.deepEqual(
      frame.planes.map(({ stride }) => stride),
      [64, 48, 32],
    );
    for (const [index, offset] of [100, 2100, 1500].entries()) {
      const { data, rowStep } = frame.plane(index);
      assert.strictEqual(data[5 * rowStep + 3], bytes[offset + 5 * rowStep + 3]);
    }
  });

  it('shows the part that a GstVideoMeta of a larger picture begins with', () => {
    using buffer = Buffer.alloc(64 * 32);
    buffer.addVideoMeta({ format: 'GRAY8', width: 64, height: 32, offsets: [0], strides: [64] });
    using frame = VideoFrame.map(buffer, infoOf('GRAY8', 60, 30));
    assert.deepEqual([frame.plane(0).width, frame.plane(0).height, frame.plane(0).stride], [60, 30, 64]);
  });

  it('begins where a GstVideoCropMeta says', function () {
    using buffer = Buffer.from(pattern(infoOf('NV12', 64, 32).size));
    buffer.addVideoMeta({ format: 'NV12', width: 64, height: 32, offsets: [0, 2048], strides: [64, 64] });
    unavailableInGjs(/GstVideoCropMeta cannot be reached in GJS/, () => {
      buffer.addVideoCrop({ x: 10, y: 6, width: 20, height: 10 });
    });
    if (runtime === 'gjs') this.skip();
    const bytes = buffer.extract();
    using frame = VideoFrame.map(buffer, infoOf('NV12', 20, 10));
    assert.strictEqual(frame.plane(0).data[64 + 1], bytes[7 * 64 + 11]);
    assert.strictEqual(frame.plane(1).data[64 + 1], bytes[2048 + 4 * 64 + 11]);
    throws(() => VideoFrame.map(buffer, infoOf('NV12', 60, 30)), MapError, /beyond/);
  });

  it('writes in place', () => {
    using buffer = Buffer.alloc(i420.size);
    buffer.memset(0, 0, buffer.size);
    {
      using frame = VideoFrame.map(buffer, i420, WRITE);
      frame.planes.forEach(({ data, rowStep, width, height }, index) => {
        for (let y = 0; y < height; y++) data.fill(index + 1, y * rowStep, y * rowStep + width);
      });
    }
    const bytes = buffer.extract();
    assert.deepEqual([bytes[0], bytes[34], bytes[720], bytes[920 + 17]], [1, 1, 2, 3]);
  });

  it('has words where values have 16 bits of their own', () => {
    const info = infoOf('I420_10LE', 35, 19);
    using buffer = Buffer.alloc(info.size);
    {
      using frame = VideoFrame.map(buffer, info, WRITE);
      for (const { data, rowStep, stride, pixelStride, pixelStep, width, height } of frame.planes) {
        assert.instanceOf(data, Uint16Array);
        assert.deepEqual([rowStep * 2, pixelStride, pixelStep], [stride, 2, 1]);
        for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * rowStep + x] = y * 35 + x;
      }
    }
    const view = new DataView(buffer.extract().buffer);
    assert.strictEqual(view.getUint16(18 * 72 + 34 * 2, true), 18 * 35 + 34);
  });

  it('has bytes where words have the other byte order, or share their bits', () => {
    for (const format of ['I420_10BE', 'RGB16', 'BGR10A2_LE', 'v210']) {
      const info = infoOf(format, 35, 19);
      using buffer = Buffer.alloc(info.size);
      using frame = VideoFrame.map(buffer, info);
      assert.strictEqual(frame.plane(0).data.constructor, Uint8Array, format);
    }
  });

  it('maps planes in memories of their own where they are, without merging', () => {
    const [luma, blue, red] = [pattern(720, 1), pattern(200, 2), pattern(200, 3)];
    using buffer = bufferOf(luma, blue, red);
    {
      using frame = VideoFrame.map(buffer, i420, READWRITE);
      [luma, blue, red].forEach((bytes, index) => {
        const { data, stride, height } = frame.plane(index);
        assert.deepEqual([...data], [...bytes.subarray(0, stride * height)]);
        frame.plane(index).data[7] = 99;
      });
    }
    assert.strictEqual(buffer.memoryCount, 3);
    const bytes = buffer.extract();
    assert.deepEqual([bytes[7], bytes[727], bytes[927], bytes[8]], [99, 99, 99, luma[8]]);
  });

  it('maps two planes in one memory once', () => {
    using buffer = bufferOf(pattern(720, 1), pattern(400, 2));
    using frame = VideoFrame.map(buffer, i420, WRITE);
    assert.strictEqual(frame.plane(1).data.buffer, frame.plane(2).data.buffer);
    assert.strictEqual(buffer.memoryCount, 2);
  });

  it('merges a plane in several memories only when it is told to', () => {
    const bytes = pattern(i420.size);
    using buffer = bufferOf(bytes.slice(0, 300), bytes.slice(300));
    throws(() => VideoFrame.map(buffer, i420), MapError, /plane 0 lies across several of the 2 memories.*merge/);
    assert.strictEqual(buffer.memoryCount, 2);
    using frame = VideoFrame.map(buffer, i420, READ, { merge: true });
    assert.deepEqual([...frame.plane(0).data], [...bytes.subarray(0, 36 * 19)]);
  });

  it('takes a last row that ends with its last pixel', () => {
    using buffer = Buffer.alloc(36 * 18 + 35);
    buffer.addVideoMeta({ format: 'GRAY8', width: 35, height: 19, offsets: [0], strides: [36] });
    using frame = VideoFrame.map(buffer, infoOf('GRAY8', 35, 19));
    assert.strictEqual(frame.plane(0).data.length, 36 * 18 + 35);
  });

  it('gives the rows of each field', () => {
    const info = infoOf('I420', 8, 8, ', interlace-mode=interleaved');
    using buffer = Buffer.from(Uint8Array.from({ length: info.size }, (_, index) => index >> 3));
    using frame = VideoFrame.map(buffer, info);
    assert.isTrue(frame.isInterlaced);
    for (const [which, first] of [
      ['top', 0],
      ['bottom', 1],
    ] as const) {
      const [luma, blue] = frame.field(which);
      assert.deepEqual([luma?.height, luma?.stride, blue?.height], [4, 16, 2]);
      assert.deepEqual(
        [0, 1, 2, 3].map((y) => luma?.data[y * 16]),
        [0, 2, 4, 6].map((y) => y + first),
      );
    }
    throws(() => frame.field('middle' as never), RangeError, /which/);
  });

  it('knows which field of a stream comes first', async () => {
    for (const first of [true, false]) {
      await using pipeline = Pipeline.parse(
        `videotestsrc num-buffers=4 ! video/x-raw, format=I420, width=32, height=32, framerate=50/1
         ! interlace field-pattern=1:1 top-field-first=${first} ! appsink name=sink`,
      );
      await pipeline.play();
      using sample = (await pipeline.appSink('sink').pull()) as Sample;
      const info = VideoInfo.fromCaps(sample.caps as string);
      using frame = VideoFrame.map(sample.buffer as Buffer, info);
      assert.strictEqual(info.interlaceMode, 'interleaved');
      assert.deepEqual([frame.isInterlaced, frame.topFieldFirst], [true, first]);
      assert.deepEqual([frame.isOneField, frame.repeatFirstField], [false, false]);
    }
  });

  it('has the flags of its fields', () => {
    const info = VideoInfo.fromCaps(
      'video/x-raw, format=GRAY8, width=4, height=4, framerate=25/1, interlace-mode=mixed',
    );
    using buffer = Buffer.alloc(16);
    for (const flag of [0, 1 << 21, 1 << 22, 1 << 23]) {
      buffer.flags = BufferFlags.DISCONT | flag;
      using frame = VideoFrame.map(buffer, info);
      assert.deepEqual(
        [frame.topFieldFirst, frame.repeatFirstField, frame.isOneField],
        [flag === 1 << 21, flag === 1 << 22, flag === 1 << 23],
      );
      assert.isTrue((buffer.flags & BufferFlags.DISCONT) !== 0);
    }
  });

  it('gives a region of every plane, to be written in place', () => {
    for (const format of ['I420', 'NV12', 'RGBA', 'YUY2', 'I420_10LE', 'GRAY8', 'Y41B', 'RGB']) {
      const info = infoOf(format, 35, 19);
      using buffer = Buffer.alloc(info.size);
      buffer.memset(0, 0, buffer.size);
      {
        using frame = VideoFrame.map(buffer, info, READWRITE);
        const parts = frame.region(8, 4, 13, 7);
        parts.forEach((part, index) => {
          const plane = frame.plane(index);
          const [across, down] = [Math.round(35 / plane.width), Math.round(19 / plane.height)];
          assert.deepEqual(
            [part.width, part.height],
            [Math.ceil(21 / across) - 8 / across, Math.ceil(11 / down) - 4 / down],
          );
          part.data[0] = 77;
          assert.strictEqual(plane.data[(4 / down) * plane.rowStep + (8 / across) * plane.pixelStep], 77, format);
          const last = (part.height - 1) * part.rowStep + (part.width - 1) * part.pixelStep;
          assert.isBelow(last, part.data.length);
        });
      }
    }
  });

  it('begins a region with the values its first pixel shares', () => {
    using buffer = Buffer.alloc(i420.size);
    using frame = VideoFrame.map(buffer, i420);
    const [luma, blue] = frame.region(3, 5, 1, 1);
    assert.deepEqual([luma?.width, luma?.height, blue?.width, blue?.height], [1, 1, 1, 1]);
    assert.strictEqual(blue?.data.byteOffset, (frame.plane(1).data.byteOffset ?? 0) + 2 * 20 + 1);
  });

  it('ends with dispose, and every view with it', () => {
    using buffer = bufferOf(pattern(720, 1), pattern(200, 2), pattern(200, 3));
    const frame = VideoFrame.map(buffer, i420);
    const planes = frame.planes;
    frame.dispose();
    frame.dispose();
    frame[Symbol.dispose]();
    assert.isTrue(frame.isDisposed);
    for (const { data } of planes) assert.strictEqual(data.length, 0);
    for (const use of [
      () => frame.planes,
      () => frame.plane(0),
      () => frame.region(0, 0, 1, 1),
      () => frame.field('top'),
    ]) {
      throws(use, DisposedError);
    }
    // Nothing is mapped any more.
    buffer.withMapping(WRITE, (bytes) => bytes.fill(0));
  });

  it('ends with its buffer', () => {
    const buffer = Buffer.alloc(i420.size);
    const frame = VideoFrame.map(buffer, i420);
    buffer.dispose();
    assert.isTrue(frame.isDisposed);
    throws(() => frame.planes, DisposedError);
    frame.dispose();
    throws(() => VideoFrame.map(buffer, i420), DisposedError);
  });

  it('takes a raw buffer', () => {
    using buffer = Buffer.from(pattern(i420.size));
    using frame = VideoFrame.map(buffer.gi as never, i420);
    assert.strictEqual(frame.plane(0).data[3], buffer.extract(3, 1)[0]);
  });

  it('throws for a plane that is not there', () => {
    using buffer = Buffer.alloc(i420.size);
    using frame = VideoFrame.map(buffer, i420);
    for (const bad of [...badNumbers, 3]) throws(() => frame.plane(bad), RangeError, /index/);
    for (const bad of notNumbers) throws(() => frame.plane(bad as number), TypeError, /index/);
    throws(() => frame.region(0, 0, 36, 1), RangeError, /width/);
    throws(() => frame.region(35, 0, 1, 1), RangeError, /x/);
    throws(() => frame.region(0, 0, 1, 0), RangeError, /height/);
  });

  it('throws for a buffer that is too small', () => {
    for (const size of [0, 100, i420.size - 30]) {
      using buffer = Buffer.alloc(size);
      throws(() => VideoFrame.map(buffer, i420), MapError, /needs \d+ bytes from \d+ on, the buffer has/);
    }
    using buffer = Buffer.alloc(i420.size);
    buffer.addVideoMeta({ format: 'I420', width: 35, height: 19, offsets: [0, 720, 1100], strides: [36, 20, 20] });
    throws(() => VideoFrame.map(buffer, i420), MapError, /plane 2 needs/);
  });

  it('throws for a buffer that holds another picture', () => {
    using buffer = Buffer.alloc(i420.size * 4);
    buffer.addVideoMeta({ format: 'NV12', width: 35, height: 19, offsets: [0, 720], strides: [36, 36] });
    throws(() => VideoFrame.map(buffer, i420), MapError, /holds NV12 of 35x19, not I420/);
    using small = Buffer.alloc(i420.size * 4);
    small.addVideoMeta({ format: 'I420', width: 34, height: 19, offsets: [0, 720, 1000], strides: [36, 20, 20] });
    throws(() => VideoFrame.map(small, i420), MapError, /34x19/);
  });

  it('throws for what has no planes', () => {
    using buffer = Buffer.alloc(100);
    for (const caps of [
      'video/x-h264, width=8, height=8',
      'video/x-raw(memory:DMABuf), format=DMA_DRM, drm-format=NV12, width=8, height=8',
    ]) {
      throws(() => VideoFrame.map(buffer, VideoInfo.fromCaps(caps)), MapError, /no planes/);
    }
    const tiled = infoOf('NV12_4L4', 32, 32);
    using tiles = Buffer.alloc(tiled.size);
    using frame = VideoFrame.map(tiles, tiled);
    throws(() => frame.region(0, 0, 4, 4), UnavailableError, /NV12_4L4/);
    throws(() => frame.field('top'), UnavailableError, /tiles/);
  });

  it('throws for rows from bottom to top, and for words at odd bytes', () => {
    using buffer = Buffer.alloc(4096);
    buffer.addVideoMeta({ format: 'GRAY8', width: 8, height: 8, offsets: [512], strides: [-8] });
    throws(() => VideoFrame.map(buffer, infoOf('GRAY8', 8, 8)), MapError, /bottom to top/);
    using odd = Buffer.alloc(4096);
    odd.addVideoMeta({ format: 'GRAY16_LE', width: 8, height: 8, offsets: [1], strides: [16] });
    throws(() => VideoFrame.map(odd, infoOf('GRAY16_LE', 8, 8)), MapError, /odd/);
    odd.withMapping(WRITE, (bytes) => bytes.fill(0));
  });

  it('refuses wrong arguments', () => {
    using buffer = Buffer.alloc(i420.size);
    throws(() => VideoFrame.map({} as never, i420), TypeError);
    throws(() => VideoFrame.map(buffer, 'video/x-raw' as never), TypeError, /info/);
    for (const bad of [0, 4, -1]) throws(() => VideoFrame.map(buffer, i420, bad as never), RangeError, /flags/);
    throws(() => VideoFrame.map(buffer, i420, READ, { merg: true } as never), TypeError, /did you mean `merge`/);
  });

  it('refuses to write a shared buffer', () => {
    using buffer = Buffer.alloc(i420.size);
    using other = Buffer.wrap(buffer.gi);
    throws(() => VideoFrame.map(buffer, i420, WRITE), NotWritableError);
    using frame = VideoFrame.map(other, i420);
    assert.lengthOf(frame.planes, 3);
  });
});

/**
 * Every format whose pixels have bytes of their own, decoded by our planes and component layouts, and by GStreamer:
 * videoconvert's unpacking to 16 bits a component, without resampling colours. Both must agree in every pixel.
 */
import { assert } from 'chai';
import { Buffer, Pipeline, type Sample, VideoFrame, VideoInfo, type VideoPlane } from '../../src/index.ts';
import { videoFormat } from '../../src/video/video-format.ts';
import { videoFormatTable } from '../../src/video/video-format-table.ts';
import { pattern } from '../harness/expectations.ts';
import { isKnownFormat } from './formats.ts';

const width = 35;
const height = 19;

/** Every value there is, all over the picture. */
const noise = pattern(width * height * 4, 3).map((value, index) => value ^ ((index * index) >> 3));

/** The same picture in the format, and as GStreamer unpacks it from there. */
async function framesOf(format: string, wide: string): Promise<[Sample, Sample]> {
  await using pipeline = Pipeline.parse(
    `appsrc name=source format=time caps="video/x-raw, format=AYUV, width=${width}, height=${height}, framerate=0/1"
     ! videoconvert dither=none ! video/x-raw, format=${format} ! tee name=both
     both. ! queue ! appsink name=ours
     both. ! queue ! videoconvert chroma-mode=none dither=none ! video/x-raw, format=${wide} ! appsink name=theirs`,
  );
  await pipeline.play();
  using picture = Buffer.from(noise);
  await pipeline.appSrc('source').push(picture);
  pipeline.appSrc('source').endOfStream();
  return (await Promise.all([pipeline.appSink('ours').pull(), pipeline.appSink('theirs').pull()])) as [Sample, Sample];
}

/** The value of a component, from the bytes of its plane. */
function valueAt(plane: VideoPlane, format: string, component: number, x: number, y: number): number {
  const { components, wordBytes, isNativeEndian } = videoFormat(format);
  const { offset, pixelStride, bits, shift, widthSubsampling, heightSubsampling } = components[
    component
  ] as (typeof components)[0];
  const [column, row] = [x >> widthSubsampling, y >> heightSubsampling];
  const { data, stride } = plane;
  const at = row * stride + column * pixelStride + offset;
  const mask = 2 ** bits - 1;
  if (data instanceof Uint16Array) return ((data[at / 2] as number) >> shift) & mask;
  if (wordBytes === 2 && !isNativeEndian) {
    return ((((data[at] as number) << 8) | (data[at + 1] as number)) >> shift) & mask;
  }
  if (bits === 8) return data[at] as number;
  // Several values in a word.
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const word = pixelStride === 2 ? view.getUint16(at, true) : view.getUint32(at, format !== 'r210');
  return Math.floor(word / 2 ** shift) & mask;
}

describe('Video formats', function () {
  this.timeout(20_000);
  const known = Object.keys(videoFormatTable).filter(isKnownFormat);
  const decodable = known.filter((name) => {
    const { isComplex, tiles } = videoFormat(name);
    return !isComplex && !tiles && name !== 'RGB8P';
  });

  it('are more than twenty', () => {
    assert.isAbove(decodable.length, 100);
  });

  for (const format of decodable) {
    it(`${format} is decoded as GStreamer decodes it`, async () => {
      const { kind, components, planeCount, hasAlpha } = videoFormat(format);
      const wide = kind === 'rgb' ? 'ARGB64' : 'AYUV64';
      const [sample, reference] = await framesOf(format, wide);
      using ours = sample;
      using theirs = reference;
      using frame = VideoFrame.map(ours.buffer as never, VideoInfo.fromCaps(ours.caps as string));
      using wideFrame = VideoFrame.map(theirs.buffer as never, VideoInfo.fromCaps(theirs.caps as string));
      assert.lengthOf(frame.planes, planeCount);
      const expected = wideFrame.plane(0);
      const wrong: string[] = [];
      components.forEach(({ plane, bits }, component) => {
        const isAlpha = hasAlpha && component === components.length - 1;
        const place = isAlpha ? 0 : component + 1;
        // GStreamer 1.26 takes U for V in the last column of an odd width.
        const columns = format === 'VYUY' && component > 0 ? width - 1 : width;
        for (let y = 0; y < height && wrong.length < 4; y++) {
          for (let x = 0; x < columns && wrong.length < 4; x++) {
            const wanted = expected.data[y * expected.rowStep + x * expected.pixelStep + place] as number;
            const value = valueAt(frame.plane(plane), format, component, x, y);
            // The bits GStreamer adds below differ from format to format.
            if (value !== wanted >> (16 - bits))
              wrong.push(`${component} at ${x},${y}: ${value}, not ${wanted >> (16 - bits)}`);
          }
        }
      });
      assert.deepEqual(wrong, []);
    });
  }

  for (const format of known.filter((name) => !decodable.includes(name))) {
    it(`${format} has all its bytes in its planes`, async () => {
      await using pipeline = Pipeline.parse(
        `videotestsrc num-buffers=1 ! videoconvert ! video/x-raw, format=${format}, width=${width}, height=${height} ! appsink name=sink`,
      );
      await pipeline.play();
      using sample = (await pipeline.appSink('sink').pull()) as Sample;
      const info = VideoInfo.fromCaps(sample.caps as string);
      assert.strictEqual(sample.buffer?.size, info.size);
      using frame = VideoFrame.map(sample.buffer as never, info);
      const bytes = sample.buffer?.extract() as Uint8Array;
      frame.planes.forEach((plane, index) => {
        const { offset, size } = info.planes[index] as (typeof info.planes)[0];
        assert.isAtLeast(plane.data.length, size);
        assert.deepEqual([...plane.data.subarray(0, size)], [...bytes.subarray(offset, offset + size)]);
        const next = info.planes[index + 1]?.offset ?? info.size;
        assert.isAtMost(offset + size, next);
      });
    });
  }
});

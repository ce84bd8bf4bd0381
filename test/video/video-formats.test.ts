/**
 * Every format whose pixels have bytes of their own, decoded by our planes and component layouts, and by GStreamer:
 * videoconvert's unpacking to 16 bits a component, without resampling colours. Both must agree in every pixel.
 */
import { assert } from 'chai';
import { videoFormatTable } from '../../src/generated/video-formats.ts';
import { Buffer, Pipeline, type Sample, VideoFrame, VideoInfo, type VideoPlane } from '../../src/index.ts';
import { videoFormat } from '../../src/video/video-format.ts';
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

/** Where our decoding is not GStreamer's; the first few places. */
async function differences(format: string): Promise<string[]> {
  const { kind, components, planeCount, hasAlpha } = videoFormat(format);
  const [sample, reference] = await framesOf(format, kind === 'rgb' ? 'ARGB64' : 'AYUV64');
  using ours = sample;
  using theirs = reference;
  using frame = VideoFrame.map(ours.buffer as Buffer, VideoInfo.fromCaps(ours.caps as string));
  using wide = VideoFrame.map(theirs.buffer as Buffer, VideoInfo.fromCaps(theirs.caps as string));
  assert.lengthOf(frame.planes, planeCount);
  const expected = wide.plane(0);
  const wrong: string[] = [];
  components.forEach(({ plane, bits }, component) => {
    const isAlpha = hasAlpha && component === components.length - 1;
    const place = isAlpha ? 0 : component + 1;
    // GStreamer 1.26 takes U for V in the last column of an odd width.
    const columns = format === 'VYUY' && component > 0 ? width - 1 : width;
    for (let y = 0; y < height && wrong.length < 4; y++) {
      for (let x = 0; x < columns && wrong.length < 4; x++) {
        // The bits GStreamer adds below differ from format to format.
        const wanted = (expected.data[y * expected.rowStep + x * expected.pixelStep + place] as number) >> (16 - bits);
        const value = valueAt(frame.plane(plane), format, component, x, y);
        if (value !== wanted) wrong.push(`${format}: component ${component} at ${x},${y} is ${value}, not ${wanted}`);
      }
    }
  });
  return wrong;
}

/** What is in no plane, or in two. */
async function misplaced(format: string): Promise<string[]> {
  await using pipeline = Pipeline.parse(
    `videotestsrc num-buffers=1 ! videoconvert ! video/x-raw, format=${format}, width=${width}, height=${height}
     ! appsink name=sink`,
  );
  await pipeline.play();
  using sample = (await pipeline.appSink('sink').pull()) as Sample;
  const buffer = sample.buffer as Buffer;
  const info = VideoInfo.fromCaps(sample.caps as string);
  assert.strictEqual(buffer.size, info.size, format);
  using frame = VideoFrame.map(buffer, info);
  const bytes = buffer.extract();
  return info.planes.flatMap(({ offset, size }, index) => {
    const { data } = frame.plane(index);
    const end = info.planes[index + 1]?.offset ?? info.size;
    const isWhole =
      offset + size <= end && bytes.subarray(offset, offset + size).every((byte, at) => byte === data[at]);
    return isWhole ? [] : [`${format}: plane ${index}`];
  });
}

/** Several in one test: what comes after each test takes longer than the test. */
function inGroups(names: readonly string[], test: (names: readonly string[]) => void): void {
  for (let first = 0; first < names.length; first += 15) test(names.slice(first, first + 15));
}

describe('Video formats', function () {
  this.timeout(60_000);
  const known = Object.keys(videoFormatTable).filter(isKnownFormat);
  const isDecodable = (name: string): boolean => {
    const { isComplex, tiles } = videoFormat(name);
    return !isComplex && !tiles && name !== 'RGB8P';
  };

  inGroups(known.filter(isDecodable), (names) => {
    it(`are decoded as GStreamer decodes them: ${names.join(', ')}`, async () => {
      const wrong: string[] = [];
      for (const name of names) wrong.push(...(await differences(name)));
      assert.deepEqual(wrong, []);
    });
  });

  it('of other kinds have all their bytes in their planes', async () => {
    const wrong: string[] = [];
    for (const name of known.filter((format) => !isDecodable(format))) wrong.push(...(await misplaced(name)));
    assert.deepEqual(wrong, []);
  });

  it('are those of GStreamer 1.24, and more', () => {
    assert.isAbove(known.length, 110);
    assert.isAbove(known.filter(isDecodable).length, 90);
  });
});

import { assert } from 'chai';
import { host } from '#host';
import { Pipeline, VideoInfo } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';

describe('VideoInfo', () => {
  it('reads caps', () => {
    const info = VideoInfo.fromCaps(
      'video/x-raw, format=I420, width=35, height=19, framerate=30000/1001, pixel-aspect-ratio=12/11, colorimetry=bt709, chroma-site=mpeg2',
    );
    assert.strictEqual(info.format, 'I420');
    assert.deepEqual([info.width, info.height, info.fieldHeight], [35, 19, 19]);
    assert.strictEqual(`${info.framerate}`, '30000/1001');
    assert.strictEqual(`${info.pixelAspectRatio}`, '12/11');
    assert.strictEqual(info.interlaceMode, 'progressive');
    assert.isNull(info.fieldOrder);
    assert.strictEqual(info.colorimetry, 'bt709');
    assert.strictEqual(info.chromaSite, 'mpeg2');
    assert.strictEqual(info.size, 36 * 20 + 2 * 20 * 10);
    assert.isFalse(info.hasAlpha);
  });

  it('is of any format and size, and has caps that say the same', () => {
    const formats = VideoInfo.formats();
    for (const name of ['I420', 'NV12', 'RGBA', 'GRAY8', 'v210']) assert.include(formats, name);
    for (const format of formats) {
      const info = VideoInfo.of(format, 320, 240);
      assert.deepEqual([info.format, info.width, info.height], [format, 320, 240]);
      assert.deepEqual(VideoInfo.fromCaps(info.caps), info);
    }
    const { caps } = VideoInfo.fromCaps('video/x-raw, format=I420, width=4, height=2, framerate=5/1');
    assert.match(
      caps,
      /^video\/x-raw, format=\(string\)I420, width=\(int\)4, height=\(int\)2, .*framerate=\(fraction\)5\/1/,
    );
    assert.strictEqual(
      VideoInfo.fromCaps('video/x-h264, width=4, height=2').caps,
      'video/x-h264, width=(int)4, height=(int)2',
    );
    for (const bad of ['ENCODED', 'DMA_DRM', 'nonsense', 'toString'])
      throws(() => VideoInfo.of(bad, 4, 2), RangeError, /`format`/);
    throws(() => VideoInfo.of('I420', 0, 2), RangeError, /`width`/);
    throws(() => VideoInfo.of('I420', 2, 2 ** 31 - 1), RangeError);
    throws(() => VideoInfo.of(null as never, 4, 2), TypeError, /`format`/);
  });

  it('has the planes, of odd sizes too', () => {
    const { planes } = VideoInfo.fromCaps('video/x-raw, format=I420, width=35, height=19');
    assert.deepEqual(
      planes.map(({ offset, stride, width, height, pixelStride, size }) => [
        offset,
        stride,
        width,
        height,
        pixelStride,
        size,
      ]),
      [
        [0, 36, 35, 19, 1, 36 * 18 + 35],
        [720, 20, 18, 10, 1, 20 * 9 + 18],
        [920, 20, 18, 10, 1, 20 * 9 + 18],
      ],
    );
    const [packed] = VideoInfo.fromCaps('video/x-raw, format=YUY2, width=35, height=19').planes;
    assert.deepEqual([packed?.stride, packed?.width, packed?.pixelStride], [72, 35, 2]);
  });

  it('has the components: bits, subsampling, where they lie', () => {
    const { components } = VideoInfo.fromCaps('video/x-raw, format=P010_10LE, width=16, height=16');
    const [luma, , red] = components;
    assert.deepEqual(luma, {
      plane: 0,
      offset: 0,
      pixelStride: 2,
      bits: 10,
      shift: 6,
      widthSubsampling: 0,
      heightSubsampling: 0,
    });
    assert.deepEqual(red, {
      plane: 1,
      offset: 2,
      pixelStride: 4,
      bits: 10,
      shift: 6,
      widthSubsampling: 1,
      heightSubsampling: 1,
    });
  });

  it('fills in what caps leave out, as GStreamer does', () => {
    const info = VideoInfo.fromCaps('video/x-raw, format=RGBA, width=64, height=48');
    assert.strictEqual(info.colorimetry, 'sRGB');
    assert.strictEqual(`${info.framerate} ${info.pixelAspectRatio}`, '0/1 1/1');
    assert.isTrue(info.hasAlpha);
  });

  it('knows interlaced video', () => {
    const info = VideoInfo.fromCaps(
      'video/x-raw, format=NV12, width=32, height=32, interlace-mode=interleaved, field-order=top-field-first',
    );
    assert.strictEqual(info.interlaceMode, 'interleaved');
    assert.strictEqual(info.fieldOrder, 'top-field-first');
    const field = VideoInfo.fromCaps(
      'video/x-raw(format:Interlaced), format=NV12, width=32, height=30, interlace-mode=alternate',
    );
    assert.deepEqual(
      [field.height, field.fieldHeight, field.planes[0]?.height, field.planes[1]?.height],
      [30, 15, 15, 8],
    );
  });

  it('has tiles where the format has them', () => {
    const { planes } = VideoInfo.fromCaps('video/x-raw, format=NV12_4L4, width=35, height=19');
    assert.deepEqual(planes[0]?.tile, { width: 4, height: 4, size: 16 });
    assert.strictEqual(planes[0]?.pixelStride, 0);
    assert.strictEqual((planes[0]?.size ?? 0) % 16, 0);
  });

  it('tells that video is encoded, or for a device alone', () => {
    const encoded = VideoInfo.fromCaps('video/x-h264, width=64, height=48, framerate=25/1');
    assert.deepEqual([encoded.format, encoded.width, encoded.planes.length, encoded.layout], ['ENCODED', 64, 0, null]);
    const device = VideoInfo.fromCaps(
      'video/x-raw(memory:DMABuf), format=DMA_DRM, drm-format=NV12:0x0100000000000002, width=64, height=48',
    );
    assert.deepEqual([device.format, device.width, device.height, device.planes.length], ['DMA_DRM', 64, 48, 0]);
  });

  it('is data: it cannot be changed', () => {
    const info = VideoInfo.fromCaps('video/x-raw, format=RGBA, width=64, height=48');
    throws(() => Object.assign(info, { width: 1 }), TypeError);
  });

  it('refuses pictures whose bytes cannot be counted', async () => {
    const caps = (format: string, width: number, height: number) =>
      `video/x-raw, format=${format}, width=${width}, height=${height}, framerate=1/1`;
    const refused: readonly (readonly [string, number, number])[] = [
      ['ARGB', 1073741696, 1],
      ['ARGB', 536870912, 1],
      ['GRAY8', 2147483647, 2],
      ['I420', 2147483647, 1],
      ['v210', 2147483647, 1],
      ['GRAY8', 1073741824, 2147483647],
      ['NV12_4L4', 2147483647, 1],
    ];
    for (const [format, width, height] of refused) {
      throws(() => VideoInfo.fromCaps(caps(format, width, height)), RangeError, /caps/);
      using pipeline = Pipeline.parse('appsrc name=source ! fakesink');
      throws(() => pipeline.appSrc('source').set('caps', caps(format, width, height)), RangeError, /caps/);
    }
    assert.strictEqual(VideoInfo.fromCaps(caps('GRAY8', 2 ** 30, 1)).size, 2 ** 30);
    assert.strictEqual(VideoInfo.fromCaps(caps('GRAY8', 65536, 65535)).size, 65536 * 65535);
    // What GJS cannot hold it warns of.
    const ran = await host.run(
      ({ VideoInfo }) => {
        try {
          return VideoInfo.fromCaps('video/x-raw, format=ARGB, width=1073741696, height=1, framerate=1/1').size;
        } catch (error) {
          return (error as Error).name;
        }
      },
      { G_DEBUG: 'fatal-warnings' },
    );
    assert.deepEqual(ran, { status: 0, value: 'RangeError', stderr: '' });
  });

  it('refuses caps that are not fixed caps of video', () => {
    for (const caps of [
      'video/x-raw',
      'video/x-raw, format=I420',
      'video/x-raw, format=NOPE, width=8, height=8',
      'video/x-raw, format=I420, width=0, height=8',
      'video/x-raw, format=I420, width=-8, height=8',
      'video/x-raw, format=I420, width=[1, 8], height=8',
      'video/x-raw, format=I420, width=8, height=8; video/x-raw, format=NV12, width=8, height=8',
      'audio/x-raw, format=S16LE, rate=8000, channels=1, layout=interleaved',
      'ANY',
      'EMPTY',
      '(((',
    ]) {
      throws(() => VideoInfo.fromCaps(caps), RangeError, /caps/);
    }
    for (const bad of [null, undefined, 1, {}]) throws(() => VideoInfo.fromCaps(bad as never), TypeError, /caps/);
  });
});

import { assert } from 'chai';
import {
  AudioBuffer,
  AudioInfo,
  Buffer,
  DisposedError,
  MapError,
  MapFlags,
  NotWritableError,
  Pipeline,
  type Sample,
} from '../../src/index.ts';
import { badNumbers, notNumbers, throws } from '../harness/expectations.ts';

const capsOf = (format: string, channels = 2, layout = 'interleaved') =>
  `audio/x-raw, format=${format}, rate=48000, channels=${channels}, layout=${layout}${
    channels > 2 ? ', channel-mask=(bitmask)0x0' : ''
  }`;

/** Every format, what its samples are seen as, and how exactly it holds a value from −1 to 1. */
const formats: [string, string, number][] = [
  ['S8', 'Int8Array', 7],
  ['U8', 'Uint8Array', 7],
  ['S16LE', 'Int16Array', 15],
  ['S16BE', 'Uint8Array', 15],
  ['U16LE', 'Uint16Array', 15],
  ['U16BE', 'Uint8Array', 15],
  ['S24_32LE', 'Int32Array', 23],
  ['S24_32BE', 'Uint8Array', 23],
  ['U24_32LE', 'Uint32Array', 23],
  ['U24_32BE', 'Uint8Array', 23],
  ['S32LE', 'Int32Array', 23],
  ['S32BE', 'Uint8Array', 23],
  ['U32LE', 'Uint32Array', 23],
  ['U32BE', 'Uint8Array', 23],
  ['S24LE', 'Uint8Array', 23],
  ['S24BE', 'Uint8Array', 23],
  ['U24LE', 'Uint8Array', 23],
  ['U24BE', 'Uint8Array', 23],
  ['S20LE', 'Uint8Array', 19],
  ['S20BE', 'Uint8Array', 19],
  ['U20LE', 'Uint8Array', 19],
  ['U20BE', 'Uint8Array', 19],
  ['S18LE', 'Uint8Array', 17],
  ['S18BE', 'Uint8Array', 17],
  ['U18LE', 'Uint8Array', 17],
  ['U18BE', 'Uint8Array', 17],
  ['F32LE', 'Float32Array', 23],
  ['F32BE', 'Uint8Array', 23],
  ['F64LE', 'Float64Array', 23],
  ['F64BE', 'Uint8Array', 23],
];

const frames = 64;
/** Two channels of different sines, interleaved. */
const wave = Float64Array.from({ length: frames * 2 }, (_, index) =>
  index % 2 ? 0.9 * Math.sin(index / 7) : 0.5 * Math.cos(index / 3),
);

/** The same wave in one format after another, by GStreamer's converter. */
async function inFormats(names: readonly string[], layout = 'interleaved'): Promise<Map<string, Sample>> {
  const samples = new Map<string, Sample>();
  for (const name of names) {
    await using pipeline = Pipeline.parse(
      `appsrc name=source format=time caps="${capsOf('F64LE')}" ! audioconvert dithering=none noise-shaping=none
       ! ${capsOf(name, 2, layout)} ! appsink name=sink`,
    );
    await pipeline.play();
    using buffer = Buffer.from(wave);
    await pipeline.appSrc('source').push(buffer);
    pipeline.appSrc('source').endOfStream();
    samples.set(name, (await pipeline.appSink('sink').pull()) as Sample);
  }
  return samples;
}

function assertWave(audio: AudioBuffer, bits: number): void {
  const tolerance = 1.01 / 2 ** bits;
  for (let channel = 0; channel < 2; channel++) {
    audio.copyChannel(channel).forEach((value, frame) => {
      assert.closeTo(
        value,
        wave[frame * 2 + channel] as number,
        tolerance,
        `${audio.info.format}, ${channel} at ${frame}`,
      );
    });
  }
}

describe('AudioInfo', () => {
  it('reads caps', () => {
    const info = AudioInfo.fromCaps(capsOf('S24LE', 6));
    const { sample, ...rest } = info;
    assert.deepEqual({ ...rest }, {
      format: 'S24LE',
      rate: 48000,
      channels: 6,
      layout: 'interleaved',
      bytesPerFrame: 18,
      sampleBytes: 3,
      bits: 24,
    } as never);
    assert.strictEqual(sample.kind, 'signed');
    assert.strictEqual(AudioInfo.fromCaps(capsOf('F32LE', 2, 'non-interleaved')).layout, 'non-interleaved');
  });

  it('refuses caps that are not fixed caps of raw audio', () => {
    for (const caps of [
      'audio/x-raw',
      'audio/x-raw, format={S16LE, U8}, rate=48000, channels=2, layout=interleaved',
      'audio/x-raw, format=S17LE, rate=48000, channels=2, layout=interleaved',
      'audio/mpeg, mpegversion=1, rate=48000, channels=2',
      'video/x-raw, format=I420, width=8, height=8',
      'ANY',
      'EMPTY',
      '(((',
    ]) {
      throws(() => AudioInfo.fromCaps(caps), RangeError, /caps/);
    }
    for (const bad of [null, undefined, 1, {}]) throws(() => AudioInfo.fromCaps(bad as never), TypeError, /caps/);
  });
});

describe('AudioBuffer', function () {
  this.timeout(20_000);

  it('has the samples of every format, interleaved', async () => {
    for (const [name, sample] of await inFormats(formats.map(([format]) => format))) {
      using mine = sample;
      using audio = AudioBuffer.map(mine.buffer as Buffer, AudioInfo.fromCaps(mine.caps as string));
      const [, kind, bits] = formats.find(([format]) => format === name) as (typeof formats)[0];
      assert.strictEqual(audio.frames, frames);
      assert.lengthOf(audio.planes, 1);
      assert.strictEqual(audio.planes[0]?.constructor.name, kind, name);
      assertWave(audio, bits);
    }
  });

  it('has the samples of every format, each channel by itself', async () => {
    for (const [name, sample] of await inFormats(
      formats.map(([format]) => format),
      'non-interleaved',
    )) {
      using mine = sample;
      using audio = AudioBuffer.map(mine.buffer as Buffer, AudioInfo.fromCaps(mine.caps as string));
      assert.strictEqual(audio.frames, frames);
      assert.lengthOf(audio.planes, 2);
      const { data, start, step } = audio.channel(1);
      assert.strictEqual(start, 0);
      assert.strictEqual(step, data.length / frames);
      assertWave(audio, formats.find(([format]) => format === name)?.[2] as number);
    }
  });

  it('goes by the GstAudioMeta, whatever else says otherwise', async () => {
    const samples = await inFormats(['F32LE'], 'non-interleaved');
    using sample = samples.get('F32LE') as Sample;
    const info = AudioInfo.fromCaps(sample.caps as string);
    using buffer = sample.takeBuffer() as Buffer;
    buffer.makeWritable().duration = 1000;
    using audio = AudioBuffer.map(buffer, info);
    assertWave(audio, 23);
  });

  it('writes in place', () => {
    using buffer = Buffer.alloc(32);
    const info = AudioInfo.fromCaps(capsOf('S16LE'));
    {
      using audio = AudioBuffer.map(buffer, info, MapFlags.WRITE);
      const { data, start, step } = audio.channel(1);
      for (let frame = 0; frame < audio.frames; frame++) {
        data[start - 1 + frame * step] = -frame;
        data[start + frame * step] = frame * 100;
      }
    }
    const expected = Int16Array.from({ length: 16 }, (_, index) => (index % 2 ? (index >> 1) * 100 : -(index >> 1)));
    assert.deepEqual([...new Int16Array(buffer.extract().buffer)], [...expected]);
  });

  it('is filled with silence', async () => {
    for (const layout of ['interleaved', 'non-interleaved']) {
      for (const [name] of formats) {
        const caps = capsOf(name, 2, layout);
        await using pipeline = Pipeline.parse(
          `audiotestsrc wave=silence samplesperbuffer=8 num-buffers=1 ! ${capsOf('F64LE')} !
           audioconvert dithering=none noise-shaping=none ! ${caps} ! appsink name=sink sync=false`,
        );
        await pipeline.play();
        using sample = await pipeline.appSink('sink').pull();
        const info = AudioInfo.fromCaps(caps);
        using buffer = Buffer.alloc(8 * info.bytesPerFrame).memset(0, 0x55, 8 * info.bytesPerFrame);
        {
          using audio = AudioBuffer.map(buffer, info, MapFlags.WRITE);
          assert.strictEqual(audio.fillSilence(), audio);
        }
        assert.deepEqual(buffer.extract(), sample?.buffer?.extract(), name);
      }
    }
    using buffer = Buffer.alloc(4);
    using audio = AudioBuffer.map(buffer, AudioInfo.fromCaps(capsOf('S16LE')));
    throws(() => audio.fillSilence(), NotWritableError, /WRITE/);
  });

  it('maps the channels where they are, without merging memories', () => {
    using first = Buffer.from(Float32Array.of(0.25, 0.5));
    using second = Buffer.from(Float32Array.of(-0.25, -0.5));
    using memory = second.memory(0);
    first.appendMemory(memory);
    memory.dispose();
    second.dispose();
    using audio = AudioBuffer.map(first, AudioInfo.fromCaps(capsOf('F32LE', 2, 'non-interleaved')));
    assert.deepEqual(
      audio.planes.map((plane) => [...plane]),
      [
        [0.25, 0.5],
        [-0.25, -0.5],
      ],
    );
    assert.strictEqual(first.memoryCount, 2);
    const interleaved = AudioInfo.fromCaps(capsOf('F32LE'));
    throws(() => AudioBuffer.map(first, interleaved), MapError, /merge/);
    using merged = AudioBuffer.map(first, interleaved, MapFlags.READ, { merge: true });
    assert.deepEqual([...(merged.planes[0] as Float32Array)], [0.25, 0.5, -0.25, -0.5]);
  });

  it('copies a channel into the array it is given', () => {
    using buffer = Buffer.from(Uint8Array.of(0, 255, 128, 64));
    using audio = AudioBuffer.map(buffer, AudioInfo.fromCaps(capsOf('U8', 1)));
    const into = new Float32Array(6);
    assert.strictEqual(audio.copyChannel(0, into), into);
    assert.deepEqual([...into], [-1, 127 / 128, 0, -0.5, 0, 0]);
    throws(() => audio.copyChannel(0, new Float32Array(3)), RangeError, /into/);
    throws(() => audio.copyChannel(0, [] as never), TypeError, /into/);
  });

  it('ends with dispose, and with its buffer', () => {
    using buffer = Buffer.alloc(32);
    const info = AudioInfo.fromCaps(capsOf('S16LE'));
    const audio = AudioBuffer.map(buffer, info);
    const [plane] = audio.planes;
    audio.dispose();
    audio.dispose();
    assert.isTrue(audio.isDisposed);
    assert.strictEqual(plane?.length, 0);
    throws(() => audio.planes, DisposedError);
    throws(() => audio.channel(0), DisposedError);
    throws(() => audio.copyChannel(0), DisposedError);
    const other = AudioBuffer.map(buffer, info);
    buffer.dispose();
    assert.isTrue(other.isDisposed);
    throws(() => other.planes, DisposedError);
    other.dispose();
    throws(() => AudioBuffer.map(buffer, info), DisposedError);
  });

  it('refuses wrong arguments and buffers', () => {
    using buffer = Buffer.alloc(30);
    const info = AudioInfo.fromCaps(capsOf('S16LE'));
    throws(() => AudioBuffer.map(buffer, info), MapError, /whole frames/);
    throws(() => AudioBuffer.map({} as never, info), TypeError);
    throws(() => AudioBuffer.map(buffer, {} as never), TypeError, /info/);
    throws(() => AudioBuffer.map(buffer, info, 4 as never), RangeError, /flags/);
    throws(() => AudioBuffer.map(buffer, info, 1, { megre: true } as never), TypeError, /did you mean `merge`/);
    buffer.resize(0, 28);
    using audio = AudioBuffer.map(buffer, info);
    for (const bad of [...badNumbers, 2]) throws(() => audio.channel(bad), RangeError, /index/);
    for (const bad of notNumbers) throws(() => audio.channel(bad as number), TypeError, /index/);
  });

  it('refuses to write what is shared', async () => {
    const samples = await inFormats(['S16LE']);
    using sample = samples.get('S16LE') as Sample;
    const info = AudioInfo.fromCaps(sample.caps as string);
    throws(() => AudioBuffer.map(sample.buffer as Buffer, info, MapFlags.WRITE), NotWritableError);
  });
});

import { assert } from 'chai';
import { runtime } from '#runtime';
import {
  AudioBuffer,
  AudioInfo,
  Buffer,
  DisposedError,
  frames,
  MapFlags,
  PipelineError,
  probe,
  type RecordOptions,
  record,
  UnavailableError,
  VideoFrame,
  VideoInfo,
} from '../../src/index.ts';
import { rejects } from '../harness/expectations.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const [width, height] = [64, 48];
const video = { width, height, rate: 10 } as const;
const size = width * height * 4;

/** A picture of one colour. */
function coloured([red, green, blue]: readonly [red: number, green: number, blue: number]): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 4) bytes.set([red, green, blue, 255], at);
  return bytes;
}

/** 100 ms of a tone at 48 kHz, two channels. */
const tone = Float32Array.from({ length: 9600 }, (_, at) => Math.sin((at >> 1) / 20) / 2);

/** Time in milliseconds and colour in the middle of each frame. */
async function seen(path: string): Promise<{ time: number; colour: number[] }[]> {
  const found: { time: number; colour: number[] }[] = [];
  for await (using frame of frames(path, { format: 'RGBA' })) {
    const [plane] = frame.planes;
    const at = (frame.height >> 1) * (plane?.stride ?? 0) + (frame.width >> 1) * 4;
    found.push({ time: Math.round((frame.pts ?? -1e6) / 1e6), colour: [...(plane?.data.slice(at, at + 3) ?? [])] });
  }
  return found;
}

describe('record', function () {
  this.timeout(60_000);
  const paths: string[] = [];
  const pathOf = (name: string): string => {
    const path = `${temporaryPath('record')}-${name}`;
    paths.push(path);
    return path;
  };
  after(() => {
    for (const path of paths) {
      try {
        runtime.sockets.remove(path);
      } catch {
        // It was never made.
      }
    }
  });

  const colours = [
    [230, 20, 20],
    [20, 200, 20],
    [20, 20, 230],
  ] as const;

  for (const [name, container, codec] of [
    ['film.mp4', /quicktime|mp4/, /H\.264/],
    ['film.mov', /quicktime/, /H\.264/],
    ['film.mkv', /matroska/, /H\.264/],
    ['film.webm', /webm/, /VP8/],
    ['film.ogv', /ogg/, /Theora/],
  ] as const) {
    it(`writes ${name}: each frame once, with its colour, beside a sound of the same length`, async () => {
      const path = pathOf(name);
      {
        await using film = await record(path, { video, audio: {} });
        // All of the picture first: neither track waits for the other.
        for (let index = 0; index < 30; index++) await film.video.write(coloured(colours[index % 3] ?? colours[0]));
        for (let index = 0; index < 30; index++) await film.audio.write(tone);
        assert.equal(film.video.end, 3e9);
        assert.equal(film.audio.end, 3e9);
      }
      const found = await seen(path);
      assert.lengthOf(found, 30);
      for (const [index, { time, colour }] of found.entries()) {
        assert.closeTo(time, index * 100, 2);
        for (const [part, value] of colour.entries()) assert.closeTo(value, colours[index % 3]?.[part] ?? -1, 30);
      }
      const { duration, streams, container: kind } = await probe(path);
      assert.match(kind ?? '', container);
      assert.closeTo(duration ?? 0, 3e9, 1.5e8);
      assert.deepEqual(streams.map((stream) => stream.kind).sort(), ['audio', 'video']);
      assert.match(streams.find((stream) => stream.kind === 'video')?.codec ?? '', codec);
    });
  }

  for (const name of ['sound.wav', 'sound.flac', 'sound.mp3', 'sound.ogg', 'sound.m4a']) {
    it(`writes ${name}`, async () => {
      const path = pathOf(name);
      {
        await using sound = await record(path, { audio: { rate: 44_100, channels: 1, format: 'S16LE' } });
        assert.isNull(sound.video);
        for (let index = 0; index < 20; index++) await sound.audio.write(new Int16Array(4410).fill(index * 100));
      }
      const { duration, streams } = await probe(path);
      assert.closeTo(duration ?? 0, 2e9, 2e8);
      assert.deepInclude(streams[0], { kind: 'audio', channels: 1 });
    });
  }

  for (const ending of ['mp4', 'mov', 'mkv', 'webm', 'ogv'])
    it(`has every frame, however hard they are to encode: ${ending}`, async () => {
      const path = temporaryPath(`noise.${ending}`);
      await using film = await record(path, { video: { width: 64, height: 64 } });
      const bytes = new Uint8Array(64 * 64 * 4);
      for (let frame = 0; frame < 60; frame++) {
        for (let at = 0; at < bytes.length; at++) bytes[at] = (at * (frame + 7) * 2654435761) >>> 24;
        await film.video.write(bytes);
      }
      await film.close();
      let count = 0;
      for await (using _ of frames(path)) count++;
      assert.strictEqual(count, 60);
    });

  it('writes a sequence of pictures', async () => {
    const path = pathOf('shot-%02d.png');
    {
      await using shots = await record(path, { video });
      for (const colour of colours) await shots.video.write(coloured(colour));
    }
    for (const [index, colour] of colours.entries()) {
      const one = path.replace('%02d', `0${index}`);
      paths.push(one);
      assert.deepEqual(await seen(one), [{ time: 0, colour: [...colour] }]);
    }
  });

  it('takes frames, buffers and samples of every kind, with times of their own', async () => {
    const path = pathOf('kinds.mkv');
    const info = VideoInfo.of('RGBA', width, height);
    {
      await using film = await record(path, { video: { ...video, rate: null }, audio: { channels: 1, rate: 8000 } });
      using buffer = Buffer.from(coloured(colours[0]));
      await film.video.write(buffer, { pts: 0 });
      {
        using frame = VideoFrame.map(buffer, info, MapFlags.READ);
        await film.video.write(frame, { pts: 250e6 });
      }
      assert.isNull(buffer.pts);
      using late = Buffer.from(coloured(colours[1]));
      late.pts = 900e6;
      await film.video.write(late);
      await film.video.write(coloured(colours[2]).buffer, { pts: 1000e6, duration: 100e6 });
      await rejects(film.video.write(coloured([0, 0, 0])), TypeError, /`options\.pts`/);
      using samples = Buffer.from(new Uint8Array(8000 * 4));
      const ofAudio = AudioInfo.fromCaps('audio/x-raw,format=F32LE,rate=8000,channels=1,layout=interleaved');
      using heard = AudioBuffer.map(samples, ofAudio);
      await film.audio.write(heard);
      await film.audio.write(samples, { pts: 1e9 });
      assert.equal(film.audio.end, 2e9);
    }
    assert.deepEqual(
      (await seen(path)).map(({ time }) => time),
      [0, 250, 900, 1000],
    );
  });

  it('transcodes what frames() gives', async () => {
    const [from, to] = [pathOf('from.mkv'), pathOf('to.mp4')];
    {
      await using film = await record(from, { video });
      for (const colour of colours) await film.video.write(coloured(colour));
    }
    {
      await using film = await record(to, { video: { ...video, format: 'I420' } });
      for await (using frame of frames(from, { format: 'I420' })) await film.video.write(frame);
    }
    const found = await seen(to);
    assert.deepEqual(
      found.map(({ time }) => time),
      [0, 100, 200],
    );
    for (const [index, { colour }] of found.entries())
      for (const [part, value] of colour.entries()) assert.closeTo(value, colours[index]?.[part] ?? -1, 30);
  });

  it('lets a program write no faster than it encodes', async () => {
    await using film = await record(pathOf('slow.mkv'), {
      video: { ...video, encoder: 'identity sleep-time=20000 ! jpegenc' },
    });
    let done = 0;
    const frame = coloured([1, 2, 3]);
    const writes = Array.from({ length: 12 }, () => film.video.write(frame).then(() => done++));
    await writes[0];
    assert.isBelow(done, 12);
    await Promise.all(writes);
    assert.equal(film.video.end, 1.2e9);
  });

  it('leaves a film that can be read while it is being written', async () => {
    const path = pathOf('unfinished.mp4');
    await using film = await record(path, { video: { ...video, encoder: 'x264enc tune=zerolatency key-int-max=10' } });
    for (let index = 0; index < 60; index++) await film.video.write(coloured([index * 4, 0, 0]));
    // Until the muxer has written what it got.
    let count = 0;
    for (let tries = 0; tries < 1000 && count < 30; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      count = (await seen(path).catch(() => [])).length;
    }
    assert.isAtLeast(count, 30);
  });

  it('is whole after what was thrown, and with nothing in it', async () => {
    const path = pathOf('thrown.mp4');
    await rejects(
      (async () => {
        await using film = await record(path, { video });
        await film.video.write(coloured(colours[0]));
        throw new RangeError('enough');
      })(),
      RangeError,
      /enough/,
    );
    assert.lengthOf(await seen(path), 1);
    for (const name of ['none.mp4', 'none.webm', 'none.wav']) {
      const options: RecordOptions = name.endsWith('wav') ? { audio: {} } : { video, audio: {} };
      await (await record(pathOf(name), options)).close();
    }
    const half = pathOf('half.mp4');
    {
      await using film = await record(half, { video, audio: {} });
      for (const colour of colours) await film.video.write(coloured(colour));
    }
    assert.lengthOf(await seen(half), 3);
  });

  it('refuses writes after its end, which every close tells', async () => {
    const film = await record(pathOf('closed.mkv'), { video, audio: {} });
    const waiting = film.video.write(coloured([1, 2, 3]));
    const [first, second] = [film.close(), film.close()];
    await waiting;
    await Promise.all([first, second]);
    await rejects(film.video.write(coloured([1, 2, 3])), DisposedError, /Recording/);
    await rejects(film.audio.write(tone), DisposedError, /Recording/);
    await film.close();
    await film[Symbol.asyncDispose]();
  });

  it('refuses frames and samples that do not fit', async () => {
    await using film = await record(pathOf('refused.mkv'), { video, audio: {} });
    await rejects(film.video.write(new Uint8Array(5)), RangeError, /`frame` to be 12288 bytes of RGBA of 64×48, got 5/);
    using small = Buffer.alloc(32 * 32 * 4);
    await rejects(film.video.write(small), RangeError);
    using frame = VideoFrame.map(small, VideoInfo.of('RGBA', 32, 32));
    await rejects(film.video.write(frame), RangeError, /RGBA of 64×48, got "RGBA of 32×32"/);
    await rejects(film.video.write('frame' as never), TypeError);
    await rejects(film.audio.write(new Float32Array(3)), RangeError, /whole frames of 8 bytes/);
    await rejects(film.audio.write(new Float32Array(0)), RangeError, /one at least/);
    await film.video.write(coloured([1, 2, 3]), { pts: 5e8 });
    await rejects(film.video.write(coloured([1, 2, 3]), { pts: 4e8 }), RangeError, /at least 500000000/);
    await rejects(film.video.write(coloured([1, 2, 3]), { pts: -1 }), RangeError, /`options\.pts`/);
    await rejects(film.video.write(coloured([1, 2, 3]), { pt: 1 } as object), TypeError, /did you mean `pts`/);
    assert.equal(film.video.end, 6e8);
  });

  it('refuses what a file cannot have', async () => {
    const wrong: [name: string, options: unknown, error: Parameters<typeof rejects>[1], message: RegExp][] = [
      ['film.xyz', { video }, RangeError, /ends in \.mp4/],
      ['film', { video }, RangeError, /ends in/],
      ['film.mp4', {}, TypeError, /neither/],
      ['film.mp4', { video: { ...video, codec: 'vp8' } }, RangeError, /'h264' \(H\.264\)/],
      ['film.wav', { video }, TypeError, /wav files have no video/],
      ['film.webm', { audio: { codec: 'h264' } }, RangeError, /'opus'/],
      ['film.mp4', { video: { ...video, width: 63 } }, RangeError, /even width/],
      ['film.mp4', { video: { ...video, width: 0 } }, RangeError, /`width`/],
      ['film.mp4', { video: { ...video, format: 'RGBX' } }, RangeError, /`format`/],
      ['film.mp4', { video: { ...video, rate: -1 } }, RangeError, /`options\.video\.rate`/],
      ['film.mp4', { video: { ...video, bitrate: 1 } }, RangeError, /`options\.video\.bitrate`/],
      ['film.mp4', { video: { ...video, hieght: 1 } }, TypeError, /did you mean `height`/],
      ['film.mp4', { audio: { rate: 0 } }, RangeError, /`options\.audio\.rate`/],
      ['film.mp4', { audio: { format: 'S17' } }, RangeError, /caps/],
      ['film.mp4', { video, container: 'mkw' }, RangeError, /did you mean mkv/],
      ['shot.png', { video }, RangeError, /shot-%03d\.png/],
      ['shot-%s.png', { video }, RangeError, /shot-%03d\.png/],
      ['film.mp4', { video: { ...video, encoder: 'nothing-like-it' } }, PipelineError, /nothing-like-it/],
    ];
    for (const [name, options, error, message] of wrong)
      await rejects(record(`/nowhere/${name}`, options as RecordOptions), error, message);
    await rejects(record('/nowhere/film.mp4', { video }), PipelineError, /"\/nowhere\/film\.mp4" cannot be written/);
    await rejects(record(5 as never, { video }), TypeError, /`path`/);
    const signal = AbortSignal.abort(new RangeError('enough'));
    await rejects(record(pathOf('aborted.mp4'), { video, signal }), RangeError, /enough/);
  });

  it('names what to install', async () => {
    const gif = record(pathOf('film.gif'), { video });
    const outcome = await gif.then(
      (film) => film.close(),
      (error) => error,
    );
    if (outcome !== undefined) {
      assert.instanceOf(outcome, UnavailableError);
      assert.match(outcome.message, /^no encoder for GIF is installed; install gifenc/);
    }
  });

  it('tells of a failure by the write, and not again by the end', async () => {
    const film = await record(pathOf('failed.mkv'), {
      video: { ...video, encoder: 'identity error-after=3 ! jpegenc' },
    });
    const writes = (async () => {
      for (;;) await film.video.write(coloured([1, 2, 3]));
    })();
    await rejects(writes, PipelineError);
    await film.close();
    const unseen = await record(pathOf('unseen.mkv'), {
      video: { ...video, encoder: 'identity error-after=1 ! jpegenc' },
    });
    await unseen.video.write(coloured([1, 2, 3]));
    await rejects(unseen.close(), PipelineError);
  });
});

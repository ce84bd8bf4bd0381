import { assert } from 'chai';
import {
  DisposedError,
  frames,
  type MediaFramesOptions,
  PipelineError,
  type Progress,
  runtime,
  VideoFrame,
} from '../../src/index.ts';
import { rejects, throws } from '../harness/expectations.ts';
import { type Film, fileOf, film, pictures } from './films.ts';

const ogg = 'theoraenc ! oggmux ! file';
const milliseconds = 1e6;

/** When each of the frames is shown, in milliseconds; what was thrown comes last. */
async function timesIn(source: string, options?: MediaFramesOptions): Promise<unknown[]> {
  const times: unknown[] = [];
  try {
    for await (using frame of frames(source, options)) times.push(Math.round((frame.pts ?? -1) / milliseconds));
  } catch (error) {
    times.push(error);
  }
  return times;
}

describe('frames', function () {
  this.timeout(30_000);
  const films: Record<string, Film> = {};
  before(async () => {
    films.ten = await film(`${pictures(10)} ! ${ogg}`);
    films.still = await film(`${pictures(1)} ! jpegenc ! file`);
    films.sound = await film('audiotestsrc num-buffers=10 ! vorbisenc ! oggmux ! file');
    films.both = await film(
      `${pictures(10)} ! ${ogg.replace('oggmux', 'oggmux name=mux')} audiotestsrc num-buffers=40 ! vorbisenc ! mux.`,
    );
    films.turned = await film(`${pictures(3)} ! taginject tags="image-orientation=rotate-90" ! jpegenc ! qtmux ! file`);
    films.avi = await film(`${pictures(40, 'width=64,height=64')} ! jpegenc ! avimux ! file`);
  });
  after(() => {
    for (const one of Object.values(films)) one[Symbol.dispose]();
  });
  const pathOf = (name: string): string => (films[name] as Film).path;

  it('gives each frame of a film, mapped, with its time', async () => {
    const seen: (number | null)[] = [];
    for await (using frame of frames(pathOf('ten'))) {
      assert.isTrue(frame instanceof VideoFrame);
      assert.deepEqual([frame.width, frame.height, frame.info.format], [32, 16, 'I420']);
      assert.equal(frame.planes[0]?.data.length, (frame.planes[0]?.stride ?? 0) * 16);
      assert.closeTo(frame.duration ?? 0, 1e8, 1e6);
      seen.push(frame.pts);
    }
    assert.deepEqual(
      seen.map((time) => Math.round((time ?? -1) / 1e8)),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  });

  it('gives the frames of a film that has a sound, of a picture, and of a test pattern', async () => {
    assert.lengthOf(await timesIn(pathOf('both')), 10);
    assert.lengthOf(await timesIn(pathOf('still')), 1);
    assert.deepEqual(await timesIn('test:ball', { rate: 10, end: 300 * milliseconds }), [0, 100, 200]);
  });

  it('converts, and keeps the shape', async () => {
    for await (using frame of frames(pathOf('ten'), { format: 'RGBA', width: 16 })) {
      assert.deepEqual([frame.width, frame.height, frame.info.format], [16, 8, 'RGBA']);
      break;
    }
    for await (using frame of frames(pathOf('ten'), { width: 10, height: 10 })) {
      assert.deepEqual([frame.width, frame.height], [10, 10]);
      break;
    }
  });

  it('gives frames from a time, to a time, and at intervals', async () => {
    assert.deepEqual(await timesIn(pathOf('ten'), { start: 500 * milliseconds }), [500, 600, 700, 800, 900]);
    assert.deepEqual(await timesIn(pathOf('ten'), { end: 200 * milliseconds }), [0, 100]);
    assert.deepEqual(await timesIn(pathOf('ten'), { every: 300 * milliseconds }), [0, 300, 600, 900]);
    assert.deepEqual(
      await timesIn(pathOf('ten'), { every: 200 * milliseconds, start: 300 * milliseconds, end: 800 * milliseconds }),
      [300, 500, 700],
    );
    assert.deepEqual(await timesIn(pathOf('ten'), { rate: 20, end: 200 * milliseconds }), [0, 50, 100, 150]);
    assert.deepEqual(await timesIn(pathOf('ten'), { start: 60e9 }), []);
  });

  it('turns what is tagged to be turned', async () => {
    let count = 0;
    for await (using frame of frames(pathOf('turned'))) {
      count++;
      assert.deepEqual([frame.width, frame.height], [16, 32]);
    }
    assert.equal(count, 3);
    for await (using frame of frames(pathOf('turned'), { width: 8, format: 'RGB' })) {
      assert.deepEqual([frame.width, frame.height], [8, 16]);
    }
  });

  it('tells how far it is', async () => {
    const told: Progress[] = [];
    for await (using _ of frames(pathOf('ten'), {
      start: 500 * milliseconds,
      onProgress: (progress) => void told.push(progress),
    }));
    assert.lengthOf(told, 5);
    assert.closeTo(told[0]?.duration ?? 0, 1e9, 1e7);
    assert.deepEqual(
      told.map(({ fraction }) => Math.round(fraction * 10)),
      [0, 2, 4, 6, 8],
    );
  });

  it('keeps a frame for who keeps it, and no longer', async () => {
    const kept: VideoFrame[] = [];
    for await (const frame of frames(pathOf('ten'))) kept.push(frame);
    assert.lengthOf(kept, 10);
    for (const frame of kept) {
      assert.isAbove(frame.planes[0]?.data.length ?? 0, 0);
      frame.dispose();
      throws(() => frame.pts, DisposedError);
      throws(() => frame.buffer, DisposedError);
    }
  });

  it('ends with break, with return, with the signal, and for who never begins', async () => {
    for await (using _ of frames('test:')) break;
    const dropped = frames('test:');
    (await dropped.next()).value?.dispose();
    await dropped.return();
    assert.isTrue((await dropped.next()).done);
    frames(pathOf('ten'));
    const abort = new AbortController();
    let count = 0;
    for await (using _ of frames('test:', { signal: abort.signal })) if (++count === 5) abort.abort();
    assert.equal(count, 5);
    assert.deepEqual(await timesIn(pathOf('ten'), { signal: abort.signal }), []);
    {
      await using left = frames('test:');
      (await left.next()).value?.dispose();
    }
  });

  it('ends at once where a frame is awaited that does not come', async () => {
    const pending = frames('udp://127.0.0.1:0');
    const next = pending.next();
    setTimeout(() => void pending.return(), 50);
    assert.isTrue((await next).done);
    // In GJS looks at a sink that nothing announces begin the time anew.
    if (runtime === 'gjs') return;
    const [error] = await timesIn('udp://127.0.0.1:0', { timeout: 50 * milliseconds });
    assert.equal((error as Error).name, 'TimeoutError');
  });

  it('refuses what has no video', async () => {
    for (const options of [{}, { format: 'RGB' }, { start: 1e8 }]) {
      const [error] = await timesIn(pathOf('sound'), options);
      assert.instanceOf(error, PipelineError);
      assert.match((error as Error).message, /has no video; it has Vorbis/);
    }
  });

  it('refuses what it cannot take', async () => {
    const wrong: [object, ErrorConstructor, RegExp][] = [
      [{ format: 'RBG' }, RangeError, /`options\.format`/],
      [{ width: 0 }, RangeError, /`options\.width`/],
      [{ rate: 0 }, RangeError, /`options\.rate`/],
      [{ rate: 'fast' }, TypeError, /`options\.rate`/],
      [{ every: 0 }, RangeError, /`options\.every`/],
      [{ every: 1, rate: 1 }, TypeError, /both/],
      [{ start: 5, end: 4 }, RangeError, /`options\.end`/],
      [{ onProgress: 1 }, TypeError, /`options\.onProgress`/],
      [{ formt: 'RGB' }, TypeError, /did you mean `format`/],
    ];
    for (const [options, error, message] of wrong) throws(() => frames('film.ogv', options), error, message);
    throws(() => frames(5 as unknown as string), TypeError, /`source`/);
    await rejects(frames('/nowhere/film.ogv').next(), PipelineError, /nowhere/);
    await rejects(frames('test:nonsense').next(), TypeError);
  });

  it('gives what is left of a damaged film, then an error or the end', async () => {
    const { bytes } = films.avi as Film;
    const half = bytes.length >> 1;
    const changed = (change: (copy: Uint8Array) => void): Uint8Array => {
      const copy = bytes.slice();
      change(copy);
      return copy;
    };
    const moov = (films.turned as Film).bytes;
    const damaged: [name: string, bytes: Uint8Array, least: number][] = [
      ['cut', bytes.subarray(0, half), 10],
      ['cut in its head', bytes.subarray(0, 100), 0],
      ['zeros in the midst', changed((copy) => copy.fill(0, half, half + 20_000)), 10],
      ['zeros at the end', changed((copy) => copy.fill(0, half)), 10],
      ['zeros alone', new Uint8Array(100_000), 0],
      ['0 bytes', new Uint8Array(), 0],
      ['an absurd size', changed((copy) => new DataView(copy.buffer).setUint32(64, 0xffffffff, true)), 0],
      ['absurd sizes', changed((copy) => copy.fill(0xff, 32, 200)), 0],
      ['a text', new TextEncoder().encode('no film at all\n'.repeat(1000)), 0],
      ['cut before its index', moov.subarray(0, moov.length >> 1), 0],
      ['noise', bytes.map((_, index) => (index * 7919) >> 3), 0],
    ];
    for (const [name, given, least] of damaged) {
      using file = fileOf(given);
      const times = await timesIn(file.path, { timeout: 5e9 });
      const error = times.at(-1);
      if (typeof error !== 'number' && error !== undefined)
        assert.instanceOf(error, PipelineError, `${name}: ${(error as Error).stack}`);
      const count = times.filter((time) => typeof time === 'number').length;
      assert.isAtLeast(count, least, name);
      if (count === 0) assert.instanceOf(error, PipelineError, name);
    }
  });
});

/** Segments: the cases of GStreamer's own suite. */
import { assert } from 'chai';
import { Buffer, Format, Sample, Segment, type SegmentFields, Structure } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';

/** Stream time and running time of a position, and back. */
function check(segment: Segment, position: number, streamTime: number | null, runningTime: number | null): void {
  assert.strictEqual(segment.toStreamTime(position), streamTime);
  assert.strictEqual(segment.toRunningTime(position), runningTime);
  if (streamTime !== null) assert.strictEqual(segment.positionFromStreamTime(streamTime), position);
  if (runningTime !== null) assert.strictEqual(segment.positionFromRunningTime(runningTime), position);
}

/** What a seek made of it, which has these fields. */
function sought(segment: Segment, seek: Parameters<Segment['doSeek']>[0], update: boolean, wanted: object): Segment {
  const result = segment.doSeek(seek);
  assert.strictEqual(result?.update, update);
  assert.deepInclude(result?.segment, wanted);
  return result?.segment as Segment;
}

describe('Segment', () => {
  it('is as gst_segment_init has it, but for what is given', () => {
    const wanted = { rate: 1, appliedRate: 1, format: Format.TIME, flags: 0, base: 0, offset: 0, start: 0, time: 0 };
    assert.deepInclude(new Segment(), { ...wanted, stop: null, position: 0, duration: null });
    const made = new Segment({ rate: -2, stop: 7, time: null });
    assert.deepInclude(made, { rate: -2, stop: 7, time: null, start: 0 });
    assert.isTrue(made.isEqual(new Segment(made)));
    assert.isFalse(made.isEqual(new Segment()));
    for (const [fields, message] of [
      [{ rate: 0 }, /`rate`/],
      [{ rate: Number.NaN }, /`rate`/],
      [{ format: 6 }, /`format`/],
      [{ start: -1 }, /`start`/],
      [{ duration: 1.5 }, /`duration`/],
    ] as const)
      throws(() => new Segment(fields), RangeError, message);
    throws(() => new Segment({ start: null as never }), TypeError, /`start`/);
    throws(() => new Segment({ begin: 1 } as SegmentFields), TypeError, /`begin`/);
    throws(() => made.isEqual(Object.create(Segment.prototype)), TypeError, /`other`/);
  });

  describe('without an end', () => {
    const segment = sought(new Segment({ format: Format.BYTES }), { start: 100 }, true, {
      start: 100,
      position: 100,
      stop: null,
    });

    it('has times from its start on', () => check(segment, 100, 100, 0));

    for (const [start, stop, wanted] of [
      [0, 50, null],
      [50, 100, null],
      [50, 150, [100, 150]],
      [100, 150, [100, 150]],
      [90, 90, null],
      [100, 100, [100, 100]],
      [120, 120, [120, 120]],
      [150, 200, [150, 200]],
      [null, 100, null],
      [50, null, [100, null]],
      [100, null, [100, null]],
      [150, null, [150, null]],
    ] as const)
      it(`clips ${start} to ${stop}`, () => {
        const clipped = segment.clip(start, stop);
        assert.deepEqual(clipped && [clipped.start, clipped.stop], wanted && [...wanted]);
      });

    it('refuses a range that ends before it begins', () => throws(() => segment.clip(5, 4), RangeError, /`stop`/));
  });

  it('plays backwards', () => {
    const whole = new Segment({ format: Format.BYTES, duration: 200 });
    const first = sought(whole, { rate: -1, start: 0, stop: 100 }, true, {
      start: 0,
      stop: 100,
      time: 0,
      position: 100,
    });
    check(first, 100, 100, 0);
    check(first, 50, 50, 50);
    check(first, 0, 0, 100);
    const second = sought(first, { start: 10, stop: 80 }, true, { start: 10, stop: 80, time: 10, position: 80 });
    check(second, 80, 80, 0);
    check(second, 40, 40, 40);
    check(second, 10, 10, 70);
    const third = sought(second, { start: 20 }, false, { start: 20, stop: 80, time: 20, position: 80 });
    check(third, 80, 80, 0);
    check(third, 20, 20, 60);
    assert.deepInclude(whole, { start: 0, stop: null });
  });

  it('is not sought to where it would end before it begins', () => {
    const segment = new Segment({ duration: 200 });
    assert.isNull(segment.doSeek({ start: 100, stop: 50 }));
    assert.isNull(new Segment({ stop: 10 }).doSeek({ start: 20 }));
    assert.strictEqual(segment.doSeek({ start: 300, stop: 400 })?.segment.start, 200);
    throws(() => segment.doSeek({ rate: 0 }), RangeError, /`seek.rate`/);
  });

  it('has its running time moved', () => {
    const segment = new Segment({ position: 50, stop: 200 });
    check(segment, 20, 20, 20);
    check(segment, 220, null, null);
    const moved = (from: Segment, by: number, base: number, offset: number): Segment => {
      const result = from.offsetRunningTime(by);
      assert.deepInclude(result, { start: 0, stop: 200, time: 0, position: 50, base, offset });
      return result as Segment;
    };
    check(moved(segment, 0, 0, 0), 20, 20, 20);
    const later = moved(segment, 100, 100, 0);
    check(later, 20, 20, 120);
    const earlier = moved(later, -50, 50, 0);
    check(earlier, 20, 20, 70);
    const cut = moved(earlier, -100, 0, 50);
    check(cut, 20, 20, null);
    check(cut, 200, 200, 150);
    assert.isNull(cut.offsetRunningTime(-151));
    check(moved(cut, -150, 0, 200), 200, 200, 0);
  });

  it('has times outside it, negative ones too', () => {
    const segment = new Segment({ start: 50, position: 150, stop: 200 });
    for (const [position, time] of [
      [50, 0],
      [200, 150],
      [201, 151],
    ] as const) {
      assert.strictEqual(segment.toRunningTimeFull(position), time);
      assert.strictEqual(segment.positionFromRunningTimeFull(time), position);
    }
    assert.strictEqual(segment.toRunningTimeFull(40), -10);
    assert.strictEqual(segment.toRunningTimeFull(49), -1);
    const other = new Segment({ start: 50, stop: 200, time: 30 });
    assert.strictEqual(other.toStreamTimeFull(0), -20);
    assert.strictEqual(other.toStreamTimeFull(20), 0);
    assert.strictEqual(other.positionFromStreamTimeFull(0), 20);
    assert.strictEqual(new Segment({ start: 50, stop: 200, time: 100 }).positionFromStreamTimeFull(40), -10);
  });

  for (const [rate, base, positions] of [
    [
      -1,
      0,
      [
        [100, 100, 100],
        [220, null, null],
        [10, null, null],
        [50, 150, 150],
        [150, 50, 50],
        [200, 0, 0],
      ],
    ],
    [
      -1,
      100,
      [
        [100, 200, 200],
        [50, 250, 250],
        [150, 150, 150],
        [200, 100, 100],
      ],
    ],
    [
      1,
      0,
      [
        [100, 100, 50],
        [220, null, null],
        [10, null, null],
        [50, 150, 0],
        [150, 50, 100],
        [200, 0, 150],
      ],
    ],
    [
      1,
      100,
      [
        [100, 200, 150],
        [50, 250, 100],
        [150, 150, 200],
        [200, 100, 250],
      ],
    ],
  ] as const)
    it(`was played backwards, and is played at ${rate} from ${base} on`, () => {
      const segment = new Segment({ start: 50, position: 150, stop: 200, appliedRate: -1, rate, base, time: base });
      for (const [position, streamTime, runningTime] of positions) check(segment, position, streamTime, runningTime);
    });

  it('goes with a sample, as info does', () => {
    using buffer = Buffer.alloc(1);
    const segment = new Segment({ format: Format.BYTES, start: 3, stop: 9, rate: 2 });
    const info = new Structure('spec', { a: 1, b: 'text' });
    using sample = Sample.create(buffer, 'video/x-spec', { segment, info });
    assert.isTrue(sample.segment.isEqual(segment));
    assert.strictEqual(sample.info, 'spec, a=(int)1, b=(string)text;');
    using bare = Sample.create(null, null, { info });
    assert.isTrue(bare.segment.isEqual(new Segment()));
    assert.strictEqual(bare.info, sample.info);
    throws(() => Sample.create(buffer, null, { segment: {} as Segment }), TypeError, /`options.segment`/);
    throws(() => Sample.create(buffer, null, { info: 'spec' as never }), TypeError, /`options.info`/);
  });
});

/** Caps as values: the cases of GStreamer's own suites for caps and their features. */
import { assert } from 'chai';
import { Caps, Fraction, type Structure, TypedValue } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';

const raw = (fields: string): Caps => new Caps(`video/x-raw, ${fields}`);

describe('Caps', () => {
  it('are what GStreamer reads, as it prints them', () => {
    const caps = new Caps('video/x-raw,format=I420 , width=[1,100]');
    assert.strictEqual(String(caps), 'video/x-raw, format=(string)I420, width=(int)[ 1, 100 ]');
    for (const text of ['nonsense!', 'video/x-raw, width=(int', ''].slice(0, 2))
      throws(() => new Caps(text), RangeError, /`text`/);
    throws(() => new Caps(5 as never), TypeError, /`text`/);
  });

  it('are any, none or fixed', () => {
    const told = (text: string) => {
      const { isAny, isEmpty, isFixed, size } = new Caps(text);
      return [isAny, isEmpty, isFixed, size];
    };
    assert.deepEqual(told('ANY'), [true, false, false, 0]);
    assert.deepEqual(told('EMPTY'), [false, true, false, 0]);
    assert.deepEqual(told('video/x-raw, width=5'), [false, false, true, 1]);
    assert.deepEqual(told('video/x-raw, width={ 5, 6 }; audio/x-raw'), [false, false, false, 2]);
  });

  it('have structures with typed fields', () => {
    const caps = new Caps('video/x-raw, format=I420, framerate=30/1, width=[1, 100]; audio/x-raw, rate=8000');
    const [video, audio] = [...caps] as [Structure, Structure];
    assert.strictEqual(video.name, 'video/x-raw');
    assert.deepEqual(video.fields.framerate, new Fraction(30, 1));
    assert.deepEqual(video.fields.width, new TypedValue('int', '[ 1, 100 ]'));
    assert.deepEqual(caps.structure(1), audio);
    assert.deepEqual({ ...audio.fields }, { rate: 8000 });
    throws(() => caps.structure(2), RangeError, /`index`/);
    throws(() => new Caps('ANY').structure(0), RangeError, /`index`/);
    throws(() => caps.structure('0' as never), TypeError, /`index`/);
  });

  it('have features', () => {
    const caps = new Caps('video/x-raw(memory:DMABuf, meta:GstVideoMeta); video/x-raw; video/x-raw(ANY)');
    assert.sameMembers(caps.features(0), ['memory:DMABuf', 'meta:GstVideoMeta']);
    assert.deepEqual([caps.features(1), caps.features(2)], [['memory:SystemMemory'], ['ANY']]);
    throws(() => caps.features(3), RangeError, /`index`/);
    assert.isFalse(new Caps('video/x-raw(memory:DMABuf)').canIntersect('video/x-raw'));
    assert.isTrue(new Caps('video/x-raw(ANY)').canIntersect('video/x-raw(memory:DMABuf)'));
  });

  it('meet in what both allow', () => {
    const some = raw('width=[1, 100], format={ I420, NV12 }');
    const others = raw('width=[50, 200], format={ NV12, RGB }');
    assert.isTrue(some.intersect(others).isEqual(raw('width=[50, 100], format=NV12')));
    assert.isTrue(some.canIntersect(String(others)));
    assert.isTrue(some.intersect('audio/x-raw').isEmpty);
    assert.isFalse(some.canIntersect('audio/x-raw'));
    assert.isTrue(some.intersect('ANY').isEqual(some));
    throws(() => some.intersect(5 as never), TypeError, /`other`/);
    throws(() => some.intersect('nonsense!'), RangeError, /`other`/);
    throws(() => some.intersect(Object.create(Caps.prototype)), TypeError, /`other`/);
  });

  it('are parts of others, or leave some of them', () => {
    const some = raw('width=[10, 20]');
    assert.isTrue(some.isSubset('video/x-raw'));
    assert.isTrue(some.isSubset('ANY'));
    assert.isFalse(new Caps('video/x-raw').isSubset(some));
    assert.isTrue(some.subtract(raw('width=[10, 15]')).isEqual(raw('width=[16, 20]')));
    assert.isTrue(some.subtract('video/x-raw').isEmpty);
    assert.isTrue(new Caps('ANY').subtract('ANY').isEmpty);
    throws(() => new Caps('ANY').subtract(some), RangeError, /`other`/);
  });

  it('are fixed, spread out and put together', () => {
    const fixed = new Caps('video/x-raw, width=[5, 9], format={ NV12, I420 }; audio/x-raw').fixate();
    assert.isTrue(fixed.isFixed);
    assert.isTrue(fixed.isEqual(raw('width=5, format=NV12')));
    for (const text of ['ANY', 'EMPTY']) throws(() => new Caps(text).fixate(), RangeError, /`this`/);
    const spread = raw('format={ NV12, I420 }, width={ 1, 2 }').normalize();
    assert.strictEqual(spread.size, 4);
    assert.strictEqual(raw('width=[1, 5]; video/x-raw, width=[6, 9]').simplify().size, 1);
  });
});

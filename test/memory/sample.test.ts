import { assert } from 'chai';
import { Buffer, MapFlags, NotWritableError, Sample } from '../../src/index.ts';
import { pattern, throws } from '../harness/expectations.ts';

const caps = 'video/x-raw, format=(string)I420, width=(int)320, height=(int)240';

describe('Sample', () => {
  let buffer: Buffer;
  let sample: Sample;
  beforeEach(() => {
    buffer = Buffer.from(pattern(10));
    buffer.pts = 5;
    sample = Sample.create(buffer, caps);
  });
  afterEach(() => {
    sample.dispose();
    buffer.dispose();
  });

  it('has its buffer, the same at each look', () => {
    const found = sample.buffer as Buffer;
    assert.strictEqual(found.pts, 5);
    assert.deepEqual(found.extract(), pattern(10));
    assert.strictEqual(sample.buffer, found);
  });

  it('disposes its buffer, and what is mapped of it, with itself', () => {
    const found = sample.buffer as Buffer;
    const mapping = found.map(MapFlags.READ);
    const stale = mapping.bytes;
    sample.dispose();
    assert.isTrue(found.isDisposed);
    assert.isTrue(mapping.isDisposed);
    assert.strictEqual(stale.length, 0);
    assert.deepEqual(buffer.extract(), pattern(10));
  });

  it('gives the buffer again when somebody disposed it', () => {
    sample.buffer?.dispose();
    assert.deepEqual(sample.buffer?.extract(), pattern(10));
  });

  it('has its buffer to read: to write, makeWritable makes a copy', () => {
    const found = sample.buffer as Buffer;
    throws(() => found.map(MapFlags.WRITE), NotWritableError);
    found.makeWritable().memset(0, 0, 10);
    assert.deepEqual(buffer.extract(), pattern(10));
  });

  it('has caps as GStreamer prints them', () => {
    assert.strictEqual(sample.caps, caps);
    using none = Sample.create(buffer);
    assert.isNull(none.caps);
  });

  it('has a segment of time from the start on', () => {
    const { rate, format, start, stop, position } = sample.segment;
    assert.deepEqual({ rate, format, start, stop }, { rate: 1, format: 3, start: 0, stop: null });
    assert.include([0, null], position);
  });

  it('has no info when nobody gave it one', () => {
    assert.isNull(sample.info);
  });

  it('may have no buffer', () => {
    using bare = Sample.create(null, 'video/x-raw');
    assert.isNull(bare.buffer);
    assert.strictEqual(bare.caps, 'video/x-raw');
  });

  it('refuses what is no buffer and no caps', () => {
    for (const bad of [undefined, 5, {}, sample, new Uint8Array(2)])
      throws(() => Sample.create(bad as never), TypeError, /`buffer`/);
    throws(() => Sample.create(buffer, 'no, caps ='), RangeError, /`caps`/);
    for (const bad of [5, {}, true]) throws(() => Sample.create(buffer, bad as never), TypeError, /`caps`/);
    throws(() => new (Sample as unknown as new () => Sample)(), TypeError);
  });
});

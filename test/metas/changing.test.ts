/** Metas that are changed and taken off, with the cases of GStreamer's own suite. */
import { assert } from 'chai';
import {
  BUFFER_POOL_OPTION_VIDEO_META,
  Buffer,
  BufferPool,
  GstError,
  NotWritableError,
  registerCustomMeta,
} from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';
import { unavailableInGjs } from '../harness/unavailable-in-gjs.ts';

const name = 'SpecChanging';
const noChange = /(be removed|cannot be changed) in GJS: introspection gives/;

describe('Metas that are there', () => {
  before(() => registerCustomMeta(name));

  /** A buffer with so many, which have their numbers. */
  function numbered(count: number): Buffer {
    const buffer = new Buffer();
    for (let number = 0; number < count; number++) buffer.addReferenceTimestamp(`timestamp/x-${number}`, number);
    return buffer;
  }
  const numbers = (buffer: Buffer, of: number): number[] =>
    Array.from({ length: of }, (_, number) => number).filter((number) =>
      buffer.referenceTimestamp(`timestamp/x-${number}`),
    );

  for (const [count, removed, left] of [
    [1, [0], []],
    [3, [0], [1, 2]],
    [3, [1], [0, 2]],
    [3, [2], [0, 1]],
    [3, [2, 0], [1]],
    [5, [4, 2, 0], [1, 3]],
  ] as const)
    it(`are taken off: ${removed} of ${count}`, () =>
      unavailableInGjs(noChange, () => {
        using buffer = numbered(count);
        for (const index of removed) assert.isTrue(buffer.removeMeta('GstReferenceTimestampMeta', index));
        assert.deepEqual(numbers(buffer, count), [...left]);
        buffer.addReferenceTimestamp('timestamp/x-9', 9);
        assert.strictEqual(buffer.metas().length, left.length + 1);
      }));

  it('are none where there is none of the name, or none any more', () =>
    unavailableInGjs(noChange, () => {
      using buffer = numbered(1);
      assert.isFalse(buffer.removeMeta('GstVideoMeta'));
      assert.isFalse(buffer.removeMeta('GstReferenceTimestampMeta', 1));
      assert.isTrue(buffer.removeMeta('GstReferenceTimestampMetaAPI'));
      assert.isFalse(buffer.removeMeta('GstReferenceTimestampMetaAPI'));
    }));

  it('stay where their pool keeps them, or the buffer is shared', () =>
    unavailableInGjs(noChange, () => {
      using other = numbered(1);
      assert.isTrue(other.removeMeta('GstReferenceTimestampMeta'));
      using pool = BufferPool.create({
        caps: 'video/x-raw, format=GRAY8, width=16, height=8',
        size: 128,
        options: [BUFFER_POOL_OPTION_VIDEO_META],
      });
      using pooled = pool.tryAcquire() as Buffer;
      throws(() => pooled.removeMeta('GstVideoMeta'), GstError, /locked/);
      using buffer = numbered(1);
      using holder = new Buffer().addParentBuffer(buffer);
      throws(() => buffer.removeMeta('GstReferenceTimestampMeta'), NotWritableError);
      assert.isTrue(holder.removeMeta('GstParentBufferMeta'));
      assert.isTrue(buffer.isWritable);
    }));

  it('have fields that can be set', () =>
    unavailableInGjs(noChange, () => {
      using buffer = new Buffer().addCustomMeta(name, { kept: 1, changed: 2 });
      using copy = buffer.copy();
      buffer.setCustomMeta(name, { changed: 'text', more: [1, 2] });
      assert.deepEqual(buffer.customMeta(name), { kept: 1, changed: 'text', more: [1, 2] });
      assert.deepEqual(copy.customMeta(name), { kept: 1, changed: 2 });
      using holder = new Buffer().addParentBuffer(buffer);
      throws(() => buffer.setCustomMeta(name, {}), NotWritableError);
      assert.strictEqual(holder.size, 0);
    }));

  it('have no fields where there is none, or no such meta', () => {
    using buffer = new Buffer();
    throws(() => buffer.setCustomMeta(name, { a: 1 }), RangeError, /`name`/);
    throws(() => buffer.setCustomMeta('SpecUnheardOf', {}), RangeError, /`name`/);
    throws(() => buffer.removeMeta(5 as never), TypeError, /`name`/);
    throws(() => buffer.removeMeta('a', -1), RangeError, /`index`/);
  });
});

import { assert } from 'chai';
import {
  Buffer,
  type FieldValue,
  Fraction,
  GstError,
  registerCustomMeta,
  Structure,
  TypedValue,
} from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';
import { type Any, itInOwnProcess } from '../harness/own-process.ts';

const name = 'SpecTag';

describe('Custom metas', () => {
  before(() => registerCustomMeta(name));

  describe('registerCustomMeta', () => {
    it('may be repeated with the same tags, in any order', () => {
      registerCustomMeta('SpecTagged', ['video', 'size']);
      assert.doesNotThrow(() => registerCustomMeta('SpecTagged', ['size', 'video']));
      assert.doesNotThrow(() => registerCustomMeta(name));
    });

    it('refuses other tags, and names that are taken', () => {
      throws(() => registerCustomMeta(name, ['video']), GstError, /other tags/);
      throws(() => registerCustomMeta('GstBuffer'), GstError, /taken/);
      for (const bad of ['GstVideoMeta2 x', 'j', 'ab', 'a.b.c', 'a:b', 'a/b/c', '_ab', '1ab'])
        throws(() => registerCustomMeta(bad), RangeError, /`name`/);
    });

    it('refuses invalid names', () => {
      for (const bad of [5, null, undefined]) throws(() => registerCustomMeta(bad as never), TypeError, /`name`/);
      for (const bad of ['', '1a', 'a b', 'a\0']) throws(() => registerCustomMeta(bad), RangeError, /`name`/);
      throws(() => registerCustomMeta('SpecOther', 'video' as never), TypeError, /`tags`/);
      throws(() => registerCustomMeta('SpecOther', [5] as never), TypeError, /`tags`/);
    });

    itInOwnProcess('refuses the names of metas of GStreamer', ['GstError', 'none'], async (gst, attempt) => {
      await attempt(() => gst.registerCustomMeta('GstVideoMeta'));
      const pipeline = gst.Pipeline.parse('videotestsrc num-buffers=1 ! fakesink');
      await attempt(() => pipeline.play());
      await pipeline.stop();
      pipeline.dispose();
    });
  });

  it('can be without fields', () => {
    using buffer = new Buffer();
    assert.isNull(buffer.customMeta(name));
    buffer.addCustomMeta(name);
    assert.deepEqual(buffer.customMeta(name), {});
    assert.deepEqual(buffer.metas(), [{ api: `${name}-api`, type: name, tags: [] }]);
  });

  it('has to be registered to be added', () => {
    using buffer = new Buffer();
    throws(() => buffer.addCustomMeta('SpecNobody'), RangeError, /registerCustomMeta/);
    throws(() => buffer.addCustomMeta('GstVideoMeta'), RangeError, /registerCustomMeta/);
    assert.isNull(buffer.customMeta('SpecNobody'));
    assert.isNull(buffer.customMeta('GstVideoMeta'));
    throws(() => buffer.customMeta(5 as never), TypeError, /`name`/);
  });

  /** What is written, and what is read where that is something else. */
  const values: Record<string, [FieldValue, FieldValue?]> = {
    'an int': [-5],
    'a large integer': [2 ** 40],
    'a bigint': [2n ** 62n],
    'a uint64': [new TypedValue('uint64', 2n ** 64n - 1n), 2n ** 64n - 1n],
    'a double': [0.1],
    'a whole double': [new TypedValue('double', 5), 5],
    'a float': [new TypedValue('float', 0.5), 0.5],
    'not a number': [Number.NaN],
    infinity: [Number.NEGATIVE_INFINITY],
    'negative zero': [-0],
    'true and false': [true],
    text: ['cat'],
    'text with marks': ['a "b", c; <d> {e} [f] (g) \\ = \n\t\u0001 é 🙂'],
    'empty text': [''],
    'the word NULL': ['NULL'],
    null: [null],
    'a fraction': [new Fraction(30000, 1001)],
    'an array of ints': [[1, 2, 3]],
    'an array of doubles': [[1, 0.5]],
    'an array of text': [['a b', 'c,d', '']],
    'an array of fractions': [[new Fraction(1, 2), new Fraction(3)]],
    'an empty array': [[]],
    'arrays in an array': [[[1, 2], [3]]],
    'a structure': [
      new Structure('box', { x: 1, label: 'a "b"', inner: new Structure('deep', { f: new Fraction(1, 2) }) }),
    ],
    'an object': [{ x: 1 }, new Structure('value', { x: 1 })],
    'an array of structures': [[new Structure('box', { x: 1 }), new Structure('box', { x: 2 })]],
    'a range': [new TypedValue('int', '[ 1, 5 ]')],
    'a bit mask': [new TypedValue('bitmask', '0x0000000000000003')],
  };
  for (const [what, [written, read = written]] of Object.entries(values)) {
    it(`keeps ${what}`, () => {
      using buffer = new Buffer();
      buffer.addCustomMeta(name, { before: 1, value: written, after: 'x' });
      assert.deepEqual(buffer.customMeta(name), { before: 1, value: read, after: 'x' });
      assert.isTrue(buffer.isWritable);
    });
  }

  it('survives copies of the buffer, which have their own', () => {
    using buffer = Buffer.alloc(10);
    buffer.addCustomMeta(name, { id: 7, toString: 'x' });
    for (const copy of [buffer.copy(), buffer.copyDeep()]) {
      assert.deepEqual(copy.customMeta(name) as object, { id: 7, toString: 'x' });
      copy.dispose();
    }
  });

  it('refuses values that no field can hold, each by its name', () => {
    using buffer = new Buffer();
    const add = (value: unknown) => () => buffer.addCustomMeta(name, { outer: { value } } as never);
    for (const bad of [undefined, () => 1, Symbol.iterator, [1, 'a'], [1, true]])
      throws(add(bad), TypeError, /`fields.outer.value/);
    throws(add('a\0b'), RangeError, /`fields.outer.value`/);
    throws(add(2n ** 70n), RangeError, /`fields.outer.value`/);
    throws(add(new TypedValue('int', 2 ** 31)), RangeError, /`fields.outer.value`/);
    throws(add(new TypedValue('uint', -1)), RangeError, /`fields.outer.value`/);
    throws(add(new TypedValue('int', 1.5)), TypeError, /`fields.outer.value`/);
    throws(add(new TypedValue('nonsense', 'x')), RangeError, /`fields`/);
    throws(() => buffer.addCustomMeta(name, { 'a b': 1 }), RangeError, /`fields`/);
    for (const bad of [null, 5, 'x', [1]])
      throws(() => buffer.addCustomMeta(name, bad as never), TypeError, /`fields`/);
    assert.deepEqual(buffer.metas(), []);
    throws(() => new Fraction(1, 0), RangeError, /`denominator`/);
    throws(() => new Fraction(1.5), RangeError, /`numerator`/);
    throws(() => new Structure('', {}), RangeError, /`name`/);
    throws(() => new TypedValue('a)b', 1), RangeError, /`type`/);
  });

  itInOwnProcess(
    'refuse structures that contain themselves, are nested too deep, or have values of unknown types',
    ['RangeError', 'RangeError', 'none', 'RangeError'],
    async (gst, attempt) => {
      gst.registerCustomMeta('HostileMeta');
      const buffer = gst.Buffer.alloc(1);
      const circular: Any = {};
      circular.a = circular;
      await attempt(() => buffer.addCustomMeta('HostileMeta', circular));
      let deep: Any = 1;
      for (let level = 0; level < 40; level++) deep = { a: deep };
      await attempt(() => buffer.addCustomMeta('HostileMeta', deep));
      await attempt(() => buffer.addCustomMeta('HostileMeta', {}));
      await attempt(() => buffer.addCustomMeta('HostileMeta', { a: new gst.TypedValue('constructor', '1') }));
      buffer.dispose();
    },
  );
});

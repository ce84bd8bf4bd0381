import { assert } from 'chai';
import { type Element, Fraction, gi, Pipeline, PipelineError, runtime, Sample } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';
import { itInOwnProcess } from '../harness/own-process.ts';

describe('Element properties', () => {
  let pipeline: Pipeline;
  let source: Element;
  let filter: Element;
  let queue: Element;
  let sink: Element;
  let crop: Element;
  before(() => {
    pipeline = Pipeline.parse(
      'videotestsrc name=source ! capsfilter name=filter ! aspectratiocrop name=crop ! queue name=queue ! fakesink name=sink',
    );
    source = pipeline.get('source');
    filter = pipeline.get('filter');
    queue = pipeline.get('queue');
    sink = pipeline.get('sink');
    crop = pipeline.get('crop');
  });
  after(() => pipeline.dispose());

  /** Sets, and gives what is got then. */
  const through = (element: Element, name: string, value: unknown) => element.set(name, value).get(name);

  it('are listed by name', () => {
    assert.includeMembers(source.propertyNames, ['pattern', 'num-buffers', 'is-live', 'name']);
  });

  it('are found by their names in camelCase and with underscores as well', () => {
    assert.strictEqual(source.set('numBuffers', 7).get('num_buffers'), 7);
  });

  it('can be set in a row', () => {
    assert.strictEqual(source.set('num-buffers', 3).set('pattern', 'snow'), source);
  });

  it('can be set together', () => {
    assert.strictEqual(source.set({ pattern: 'ball', numBuffers: 4, is_live: true }), source);
    assert.deepEqual([source.get('pattern'), source.get('num-buffers'), source.get('is-live')], ['ball', 4, true]);
    assert.strictEqual(source.set({}), source);
    throws(() => source.set({ pattern: 'snow', patern: 'bar' }), PipelineError, /did you mean 'pattern'/);
    assert.strictEqual(source.get('pattern'), 'ball');
    throws(() => source.set({ pattern: 'snow', 'num-buffers': -2, 'is-live': false }), RangeError, /`num-buffers`/);
    assert.deepEqual([source.get('pattern'), source.get('is-live')], ['snow', true]);
    source.set('is-live', false);
    for (const wrong of [null, undefined, 5, ['pattern'], sink]) {
      throws(() => source.set(wrong as never), TypeError, /`name` to be the name of a property, or an object/);
    }
    using fed = Pipeline.parse('appsrc name=feed ! fakesink');
    throws(() => fed.get('feed').set({ caps: 'video/x-raw' }), RangeError, /format/);
    fed.get('feed').set({ caps: 'text/plain', isLive: true });
    assert.strictEqual(fed.appSrc('feed').caps, 'text/plain');
  });

  it('belong to what the factory makes', () => {
    assert.deepEqual([source.factory, crop.factory], ['videotestsrc', 'aspectratiocrop']);
  });

  it('of booleans', () => {
    assert.isTrue(through(source, 'is-live', true));
    assert.isFalse(through(source, 'is-live', false));
    assert.isTrue(through(source, 'is-live', 'true'));
    for (const wrong of [1, 0, null, undefined, '', 'maybe', {}, [], 1n]) {
      throws(() => source.set('is-live', wrong), TypeError, /`is-live` to be a value of type gboolean/);
    }
  });

  it('of integers, within the range of the property itself', () => {
    assert.strictEqual(through(source, 'num-buffers', 2 ** 31 - 1), 2 ** 31 - 1);
    assert.strictEqual(through(source, 'num-buffers', -1), -1);
    assert.strictEqual(through(source, 'num-buffers', '12'), 12);
    assert.strictEqual(through(source, 'num-buffers', 5n), 5);
    assert.strictEqual(through(queue, 'max-size-bytes', 2 ** 32 - 1), 2 ** 32 - 1);
    assert.strictEqual(through(queue, 'max-size-bytes', 0), 0);
    for (const wrong of [-2, 2 ** 31, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2n ** 70n]) {
      throws(() => source.set('num-buffers', wrong), RangeError, /`num-buffers` to be a gint/);
    }
    for (const wrong of [-1, 2 ** 32]) throws(() => queue.set('max-size-bytes', wrong), RangeError, /guint/);
    for (const wrong of [true, null, undefined, 'many', '', {}, [1], () => 1, Symbol.iterator]) {
      throws(() => source.set('num-buffers', wrong), TypeError, /`num-buffers` to be a value of type gint/);
    }
    assert.strictEqual(source.get('num-buffers'), 5);
  });

  it('of 64 bits, as bigint where a number cannot hold them', () => {
    assert.strictEqual(through(queue, 'max-size-time', 2 ** 53 - 1), 2 ** 53 - 1);
    assert.strictEqual(through(queue, 'max-size-time', 2n ** 64n - 1n), 2n ** 64n - 1n);
    assert.strictEqual(through(queue, 'max-size-time', 1n), 1);
    assert.strictEqual(through(sink, 'ts-offset', -(2 ** 40)), -(2 ** 40));
    assert.strictEqual(through(sink, 'ts-offset', -(2n ** 63n)), -(2n ** 63n));
    assert.strictEqual(through(sink, 'ts-offset', 0), 0);
    throws(() => queue.set('max-size-time', -1), RangeError, /guint64/);
    throws(() => queue.set('max-size-time', 2n ** 64n), RangeError, /guint64/);
    throws(() => queue.set('max-size-time', 2 ** 53), RangeError, /guint64/);
    throws(() => sink.set('ts-offset', 2n ** 63n), RangeError, /gint64/);
    throws(() => sink.set('ts-offset', null), TypeError, /gint64/);
  });

  it('of enumerations, by nick and by number', () => {
    assert.strictEqual(through(source, 'pattern', 'ball'), 'ball');
    assert.strictEqual(through(source, 'pattern', 1), 'snow');
    for (const wrong of [999, -1, 1.5]) throws(() => source.set('pattern', wrong), RangeError, /`pattern`/);
    for (const wrong of ['bal', '', null, true, {}]) throws(() => source.set('pattern', wrong), TypeError, /`pattern`/);
    assert.strictEqual(source.get('pattern'), 'snow');
  });

  it('of flags, by nicks and by number', () => {
    using player = Pipeline.parse('playbin name=player');
    const element: Element = player.get('player');
    assert.strictEqual(element.set('flags', 'video+audio').get('flags'), element.set('flags', 3).get('flags'));
    assert.match(String(element.get('flags')), /video/);
    const [both, none] = [element.get('flags'), element.set('flags', 0).get('flags')];
    assert.strictEqual(through(element, 'flags', both), both);
    assert.strictEqual(through(element, 'flags', none), none);
    for (const wrong of [-1, 2 ** 32, 1.5]) throws(() => element.set('flags', wrong), RangeError, /`flags`/);
    for (const wrong of ['pictures', null, {}]) throws(() => element.set('flags', wrong), TypeError, /`flags`/);
  });

  it('of caps, as text', () => {
    assert.strictEqual(
      through(filter, 'caps', 'video/x-raw, format=I420, width=(int)[1, 320]'),
      'video/x-raw, format=(string)I420, width=(int)[ 1, 320 ]',
    );
    assert.strictEqual(through(filter, 'caps', null), 'ANY');
    for (const wrong of ['(((', 5, true, {}]) {
      throws(() => filter.set('caps', wrong), TypeError, /`caps` to be a value of type GstCaps/);
    }
  });

  it('of fractions, as text', () => {
    assert.strictEqual(through(crop, 'aspect-ratio', '16/9'), '16/9');
    assert.strictEqual(through(crop, 'aspect-ratio', new Fraction(4, 3)), '4/3');
    for (const wrong of ['wide', 1.5, {}]) throws(() => crop.set('aspect-ratio', wrong), TypeError, /`aspect-ratio`/);
  });

  it('of arrays, as text or as arrays', () => {
    using parser = Pipeline.parse('rawvideoparse name=parser ! fakesink');
    const element: Element = parser.get('parser');
    const strides = through(element, 'plane-strides', [320, 160, 160]);
    assert.strictEqual(strides, '< (int)320, (int)160, (int)160 >');
    assert.strictEqual(through(element, 'plane-strides', '<64, 32, 32>'), '< (int)64, (int)32, (int)32 >');
    assert.strictEqual(through(element, 'plane-strides', strides), strides);
    using mixer = Pipeline.parse('audiomixmatrix name=mixer in-channels=2 out-channels=1');
    assert.strictEqual(through(mixer.get('mixer'), 'matrix', [[0.5, 1]]), '< (array)< (double)0.5, (double)1 > >');
    for (const wrong of ['320, 160, 160', 5, [Symbol.iterator], [() => 1]])
      throws(() => element.set('plane-strides', wrong), TypeError, /`plane-strides/);
  });

  it('of strings, null for none', () => {
    using files = Pipeline.parse('filesrc name=file ! fakesink');
    const file: Element = files.get('file');
    assert.isNull(file.get('location'));
    assert.strictEqual(through(file, 'location', '/tmp/ä b'), '/tmp/ä b');
    assert.isNull(through(file, 'location', null));
    for (const wrong of [5, true, {}, undefined]) throws(() => file.set('location', wrong), TypeError, /`location`/);
  });

  it('of floating point numbers', () => {
    using pipe = Pipeline.parse('audiotestsrc name=tone ! fakesink');
    const tone: Element = pipe.get('tone');
    assert.strictEqual(through(tone, 'volume', 0.25), 0.25);
    assert.strictEqual(through(tone, 'freq', 1), 1);
    for (const wrong of [1.5, -0.5]) throws(() => tone.set('volume', wrong), RangeError, /`volume`/);
    for (const wrong of ['loud', null, true, 1n]) {
      throws(() => tone.set('volume', wrong), wrong === 1n ? RangeError : TypeError, /`volume`/);
    }
  });

  it('of structures, as text', () => {
    assert.match(String(sink.get('stats')), /^application\/x-gst-base-sink-stats, average-rate=\(double\)/);
  });

  it('of objects, raw', () => {
    assert.strictEqual(
      (sink.get('parent') as { constructor: { name: string } }).constructor.name.slice(-8),
      'Pipeline',
    );
    using player = Pipeline.parse('playbin name=player');
    const element: Element = player.get('player');
    const raw = (gi.Gst.ElementFactory as unknown as { make(name: string, as: null): object }).make('fakesink', null);
    assert.isNull(element.get('video-sink'));
    element.set('video-sink', raw);
    assert.isNotNull(element.get('video-sink'));
    element.set('video-sink', null);
    assert.isNull(element.get('video-sink'));
    for (const wrong of [{}, 1, 'fakesinkk !', sink.get('stats')]) {
      throws(() => element.set('video-sink', wrong), TypeError, /`video-sink`/);
    }
  });

  it('of samples, raw', async () => {
    await using pipe = Pipeline.parse('videotestsrc num-buffers=1 ! fakesink name=end');
    const end = pipe.get('end');
    assert.isNull(end.get('last-sample'));
    await pipe.play();
    await pipe.finished();
    using sample = Sample.wrap(end.get('last-sample'));
    assert.match(sample.caps ?? '', /^video\/x-raw/);
  });

  it('say what they take when they refuse', () => {
    using pipe = Pipeline.parse('videobalance name=colours ! fakesink volume name=volume ! fakesink');
    const colours: Element = pipe.get('colours');
    throws(() => colours.set('saturation', 17), RangeError, /`saturation` to be a gdouble from 0 to 2, got 17$/);
    throws(() => colours.set('saturation', 'much'), TypeError, /got "much" \(string\); it takes numbers from 0 to 2$/);
    throws(() => pipe.get('volume').set('volume', -1), RangeError, /from 0 to 10, got -1$/);
    throws(() => source.set('num-buffers', -2), RangeError, /a gint from -1 to 2147483647, got -2$/);
    throws(() => queue.set('max-size-time', -1), RangeError, /a guint64 from 0 to 18446744073709551615, got -1$/);
    throws(() => source.set('pattern', 999), RangeError, /a GstVideoTestSrcPattern: smpte, snow, .*, got 999$/);
    throws(() => source.set('pattern', 'bal'), TypeError, /; did you mean `ball`\? It takes smpte, snow, /);
    throws(() => queue.set('leaky', 'sometimes'), TypeError, /; it takes no, upstream, downstream$/);
    using player = Pipeline.parse('playbin name=player');
    throws(() => player.get('player').set('flags', 2 ** 31), RangeError, /a GstPlayFlags from 0 to \d{4,}, got/);
  });

  it('suggest the name that was probably meant', () => {
    throws(
      () => source.get('patern'),
      PipelineError,
      /^videotestsrc has no property 'patern'; did you mean 'pattern'\?$/,
    );
    throws(() => source.set('num-bufers', 1), PipelineError, /did you mean 'num-buffers'\?/);
    throws(() => source.get('zzzzzzzzzz'), PipelineError, /no property 'zzzzzzzzzz'$/);
    throws(() => source.get(5 as unknown as string), TypeError, /`name`/);
  });

  it('cannot be set where they can be read only', () => {
    for (const name of ['stats', 'last-message', 'last-sample', 'parent', 'name']) {
      throws(() => sink.set(name, null), PipelineError, /can be read only/);
    }
  });

  it(`have the same names on both engines (${runtime})`, () => {
    assert.strictEqual(new Set(sink.propertyNames).size, sink.propertyNames.length);
  });

  itInOwnProcess(
    'of caps and numbers refuse text that GStreamer would complain about',
    ['TypeError', 'TypeError', 'RangeError'],
    async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('fakesrc ! capsfilter name=filter ! fakesink');
      await attempt(() => pipeline.get('filter').set('caps', '/x'));
      await attempt(() => pipeline.get('filter').set('caps-change-mode', '-2147483648/1' as never));
      await attempt(() => pipeline.get('filter').set('caps', 'a\0b'));
      pipeline.dispose();
    },
  );
});

import { assert } from 'chai';
import { AppSink, AppSrc, DisposedError, Element, Pipeline, PipelineError } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';

describe('Pipeline.parse', () => {
  it('builds what the description says', () => {
    using pipeline = Pipeline.parse('videotestsrc name=source ! queue name=line ! fakesink name=end');
    assert.sameMembers(pipeline.elementNames, ['source', 'line', 'end']);
    assert.strictEqual(pipeline.state, 'null');
  });

  it('puts a single element, or a bin, into a pipeline', async () => {
    for (const description of ['fakesink name=only', '( fakesink name=only )']) {
      using pipeline = Pipeline.parse(description);
      assert.include(pipeline.elementNames, 'only');
      await pipeline.stop();
    }
  });

  for (const [description, words] of [
    ['videotestsrc !', /could not be built: .*syntax error/],
    ['', /could not be built/],
    ['   ', /could not be built/],
    ['! fakesink', /could not be built/],
    ['videotestsrc ! ! fakesink', /could not be built/],
    ['videotestsrc ! audioconvert ! fakesink', /could not link/],
    ['videotestsrc patern=ball ! fakesink', /no property "patern" in element "videotestsrc"/],
    ['videotestsrc pattern=none-such ! fakesink', /could not set property "pattern"/],
    ['videotestsrc ! nosuchelement ! fakesink', /no element "nosuchelement"$/],
    ['videotestsrc ! video/x-raw, format= ! fakesink', /could not be built/],
    ['videotestsrc ! video/x-nothing ! fakesink', /could not be built/],
    ['nobody. ! fakesink', /could not be built/],
  ] as [string, RegExp][]) {
    it(`refuses ${JSON.stringify(description)}`, () => {
      const error = throws(() => Pipeline.parse(description), PipelineError, words) as PipelineError;
      assert.isNotNull(error.detail);
    });
  }

  it('names the package of an element that is not installed', () => {
    throws(
      () => Pipeline.parse('videotestsrc ! vaapih264enc ! fakesink'),
      PipelineError,
      /no element "vaapih264enc"; it comes with the package gstreamer1\.0-vaapi \(.*apt install gstreamer1\.0-vaapi\)/,
    );
  });

  it('takes a string only', () => {
    for (const wrong of [undefined, null, 1, {}, ['fakesink']]) {
      throws(() => Pipeline.parse(wrong as string), TypeError, /`description`/);
    }
    throws(() => Pipeline.parse('fakesink\0'), RangeError, /`description`/);
  });

  it('is the only way to a pipeline', () => {
    throws(() => new (Pipeline as unknown as new () => Pipeline)(), TypeError, /not made with `new`/);
  });
});

describe('Pipeline.get', () => {
  let pipeline: Pipeline;
  beforeEach(() => {
    pipeline = Pipeline.parse('appsrc name=input ! identity name=middle ! appsink name=output');
  });
  afterEach(() => pipeline.dispose());

  it('gives elements by their names, the same object each time', () => {
    const middle = pipeline.get('middle');
    assert.strictEqual(middle.constructor, Element);
    assert.strictEqual(middle.name, 'middle');
    assert.strictEqual(pipeline.get('middle'), middle);
    assert.instanceOf(pipeline.get('output'), AppSink);
    assert.instanceOf(pipeline.appSink('output'), AppSink);
    assert.instanceOf(pipeline.appSrc('input'), AppSrc);
  });

  it('suggests the name that was probably meant', () => {
    throws(
      () => pipeline.get('midle'),
      PipelineError,
      /^no element is named 'midle'; did you mean 'middle'\? There are (\w+, ){2}\w+$/,
    );
    throws(() => pipeline.appSink('outputs'), PipelineError, /did you mean 'output'\?/);
    throws(() => pipeline.appSrc('imput'), PipelineError, /did you mean 'input'\?/);
    throws(() => pipeline.get('zzzzzzzz'), PipelineError, /'zzzzzzzz'; there are .*middle/);
  });

  it('refuses an element of another kind', () => {
    throws(() => pipeline.appSink('input'), TypeError, /^expected 'input' to be an appsink, got appsrc$/);
    throws(() => pipeline.appSrc('middle'), TypeError, /^expected 'middle' to be an appsrc, got identity$/);
  });

  it('refuses what is no name', () => {
    for (const wrong of [undefined, null, 1, {}]) throws(() => pipeline.get(wrong as string), TypeError, /`name`/);
  });

  it('gives another facade for one that was disposed', () => {
    const middle = pipeline.get('middle');
    middle.dispose();
    throws(() => middle.name, DisposedError);
    assert.strictEqual(pipeline.get('middle').name, 'middle');
  });

  it('disposes its elements with the pipeline', () => {
    const sink = pipeline.appSink('output');
    pipeline.dispose();
    pipeline.dispose();
    assert.isTrue(sink.isDisposed);
    throws(() => sink.tryPull(), DisposedError);
    throws(() => pipeline.get('middle'), DisposedError);
    throws(() => pipeline.state, DisposedError);
    throws(() => pipeline.elementNames, DisposedError);
  });
});

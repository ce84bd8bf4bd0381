import { assert } from 'chai';
import { DisposedError, type Element, Pad, Pipeline, PipelineError } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';

const format = 'video/x-raw, format=GRAY8, width=16, height=16, framerate=50/1';

/** Waits for a frame whose first byte is as it is wanted. */
async function until(pipeline: Pipeline, isWanted: (first: number) => boolean): Promise<void> {
  for await (using sample of pipeline.appSink('sink').frames()) {
    using buffer = sample.buffer;
    if (isWanted(buffer?.withMapping(1, (bytes) => bytes[0]) ?? -1)) return;
  }
  assert.fail('the stream ended before such a frame');
}
const isBlack = (first: number): boolean => first < 50;
const isWhite = (first: number): boolean => first > 200;

describe('Pads', () => {
  const makeTee = () =>
    Pipeline.parse('fakesrc num-buffers=3 name=source ! tee name=t ! fakesink name=one t. ! fakesink');

  it('are those that the element has, by name', () => {
    using pipeline = makeTee();
    const tee: Element = pipeline.get('t');
    assert.deepEqual(
      tee.pads().map(({ name, direction, elementName, isLinked }) => [name, direction, elementName, isLinked]),
      [
        ['sink', 'sink', 't', true],
        ['src_0', 'src', 't', true],
        ['src_1', 'src', 't', true],
      ],
    );
    assert.instanceOf(tee.pad('sink'), Pad);
    assert.strictEqual(tee.pad('src_1'), tee.pads()[2]);
    throws(
      () => tee.pad('src_2'),
      PipelineError,
      /no pad 'src_2'; did you mean 'src_[01]'\? There are sink, src_0, src_1/,
    );
    throws(() => tee.pad(5 as never), TypeError, /name/);
  });

  it('know their peers, and what flows', async () => {
    await using pipeline = Pipeline.parse(
      `videotestsrc num-buffers=1 name=source ! capsfilter name=filter caps="${format}" ! appsink name=sink`,
    );
    const source = pipeline.get('source').pad('src');
    assert.isNull(source.caps);
    const { peer } = source;
    assert.deepEqual([peer?.name, peer?.direction, peer?.elementName], ['sink', 'sink', 'filter']);
    assert.strictEqual(source.peer, peer);
    assert.isTrue(peer?.peer?.isSame(source));
    await pipeline.play();
    (await pipeline.appSink('sink').pull())?.dispose();
    assert.match(String(source.caps), /^video\/x-raw, format=\(string\)GRAY8, width=\(int\)16/);
    using lone = Pipeline.parse('fakesink name=f');
    const unlinked = lone.get('f').pad('sink');
    assert.deepEqual([unlinked.isLinked, unlinked.peer], [false, null]);
  });

  it('end with their element', () => {
    const pipeline = makeTee();
    const pad = pipeline.get('t').pad('sink');
    const { peer } = pad;
    pipeline.dispose();
    assert.deepEqual([pad.isDisposed, peer?.isDisposed], [true, true]);
    throws(() => pad.name, DisposedError);
  });

  it('of branches that have left are let go of', async () => {
    await using pipeline = Pipeline.parse('fakesrc is-live=true ! tee name=t ! queue ! fakesink');
    await pipeline.play();
    const tee: Element = pipeline.get('t');
    const seen = new Set<Pad>();
    for (let round = 0; round < 3; round++) {
      const branch = await pipeline.attach('fakesink', { to: 't' });
      for (const pad of tee.pads()) seen.add(pad);
      await branch.detach();
    }
    assert.strictEqual(tee.pads().length, 2);
    assert.isAtMost([...seen].filter((pad) => !pad.isDisposed).length, 3);
  });

  it('have properties', async () => {
    await using pipeline = Pipeline.parse(
      `compositor name=mixer background=black ! ${format} ! appsink name=sink sync=false videotestsrc is-live=true pattern=white ! ${format} ! mixer.`,
    );
    const pad = pipeline.get('mixer').pad('sink_0');
    assert.includeMembers(pad.propertyNames, ['alpha', 'xpos', 'offset', 'direction']);
    assert.strictEqual(pad.get('alpha'), 1);
    await pipeline.play();
    await until(pipeline, isWhite);
    assert.strictEqual(pad.set('alpha', 0), pad);
    await until(pipeline, isBlack);
    pad.set({ alpha: 1, xpos: 8 });
    assert.deepEqual([pad.get('alpha'), pad.get('xpos')], [1, 8]);
    throws(() => pad.set('alpha', 2), RangeError, /`alpha` to be a gdouble from 0 to 1, got 2/);
    throws(() => pad.set('alfa', 1), PipelineError, /the pad sink_0 has no property 'alfa'; did you mean 'alpha'/);
    throws(() => pad.set({ xpos: 3, alfa: 1 }), PipelineError, /alfa/);
    assert.strictEqual(pad.get('xpos'), 8);
    throws(() => pad.set('name', 'other'), PipelineError, /read only/);
    throws(() => pad.set(null as never), TypeError, /an object of names and values/);
  });

  it('choose the input of a selector while it plays', async () => {
    await using pipeline = Pipeline.parse(
      `input-selector name=inputs ! appsink name=sink sync=false max-buffers=1 drop=true
        videotestsrc is-live=true pattern=white ! ${format} ! inputs.
        videotestsrc is-live=true pattern=black ! ${format} ! inputs.`,
    );
    await pipeline.play();
    const inputs = pipeline.get('inputs');
    for (let round = 0; round < 2; round++) {
      inputs.set('active-pad', inputs.pad('sink_1'));
      assert.strictEqual(inputs.get('active-pad'), inputs.pad('sink_1'));
      await until(pipeline, isBlack);
      inputs.set('active-pad', inputs.pad('sink_0'));
      await until(pipeline, isWhite);
    }
  });

  it('of other elements, and of the other direction, are no choice', () => {
    using pipeline = Pipeline.parse(
      'fakesrc name=f ! input-selector name=inputs ! output-selector name=outputs ! fakesink',
    );
    const [inputs, outputs] = [pipeline.get('inputs'), pipeline.get('outputs')];
    for (const pad of [inputs.pad('src'), outputs.pad('sink'), pipeline.get('f').pad('src')])
      throws(() => inputs.set('active-pad', pad), RangeError, /`active-pad` to be a sink pad of inputs/);
    throws(() => outputs.set('active-pad', outputs.pad('sink')), RangeError, /a source pad of outputs/);
    outputs.set('active-pad', outputs.pad('src_0'));
    throws(() => inputs.set('active-pad', inputs), TypeError, /`active-pad` to be a Pad/);
    throws(() => inputs.set('active-pad', 'sink_0' as never), TypeError, /`active-pad` to be a Pad/);
    inputs.set('active-pad', null);
  });
});

import { assert } from 'chai';
import { DisposedError, elementExists, frames, Pipeline, PipelineError } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';
import { until } from '../harness/sleep.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

describe('Actions of elements', () => {
  it('split a film while it is written', async () => {
    const path = temporaryPath('split');
    await using pipeline: Pipeline = Pipeline.parse(
      `videotestsrc is-live=true ! video/x-raw, width=32, height=32, framerate=50/1 ! jpegenc ! tee name=t ! queue
        ! splitmuxsink name=films muxer-factory=matroskamux location=${path}-%d.mkv t. ! queue ! appsink name=sink` as string,
    );
    const opened: unknown[] = [];
    const closed: unknown[] = [];
    const read = async () => {
      for await (const message of pipeline.messages())
        if (message.type === 'element' && message.name === 'splitmuxsink-fragment-closed')
          closed.push(message.fields.location);
        else if (message.type === 'element' && message.name === 'splitmuxsink-fragment-opened')
          opened.push(message.fields.location);
    };
    const reading = read();
    await pipeline.play();
    const pull = async (count: number) => {
      for (let frame = 0; frame < count; frame++) (await pipeline.appSink('sink').pull())?.dispose();
    };
    await pull(10);
    assert.isUndefined(pipeline.get('films').emit('split-now'));
    await until(() => opened.length === 2, 10_000, 'the second film');
    await pull(10);
    await pipeline.stop({ endOfStream: true });
    await reading;
    assert.deepEqual(closed, [`${path}-0.mkv`, `${path}-1.mkv`]);
    for (const film of closed) {
      let count = 0;
      for await (using _ of frames(film as string)) count++;
      assert.isAbove(count, 3);
    }
  });

  it('have arguments and results', () => {
    using pipeline = Pipeline.parse('multiudpsink name=u fakesrc ! fakesink name=f');
    const sink = pipeline.get('u');
    assert.isUndefined(sink.emit('add', '127.0.0.1', 5004));
    assert.strictEqual(sink.get('clients'), '127.0.0.1:5004');
    assert.match(String(sink.emit('get-stats', '127.0.0.1', 5004)), /^multiudpsink-stats, bytes-sent/);
    sink.emit('clear');
    assert.strictEqual(sink.get('clients') || '', '');
    // An inherited one.
    using other: Pipeline = Pipeline.parse('udpsink name=u');
    assert.isUndefined(other.get('u').emit('clear'));
  });

  it('are refused with the names and the arguments that there are', () => {
    using pipeline = Pipeline.parse('multiudpsink name=u fakesrc name=f ! fakesink appsink name=sink');
    const sink = pipeline.get('u');
    throws(
      () => sink.emit('ad' as never),
      PipelineError,
      /multiudpsink has no action 'ad'; did you mean 'add'\? It has add,/,
    );
    throws(() => sink.emit('client-added' as never), PipelineError, /no action 'client-added'; it has add/);
    throws(() => sink.emit('notify' as never), PipelineError, /no action/);
    throws(() => pipeline.get('f').emit('x' as never), PipelineError, /fakesrc has no action 'x'; it has none/);
    throws(
      () => sink.emit('add', '127.0.0.1', ...([] as unknown as [number])),
      TypeError,
      /2 arguments for 'add' .*\(gchararray, gint\), got 1/,
    );
    throws(() => sink.emit('add', '127.0.0.1', 1.5), TypeError, /`values\[1\]` to be a value of type gint/);
    throws(() => sink.emit('add', 5 as never, 5), TypeError, /`values\[0\]` to be a value of type gchararray/);
    throws(() => sink.emit(5 as never), TypeError, /`name`/);
    throws(() => pipeline.get('sink').emit('pull-sample'), PipelineError, /the actions of an appsink are methods/);
    pipeline.dispose();
    throws(() => sink.emit('clear'), DisposedError);
  });
});

describe('Elements of a pipeline', () => {
  it('are found by their class', async () => {
    await using pipeline = Pipeline.parse(
      'videotestsrc is-live=true name=source ! identity name=i ! tee name=t ! queue ! fakesink name=f ( fakesrc name=f2 ! fakesink name=f )',
    );
    const names = (klass?: string) =>
      pipeline
        .elements(klass)
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(names('Source'), ['f2', 'source']);
    assert.deepEqual(names('Source/Video'), ['source']);
    assert.deepEqual(names('Video/Source'), ['source']);
    assert.deepEqual(names('Encoder'), []);
    assert.deepEqual(names(), pipeline.elementNames.sort());
    const sinks = pipeline.elements('Sink');
    assert.deepEqual([sinks.length, sinks[0]?.isSame(sinks[1])], [2, false]);
    assert.includeMembers(sinks, [pipeline.get('f')]);
    assert.sameMembers(pipeline.elements('Sink'), sinks);
    pipeline.filter('i', () => {}, { as: 'buffer' });
    assert.notIncludeMembers(names(), ['i-in', 'i-out']);
    await pipeline.play();
    const branch = await pipeline.attach('fakesink name=inside', { to: 't' });
    assert.include(pipeline.elements('Sink'), branch.get('inside'));
    await branch.detach();
    assert.notInclude(names(), 'inside');
    throws(() => pipeline.elements(5 as never), TypeError, /`klass`/);
  });

  it('are known before they are made', () => {
    assert.deepEqual([elementExists('fakesink'), elementExists('fakesunk'), elementExists('')], [true, false, false]);
    throws(() => elementExists(null as never), TypeError, /`factory`/);
  });
});

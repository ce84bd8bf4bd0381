import { assert } from 'chai';
import { host } from '#host';
import { Branch, DisposedError, Pipeline, PipelineError } from '../../src/index.ts';
import { rejects } from '../harness/expectations.ts';
import { sleep, until } from '../harness/sleep.ts';

const second = 1e9;
const frame = second / 30;
const camera = 'videotestsrc is-live=true name=source ! video/x-raw, format=I420, width=64, height=48, framerate=30/1';
const teed = `${camera} ! tee name=t ! queue ! appsink name=main sync=false max-buffers=100`;
const path = (name: string) => `${host.temporaryFolder}/gst-allocators-${host.processId}-branch-${name}`;
const encoders = { webm: 'videoconvert ! vp8enc deadline=1 ! webmmux', mov: 'jpegenc ! qtmux' };
const recording = (name: string, kind: keyof typeof encoders = 'mov') => ({
  file: path(`${name}.${kind}`),
  description: `${encoders[kind]} ! filesink location=${path(`${name}.${kind}`)}`,
});

/** Plays a pipeline whose appsink `main` is read, each frame by its number. */
async function playing(description = teed): Promise<{ pipeline: Pipeline; numbers: number[]; end(): Promise<void> }> {
  const pipeline: Pipeline = Pipeline.parse(description as string);
  const numbers: number[] = [];
  await pipeline.play({ timeout: 5 * second });
  const read = async () => {
    for await (using sample of pipeline.appSink('main').frames()) {
      using buffer = sample.buffer;
      numbers.push(buffer?.offset ?? -1);
    }
  };
  const reading = read();
  return {
    pipeline,
    numbers,
    async end() {
      const before = numbers.length;
      await until(() => numbers.length > before, 10_000, 'the rest');
      await pipeline.stop();
      await reading;
      await pipeline[Symbol.asyncDispose]();
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => (numbers[0] as number) + index),
        'each frame once',
      );
    },
  };
}

/** Stamps of a film, from its beginning to its end. */
async function stampsOf(file: string): Promise<number[]> {
  await using pipeline = Pipeline.parse(`filesrc location=${file} ! decodebin ! appsink name=sink sync=false`);
  await pipeline.play({ timeout: 5 * second });
  const stamps: number[] = [];
  for await (using sample of pipeline.appSink('sink').frames({ timeout: 5 * second })) {
    using buffer = sample.buffer;
    stamps.push(buffer?.pts ?? -1);
  }
  return stamps;
}

async function expectFilm(file: string, least = 2): Promise<void> {
  const stamps = await stampsOf(file);
  assert.isAtLeast(stamps.length, least, file);
  stamps.forEach((stamp, index) => {
    assert.closeTo(stamp, index * frame, 2e6, `frame ${index} of ${stamps.length} in ${file}`);
  });
}

const namesOfBranches = (pipeline: Pipeline): string[] =>
  pipeline.elementNames.filter((name) => name.startsWith('branch'));

describe('Pipeline.attach', function () {
  this.timeout(60_000);

  it('records what plays, from zero, whole, and again and again', async () => {
    const { pipeline, end } = await playing();
    await sleep(200);
    const films: string[] = [];
    for (const [index, kind] of (['webm', 'mov', 'webm'] as const).entries()) {
      const { file, description } = recording(`film${index}`, kind);
      films.push(file);
      const branch = await pipeline.attach(description as string, { to: 't', timeout: 5 * second });
      assert.instanceOf(branch, Branch);
      assert.include(pipeline.elementNames, branch.name);
      await sleep(400);
      await branch.detach({ timeout: 5 * second });
      assert.isTrue(branch.isDisposed);
      await branch.finished();
      assert.deepEqual(namesOfBranches(pipeline), []);
    }
    assert.strictEqual(pipeline.state, 'playing');
    await end();
    for (const film of films) await expectFilm(film);
  });

  it('has several at once, each with an end of its own', async () => {
    const { pipeline, end } = await playing();
    const one = recording('one');
    const other = recording('other');
    await using first = await pipeline.attach(one.description as string, { to: 't' });
    await sleep(200);
    await using second = await pipeline.attach(other.description as string, { to: 't' });
    await sleep(500);
    await Promise.all([first.detach(), second.detach()]);
    await end();
    const [long, short] = [await stampsOf(one.file), await stampsOf(other.file)];
    assert.isAbove(long.length, short.length);
    for (const { file } of [one, other]) await expectFilm(file);
  });

  it('attaches to a tee in a bin, and to one of audio', async () => {
    const wave = path('sound.wav');
    await using pipeline = Pipeline.parse(
      'audiotestsrc is-live=true samplesperbuffer=441 ! audio/x-raw, format=S16LE, rate=44100, channels=1 ! bin.( tee name=t ! queue ! fakesink )',
    );
    await pipeline.play({ timeout: 5 * second });
    const branch = await pipeline.attach(`wavenc ! filesink location=${wave}` as string, { to: 't' });
    await sleep(500);
    await branch.detach();
    const stamps = await stampsOf(wave);
    assert.isAbove(stamps.length, 0);
    assert.strictEqual(stamps[0], 0);
  });

  it('attaches to a free pad, before it plays, and ends with its pipeline', async () => {
    const { file, description } = recording('whole');
    await using pipeline = Pipeline.parse(
      'videotestsrc name=source num-buffers=20 ! video/x-raw, width=64, height=48, framerate=30/1 ! identity name=end',
    );
    const branch = await pipeline.attach(description as string, { to: 'end' });
    await pipeline.play({ timeout: 5 * second });
    await Promise.all([pipeline.finished({ timeout: 5 * second }), branch.finished({ timeout: 5 * second })]);
    await branch.detach();
    await expectFilm(file, 20);
    assert.strictEqual((await stampsOf(file)).length, 20);
  });

  it('gives the elements of the branch, and their facades go with it', async () => {
    const { pipeline, end } = await playing();
    const branch = await pipeline.attach('identity name=in ! appsink name=out sync=false', { to: 't' });
    assert.strictEqual(branch.get('in').factory, 'identity');
    const sink = branch.appSink('out');
    assert.strictEqual(pipeline.get('out' as string), sink, 'the same object by way of the pipeline');
    using sample = await sink.pull({ timeout: 5 * second });
    assert.isNotNull(sample);
    await branch.detach();
    assert.isTrue(sink.isDisposed);
    await rejects((async () => branch.name)(), DisposedError);
    await end();
  });

  it('refuses what cannot be attached, and leaves nothing', async () => {
    const { pipeline, end } = await playing();
    const attach = (description: string, to: string) => pipeline.attach(description, { to });
    await rejects(attach('fakesink', 'tt'), PipelineError, /no element is named 'tt'; did you mean 't'/);
    await rejects(attach('fakesink', 'source'), PipelineError, /no source pad that is free; put `tee name=…`/);
    await rejects(attach('fakesnk', 't'), PipelineError, /fakesnk/);
    await rejects(attach('videotestsrc ! fakesink', 't'), PipelineError, /could not be built/);
    await rejects(attach('filesink location=/nowhere/film', 't'), PipelineError, /\/nowhere\/film/);
    await rejects(pipeline.attach('fakesink', { to: 't', fatall: true } as never), TypeError, /fatal/);
    await rejects(pipeline.attach('fakesink', {} as never), TypeError, /options\.to/);
    assert.deepEqual(namesOfBranches(pipeline), []);
    await end();
  });

  it('has nobody change the format for it', async () => {
    const { pipeline, end } = await playing(
      'videotestsrc is-live=true ! video/x-raw, framerate=30/1 ! tee name=t ! queue ! appsink name=main max-buffers=100',
    );
    const attached = pipeline.attach('video/x-raw, format=GRAY8 ! fakesink', { to: 't' });
    await rejects(attached, PipelineError, /does not take what comes from 't', video\/x-raw.*videoconvert/);
    assert.deepEqual(namesOfBranches(pipeline), []);
    await end();
  });

  it('comes to nothing where the pipeline is stopped, or the wait given up', async () => {
    const { pipeline, end } = await playing();
    const abort = new AbortController();
    const given = pipeline.attach('fakesink', { to: 't', signal: abort.signal });
    abort.abort();
    const reason = await given.catch((error: Error) => error.name);
    assert.strictEqual(reason, 'AbortError');
    await sleep(100);
    assert.deepEqual(namesOfBranches(pipeline), []);
    await end();
    await using stopped = Pipeline.parse(teed);
    await stopped.play({ timeout: 5 * second });
    const attached = stopped.attach('fakesink', { to: 't' });
    const [branch] = await Promise.all([attached.catch((error) => error), stopped.stop()]);
    if (branch instanceof Branch) await rejects(branch.detach(), PipelineError, /did not end/);
    else assert.instanceOf(branch, PipelineError);
    assert.deepEqual(namesOfBranches(stopped), []);
  });
});

describe('An error in a branch', function () {
  this.timeout(60_000);

  it('is one of the branch, and the rest plays on', async () => {
    const { pipeline, end } = await playing();
    for (let round = 0; round < 3; round++) {
      const branch = await pipeline.attach('identity name=bad error-after=3 ! appsink name=out', { to: 't' });
      const error = await rejects(branch.finished({ timeout: 5 * second }), PipelineError, /bad/);
      assert.strictEqual((error as PipelineError).element, 'bad');
      await rejects(branch.detach(), PipelineError, /bad/);
      await rejects(branch.detach({ eos: false }), PipelineError, /bad/);
    }
    assert.deepEqual(namesOfBranches(pipeline), []);
    await end();
  });

  it('is thrown by a loop over its frames', async () => {
    const { pipeline, end } = await playing();
    const branch = await pipeline.attach('identity name=bad error-after=3 ! appsink name=out', { to: 't' });
    let count = 0;
    const loop = async () => {
      for await (using _ of branch.appSink('out').frames({ timeout: 5 * second })) count++;
    };
    await rejects(loop(), PipelineError, /bad/);
    assert.isAtMost(count, 3);
    await end();
  });

  it('is a warning where nobody awaits it, and no error of the process', async () => {
    const { status, value, stderr } = await host.run(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse('videotestsrc is-live=true ! tee name=t ! queue ! fakesink');
      await pipeline.play();
      await pipeline.attach('identity name=bad error-after=3 ! fakesink', { to: 't' });
      await new Promise((resolve) => setTimeout(resolve, 1800));
      const { state } = pipeline;
      await pipeline.stop();
      pipeline.dispose();
      return state;
    });
    assert.strictEqual(status, 0);
    assert.strictEqual(value, 'playing');
    assert.match(stderr, /the branch branch0 failed, and nobody awaits it: bad/);
  });

  it('is one of the pipeline where it is to be', async () => {
    await using pipeline = Pipeline.parse(`${camera} ! tee name=t ! queue ! fakesink`);
    await pipeline.play({ timeout: 5 * second });
    const branch = await pipeline.attach('identity name=bad error-after=3 ! fakesink', { to: 't', fatal: true });
    await rejects(pipeline.finished({ timeout: 5 * second }), PipelineError, /bad/);
    await rejects(branch.finished(), PipelineError, /bad/);
  });
});

describe('Branch.detach', function () {
  this.timeout(60_000);

  it('has one end, however often', async () => {
    const { pipeline, end } = await playing();
    const { file, description } = recording('twice');
    const branch = await pipeline.attach(description as string, { to: 't' });
    await sleep(500);
    await Promise.all([branch.detach(), branch.detach(), branch[Symbol.asyncDispose]()]);
    await branch.detach();
    await branch[Symbol.asyncDispose]();
    branch.dispose();
    await end();
    await expectFilm(file);
  });

  it('does not end the pipeline, though nothing else is in it', async () => {
    await using pipeline = Pipeline.parse(`${camera} ! tee name=t allow-not-linked=true`);
    await pipeline.play({ timeout: 5 * second });
    for (let round = 0; round < 3; round++) {
      const { file, description } = recording(`alone${round}`);
      const branch = await pipeline.attach(description as string, { to: 't' });
      await sleep(500);
      await branch.detach();
      await expectFilm(file);
    }
    await rejects(pipeline.finished({ timeout: second / 10 }), globalThis.DOMException ?? Error, /timed out/);
  });

  it('ends the pipeline where that has only waited for the branch', async () => {
    await using pipeline = Pipeline.parse(
      'videotestsrc num-buffers=30 ! video/x-raw, framerate=30/1, width=64, height=48 ! tee name=t ! queue ! fakesink sync=true',
    );
    const branch = await pipeline.attach('appsink name=out wait-on-eos=true sync=false', { to: 't' });
    await pipeline.play({ timeout: 5 * second });
    await sleep(1500);
    await branch.detach({ eos: false });
    await pipeline.finished({ timeout: 5 * second });
  });

  it('works from inside a loop over its own frames, which gets all there are', async () => {
    const { pipeline, end } = await playing();
    const branch = await pipeline.attach('appsink name=out sync=false max-buffers=2', { to: 't' });
    const numbers: number[] = [];
    for await (using sample of branch.appSink('out').frames({ timeout: 5 * second })) {
      using buffer = sample.buffer;
      numbers.push(buffer?.offset ?? -1);
      if (numbers.length !== 3) continue;
      await sleep(500);
      await branch.detach({ timeout: 5 * second });
    }
    assert.isAtLeast(numbers.length, 8);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => (numbers[0] as number) + index),
    );
    await end();
  });

  it('makes files whole while the pipeline is paused', async () => {
    const { file, description } = recording('paused');
    await using pipeline = Pipeline.parse(`${camera} ! tee name=t ! queue ! fakesink`);
    await pipeline.play({ timeout: 5 * second });
    const branch = await pipeline.attach(description as string, { to: 't' });
    await sleep(500);
    await pipeline.pause({ timeout: 5 * second });
    await branch.detach({ timeout: 5 * second });
    assert.strictEqual(pipeline.state, 'paused');
    await pipeline.play({ timeout: 5 * second });
    await expectFilm(file);
  });

  it('makes files whole though the pipeline stops meanwhile', async () => {
    const { file, description } = recording('stopped');
    await using pipeline = Pipeline.parse(`${camera} ! tee name=t ! queue ! fakesink`);
    await pipeline.play({ timeout: 5 * second });
    const branch = await pipeline.attach(description as string, { to: 't' });
    await sleep(500);
    await Promise.all([branch.detach({ timeout: 5 * second }), pipeline.stop({ timeout: 5 * second })]);
    await expectFilm(file);
  });

  it('says so where the pipeline was stopped before', async () => {
    await using pipeline = Pipeline.parse(`${camera} ! tee name=t ! queue ! fakesink`);
    await pipeline.play({ timeout: 5 * second });
    const branch = await pipeline.attach('fakesink', { to: 't' });
    await sleep(100);
    const finished = branch.finished();
    await pipeline.stop();
    await rejects(finished, PipelineError, /before its stream ended/);
    await rejects(branch.detach(), PipelineError, /did not end/);
    assert.deepEqual(namesOfBranches(pipeline), []);
    await pipeline.play({ timeout: 5 * second });
  });

  it('is done by stop({ endOfStream: true }) as well, files whole', async () => {
    const { file, description } = recording('all');
    await using pipeline = Pipeline.parse(`${camera} ! tee name=t ! queue ! fakesink`);
    await pipeline.play({ timeout: 5 * second });
    const branch = await pipeline.attach(description as string, { to: 't' });
    await sleep(500);
    await pipeline.stop({ endOfStream: true, timeout: 5 * second });
    await branch.finished();
    await branch.detach();
    await expectFilm(file);
  });

  it('is cut short by another one without an end, where that does not come', async () => {
    const { pipeline, end } = await playing();
    // What is in the valve's place holds the end back.
    const branch = await pipeline.attach('queue ! identity sleep-time=300000 ! fakesink', { to: 't' });
    await sleep(500);
    const slow = branch.detach();
    await sleep(20);
    await branch.detach({ eos: false, timeout: 5 * second });
    await rejects(slow, PipelineError, /it was cut/);
    await end();
  });

  it('is what dispose() does without waiting', async () => {
    const { pipeline, end } = await playing();
    const branch = await pipeline.attach('fakesink', { to: 't' });
    await sleep(100);
    branch.dispose();
    for (let look = 0; look < 100 && namesOfBranches(pipeline).length; look++) await sleep(10);
    assert.deepEqual(namesOfBranches(pipeline), []);
    await end();
  });

  it('takes those along that were attached inside', async () => {
    const { pipeline, end } = await playing();
    const outer = await pipeline.attach('tee name=inner ! queue ! fakesink', { to: 't' });
    const inner = await pipeline.attach('fakesink', { to: 'inner' });
    await sleep(200);
    await outer.detach({ timeout: 5 * second });
    await inner.finished({ timeout: 5 * second });
    await inner.detach();
    await end();
  });

  it('is due at the latest when the pipeline is disposed', async () => {
    const pipeline = Pipeline.parse(`${camera} ! tee name=t ! queue ! fakesink`);
    await pipeline.play({ timeout: 5 * second });
    const branch = await pipeline.attach('fakesink', { to: 't' });
    pipeline.dispose();
    assert.isTrue(branch.isDisposed);
    await rejects(pipeline.attach('fakesink', { to: 't' }), DisposedError);
    await pipeline[Symbol.asyncDispose]();
  });
});

describe('A branch that does not keep up', function () {
  this.timeout(60_000);

  it('loses frames where it may, and holds up nobody', async () => {
    const { pipeline, numbers, end } = await playing();
    // At the pace of the branch they would take 100 seconds.
    const branch = await pipeline.attach('identity sleep-time=2000000 ! fakesink', { to: 't', drop: true });
    const before = numbers.length;
    await until(() => numbers.length - before > 50, 30_000, 'frames of the rest');
    await branch.detach({ eos: false });
    await end();
  });
});

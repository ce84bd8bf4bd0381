/**
 * Whatever the order of calls, everything returns. Each program runs GST_ALLOCATORS_ROUNDS times (2 if not set), in
 * processes of its own with a time limit, on both engines.
 */
import { assert } from 'chai';
import type { Package } from '../harness/host.ts';
import { type Engine, engines, inChild, type Tools } from './child.ts';

const rounds = Number(process.env.GST_ALLOCATORS_ROUNDS ?? 2);
const only = process.env.GST_ALLOCATORS_ENGINE as Engine | undefined;
const limit = 20_000;
/** Milliseconds from the last output of a process to its exit, at most. */
const promptly = 5_000;

const programs: Record<string, (gst: Package, tools: Tools) => unknown> = {
  'stop during a busy main loop': async ({ Pipeline }, { block, sleep }) => {
    const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=64, height=64 ! appsink name=sink sync=false');
    await pipeline.play();
    const frames = pipeline.appSink('sink').frames();
    for (let count = 0; count < 10; count++) (await frames.next()).value?.dispose();
    const stopped = pipeline.stop();
    block(300);
    await stopped;
    await pipeline.play();
    block(200);
    const again = pipeline.stop();
    for (let count = 0; count < 10; count++) {
      block(20);
      await sleep(0);
    }
    await again;
  },
  'stop while the sink is full': async ({ Pipeline }, { sleep }) => {
    const pipeline = Pipeline.parse(
      'videotestsrc ! video/x-raw, width=64, height=64 ! appsink name=sink sync=false max-buffers=1',
    );
    pipeline.appSink('sink');
    await pipeline.play();
    await sleep(50);
    await pipeline.stop();
  },
  'stop while push waits': async ({ Buffer, Pipeline }, { sleep }) => {
    const pipeline = Pipeline.parse('appsrc name=source max-bytes=100 ! appsink name=sink sync=false max-buffers=1');
    const source = pipeline.appSrc('source');
    await pipeline.play();
    const pushes = Array.from({ length: 10 }, () =>
      source.push(Buffer.from(new Uint8Array(100))).catch((error: Error) => error.name),
    );
    await sleep(30);
    await pipeline.stop();
    if (!(await Promise.all(pushes)).includes('FlowError')) throw new Error('no push waited');
  },
  'stop while a frame is awaited': async ({ Pipeline }, { sleep }) => {
    const pipeline = Pipeline.parse('appsrc ! appsink name=sink');
    await pipeline.play();
    const sample = pipeline.appSink('sink').pull();
    await sleep(20);
    await pipeline.stop();
    if ((await sample) !== null) throw new Error('a sample came from nowhere');
  },
  'dispose without stop': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=64, height=64 ! appsink name=sink sync=false');
    await pipeline.play();
    (await pipeline.appSink('sink').pull())?.dispose();
    pipeline.dispose();
  },
  '200 starts and stops': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=16, height=16 ! appsink name=sink sync=false');
    const sink = pipeline.appSink('sink');
    for (let cycle = 0; cycle < 200; cycle++) {
      await pipeline.play();
      if (cycle % 2) (await sink.pull())?.dispose();
      await pipeline.stop();
    }
    pipeline.dispose();
  },
  'an error in the middle': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse(
      'videotestsrc ! video/x-raw, width=16, height=16 ! identity error-after=20 ! tee name=t ! queue ! appsink name=sink sync=false t. ! queue ! fakesink',
    );
    let failure: unknown;
    try {
      await pipeline.play();
      for await (const sample of pipeline.appSink('sink').frames()) sample.dispose();
    } catch (error) {
      failure = error;
    }
    await pipeline.stop();
    await pipeline.stop();
    if ((failure as Error | undefined)?.name !== 'PipelineError') throw new Error(`no error came: ${failure}`);
  },
  'stop inside a loop over the messages': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse('videotestsrc num-buffers=50 ! video/x-raw, width=16, height=16 ! fakesink');
    const messages = pipeline.messages();
    await pipeline.play();
    for await (const { type } of messages) if (type === 'eos') await pipeline.stop();
  },
  'stop inside a loop over the frames': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=16, height=16 ! appsink name=sink sync=false');
    await pipeline.play();
    let count = 0;
    for await (const sample of pipeline.appSink('sink').frames()) {
      if (++count === 5) await pipeline.stop();
      sample.dispose();
    }
  },
  'two stops at once, and a play between': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=16, height=16 ! appsink sync=false');
    await pipeline.play();
    await Promise.all([pipeline.stop(), pipeline.stop()]);
    await Promise.allSettled([pipeline.play(), pipeline.stop(), pipeline.play(), pipeline.stop()]);
    await pipeline.stop();
  },
  'stop while a sink keeps time': async ({ Pipeline }, { sleep }) => {
    const pipeline = Pipeline.parse(
      'videotestsrc ! video/x-raw, width=16, height=16, framerate=1/60 ! appsink name=sink',
    );
    await pipeline.play();
    const sample = pipeline.appSink('sink').pull();
    await sleep(20);
    await pipeline.stop();
    (await sample)?.dispose();
  },
};

const exits: Record<string, (gst: Package, tools: Tools) => unknown> = {
  'a process ends promptly after stop': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=64, height=64 ! appsink name=sink sync=false');
    await pipeline.play();
    for await (const sample of pipeline.appSink('sink').frames()) {
      sample.dispose();
      break;
    }
    await pipeline.stop();
  },
  'a process ends promptly after stop, though a loop over slow frames was left in the middle': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse(
      'videotestsrc is-live=true ! video/x-raw, width=16, height=16, framerate=50/1 ! appsink name=sink sync=false',
    );
    await pipeline.play();
    const frames = pipeline.appSink('sink').frames();
    for (let count = 0; count < 5; count++) (await frames.next()).value?.dispose();
    await pipeline.stop();
  },
  'a process may exit while it plays': async ({ Pipeline }) => {
    const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=64, height=64 ! appsink name=sink sync=false');
    await pipeline.play();
    const frames = pipeline.appSink('sink').frames();
    for (let count = 0; count < 5; count++) (await frames.next()).value?.dispose();
    void frames.next();
    const system = (globalThis as { imports?: { system: { exit(code: number): void } } }).imports?.system;
    if (system) system.exit(0);
    else process.exit(0);
  },
};

/** On Node.js what plays keeps the process alive. */
const ends: typeof programs = {
  'a program may end while it plays and a picture is made': async ({ Pipeline, convertSample }) => {
    const pipeline = Pipeline.parse(
      'videotestsrc ! video/x-raw, width=1280, height=720 ! tee ! queue ! appsink name=sink',
    );
    await pipeline.play();
    const sample = await pipeline.appSink('sink').pull();
    if (sample) void convertSample(sample, 'image/png');
    void Pipeline.parse('videotestsrc ! fakesink').pause();
  },
};

for (const engine of engines.filter((name) => !only || name === only)) {
  describe(`Nothing hangs (${engine}, ${rounds} rounds)`, function () {
    this.timeout(rounds * (limit + 5_000));
    for (const [name, program] of Object.entries({ ...programs, ...exits, ...(engine === 'gjs' ? ends : {}) })) {
      it(name, async () => {
        const hangs: string[] = [];
        for (let round = 0; round < rounds; round++) {
          const { code, signal, stderr, finished, hung, exitTime } = await inChild(engine, program, { limit });
          if (hung) {
            hangs.push(finished ? 'after its end' : `in its midst: ${stderr}`);
            continue;
          }
          assert.strictEqual(stderr, '');
          assert.isNull(signal);
          assert.strictEqual(code, 0);
          if (!(name in programs)) assert.isBelow(exitTime, promptly);
        }
        assert.deepEqual(hangs, [], `of ${rounds} rounds`);
      });
    }
  });
}

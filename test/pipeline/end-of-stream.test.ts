import { assert } from 'chai';
import { Buffer, Pipeline, PipelineError } from '../../src/index.ts';
import { rejects, throws } from '../harness/expectations.ts';
import { sleep } from '../harness/sleep.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const second = 1e9;
const camera = 'videotestsrc is-live=true ! video/x-raw, width=32, height=32, framerate=30/1';

/** Frames of a file, from its beginning to its end. */
async function framesOf(file: string): Promise<number> {
  await using pipeline = Pipeline.parse(`filesrc location=${file} ! decodebin ! appsink name=sink sync=false`);
  await pipeline.play({ timeout: 5 * second });
  let count = 0;
  for await (using _ of pipeline.appSink('sink').frames({ timeout: 5 * second })) count++;
  assert.isAbove(pipeline.duration ?? 0, 0);
  return count;
}

describe('Pipeline.endOfStream', function () {
  this.timeout(60_000);

  it('makes a film of a camera whole, which plays from end to end', async () => {
    for (const [name, elements] of [
      ['film.webm', 'vp8enc deadline=1 ! webmmux'],
      ['film.mov', 'jpegenc ! qtmux'],
    ] as const) {
      const file = temporaryPath(name);
      await using pipeline = Pipeline.parse(`${camera} ! ${elements} ! filesink location=${file}`);
      await pipeline.play();
      await sleep(300);
      await pipeline.endOfStream({ timeout: 10 * second });
      await pipeline.finished();
      await pipeline.stop();
      assert.isAbove(await framesOf(file), 5, name);
    }
  });

  it('is what stop() can do first', async () => {
    const file = temporaryPath('stopped.mov');
    await using pipeline = Pipeline.parse(`${camera} ! jpegenc ! qtmux ! filesink location=${file}`);
    await pipeline.play();
    await sleep(300);
    await Promise.all([pipeline.stop({ endOfStream: true, timeout: 10 * second }), sleep(1)]);
    assert.strictEqual(pipeline.state, 'null');
    assert.isAbove(await framesOf(file), 5);
    // There is nothing left to end.
    await pipeline.stop({ endOfStream: true });
  });

  it('ends whatever kind of source it is, all of them', async () => {
    for (const description of [
      'videotestsrc ! fakesink',
      `${camera} ! fakesink audiotestsrc is-live=true ! fakesink audiotestsrc ! fakesink`,
      '( videotestsrc ) ! fakesink',
      `${camera} ! tee name=t t. ! queue ! fakesink t. ! queue ! fakesink`,
    ]) {
      await using pipeline = Pipeline.parse(description);
      await pipeline.play();
      await pipeline.endOfStream({ timeout: 5 * second });
      // Twice, and after the end.
      await Promise.all([pipeline.endOfStream({ timeout: second }), pipeline.endOfStream({ timeout: second })]);
      // At once, as it has ended.
      await pipeline.finished({ timeout: second });
      await pipeline.stop();
      assert.strictEqual(pipeline.state, 'null', description);
    }
  });

  it('comes after what was pushed, and after pushes that wait for room', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source max-bytes=64 ! appsink name=sink sync=false');
    const source = pipeline.appSrc('source');
    await pipeline.play();
    const pushes = Array.from({ length: 12 }, () => {
      using buffer = Buffer.from(new Uint8Array(16));
      return source.push(buffer);
    });
    await sleep(20);
    const ended = pipeline.endOfStream({ timeout: 5 * second });
    let count = 0;
    for await (using _ of pipeline.appSink('sink').frames({ timeout: 5 * second })) count++;
    await ended;
    await Promise.all(pushes);
    assert.strictEqual(count, 12);
    // Of a bin, and without a facade.
    await using nested = Pipeline.parse('( appsrc max-bytes=64 ! identity ) ! fakesink async=false');
    await nested.play();
    await nested.endOfStream({ timeout: 5 * second });
  });

  it('lets a full appsink be read to its end, and whoever reads it', async () => {
    await using pipeline = Pipeline.parse(
      'videotestsrc ! video/x-raw, width=16, height=16 ! appsink name=sink sync=false',
    );
    await pipeline.play();
    await sleep(30);
    const ended = pipeline.endOfStream({ timeout: 10 * second });
    await sleep(30);
    let count = 0;
    for await (using _ of pipeline.appSink('sink').frames({ timeout: 5 * second })) count++;
    await ended;
    assert.isAbove(count, 0);
  });

  it('stops past appsinks that nobody reads, with a whole file', async () => {
    const file = temporaryPath('preview.mov');
    await using pipeline = Pipeline.parse(
      `${camera} ! tee name=t t. ! queue max-size-buffers=2 ! appsink name=sink t. ! queue ! jpegenc ! qtmux ! filesink location=${file}`,
    );
    await pipeline.play();
    (await pipeline.appSink('sink').pull())?.dispose();
    await sleep(300);
    await pipeline.stop({ endOfStream: true, timeout: 10 * second });
    assert.isAbove(await framesOf(file), 2);
    assert.isFalse(pipeline.appSink('sink').get('drop'));
    assert.isTrue(pipeline.appSink('sink').get('wait-on-eos'));
  });

  it('waits while it is paused; stop() plays the rest', async () => {
    for (const source of ['videotestsrc', 'videotestsrc is-live=true']) {
      await using pipeline = Pipeline.parse(`${source} ! fakesink`);
      await pipeline.pause();
      const ended = pipeline.endOfStream({ timeout: 10 * second });
      await sleep(50);
      await pipeline.play({ timeout: 5 * second });
      await ended;
      await pipeline.stop();
      await pipeline.pause();
      await pipeline.stop({ endOfStream: true, timeout: 5 * second });
      assert.strictEqual(pipeline.state, 'null');
    }
  });

  it('refuses what does not play, and tells why it does not come', async () => {
    await using pipeline = Pipeline.parse('videotestsrc ! fakesink name=sink');
    await rejects(pipeline.endOfStream(), PipelineError, /does not play; `play\(\)` it first/);
    await pipeline.play();
    await pipeline.stop();
    await rejects(pipeline.endOfStream(), PipelineError, /stopped before its stream ended/);
    await pipeline.pause();
    const late = (await pipeline.endOfStream({ timeout: 50e6 }).catch((error: Error) => error)) as Error;
    assert.strictEqual(late.name, 'TimeoutError');
    assert.match(
      late.message,
      /the end of the stream at every sink: .*the end did not reach sink yet; the pipeline is paused/,
    );
    await rejects(pipeline.endOfStream({ signal: AbortSignal.abort(new Error('enough')) }), Error, /enough/);
    await rejects(pipeline.endOfStream({ timuot: 1 } as object), TypeError, /did you mean `timeout`/);
    await rejects(pipeline.stop({ endOfStream: 1 } as unknown as object), TypeError, /`options.endOfStream`/);
    throws(() => Pipeline.parse('fakesrc', { warnings: 1 } as unknown as object), TypeError, /`options.warnings`/);
  });

  it('rejects with the error where it fails, when it is stopped and when it is disposed; stop() stops all the same', async () => {
    await using failing = Pipeline.parse(`${camera} ! identity name=fuse error-after=5 ! fakesink`);
    await failing.play();
    await rejects(failing.finished(), PipelineError, /^fuse: /);
    await rejects(failing.endOfStream(), PipelineError, /^fuse: /);
    await failing.stop({ endOfStream: true });

    const closed =
      'videotestsrc ! fakesink videotestsrc ! valve name=closed drop=true ! fakesink name=last async=false';
    await using pipeline = Pipeline.parse(closed);
    await pipeline.play();
    const late = (await pipeline.stop({ endOfStream: true, timeout: 100e6 }).catch((error: Error) => error)) as Error;
    assert.strictEqual(late.name, 'TimeoutError');
    assert.match(late.message, /did not reach last yet; nothing gets through closed, whose `drop` is true/);
    assert.strictEqual(pipeline.state, 'null');
    await pipeline.play();
    const stopped = rejects(pipeline.endOfStream(), PipelineError, /stopped before its stream ended/);
    await pipeline.stop();
    await stopped;
    const disposed = Pipeline.parse(closed);
    await disposed.play();
    const ended = rejects(disposed.endOfStream(), PipelineError, /stopped before its stream ended/);
    disposed.dispose();
    await ended;
  });

  it('may be called in any order with play, pause, seek and stop', async () => {
    for (let round = 0; round < 20; round++) {
      await using pipeline = Pipeline.parse(
        'videotestsrc ! video/x-raw, width=16, height=16 ! appsink name=sink sync=false',
      );
      const calls = [
        () => pipeline.play(),
        () => pipeline.endOfStream({ timeout: second / 2 }),
        () => pipeline.pause(),
        () => pipeline.seek(round * 1e6),
        () => pipeline.endOfStream({ timeout: second / 2 }),
        () => pipeline.play(),
      ];
      const first = round % calls.length;
      for (const call of [...calls.slice(first), ...calls.slice(0, first)]) call().catch(() => {});
      if (round % 3 === 0) await sleep(round);
      await pipeline.stop({ endOfStream: round % 2 === 0, timeout: second }).catch(() => {});
      assert.strictEqual(pipeline.state, 'null');
    }
  });

  it('is not held up by a source that ends by itself meanwhile, nor by a dispose of the pipeline', async () => {
    for (let round = 0; round < 100; round++) {
      const count = 2 + (round % 5);
      await using pipeline = Pipeline.parse(
        `videotestsrc num-buffers=${count} ! video/x-raw, width=16, height=8 ! appsink sync=false max-buffers=${count - 1}`,
      );
      await pipeline.play();
      if (round % 3) await sleep(round % 4);
      // Whether all had the end before is a matter of luck.
      const ended = pipeline.endOfStream().catch((error) => assert.instanceOf(error, PipelineError));
      await Promise.race([ended, sleep(round % 8)]);
      pipeline.dispose();
      await ended;
    }
  });

  it('holds up no change of state, and no stop, where nobody reads what an appsink has with the end', async () => {
    for (let round = 0; round < 64; round++) {
      await using pipeline = Pipeline.parse(
        'videotestsrc num-buffers=1 ! video/x-raw, width=16, height=8 ! appsink name=sink sync=false max-buffers=1',
      );
      for (const [index, change] of (['play', 'pause', 'play', 'pause', 'play'] as const).entries()) {
        if ((round >> index) & 1) await sleep(round % 5);
        await pipeline[change]();
      }
      using sample = await pipeline.appSink('sink').pull();
      assert.ok(sample);
    }
  });

  it('lets a stream that was ended go on from elsewhere', async () => {
    const file = temporaryPath('again.webm');
    await using film = Pipeline.parse(
      `videotestsrc num-buffers=20 ! video/x-raw, width=32, height=32 ! vp8enc deadline=1 ! webmmux ! filesink location=${file}`,
    );
    await film.play();
    await film.finished();
    await using pipeline = Pipeline.parse(`filesrc location=${file} ! decodebin ! fakesink sync=true`);
    await pipeline.play({ timeout: 5 * second });
    await pipeline.endOfStream({ timeout: 5 * second });
    await pipeline.seek(0, { timeout: 5 * second });
    await sleep(200);
    assert.isAbove(pipeline.position ?? 0, 0);
    await pipeline.endOfStream({ timeout: 5 * second });
  });
});

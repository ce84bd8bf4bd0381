import { assert } from 'chai';
import {
  allocationCounters,
  DisposedError,
  type Message,
  Pipeline,
  PipelineError,
  SeekFlags,
} from '../../src/index.ts';
import { rejects, throws } from '../harness/expectations.ts';
import { itInOwnProcess } from '../harness/own-process.ts';
import { sleep } from '../harness/sleep.ts';

const second = 1e9;
const endless = 'videotestsrc ! video/x-raw, width=32, height=32 ! fakesink name=sink sync=true';
const short = 'videotestsrc num-buffers=5 ! video/x-raw, width=32, height=32 ! fakesink name=sink';
const failing = 'videotestsrc ! video/x-raw, width=32, height=32 ! identity name=fuse error-after=5 ! fakesink';

describe('Pipeline', () => {
  describe('play, pause and stop', () => {
    it('resolve when the state is reached', async () => {
      await using pipeline = Pipeline.parse(endless);
      await pipeline.play();
      assert.strictEqual(pipeline.state, 'playing');
      await pipeline.pause();
      assert.strictEqual(pipeline.state, 'paused');
      await pipeline.play();
      assert.strictEqual(pipeline.state, 'playing');
      await pipeline.stop();
      assert.strictEqual(pipeline.state, 'null');
    });

    it('do nothing where nothing is to be done', async () => {
      await using pipeline = Pipeline.parse(endless);
      await pipeline.stop();
      await pipeline.play();
      await pipeline.play();
      await Promise.all([pipeline.stop(), pipeline.stop()]);
      await pipeline.stop();
      assert.strictEqual(pipeline.state, 'null');
    });

    it('never keep a pipeline whose appsink is full from being stopped, however fast they come', async function () {
      this.timeout(60_000);
      const pipeline = Pipeline.parse('videotestsrc ! video/x-raw, width=16, height=16 ! appsink name=sink');
      await pipeline.play();
      for (let round = 0; round < 300; round++) {
        for (const change of [pipeline.pause(), pipeline.play(), pipeline.pause()]) change.catch(() => {});
        await pipeline.play({ timeout: 500e6 }).catch(() => {});
      }
      assert.strictEqual(pipeline.appSink('sink').get('max-buffers'), 2);
      await pipeline.stop();
      pipeline.dispose();
    });

    it('play again after a stop, an end and an error', async () => {
      await using pipeline = Pipeline.parse(short);
      for (let round = 0; round < 3; round++) {
        await pipeline.play();
        await pipeline.finished();
        await pipeline.stop();
      }
      await using fused = Pipeline.parse(failing);
      for (let round = 0; round < 2; round++) {
        await fused.play().catch(() => {});
        await rejects(fused.finished(), PipelineError);
        await fused.stop();
      }
      fused.get('fuse').set('error-after', -1);
      await fused.play();
      assert.strictEqual(fused.state, 'playing');
    });

    it('go in the order they are called', async () => {
      await using pipeline = Pipeline.parse(endless);
      const played = pipeline.play();
      const stopped = pipeline.stop();
      const again = pipeline.play();
      const [first, ...others] = await Promise.allSettled([played, stopped, again]);
      if (first.status === 'rejected') assert.instanceOf(first.reason, PipelineError);
      for (const { status } of others) assert.strictEqual(status, 'fulfilled');
      assert.strictEqual(pipeline.state, 'playing');
    });

    it('arrive, however fast they come', async function () {
      this.timeout(60_000);
      for (let round = 0; round < 150; round++) {
        await using pipeline = Pipeline.parse(
          'videotestsrc ! video/x-raw, format=GRAY8, width=16, height=8, framerate=200/1 ! fakesink sync=true',
        );
        for (const change of ['play', 'pause', 'play', 'pause', 'play'] as const) {
          pipeline[change]().catch(() => {});
          if (round % 3 === 0) await sleep(round % 4);
        }
        await pipeline.play({ timeout: 5e9 });
        assert.equal(pipeline.state, 'playing');
      }
    });

    it('reject with the reason from the bus, and leave nothing running', async () => {
      await using pipeline = Pipeline.parse('filesrc name=file location=/nonexistent/film.mp4 ! fakesink');
      const error = (await rejects(pipeline.play(), PipelineError, /^file: /)) as PipelineError;
      assert.strictEqual(error.element, 'file');
      assert.match(error.message, /film\.mp4|exist/);
      assert.isString(error.debug);
      assert.strictEqual(pipeline.state, 'null');
      await rejects(pipeline.pause(), PipelineError, /^file: /);
    });

    it('reject where the stream fails on its way to them', async () => {
      await using pipeline = Pipeline.parse(
        'videotestsrc name=source ! capsfilter name=filter caps=video/x-raw ! identity name=fuse error-after=1 ! fakesink',
      );
      const error = (await rejects(pipeline.play(), PipelineError)) as PipelineError;
      assert.strictEqual(error.element, 'fuse');
      assert.strictEqual(pipeline.state, 'null');
    });

    it('play at once where the data comes from this program', async () => {
      await using pipeline = Pipeline.parse('appsrc ! fakesink');
      await pipeline.play();
      assert.notStrictEqual(pipeline.state, 'null');
    });

    it('throw after dispose, except stop', async () => {
      const pipeline = Pipeline.parse(endless);
      await pipeline.play();
      pipeline.dispose();
      await pipeline.stop();
      await rejects(pipeline.play(), DisposedError);
      await rejects(pipeline.pause(), DisposedError);
      await pipeline[Symbol.asyncDispose]();
    });

    it('end once: a second stop or dispose waits for the first', async () => {
      for (const again of ['stop', Symbol.asyncDispose] as const) {
        const pipeline = Pipeline.parse(endless);
        // biome-ignore lint/suspicious/noExplicitAny: raw
        const raw = pipeline.gi as any;
        await pipeline.play();
        pipeline.dispose();
        await pipeline[again]();
        const [, state] = (raw.get_state ?? raw.getState).call(raw, 0);
        assert.strictEqual(state, 1, String(again));
      }
    });

    it('a stop goes on after its caller has given up waiting', async () => {
      await using pipeline = Pipeline.parse(endless);
      await pipeline.play();
      const over = new AbortController();
      over.abort();
      const error = await pipeline.stop({ signal: over.signal }).catch((reason: Error) => reason);
      assert.strictEqual(error?.name, 'AbortError');
      for (let waited = 0; pipeline.state !== 'null' && waited < 200; waited++) await sleep(10);
      assert.strictEqual(pipeline.state, 'null');
      await rejects(pipeline.stop({ timout: 1 } as object), TypeError, /did you mean `timeout`/);
    });

    it('a play that is stopped before it is there rejects', async () => {
      // Nothing comes out of the valve, so that the sink never has its first frame.
      await using pipeline = Pipeline.parse('videotestsrc ! valve drop=true ! fakesink');
      const played = rejects(pipeline.play(), PipelineError, /stopped before it reached playing/);
      await sleep(20);
      await pipeline.stop();
      await played;
    });
  });

  describe('finished', () => {
    it('resolves at the end of the stream, before and after it is asked', async () => {
      await using pipeline = Pipeline.parse(short);
      const early = pipeline.finished();
      await pipeline.play();
      const outcomes = await Promise.allSettled([early, pipeline.finished()]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'fulfilled'],
      );
    });

    it('rejects with the error, whose element it names', async () => {
      await using pipeline = Pipeline.parse(failing);
      await pipeline.play().catch(() => {});
      const error = (await rejects(pipeline.finished(), PipelineError)) as PipelineError;
      assert.strictEqual(error.element, 'fuse');
      assert.isNotNull(error.detail);
    });

    it('rejects when the pipeline is stopped or disposed', async () => {
      await using pipeline = Pipeline.parse(endless);
      await pipeline.play();
      const first = pipeline.finished();
      await pipeline.stop();
      await rejects(first, PipelineError, /stopped before its stream ended/);
      await rejects(pipeline.finished(), PipelineError, /stopped/);
      const disposed = Pipeline.parse(endless);
      await disposed.play();
      const second = disposed.finished();
      disposed.dispose();
      await rejects(second, PipelineError, /stopped/);
      await rejects(disposed.finished(), DisposedError);
    });

    it('can be given up', async () => {
      await using pipeline = Pipeline.parse(endless);
      await pipeline.play();
      const timeout = await pipeline.finished({ timeout: 2e6 }).then(
        () => null,
        (error) => error,
      );
      assert.strictEqual(timeout.name, 'TimeoutError');
      const controller = new AbortController();
      const waiting = pipeline.finished({ signal: controller.signal });
      controller.abort(new Error('enough'));
      await rejects(waiting, Error, /enough/);
      await rejects(pipeline.finished({ signal: AbortSignal.abort(new Error('before')) }), Error, /before/);
      await rejects(pipeline.finished({ timeout: -1 }), RangeError, /timeout/);
      await rejects(pipeline.finished({ timeuot: 1 } as object), TypeError, /did you mean `timeout`/);
      await rejects(pipeline.finished({ signal: 5 as unknown as AbortSignal }), TypeError, /`signal`/);
    });

    it('may be left unhandled', async () => {
      await using pipeline = Pipeline.parse(failing);
      void pipeline.finished();
      await pipeline.play().catch(() => {});
      await rejects(pipeline.finished(), PipelineError);
    });

    itInOwnProcess('rejects when a pipeline is disposed that never played', ['PipelineError'], async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('fakesrc ! fakesink');
      const finished = pipeline.finished();
      pipeline.dispose();
      await attempt(() => finished);
    });
  });

  describe('messages', () => {
    it('come in their order, to the end', async () => {
      await using pipeline = Pipeline.parse(short);
      const messages = pipeline.messages();
      await pipeline.play();
      const seen: Message[] = [];
      for await (const message of messages) {
        seen.push(message);
        if (message.type === 'eos') break;
      }
      const states = seen.filter(({ type, fromPipeline }) => type === 'state-changed' && fromPipeline);
      assert.deepEqual(
        states.map(({ oldState, newState }) => `${oldState} ${newState}`),
        ['null ready', 'ready paused', 'paused playing'],
      );
      const types = seen.map(({ type }) => type);
      assert.includeMembers(types, ['stream-start', 'async-done', 'eos']);
      assert.isBelow(types.indexOf('stream-start'), types.indexOf('eos'));
      assert.isTrue(seen.every(({ type }) => !type.startsWith('unknown')));
    });

    it('are those of the pipeline, not of what the package adds to it', async () => {
      await using pipeline = Pipeline.parse(
        'videotestsrc num-buffers=20 ! video/x-raw, width=32, height=32 ! appsink name=sink sync=false',
      );
      const messages = pipeline.messages();
      await pipeline.play();
      let count = 0;
      for await (const sample of pipeline.appSink('sink').frames()) {
        sample.dispose();
        count++;
      }
      await pipeline.finished();
      await pipeline.stop();
      assert.strictEqual(count, 20);
      for await (const { type, source } of messages) {
        assert.notStrictEqual(type, 'property-notify');
        assert.notMatch(source ?? '', /gst-allocators/);
      }
    });

    it('carry the text of errors, warnings and infos', async () => {
      await using pipeline = Pipeline.parse(failing);
      const messages = pipeline.messages();
      await pipeline.play().catch(() => {});
      for await (const message of messages) {
        if (message.type !== 'error') continue;
        assert.strictEqual(message.source, 'fuse');
        assert.isString(message.text);
        assert.isString(message.debug);
        return;
      }
      assert.fail('no error came');
    });

    it('wait for a reader that takes its time, the last 4096 of them', async () => {
      await using pipeline = Pipeline.parse(
        'audiotestsrc num-buffers=3000 samplesperbuffer=100 ! level interval=1000000 ! fakesink',
      );
      const messages = pipeline.messages();
      await pipeline.play();
      await pipeline.finished();
      await pipeline.stop();
      const types: string[] = [];
      for await (const { type } of messages) types.push(type);
      assert.lengthOf(types, 4096);
      // What came first was the first to go.
      assert.strictEqual(types[0], 'element');
      assert.notInclude(types, 'stream-start');
      assert.include(types, 'eos');
    }).timeout(20_000);

    it('end when the pipeline stops', async () => {
      await using pipeline = Pipeline.parse(endless);
      const collected = (async () => {
        let count = 0;
        for await (const _ of pipeline.messages()) count++;
        return count;
      })();
      await pipeline.play();
      await pipeline.stop();
      assert.isAbove(await collected, 3);
    });

    it('end with break, with the signal, and with dispose', async () => {
      await using pipeline = Pipeline.parse(endless);
      await pipeline.play();
      for await (const _ of pipeline.messages({ signal: AbortSignal.abort() })) assert.fail('it was aborted');
      const controller = new AbortController();
      const aborted = (async () => {
        for await (const _ of pipeline.messages({ signal: controller.signal }));
      })();
      const ended = (async () => {
        for await (const _ of pipeline.messages());
      })();
      await sleep(5);
      controller.abort();
      await aborted;
      const broken = (async () => {
        for await (const message of pipeline.messages()) if (message.type === 'state-changed') break;
      })();
      await pipeline.pause();
      await broken;
      pipeline.dispose();
      await ended;
      throws(() => pipeline.messages(), DisposedError);
    });

    it('can be followed by a stop from inside', async () => {
      await using pipeline = Pipeline.parse(short);
      const messages = pipeline.messages();
      await pipeline.play();
      for await (const message of messages) if (message.type === 'eos') await pipeline.stop();
      assert.strictEqual(pipeline.state, 'null');
    });

    it('refuse unknown options', async () => {
      await using pipeline = Pipeline.parse(endless);
      throws(() => pipeline.messages({ singal: 1 } as object), TypeError, /did you mean `signal`/);
    });
  });

  describe('position, duration and seek', () => {
    const thirty =
      'videotestsrc num-buffers=90 ! video/x-raw, width=32, height=32, framerate=30/1 ! fakesink name=sink';

    it('are null while they are not known', () => {
      using pipeline = Pipeline.parse(thirty);
      assert.isNull(pipeline.position);
      assert.isNull(pipeline.duration);
    });

    it('are nanoseconds', async () => {
      await using pipeline = Pipeline.parse(thirty);
      await pipeline.pause();
      assert.strictEqual(pipeline.duration, 3 * second);
      assert.strictEqual(pipeline.position, 0);
      await pipeline.seek(1 * second, { flags: SeekFlags.FLUSH | SeekFlags.ACCURATE });
      // To snap takes KEY_UNIT; of the last GStreamer has no such flag.
      for (const flags of [SeekFlags.FLUSH | 32, SeekFlags.FLUSH | 4096])
        await rejects(pipeline.seek(0, { flags }), RangeError, /`options.flags`/);
      assert.strictEqual(pipeline.position, 1 * second);
      await pipeline.play();
      await pipeline.finished();
      await pipeline.seek(0);
      await pipeline.finished();
    });

    it('bring the frame of the new position to an appsink', async () => {
      await using pipeline = Pipeline.parse(
        'videotestsrc num-buffers=90 ! video/x-raw, width=32, height=32, framerate=30/1 ! appsink name=sink',
      );
      const sink = pipeline.appSink('sink');
      await pipeline.pause();
      await pipeline.seek(2 * second, { flags: SeekFlags.FLUSH | SeekFlags.ACCURATE });
      await pipeline.play();
      using sample = await sink.pull({ timeout: 5 * second });
      assert.strictEqual(sample?.buffer?.pts, 2 * second);
    });

    it('come past a full appsink, with what is left of a source that ends', async () => {
      for (let round = 0; round < 60; round++) {
        await using pipeline = Pipeline.parse(
          'videotestsrc num-buffers=90 ! video/x-raw, width=16, height=16, framerate=30/1 ! appsink name=sink sync=false',
        );
        await pipeline.play();
        await sleep(10);
        await pipeline.seek(1 * second, { flags: SeekFlags.FLUSH | SeekFlags.ACCURATE, timeout: 5 * second });
        using sample = await pipeline.appSink('sink').pull({ timeout: 5 * second });
        assert.strictEqual(sample?.buffer?.pts, 1 * second, `round ${round}`);
      }
    }).timeout(30_000);

    it('take what was calculated, to the nanosecond', async () => {
      await using pipeline = Pipeline.parse(thirty);
      await pipeline.pause();
      await pipeline.seek((pipeline.duration ?? 0) / 2 + 0.4, { flags: SeekFlags.FLUSH | SeekFlags.ACCURATE });
      assert.strictEqual(pipeline.position, 1.5 * second);
    });

    it('are given while a change is on its way, whose appsink is full', async () => {
      await using pipeline = Pipeline.parse(
        'videotestsrc ! video/x-raw, width=16, height=16, framerate=30/1 ! appsink name=sink sync=false',
      );
      for (let round = 0; round < 100; round++) {
        const changes = [pipeline.play(), pipeline.pause(), pipeline.seek(round * 1e6), pipeline.play()];
        for (const change of changes) change.catch(() => {});
        await pipeline.seek(2 * second, { timeout: 5 * second });
      }
      assert.strictEqual(pipeline.appSink('sink').get('max-buffers'), 2);
    }).timeout(30_000);

    it('refuse what is no position, and streams that cannot seek', async () => {
      await using pipeline = Pipeline.parse(thirty);
      await rejects(pipeline.seek(0), PipelineError, /could not seek/);
      await pipeline.pause();
      for (const wrong of [-1, -0.5, Infinity, Number.NaN])
        await rejects(pipeline.seek(wrong), RangeError, /`position`/);
      await rejects(pipeline.seek('1' as unknown as number), TypeError, /`position`/);
      await rejects(pipeline.seek(0, { flags: -1 }), RangeError, /flags/);
      await using live = Pipeline.parse('videotestsrc is-live=true ! identity single-segment=true ! fakesink');
      await live.play();
    });

    itInOwnProcess('refuse a seek without flags, which would never return', ['RangeError'], async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('videotestsrc ! fakesink');
      await pipeline.pause();
      await attempt(() => pipeline.seek(0, { flags: 0 }));
      await pipeline.stop();
      pipeline.dispose();
    });
  });

  it('leaves nothing behind', async () => {
    const before = allocationCounters();
    {
      await using pipeline = Pipeline.parse(short);
      pipeline.get('sink').get('sync');
      await pipeline.play();
      await pipeline.finished();
    }
    assert.deepEqual(allocationCounters(), before);
  });
});

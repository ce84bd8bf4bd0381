import { assert } from 'chai';
import { host } from '#host';
import type { Package } from '../harness/host.ts';

/** What a program says on stderr, and what it comes to. */
async function said(program: (gst: Package) => Promise<unknown>): Promise<{ stderr: string; value: string }> {
  const { value, stderr, status } = await host.run(program, { G_DEBUG: 'fatal-criticals' });
  assert.strictEqual(status, 0, stderr);
  return { stderr, value: String(value) };
}

describe('A wait that the program itself holds up', function () {
  this.timeout(60_000);

  it('names the appsink that nobody reads, where the end of the stream waits', async () => {
    const { stderr, value } = await said(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse('videotestsrc num-buffers=20 ! appsink name=forgotten sync=false');
      await pipeline.play();
      const message = await pipeline.finished({ timeout: 2e9 }).then(String, (error: Error) => error.message);
      await pipeline.stop();
      pipeline.dispose();
      return message;
    });
    const why = /the end of the stream.*: the appsink forgotten has frames that nobody reads/;
    assert.match(value, why);
    assert.strictEqual(stderr.match(/still waiting for the end of the stream after 1 s/g)?.length, 1, stderr);
    assert.match(stderr, why);
  });

  it('names the appsink that nobody reads, where another one waits for a sample', async () => {
    const { stderr } = await said(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse(
        'videotestsrc ! tee name=t ! queue max-size-buffers=1 ! appsink name=read sync=false t. ! appsink name=forgotten sync=false',
      );
      await pipeline.play();
      const sink = pipeline.appSink('read');
      for (;;) {
        const sample = await sink.pull({ timeout: 2e9 }).catch(() => null);
        if (!sample) break;
        sample.dispose();
      }
      await pipeline.stop();
      pipeline.dispose();
    });
    assert.match(stderr, /still waiting for a sample of the appsink read after 1 s: the appsink forgotten has frames/);
    assert.notMatch(stderr, /the appsink read has frames/);
  });

  it('says nothing of an appsink that is read, however slowly data comes', async () => {
    const { stderr } = await said(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse(
        'audiotestsrc is-live=true num-buffers=3 samplesperbuffer=44100 ! appsink name=s',
      );
      await pipeline.play();
      const sink = pipeline.appSink('s');
      const ended = pipeline.finished();
      for await (const sample of sink.frames()) sample.dispose();
      await ended;
      await pipeline.stop();
      pipeline.dispose();
    });
    assert.notInclude(stderr, 'still waiting');
  });

  it('names the other appsrc, where a push waits for a pipeline that is not ready before both have data', async () => {
    const { stderr } = await said(async ({ Buffer, Pipeline }) => {
      const pipeline = Pipeline.parse(
        'appsrc name=fed format=time max-bytes=1 ! fakesink name=first appsrc name=hungry format=time ! fakesink name=second',
      );
      await pipeline.play();
      const source = pipeline.appSrc('fed');
      let failure = '';
      for (let count = 0; count < 5 && !failure; count++) {
        const buffer = Buffer.alloc(8);
        await source.push(buffer, { timeout: 2e9 }).catch((error: Error) => {
          failure = error.message;
        });
        buffer.dispose();
      }
      await pipeline.stop();
      pipeline.dispose();
      return failure;
    });
    assert.match(
      stderr,
      /still waiting for room in the appsrc fed after 1 s: the pipeline is not ready before each sink has data, and second had none; nothing has been pushed into hungry/,
    );
  });

  it('says that the pipeline does not play, where a sample is waited for', async () => {
    const { stderr, value } = await said(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse('videotestsrc ! appsink name=s');
      const failure = await pipeline
        .appSink('s')
        .pull({ timeout: 1.5e9 })
        .then(String, (error: Error) => error.message);
      pipeline.dispose();
      return failure;
    });
    assert.match(stderr, /a sample of the appsink s after 1 s: the pipeline was not told to `play\(\)`/);
    assert.strictEqual(
      value,
      'timed out after 1.5 s while waiting for a sample of the appsink s: the pipeline was not told to `play()`',
    );
  });
});

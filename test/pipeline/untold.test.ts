import { assert } from 'chai';
import { host } from '#host';
import { runtime } from '../../src/index.ts';
import type { Package } from '../harness/host.ts';

/** What a program says on stderr, what it comes to, and its exit code. */
async function said(program: (gst: Package) => Promise<unknown>, environment: Record<string, string> = {}) {
  const { value, stderr, status } = await host.run(program, { G_DEBUG: 'fatal-criticals', ...environment });
  return { stderr, value: value as never, status };
}

const untold = /nobody awaits this error: fuse: /g;
const count = (stderr: string, what: RegExp): number => stderr.match(what)?.length ?? 0;
/** Exit code of a program with an error that nobody has heard of: GJS leaves it to the program. */
const failed = runtime === 'node' ? 1 : 0;

describe('An error of a pipeline', function () {
  this.timeout(60_000);

  it('that nobody waits for is reported once, and stops the pipeline', async () => {
    const { stderr, value, status } = await said(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse('videotestsrc is-live=true ! identity name=fuse error-after=5 ! fakesink');
      await pipeline.play();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return pipeline.state;
    });
    assert.strictEqual(value, 'null');
    assert.strictEqual(count(stderr, untold), 1, stderr);
    assert.strictEqual(status, failed);
  });

  it('is reported though the pipeline is stopped and disposed soon after, and a timeout gave up waiting for it', async () => {
    const { stderr, status } = await said(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse('videotestsrc is-live=true ! identity name=fuse error-after=5 ! fakesink');
      await pipeline.play();
      await pipeline.finished({ timeout: 1 }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 600));
      await pipeline.stop({ endOfStream: true });
      pipeline.dispose();
      await new Promise((resolve) => setTimeout(resolve, 1500));
    });
    assert.strictEqual(count(stderr, untold), 1, stderr);
    assert.strictEqual(status, failed);
  });

  it('is not reported where somebody hears of it', async () => {
    const { stderr, status, value } = await said(async ({ Buffer, Pipeline }) => {
      const live = 'videotestsrc is-live=true ! video/x-raw, width=16, height=16, framerate=100/1';
      const failing = `${live} ! identity name=fuse error-after=5`;
      const heard: string[] = [];
      const hear = (error: Error): void => void heard.push(error.message.split(':')[0] as string);
      const play = async (description: string) => {
        const pipeline = Pipeline.parse(description);
        await pipeline.play();
        return pipeline;
      };
      // finished() is pending when it fails.
      await (await play(`${failing} ! fakesink`)).finished().catch(hear);
      // finished() is called shortly after.
      const late = await play(`${failing} ! fakesink`);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await late.finished().catch(hear);
      // A loop over messages is busy for longer than that.
      const slow = await play(`${failing} ! appsink name=sink`);
      try {
        for await (const sample of slow.appSink('sink').frames()) {
          sample.dispose();
          await new Promise((resolve) => setTimeout(resolve, 700));
        }
      } catch (error) {
        hear(error as Error);
      }
      const read = await play(`${failing} ! fakesink`);
      for await (const { type, source } of read.messages()) {
        if (type !== 'error') await new Promise((resolve) => setTimeout(resolve, 100));
        else {
          heard.push(String(source));
          break;
        }
      }
      // push() and a change of state get it.
      const fed = await play(
        `appsrc name=source max-bytes=1 ! identity sleep-time=1000 name=fuse error-after=3 ! fakesink`,
      );
      for (let number = 0; number < 1000; number++) {
        const buffer = Buffer.alloc(16);
        const isPushed = await fed
          .appSrc('source')
          .push(buffer)
          .then(
            () => true,
            (error: Error) => hear(error),
          );
        buffer.dispose();
        if (!isPushed) break;
      }
      await Pipeline.parse('videotestsrc ! identity name=fuse error-after=1 ! fakesink').play().catch(hear);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return heard;
    });
    assert.deepEqual(
      value,
      Array.from({ length: 6 }, () => 'fuse'),
      stderr,
    );
    assert.strictEqual(count(stderr, untold), 0, stderr);
    assert.strictEqual(status, 0, stderr);
  });

  it('must be known before the pipeline plays again, and comes after the frames before it', async () => {
    const { value } = await said(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse(
        'videotestsrc is-live=true ! video/x-raw, framerate=100/1 ! identity name=fuse error-after=4 ! appsink name=sink max-buffers=8',
      );
      const sink = pipeline.appSink('sink');
      await pipeline.play();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const states = [pipeline.state];
      const refused = await pipeline.play().then(String, (error: Error) => error.name);
      let frames = 0;
      const failure = await (async () => {
        for (;;) {
          (await sink.pull())?.dispose();
          frames++;
        }
      })().catch((error: Error) => error.name);
      await pipeline.stop();
      pipeline.get('fuse').set('error-after', -1);
      await pipeline.play();
      states.push(pipeline.state);
      (await sink.pull())?.dispose();
      await pipeline.stop();
      return { states, refused, frames, failure };
    });
    assert.deepEqual(value, {
      states: ['null', 'playing'],
      refused: 'PipelineError',
      frames: 3,
      failure: 'PipelineError',
    } as never);
  });
});

describe('Warnings of a pipeline', function () {
  this.timeout(60_000);

  it('are process warnings, each once, unless that is switched off', async () => {
    const { status, stderr } = await said(async ({ Pipeline }) => {
      for (const warnings of [true, false]) {
        const name = warnings ? 'told' : 'silent';
        const pipeline = Pipeline.parse(
          `fakesrc num-buffers=5 sizetype=fixed sizemax=100 format=time ! video/x-raw, format=RGB, width=16, height=16, framerate=30/1 ! videoconvert name=${name} ! video/x-raw, format=GRAY8 ! fakesink`,
          { warnings },
        );
        await pipeline.play();
        await pipeline.finished();
        await pipeline.stop();
        pipeline.dispose();
      }
    });
    assert.strictEqual(status, 0, stderr);
    assert.strictEqual(count(stderr, /told: .*: invalid video buffer received/g), 1, stderr);
    assert.notInclude(stderr, 'silent');
  });

  it('that came last stand in the error', async () => {
    const { value } = await said(async ({ Pipeline }) => {
      const pipeline = Pipeline.parse(
        'fakesrc num-buffers=5 sizetype=fixed sizemax=100 format=time ! video/x-raw, format=RGB, width=16, height=16, framerate=30/1 ! videoconvert name=convert ! video/x-raw, format=GRAY8 ! identity name=fuse error-after=3 ! fakesink',
        { warnings: false },
      );
      const message = (error: Error): string => error.message;
      return (await pipeline.play().catch(message)) ?? (await pipeline.finished().catch(message));
    });
    assert.match(String(value), /^fuse: .*; warned before: convert: .*invalid video buffer received/s);
  });
});

describe('A pipeline that gets no data', function () {
  this.timeout(60_000);

  it('counts as playing after a second where it is live, and says what it has none from', async () => {
    const { status, stderr, value } = await said(async ({ Pipeline }) => {
      const times: number[] = [];
      for (const warnings of [true, false]) {
        const description: string = `udpsrc name=${warnings ? 'net' : 'other'} port=0 ! fakesink name=sink`;
        const pipeline = Pipeline.parse(description, { warnings });
        const begin = Date.now();
        await pipeline.play({ timeout: 20e9 });
        times.push(Date.now() - begin);
        await pipeline.stop();
        pipeline.dispose();
      }
      return times;
    });
    assert.strictEqual(status, 0, stderr);
    for (const time of value as number[]) assert.isAtLeast(time, 900);
    assert.match(stderr, /each sink has data, and sink had none; net \(udp:.*\) gave none/);
    assert.notInclude(stderr, 'other');
  });

  it('tells after a second, and in its TimeoutError, where it stays away', async () => {
    const { status, stderr, value } = await said(async ({ Pipeline }) => {
      const messages: string[] = [];
      for (const description of [
        'videotestsrc ! valve name=closed drop=true ! fakesink name=sink',
        'videotestsrc ! tee name=t t. ! fakesink name=first t. ! fakesink name=second',
        'videotestsrc ! tee name=t t. ! queue name=short max-size-buffers=5 ! fakesink t. ! queue ! valve drop=true ! fakesink',
      ]) {
        const pipeline = Pipeline.parse(description);
        await pipeline.play({ timeout: 1.7e9 }).catch((error: Error) => messages.push(error.message));
        await pipeline.stop();
        pipeline.dispose();
      }
      return messages;
    });
    assert.strictEqual(status, 0, stderr);
    const [closed, tee, queue] = value as string[];
    assert.match(
      String(closed),
      /data at every sink: .*sink had none; nothing gets through closed, whose `drop` is true/,
    );
    assert.match(String(tee), /second had none; behind t each branch needs a queue of its own/);
    assert.match(String(queue), /no more fits into short/);
    assert.strictEqual(count(stderr, /still waiting for data at every sink after 1 s/g), 3, stderr);
  });
});

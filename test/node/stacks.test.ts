import { assert } from 'chai';
import { Buffer, BufferPool, Pipeline } from '../../src/index.ts';
import { sleep } from '../harness/sleep.ts';

/** Whether the error's stack has a line of this file's. */
async function leadsHere(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail('it did not reject'),
    (reason: Error) => reason,
  );
  assert.match(error.stack ?? '', /stacks\.test/, error.message);
  return error.message;
}

describe('The stack of what is rejected', () => {
  it('has the line that waited, where the failure comes from the main loop', async () => {
    const failing = 'videotestsrc is-live=true ! video/x-raw, width=16, height=16 ! identity name=fuse error-after=3';
    await using pipeline = Pipeline.parse(`${failing} ! fakesink`);
    await pipeline.play();
    // As a callback: without `await` there is nothing that V8 could follow back.
    await new Promise<void>((resolve, reject) => {
      pipeline.finished().catch((error: Error) => {
        try {
          assert.match(error.message, /^fuse: /);
          assert.match(error.stack ?? '', /stacks\.test/);
          resolve();
        } catch (wrong) {
          reject(wrong);
        }
      });
    });
    await using awaited = Pipeline.parse(`${failing} ! appsink name=sink`);
    await awaited.play();
    let failure: Error | null = null;
    for (;;) {
      // In a callback here as well.
      const sample = await awaited
        .appSink('sink')
        .pull()
        .catch((error: Error) => {
          failure = error;
          return null;
        });
      if (!sample) break;
      sample.dispose();
    }
    assert.match((failure as Error | null)?.stack ?? '', /stacks\.test/);
    await using pulled = Pipeline.parse(`${failing} ! appsink name=sink`);
    await pulled.play();
    const sink = pulled.appSink('sink');
    await leadsHere(
      (async () => {
        for await (using _ of sink.frames());
      })(),
    );
  });

  it('has it where a wait is given up, of pipelines, sinks, sources and pools', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source max-bytes=1 ! appsink name=sink');
    const source = pipeline.appSrc('source');
    await pipeline.play();
    assert.match(await leadsHere(pipeline.appSink('sink').pull({ timeout: 1e6 })), /timed out/);
    assert.match(await leadsHere(pipeline.finished({ timeout: 1e6 })), /timed out/);
    for (let count = 0; count < 3; count++) {
      using buffer = Buffer.alloc(8);
      await source.push(buffer);
      await sleep(10);
      if (count === 2)
        await leadsHere(source.push(buffer, { timeout: 1e6 }).then(() => source.push(buffer, { timeout: 1e6 })));
    }
    using pool = BufferPool.create({ size: 8, max: 1 });
    using _ = await pool.acquire();
    await leadsHere(pool.acquire({ timeout: 1e6 }));
  });
});

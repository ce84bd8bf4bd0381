import { assert } from 'chai';
import { host } from '#host';
import { runtime } from '../../src/index.ts';
import type { Package } from '../harness/host.ts';

/** Takes buffers of a pool of four and pushes them, without disposing its facades. */
async function lose({ BufferPool, Pipeline }: Package): Promise<number> {
  const pipeline = Pipeline.parse('appsrc name=source format=time ! fakesink sync=false enable-last-sample=false');
  const source = pipeline.appSrc('source');
  await pipeline.play();
  const pool = BufferPool.create({ size: 4096, max: 4 });
  let pushed = 0;
  for (; pushed < 40; pushed++) {
    const buffer = await pool.acquire({ timeout: 8e9 });
    await source.push(buffer);
  }
  await pipeline.stop();
  pipeline.dispose();
  pool.dispose();
  return pushed;
}

describe('BufferPool that ran dry', function () {
  this.timeout(60_000);

  it('goes on where the program lost its facades, and says so once', async () => {
    const { value, stderr, status } = await host.run(lose, { G_DEBUG: 'fatal-criticals' });
    assert.deepEqual([status, value], [0, 40], stderr);
    // GJS may collect before anybody has waited long.
    const told = stderr.match(/still waiting for a buffer of the pool after 1 s: all 4 are out/g)?.length ?? 0;
    if (runtime === 'node') assert.strictEqual(told, 1, stderr);
    else assert.isAtMost(told, 1, stderr);
  });

  it('names those who keep its buffers, and where they were made', async () => {
    const keep = async ({ Buffer, BufferPool }: Package): Promise<string> => {
      const pool = BufferPool.create({ size: 4096, max: 2 });
      const kept = [await pool.acquire(), await pool.acquire()];
      const message = await pool.acquire({ timeout: 1.8e9 }).then(String, (error: Error) => error.message);
      for (const buffer of kept) buffer.dispose();
      const lent = Buffer.alloc(1);
      lent.dispose();
      pool.dispose();
      return message;
    };
    const plain = await host.run(keep);
    const why = /: all 2 are out, .* 2 of the class Buffer: dispose each .* GST_ALLOCATORS_DEBUG=leaks shows where/;
    assert.match(plain.stderr, why);
    assert.match(plain.value ?? '', /^timed out after 1\.8 s while waiting for a buffer of the pool: all 2 are out/);
    const { stderr } = await host.run(keep, { GST_ALLOCATORS_DEBUG: 'leaks' });
    assert.match(stderr, /\d × Buffer made .*\n/);
    const quiet = await host.run(keep, { GST_ALLOCATORS_DEBUG: 'quiet' });
    assert.notInclude(quiet.stderr, 'still waiting');
  });
});

import { assert } from 'chai';
import { host } from '#host';
import { runtime } from '../src/index.ts';

const code = runtime === 'node' ? /\[GST_ALLOCATORS_WAIT\] GstAllocatorsWarning/ : /gst-allocators-WARNING/;

describe('What nobody asked for and somebody should read', function () {
  this.timeout(60_000);

  it('says once what a wait of more than a second is for, and not again from a loop', async () => {
    const { value, stderr, status } = await host.run(
      async ({ Buffer, BufferPool }) => {
        const pool = BufferPool.create({ size: 16, max: 1 });
        const buffer = await pool.acquire();
        const failures: string[] = [];
        for (let round = 0; round < 2; round++)
          failures.push(
            await pool.acquire({ timeout: 1.6e9 }).then(String, ({ name, message }) => `${name}: ${message}`),
          );
        const live = buffer instanceof Buffer;
        buffer.dispose();
        pool.dispose();
        return { failures, live };
      },
      { G_DEBUG: 'fatal-criticals' },
    );
    assert.strictEqual(status, 0, stderr);
    assert.match(
      value?.failures[0] ?? '',
      /^TimeoutError: timed out after 1\.6 s while waiting for a buffer of the pool/,
    );
    assert.strictEqual(stderr.match(/still waiting for a buffer of the pool after 1 s/g)?.length, 1, stderr);
    assert.match(stderr, code);
  });
});

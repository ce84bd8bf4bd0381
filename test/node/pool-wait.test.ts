import { assert } from 'chai';
import { BufferPool, Pipeline } from '../../src/index.ts';

describe('waiting for a pooled buffer', () => {
  it('does not hold up the main thread where none comes back', async () => {
    using pool = BufferPool.create({ size: 64, max: 1 });
    using _ = pool.tryAcquire();
    const held: number[] = [];
    for (let index = 0; index < 20; index++) {
      const begin = performance.now();
      const waiting = pool.acquire({ timeout: 3e6 });
      held.push(performance.now() - begin);
      await waiting.then(
        () => assert.fail('there was one'),
        () => {},
      );
    }
    held.sort((a, b) => a - b);
    // Two naps take 0.14 ms at least. The quarter that other processes held up least tells.
    assert.isBelow(held[5] as number, 0.1);
  });

  it('ends on the spot where they come back fast', async () => {
    await using pipeline = Pipeline.parse(
      'appsrc name=source format=time ! identity sleep-time=20 ! fakesink sync=false enable-last-sample=false',
    );
    const source = pipeline.appSrc('source');
    await pipeline.play();
    using pool = BufferPool.create({ size: 64, max: 1 });
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    count();
    const frames = 300;
    for (let index = 0; index < frames; index++) {
      using buffer = await pool.acquire({ timeout: 2e9 });
      await source.push(buffer);
    }
    counting = false;
    // A wait by timer lets the loop turn a thousand times.
    assert.isBelow(turns, frames * 300);
  });
});

import { readFileSync } from 'node:fs';
import { assert } from 'chai';
import { BufferPool, Pipeline } from '../../src/index.ts';

/** How often the main thread has gone to sleep. */
const sleeps = (): number =>
  Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/self/task/${process.pid}/status`, 'utf8'))?.[1]);

describe('waiting for a pooled buffer', () => {
  it('does not hold up the main thread where none comes back', async () => {
    using pool = BufferPool.create({ size: 64, max: 1 });
    using _ = pool.tryAcquire();
    const calls = 20;
    let slept = 0;
    for (let index = 0; index < calls; index++) {
      const before = sleeps();
      const waiting = pool.acquire({ timeout: 3e6 });
      slept += sleeps() - before;
      await waiting.then(
        () => assert.fail('there was one'),
        () => {},
      );
    }
    // A wait that sleeps before it goes on off the main thread does so at each call.
    assert.isBelow(slept, calls / 2);
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

/** C that this package calls runs JavaScript of raw objects, on a stack that V8 and the elements can bear. */
import { assert } from 'chai';
import { inChild } from './child.ts';

/** As the child processes have it. */
declare const gc: () => void;

const exposed = { NODE_OPTIONS: '--expose-gc' };

describe('JavaScript of raw objects', function () {
  this.timeout(60_000);

  it('hears of what calls of this package do, and may collect garbage there', async () => {
    const { code, signal, stderr, value } = await inChild(
      'node',
      async ({ Pipeline }, { sleep }) => {
        const pipeline = Pipeline.parse('videotestsrc name=source ! queue name=queue ! appsink name=sink');
        // biome-ignore lint/suspicious/noExplicitAny: raw objects are typed by the engine
        const queue: any = pipeline.get('queue').gi;
        let notified = 0;
        queue.on('notify::max-size-time', () => {
          notified++;
          if (notified % 100 === 0) gc();
          pipeline.get('source').set('pattern', notified % 5);
        });
        for (let time = 1; time <= 3000; time++) pipeline.get('queue').set('max-size-time', time);
        // What goes with the pipeline is unlinked first.
        let unlinked = 0;
        queue.getStaticPad('src').on('unlinked', () => {
          unlinked++;
          gc();
        });
        pipeline.dispose();
        await sleep(200);
        return { notified, unlinked };
      },
      { environment: exposed },
    );
    assert.deepEqual(
      { code, signal, stderr, value },
      { code: 0, signal: null, stderr: '', value: { notified: 3000, unlinked: 1 } },
    );
  });

  it('hears of what happens while a pipeline is played and stopped', async () => {
    const { code, signal, stderr, value } = await inChild(
      'node',
      async ({ Pipeline }) => {
        const seen = new Set<string>();
        const pipeline = Pipeline.parse('videotestsrc num-buffers=3 ! pngenc ! decodebin name=decode ! fakesink');
        // biome-ignore lint/suspicious/noExplicitAny: raw objects are typed by the engine
        const decode: any = pipeline.get('decode').gi;
        for (const name of ['element-added', 'pad-added', 'deep-notify', 'pad-removed', 'element-removed'])
          decode.on(name, () => {
            seen.add(name);
            gc();
          });
        await pipeline.play();
        await pipeline.finished();
        await pipeline.stop();
        pipeline.dispose();
        return [...seen].sort();
      },
      { environment: exposed },
    );
    const all = ['deep-notify', 'element-added', 'element-removed', 'pad-added', 'pad-removed'];
    assert.deepEqual({ code, signal, stderr, value }, { code: 0, signal: null, stderr: '', value: all });
  });

  it('is called as the method of a class it is', async function () {
    // node-gtk (4.1.1) with libffi 3.5 jumps to where no code is, whoever calls.
    const alone = await inChild('node', ({ gi }) => {
      class EmptyAllocator extends gi.Gst.Allocator {
        override virtual_alloc(): null {
          return null;
        }
      }
      new EmptyAllocator().alloc(10, null);
    });
    if (alone.signal) return this.skip();
    const { code, signal, stderr, value } = await inChild(
      'node',
      ({ Buffer, gi }) => {
        const sizes: number[] = [];
        const names: string[] = [];
        class EmptyAllocator extends gi.Gst.Allocator {
          override virtual_alloc(size: bigint): null {
            sizes.push(Number(size));
            gc();
            return null;
          }
        }
        const allocator = new EmptyAllocator();
        for (const size of [10, 2 ** 33])
          try {
            Buffer.alloc(size, allocator as never);
          } catch (error) {
            names.push((error as Error).name);
          }
        return { sizes, names };
      },
      { environment: exposed },
    );
    assert.deepEqual(
      { code, signal, stderr, value },
      {
        code: 0,
        signal: null,
        stderr: '',
        value: { sizes: [10, 2 ** 33], names: ['AllocationError', 'AllocationError'] },
      },
    );
  });
});

describe('A pipeline of hundreds of elements', () => {
  it('plays, seeks and stops', async function () {
    this.timeout(60_000);
    const { code, signal, stderr } = await inChild('node', async ({ Pipeline }) => {
      const pipeline = Pipeline.parse(
        `filesrc location=${process.execPath} ! rawaudioparse ! ${'identity ! '.repeat(400)} fakesink`,
      );
      await pipeline.pause();
      await pipeline.seek(0);
      await pipeline.stop();
      pipeline.dispose();
    });
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
  });
});

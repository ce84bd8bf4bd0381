/** What filters cost: nothing that could be left out. */
import { assert } from 'chai';
import { type Buffer, Pipeline } from '../../src/index.ts';
import { bufferKind, memoryKind } from '../../src/kinds.ts';

const second = 1e9;

describe('Frames of a filter', () => {
  it('are the buffers of the source, with their memory, and reach the sink writable', async () => {
    await using pipeline: Pipeline = Pipeline.parse(
      'videotestsrc num-buffers=60 ! video/x-raw, format=GRAY8, width=16, height=16 ! identity name=f ! appsink name=sink',
    );
    const places = (buffer: Buffer): string => {
      using memory = buffer.memory(0);
      return `${bufferKind.handleOf(buffer)} ${memoryKind.handleOf(memory)}`;
    };
    const before: string[] = [];
    const after: string[] = [];
    let writable = 0;
    pipeline.filter(
      'f',
      (buffer) => {
        if (buffer.isWritable) writable++;
        before.push(places(buffer));
      },
      { as: 'buffer' },
    );
    await pipeline.play({ timeout: 5 * second });
    for await (using sample of pipeline.appSink('sink').frames({ timeout: 5 * second }))
      if (sample.buffer) after.push(places(sample.buffer));
    assert.equal(writable, 60);
    // The first one is marked by the appsrc (DISCONT), which shows it as another buffer where it is not alone.
    assert.deepEqual(after.slice(1), before.slice(1));
  });

  it('are copied once where another branch has a part in them, which is left as it is', async () => {
    await using pipeline: Pipeline = Pipeline.parse(
      'videotestsrc pattern=black num-buffers=20 ! video/x-raw, format=GRAY8, width=16, height=16 ! tee name=t ' +
        '! queue max-size-buffers=100 ! identity name=f ! appsink name=sink  t. ! queue max-size-buffers=100 ! appsink name=other',
    );
    pipeline.filter('f', (frame) => void frame.memset(0, 200, frame.size), { as: 'buffer' });
    await pipeline.play({ timeout: 5 * second });
    const bytesOf = async (name: string): Promise<Set<number>> => {
      const bytes = new Set<number>();
      for await (using sample of pipeline.appSink(name).frames({ timeout: 5 * second }))
        for (const byte of sample.buffer?.extract() ?? []) bytes.add(byte);
      return bytes;
    };
    const [changed, left] = await Promise.all([bytesOf('sink'), bytesOf('other')]);
    assert.deepEqual([...changed], [200]);
    assert.notInclude([...left], 200);
  });
});

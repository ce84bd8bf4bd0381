import { assert } from 'chai';
import { Buffer, Pipeline, registerCustomMeta } from '../../src/index.ts';

/** A meta that does not depend on anything, and ones that depend on what their names say. */
const tags: Record<string, string[]> = {
  SpecFree: [],
  SpecVideo: ['video'],
  SpecSize: ['video', 'size'],
  SpecColour: ['video', 'colorspace'],
  SpecTurn: ['video', 'orientation'],
};
const everything = Object.keys(tags);

/** What is left of the metas of one frame after these elements. */
async function metasAfter(elements: string, use?: (buffer: Buffer) => void): Promise<string[]> {
  await using pipeline = Pipeline.parse(
    'appsrc name=src format=time caps="video/x-raw, format=GRAY8, width=64, height=48, framerate=30/1" ! ' +
      `${elements} ! appsink name=sink sync=false`,
  );
  await pipeline.play();
  const source = pipeline.appSrc('src');
  {
    using buffer = Buffer.alloc(64 * 48);
    buffer.pts = 0;
    buffer.duration = 33_333_333;
    for (const name of everything) buffer.addCustomMeta(name);
    buffer.addReferenceTimestamp('timestamp/x-ntp', 5);
    use?.(buffer);
    await source.push(buffer);
  }
  source.endOfStream();
  using sample = await pipeline.appSink('sink').pull({ timeout: 10e9 });
  const buffer = sample?.buffer as Buffer;
  assert.deepEqual(buffer.referenceTimestamp(), { reference: 'timestamp/x-ntp', timestamp: 5, duration: null });
  const found = buffer.metas().map(({ type }) => type);
  return everything.filter((name) => found.includes(name));
}

describe('Metas in pipelines', () => {
  before(() => {
    for (const [name, words] of Object.entries(tags)) registerCustomMeta(name, words);
  });

  it('pass through what leaves the buffers alone', async () => {
    for (const elements of ['identity', 'queue', 'tee', 'capsfilter'])
      assert.deepEqual(await metasAfter(elements), everything);
  });

  it('are dropped by scaling when they depend on the size', async () => {
    const left = await metasAfter('videoscale ! video/x-raw, width=32, height=24');
    assert.includeMembers(left, ['SpecFree', 'SpecVideo']);
    assert.notInclude(left, 'SpecSize');
  });

  it('are dropped by conversion when they depend on the colours', async () => {
    const left = await metasAfter('videoconvert ! video/x-raw, format=RGBA');
    assert.includeMembers(left, ['SpecFree', 'SpecVideo', 'SpecTurn']);
    assert.notInclude(left, 'SpecColour');
  });

  it('are dropped by turning when they depend on the orientation', async () => {
    const left = await metasAfter('videoflip method=clockwise');
    assert.includeMembers(left, ['SpecFree', 'SpecVideo']);
    assert.notInclude(left, 'SpecTurn');
  });

  it('bring their fields along', async () => {
    registerCustomMeta('SpecFields');
    await using pipeline = Pipeline.parse(
      'appsrc name=src format=time caps="video/x-raw, format=GRAY8, width=64, height=48, framerate=30/1" ! queue ! ' +
        'videoconvertscale ! video/x-raw, format=RGBA, width=32, height=24 ! appsink name=sink sync=false',
    );
    await pipeline.play();
    for (let id = 0; id < 20; id++) {
      using buffer = Buffer.alloc(64 * 48);
      buffer.pts = id * 1e7;
      buffer.addCustomMeta('SpecFields', { id, boxes: [id, id + 1] });
      await pipeline.appSrc('src').push(buffer);
    }
    pipeline.appSrc('src').endOfStream();
    const found: unknown[] = [];
    for await (const sample of pipeline.appSink('sink').frames({ timeout: 10e9 })) {
      found.push(sample.buffer?.customMeta('SpecFields'));
      sample.dispose();
    }
    assert.deepEqual(
      found,
      Array.from({ length: 20 }, (_, id) => ({ id, boxes: [id, id + 1] })),
    );
  });
});

/** Objects belong to their thread: posted to another one they would arrive as empty ones, and say nothing. */
import workerThreads from 'node:worker_threads';
import { assert } from 'chai';
import {
  AllocationQuery,
  AudioBuffer,
  AudioInfo,
  Buffer,
  BufferPool,
  CustomAllocator,
  FdAllocator,
  FrameReader,
  FrameWriter,
  MapFlags,
  Pipeline,
  Sample,
  ShmdataReader,
  ShmdataWriter,
  VideoFrame,
  VideoInfo,
} from '../../src/index.ts';
import { shm } from '../harness/allocators.ts';
import { ownFolder } from './folder.ts';

const caps = 'video/x-raw, format=GRAY8, width=4, height=4';
const sound = 'audio/x-raw, format=S16LE, rate=8000, channels=2, layout=interleaved';

describe('Objects of the package', () => {
  const folder = ownFolder();

  it('are refused by postMessage and structuredClone', async function () {
    // Before Node.js 22.10 objects cannot be marked.
    if (!workerThreads.markAsUncloneable) this.skip();
    class Own extends CustomAllocator {
      allocate(size: number) {
        return Buffer.alloc(size).memory(0);
      }
    }
    const buffer = Buffer.alloc(16);
    const pipeline = Pipeline.parse('appsrc name=source ! appsink name=sink');
    const made: Record<string, object & Partial<Disposable>> = {
      buffer,
      memory: buffer.memory(0),
      mapping: buffer.map(MapFlags.READ),
      sample: Sample.create(buffer, caps),
      frame: VideoFrame.map(buffer, VideoInfo.fromCaps(caps), MapFlags.READ),
      audio: AudioBuffer.map(buffer, AudioInfo.fromCaps(sound), MapFlags.READ),
      pool: BufferPool.create({ size: 10 }),
      query: new AllocationQuery(null),
      allocator: shm(),
      fds: new FdAllocator(),
      custom: new Own(),
      pipeline,
      sink: pipeline.appSink('sink'),
      source: pipeline.appSrc('source'),
      frameReader: FrameReader.follow(`${folder}/frames`),
      shmdataReader: ShmdataReader.follow(`${folder}/data`),
      frameWriter: await FrameWriter.open(`${folder}/frames`, { caps }),
      shmdataWriter: await ShmdataWriter.open(`${folder}/data`, { type: caps }),
    };
    const { port1, port2 } = new MessageChannel();
    const cloned: string[] = [];
    for (const [name, object] of Object.entries(made)) {
      for (const clone of [() => structuredClone(object), () => port1.postMessage({ object })]) {
        try {
          clone();
          cloned.push(name);
        } catch (error) {
          assert.strictEqual((error as Error).name, 'DataCloneError', name);
        }
      }
    }
    port1.close();
    port2.close();
    for (const object of Object.values(made).reverse()) {
      if ('close' in object) await (object as FrameWriter).close();
      else object[Symbol.dispose]?.();
    }
    assert.deepEqual(cloned, []);
  });
});

/** The package more than once in a process, in workers, and where the engine forbids views on native memory. */
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { assert } from 'chai';
import * as gst from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';
import { inChild } from './child.ts';

type Package = typeof gst;

/** As the child process has it. */
declare const koffi: { view: unknown };

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** As if a second package depended on this one, and had it from a folder of its own. */
async function secondCopy(): Promise<{ copy: Package; remove(): void }> {
  const folder = join(root, 'dist', `copy-${process.pid}`);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'dist/node'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(join(root, 'dist/node/src'), join(folder, 'dist/node/src'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { copy: await import(pathToFileURL(join(folder, 'dist/node/src/index.js')).href), remove };
}

describe('Two copies of the package in one process', () => {
  let copy: Package;
  let remove: () => void;
  before(async () => {
    ({ copy, remove } = await secondCopy());
  });
  after(() => remove());

  it('work beside each other', async () => {
    for (const each of [gst, copy]) {
      await using pipeline = each.Pipeline.parse('videotestsrc num-buffers=3 ! appsink name=sink sync=false');
      await pipeline.play();
      let frames = 0;
      for await (const sample of pipeline.appSink('sink').frames()) {
        sample.buffer?.withMapping(each.MapFlags.READ, (bytes) => assert.isAbove(bytes.length, 0));
        sample.dispose();
        frames++;
      }
      assert.strictEqual(frames, 3);
    }
  });

  it('take raw objects from each other', () => {
    using buffer = copy.Buffer.from(Uint8Array.of(1, 2, 3));
    using memory = buffer.memory(0);
    using target = new gst.Buffer();
    target.appendMemory(memory.gi as never);
    assert.deepEqual([...target.extract()], [1, 2, 3]);
  });

  it('refuse facades of each other, and say how else', () => {
    using buffer = copy.Buffer.alloc(1);
    using memory = buffer.memory(0);
    using target = new gst.Buffer();
    throws(() => target.appendMemory(memory as never), TypeError, /this copy of the package.*`\.gi`/);
    assert.isFalse(memory instanceof gst.Memory);
  });
});

interface Told {
  words: string[];
  /** Exit code of the worker; null when it was terminated. */
  code: number;
}

/** Runs a program in a worker, which is terminated when it says so. */
function inWorker(program: (gst: Package, say: (word: string) => void) => Promise<void>): Promise<Told> {
  const source = `
    import { parentPort } from 'node:worker_threads';
    import * as gst from ${JSON.stringify(new URL('../../src/index.js', import.meta.url).href)};
    await (${program})(gst, (word) => parentPort.postMessage(word));`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
  const words: string[] = [];
  return new Promise((resolve, reject) => {
    worker.on('message', (word: string) => {
      words.push(word);
      if (word === 'terminate') worker.terminate();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => resolve({ words, code }));
  });
}

describe('A worker thread', () => {
  it('has memory, pools and pipelines of its own', async () => {
    const { words, code } = await inWorker(async ({ BufferPool, MapFlags, Pipeline }, say) => {
      const pool = BufferPool.create({ size: 10, max: 1 });
      const buffer = await pool.acquire();
      say(String(buffer.withMapping(MapFlags.READWRITE, (bytes) => bytes.fill(7)[9])));
      const pipeline = Pipeline.parse('appsrc name=source ! appsink name=sink sync=false');
      await pipeline.play();
      const pulled = pipeline.appSink('sink').pull();
      await pipeline.appSrc('source').push(buffer);
      const sample = await pulled;
      say(String(sample?.buffer?.extract()[9]));
      pipeline.appSrc('source').endOfStream();
      await pipeline.finished();
      await pipeline.stop();
      for (const each of [sample, buffer, pipeline, pool]) each?.dispose();
    });
    assert.deepEqual({ words, code }, { words: ['7', '7'], code: 0 });
  });

  it('is told that raw objects are for the main thread', async () => {
    const { words } = await inWorker(async ({ Buffer }, say) => {
      const buffer = new Buffer();
      try {
        void buffer.gi;
      } catch (error) {
        say(`${(error as Error).name}: ${(error as Error).message}`);
      }
      buffer.dispose();
    });
    assert.match(words[0] ?? '', /^UnavailableError: raw GI objects belong to the main thread/);
  });

  it('may be terminated in the midst of frames, and the process goes on', async function () {
    this.timeout(60_000);
    const { code, signal, stderr, value } = await inChild(
      'node',
      async ({ Pipeline }, { sleep }, url) => {
        const { Worker } = await import('node:worker_threads');
        const source = `
          import { parentPort } from 'node:worker_threads';
          import { Pipeline } from ${JSON.stringify(url)};
          const pipeline = Pipeline.parse('videotestsrc ! appsink name=sink');
          await pipeline.play();
          for await (const sample of pipeline.appSink('sink').frames()) {
            sample.buffer.withMapping(1, (bytes) => bytes[0]);
            sample.dispose();
            parentPort.postMessage('frame');
          }`;
        for (let round = 0; round < 5; round++) {
          const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
          await new Promise((resolve) => worker.once('message', resolve));
          await sleep(round * 13);
          await worker.terminate();
        }
        const pipeline = Pipeline.parse('videotestsrc num-buffers=3 ! appsink name=sink sync=false');
        await pipeline.play();
        let frames = 0;
        for await (const sample of pipeline.appSink('sink').frames()) {
          sample.dispose();
          frames++;
        }
        await pipeline.stop();
        pipeline.dispose();
        return frames;
      },
      { argument: new URL('../../src/index.js', import.meta.url).href, limit: 50_000 },
    );
    assert.deepEqual({ code, signal, stderr, value }, { code: 0, signal: null, stderr: '', value: 3 });
  });
});

describe('Where views on native memory are forbidden, as in Electron', () => {
  it('mappings copy, and nothing else changes', async () => {
    const { stderr, value } = await inChild('node', async ({ Buffer, MapFlags, ShmAllocator, features }) => {
      koffi.view = () => {
        throw new Error('External buffers are not allowed');
      };
      ShmAllocator.initOnce();
      const allocator = ShmAllocator.get();
      const buffer = Buffer.alloc(4, allocator);
      const seen: unknown[] = [];
      const mapping = buffer.map(MapFlags.READWRITE);
      seen.push(mapping.zeroCopy, mapping.size);
      mapping.bytes.set([1, 2, 3, 4]);
      mapping.dispose();
      seen.push(mapping.bytes.length, [...buffer.extract()]);
      buffer.withMapping(MapFlags.READ, (bytes) => bytes.fill(9));
      seen.push([...buffer.extract()]);
      const lost = buffer.map(MapFlags.WRITE);
      lost.bytes.fill(5);
      buffer.dispose();
      seen.push(
        lost.isDisposed,
        Object.entries(features())
          .filter(([name]) => /zero/i.test(name))
          .map(([, { available }]) => available),
      );
      allocator?.dispose();
      return seen;
    });
    assert.strictEqual(stderr, '');
    assert.deepEqual(value, [false, 4, 0, [1, 2, 3, 4], [1, 2, 3, 4], true, [false]]);
  });
});

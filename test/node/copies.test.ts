/** The package more than once in a process, in workers, and where the engine forbids views on native memory. */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { assert } from 'chai';
import * as gst from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';
import { inChild, type Tools } from './child.ts';
import { ownFolder } from './folder.ts';

type Package = typeof gst;

/** As the child process has it. */
declare const koffi: {
  view: unknown;
  load(library: string): { func(prototype: string): (...values: unknown[]) => number };
};

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** As if a second package depended on another version of this one, and had it from a folder of its own. */
async function secondCopy(): Promise<{ copy: Package; remove(): void }> {
  const folder = join(root, 'dist', `copy-${process.pid}`);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'dist/node'), { recursive: true });
  const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...description, version: '99.0.0' }));
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

  it('work on the objects of one pipeline', async () => {
    await using pipeline = gst.Pipeline.parse('videoconvert name=convert ! queue name=queue ! fakesink');
    // biome-ignore lint/suspicious/noExplicitAny: raw objects are typed by the engine
    const queue: any = pipeline.get('queue').gi;
    let notified = 0;
    queue.on('notify::max-size-time', () => notified++);
    pipeline.get('queue').set('max-size-time', 5);
    // Both call handlers now, each in its own way.
    const caps = 'video/x-raw, format=GRAY8, width=4, height=4, framerate=1/1';
    copy.AllocationQuery.peer(pipeline.get('convert').gi, caps)?.dispose();
    queue.maxSizeTime = 6n;
    pipeline.get('queue').set('max-size-time', 7);
    assert.strictEqual(notified, 3);
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

const rounds = Number(process.env.GST_ALLOCATORS_ROUNDS ?? 2);

/** Programs that do not end by themselves; they have the package as `gst`, and say when they are in the midst of it. */
const endless = {
  'in the midst of frames': `
    const pipeline = gst.Pipeline.parse('videotestsrc ! appsink name=sink');
    await pipeline.play();
    for await (const sample of pipeline.appSink('sink').frames()) {
      sample.buffer.withMapping(gst.MapFlags.READ, (bytes) => bytes[0]);
      sample.dispose();
      say();
    }`,
  'while it waits for a buffer': `
    const pool = gst.BufferPool.create({ size: 10, max: 1 });
    await pool.acquire();
    say();
    await pool.acquire();`,
  'while it waits for room': `
    const pipeline = gst.Pipeline.parse('appsrc name=source max-bytes=10 ! fakesink sync=true');
    await pipeline.play();
    for (;;) {
      await pipeline.appSrc('source').push(gst.Buffer.alloc(100));
      say();
    }`,
  'in the midst of a conversion': `
    const pipeline = gst.Pipeline.parse('videotestsrc num-buffers=1 ! appsink name=sink');
    await pipeline.play();
    const sample = await pipeline.appSink('sink').pull();
    for (;;) {
      say();
      (await gst.convertSample(sample, 'image/png')).dispose();
    }`,
  'in the midst of sharing': `
    const path = folder + '/frames-' + threadId;
    const caps = 'video/x-raw, format=GRAY8, width=64, height=64, framerate=30/1';
    const writer = await gst.FrameWriter.open(path, { caps });
    (async () => {
      for await (const sample of gst.FrameReader.follow(path)) {
        sample.dispose();
        say();
      }
    })();
    for (let pts = 0; ; pts += 1e6) {
      const frame = await writer.acquire(4096);
      await writer.write(frame, { pts });
      frame.dispose();
      await rest(1);
    }`,
  'in the midst of shmdata': `
    for await (const frame of gst.ShmdataReader.follow(folder + '/shmdata')) say(frame.bytes[0]);`,
  'while it asks a peer': `
    const pipeline = gst.Pipeline.parse('videotestsrc name=source ! queue ! appsink');
    await pipeline.play();
    for (;;) {
      try { gst.AllocationQuery.peer(pipeline.get('source'), null)?.dispose(); } catch {}
      say();
      await rest(0);
    }`,
  'while it plays and stops': `
    const pipeline = gst.Pipeline.parse('videotestsrc ! queue ! fakesink');
    for (;;) {
      await pipeline.play();
      await pipeline.stop();
      say();
    }`,
};

/** In a child process: workers one after the other, each terminated at some moment. */
async function terminateWorkers(
  { Pipeline, ShmdataWriter }: Package,
  { look, sleep }: Tools,
  { url, program, rounds, folder }: { url: string; program: string; rounds: number; folder: string },
): Promise<object> {
  const { Worker } = await import('node:worker_threads');
  const source = `
    import { parentPort, threadId } from 'node:worker_threads';
    import * as gst from ${JSON.stringify(url)};
    const folder = ${JSON.stringify(folder)};
    const say = () => parentPort.postMessage('going');
    const rest = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    ${program}`;
  const libc = koffi.load('libc.so.6');
  const createKey = libc.func('int pthread_key_create(void *key, void *destructor)');
  const deleteKey = libc.func('int pthread_key_delete(unsigned int key)');
  /** There are 1024 for the whole process. */
  const freeKey = (): number => {
    const key = new Uint32Array(1);
    createKey(key, null);
    deleteKey(key[0]);
    return key[0] as number;
  };
  let before = 0;
  let keysBefore = 0;
  // Not in a worker: what the system keeps of a writer would stay.
  const writer = await ShmdataWriter.open(`${folder}/shmdata`, { type: 'application/x-bytes', size: 1000 });
  const writing = setInterval(() => writer.tryWrite(new Uint8Array(1000)), 2);
  for (let round = 0; round < rounds + 1; round++) {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    await new Promise((resolve) => worker.once('message', resolve));
    await sleep(20 + ((round * 13) % 50));
    await worker.terminate();
    if (round > 0) continue;
    before = look().threads;
    keysBefore = freeKey();
  }
  const left = look().threads - before;
  const keys = freeKey() - keysBefore;
  const pipeline = Pipeline.parse('videotestsrc num-buffers=3 ! appsink name=sink sync=false');
  await pipeline.play();
  let frames = 0;
  for await (const sample of pipeline.appSink('sink').frames()) {
    sample.dispose();
    frames++;
  }
  await pipeline.stop();
  pipeline.dispose();
  clearInterval(writing);
  await writer.close();
  return { frames, left, keys };
}

describe('A worker thread', () => {
  const folder = ownFolder();

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

  for (const [name, program] of Object.entries(endless))
    it(`may be terminated ${name}, and the process goes on`, async function () {
      this.timeout(60_000 + rounds * 2_000);
      const { code, signal, stderr, value } = await inChild('node', terminateWorkers, {
        argument: { url: new URL('../../src/index.js', import.meta.url).href, program, rounds, folder },
        limit: 50_000 + rounds * 2_000,
      });
      assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
      const { frames, left, keys } = value as Record<string, number>;
      assert.deepEqual({ frames, keys }, { frames: 3, keys: 0 });
      // What played in the workers does not play on.
      assert.isAtMost(left as number, 3, 'threads that are left');
    });

  it('may run beside others', async function () {
    this.timeout(60_000);
    const { code, signal, stderr, value } = await inChild(
      'node',
      async (_, { sleep }, url) => {
        const { Worker } = await import('node:worker_threads');
        const source = `
          import { Worker, parentPort, workerData } from 'node:worker_threads';
          import { Pipeline } from ${JSON.stringify(url)};
          const pipeline = Pipeline.parse('videotestsrc num-buffers=30 ! appsink name=sink sync=false');
          await pipeline.play();
          let frames = 0;
          for await (const sample of pipeline.appSink('sink').frames()) {
            sample.dispose();
            frames++;
          }
          await pipeline.stop();
          pipeline.dispose();
          parentPort.postMessage(frames);`;
        const run = () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
            worker.once('message', (frames) => worker.once('exit', () => resolve(frames)));
            worker.once('error', reject);
          });
        const frames = await Promise.all([run(), run(), run(), run()]);
        await sleep(10);
        return frames;
      },
      { argument: new URL('../../src/index.js', import.meta.url).href, limit: 50_000 },
    );
    assert.deepEqual({ code, signal, stderr, value }, { code: 0, signal: null, stderr: '', value: [30, 30, 30, 30] });
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

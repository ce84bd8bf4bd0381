/** What is true of the process is true in all its threads: one says it, the others find it. */
import { assert } from 'chai';
import { type Engine, engines, inChild } from './child.ts';

const url = new URL('../../src/index.js', import.meta.url).href;
const fewFds = ['sh', '-c', 'ulimit -n 128 && exec "$@"', 'sh'];

/** Runs `prepare` on the main thread of a process of its own, and the text of a worker's program after it. */
const inWorkerOf = (program: string, within: readonly string[] = []) =>
  inChild(
    'node',
    async (gst, _, { url, program }) => {
      const { Worker } = await import('node:worker_threads');
      gst.ShmAllocator.initOnce();
      gst.ShmAllocator.get()?.setDefault();
      gst.registerCustomMeta('SpecProcess', ['video']);
      class Own extends gst.CustomAllocator {
        allocate(size: number) {
          return gst.Buffer.alloc(size).memory(0);
        }
      }
      gst.Allocator.register('spec-process', new Own('spec-memory'));
      const source = `
        import { parentPort } from 'node:worker_threads';
        import * as gst from ${JSON.stringify(url)};
        const told = [];
        const say = (word) => told.push(word);
        ${program}
        parentPort.postMessage(told);`;
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
      return new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
    },
    { argument: { url, program }, within },
  );

describe('Facts of the process', () => {
  it('the default allocator: a copy that would take an fd is refused where there is none, by whoever set it', async () => {
    const { code, signal, stderr, value } = await inWorkerOf(
      `
      import { openSync } from 'node:fs';
      const fds = new gst.FdAllocator();
      const memory = fds.allocFd(gst.memfd('spec', 4096), 4096);
      const buffer = new gst.Buffer().appendMemory(memory);
      try { for (;;) openSync('/dev/null', 'r'); } catch {}
      for (const copy of [() => memory.copy(), () => buffer.copyDeep()]) {
        try { copy(); say('copied'); } catch (error) { say(error.name); }
      }`,
      fewFds,
    );
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
    assert.deepEqual(value, ['AllocationError', 'AllocationError']);
  });

  it('the allocator of shared memory, and a custom meta: initialised once, for every thread', async () => {
    const { stderr, value } = await inWorkerOf(`
      say(gst.ShmAllocator.get()?.memType);
      gst.registerCustomMeta('SpecProcess', ['video']);
      const buffer = new gst.Buffer().addCustomMeta('SpecProcess', { a: 1 });
      say(buffer.customMeta('SpecProcess'));
      try { gst.registerCustomMeta('SpecProcess', []); } catch (error) { say(error.message); }`);
    assert.strictEqual(stderr, '');
    assert.deepEqual(value, ['shm', { a: 1 }, 'the custom meta SpecProcess is registered with other tags: video']);
  });

  it('a custom allocator: a worker knows it, and is told that it cannot ask it', async () => {
    const { stderr, value } = await inWorkerOf(`
      const found = gst.Allocator.find('spec-process');
      say([found instanceof gst.CustomAllocator, found.memType]);
      try { found.alloc(10); } catch (error) { say(error.name + ': ' + error.message); }
      try { gst.FdAllocator.alloc(found, 0, 10); } catch (error) { say(error.name); }`);
    assert.strictEqual(stderr, '');
    const [kind, refusal, other] = value as [unknown, string, string];
    assert.deepEqual([kind, other], [[true, 'spec-memory'], 'TypeError']);
    assert.match(
      refusal,
      /^AllocationError: .* could not allocate 10 bytes: expected a custom allocator of this thread/,
    );
  });
});

const runEngine = (engine: Engine) => {
  it(`a custom meta that a raw call registered is one as well (${engine})`, async () => {
    const { code, stderr, value } = await inChild(engine, (gst) => {
      const { Meta } = gst.gi.Gst;
      try {
        const register = gst.runtime === 'gjs' ? 'register_custom' : 'registerCustom';
        // biome-ignore lint/suspicious/noExplicitAny: typed by the engine
        (Meta as any)[register]('SpecRaw', ['size'], null);
      } catch {
        // GJS makes no wrapper for the result.
      }
      const buffer = new gst.Buffer().addCustomMeta('SpecRaw', { a: 2 });
      gst.registerCustomMeta('SpecRaw', ['size']);
      const tags = buffer.metas().map(({ tags }) => tags);
      return [buffer.customMeta('SpecRaw'), tags];
    });
    assert.deepEqual({ code, stderr, value }, { code: 0, stderr: '', value: [{ a: 2 }, [['size']]] });
  });

  it(`the default allocator: a raw call may set it (${engine})`, async () => {
    const { code, stderr, value } = await inChild(
      engine,
      (gst) => {
        gst.ShmAllocator.initOnce();
        const shm = gst.ShmAllocator.get() as InstanceType<typeof gst.ShmAllocator>;
        const memory = shm.alloc(4096);
        // biome-ignore lint/suspicious/noExplicitAny: typed by the engine
        const { Allocator } = gst.gi.Gst as any;
        if (gst.runtime === 'gjs') shm.gi && Allocator.prototype.set_default.call(shm.gi);
        else Allocator.prototype.setDefault.call(shm.gi);
        const held: unknown[] = [];
        try {
          for (;;) held.push(shm.alloc(1));
        } catch {
          // None is left.
        }
        const isFull = held.length > 20;
        try {
          memory.copy();
          return 'copied';
        } catch (error) {
          return [isFull, (error as Error).name];
        }
      },
      { within: fewFds },
    );
    assert.deepEqual({ code, stderr, value }, { code: 0, stderr: '', value: [true, 'AllocationError'] });
  });
};
describe('Facts of the process, by raw calls', () => engines.forEach(runEngine));

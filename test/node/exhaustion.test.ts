/** Too few fds, too little memory, a full file system: errors with names, nothing lost, and work goes on afterwards. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { assert } from 'chai';
import { grayCaps } from '../harness/caps.ts';
import { type Engine, engines, inChild } from './child.ts';
import { ownFolder } from './folder.ts';

const caps = grayCaps(64, 64);
const having = (command: string): string[] => ['sh', '-c', `${command} && exec "$@"`, 'sh'];
/** Kibibytes of address space: less, and the engine itself does not start. */
const addressSpace: Record<Engine, number> = { node: 2_500_000, gjs: 4_000_000 };
const privately = ['unshare', '--mount', '--propagation', 'private'];
const canMount = spawnSync(privately[0] as string, [...privately.slice(1), 'true']).status === 0;

for (const engine of engines) {
  describe(`Exhaustion (${engine})`, function () {
    this.timeout(60_000);
    const folder = ownFolder();

    it('of file descriptors: whatever needs one fails with an error of its own, and works when there are some again', async () => {
      const { code, value, stderr } = await inChild(
        engine,
        async (gst, { collect, openFds, sleep }, { folder, caps }) => {
          gst.ShmAllocator.initOnce();
          const shm = gst.ShmAllocator.get();
          if (!shm) throw new Error('no ShmAllocator');
          const held: InstanceType<typeof gst.Memory>[] = [];
          const duplicates: number[] = [];
          const path = `${folder}/socket`;
          const play = async (description: string) => {
            const pipeline = gst.Pipeline.parse(description);
            try {
              await pipeline.play();
              for await (const sample of pipeline.appSink('sink').frames({ timeout: 5e9 })) sample.dispose();
            } finally {
              await pipeline.stop();
              pipeline.dispose();
            }
          };
          const share = async (transport: 'unixfd' | 'shm') => {
            const writer = await gst.FrameWriter.open(path, { caps, transport });
            await writer.write(new Uint8Array(4096), { timeout: 5e9 }).finally(() => writer.close());
          };
          const works: Record<string, () => unknown> = {
            memory: () => shm.alloc(4096).dispose(),
            pool: () => gst.BufferPool.create({ size: 10, min: 10, allocator: shm }).dispose(),
            pipeline: () => play('videotestsrc num-buffers=3 ! appsink name=sink sync=false'),
            unixfd: () => share('unixfd'),
            shm: () => share('shm'),
            shmdata: async () => {
              if (gst.runtime === 'gjs') return;
              const writer = await gst.ShmdataWriter.open(path, { type: caps });
              await writer.write(new Uint8Array(10)).finally(() => writer.close());
            },
            convert: async () => {
              const buffer = gst.Buffer.alloc(4096);
              const sample = gst.Sample.create(buffer, caps);
              buffer.dispose();
              const converted = gst.convertSample(sample, 'image/png').finally(() => sample.dispose());
              (await converted).dispose();
            },
          };
          const attempts = async () => {
            const outcomes: Record<string, string> = {};
            for (const [name, work] of Object.entries(works)) {
              try {
                await work();
                outcomes[name] = 'ok';
              } catch (error) {
                outcomes[name] = error instanceof gst.GstError ? 'GstError' : String(error);
              }
            }
            return outcomes;
          };
          // What stays loaded and open from the first use on is not what is counted here.
          const at: Record<string, unknown> = { begin: await attempts() };
          const settle = async () => {
            await sleep(1200);
            await collect();
            return openFds();
          };
          const before = await settle();
          let failure: unknown = null;
          while (!failure) {
            try {
              held.push(shm.alloc(4096));
            } catch (error) {
              failure = error;
            }
          }
          at.failure = failure instanceof gst.AllocationError;
          for (const spare of [0, 4, 12, 20]) {
            while (duplicates.length < spare && held.length) {
              held.pop()?.dispose();
              duplicates.push(0);
            }
            await collect();
            at[spare] = await attempts();
          }
          for (const memory of held) memory.dispose();
          await collect();
          at.end = await attempts();
          at.left = (await settle()) - before;
          return at;
        },
        { argument: { folder, caps }, within: having('ulimit -n 64'), limit: 50_000 },
      );
      assert.strictEqual(stderr, '');
      assert.strictEqual(code, 0);
      const { begin, end, failure, left, ...scarce } = value as Record<string, Record<string, string>>;
      const names = Object.keys(begin ?? {});
      const all = (outcome: string) => Object.fromEntries(names.map((name) => [name, outcome]));
      assert.deepEqual(begin, all('ok'));
      assert.isTrue(failure as unknown);
      for (const [spare, outcomes] of Object.entries(scarce))
        for (const [name, outcome] of Object.entries(outcomes))
          assert.match(outcome, /^ok$|^GstError$/, `${name} with ${spare} fds`);
      assert.strictEqual(scarce['0']?.memory, 'GstError');
      assert.strictEqual(scarce['0']?.pipeline, 'GstError');
      assert.deepEqual(end, all('ok'));
      assert.isAtMost(left as unknown as number, 0);
    });

    it('of file descriptors, of which copies take some by default: what cannot be copied says so', async () => {
      const { code, value, stderr } = await inChild(
        engine,
        async (gst, { collect }) => {
          gst.ShmAllocator.initOnce();
          const shm = gst.ShmAllocator.get();
          const buffer = gst.Buffer.alloc(4096, shm);
          const memory = buffer.memory(0);
          const onCopy = (write: (copy: typeof buffer) => unknown) => () => {
            const copy = buffer.copy();
            try {
              write(copy);
            } finally {
              copy.dispose();
            }
          };
          const attempts = [
            () => {
              const writing = buffer.map(gst.MapFlags.READWRITE);
              try {
                buffer.copy().dispose();
              } finally {
                writing.dispose();
              }
            },
            () => memory.copy().dispose(),
            () => buffer.copyDeep().dispose(),
            onCopy((copy) => copy.map(gst.MapFlags.WRITE).dispose()),
            onCopy((copy) => copy.fill(0, new Uint8Array(1))),
            onCopy((copy) => copy.memset(0, 1, 1)),
            () => {
              const reading = buffer.map();
              try {
                buffer.map(gst.MapFlags.WRITE).dispose();
              } finally {
                reading.dispose();
              }
            },
          ];
          const ends = () =>
            attempts.map((attempt) => {
              try {
                attempt();
                return 'ok';
              } catch (error) {
                return (error as Error).name;
              }
            });
          const rounds: string[][] = [];
          for (const name of ['shm', 'SystemMemory']) {
            gst.Allocator.find(name)?.setDefault();
            const held: { dispose(): void }[] = [];
            try {
              for (;;) held.push(shm?.alloc(1) as { dispose(): void });
            } catch {
              // No fd is left.
            }
            rounds.push(ends().slice(0, name === 'shm' ? 7 : 6));
            for (const each of held) each.dispose();
            await collect();
          }
          shm?.setDefault();
          rounds.push(ends());
          return rounds;
        },
        { within: having('ulimit -n 64') },
      );
      assert.strictEqual(stderr, '');
      assert.strictEqual(code, 0);
      const [refused, mapped] = ['AllocationError', 'MapError'];
      assert.deepEqual(value, [
        [refused, refused, refused, mapped, mapped, mapped, mapped],
        Array(6).fill('ok'),
        Array(7).fill('ok'),
      ]);
    });

    it('of file descriptors: metas and flags that pass through elements in GJS say so there', async () => {
      const { code, value, stderr } = await inChild(
        engine,
        (gst) => {
          const plain = gst.Buffer.alloc(128);
          plain.addVideoMeta({ format: 'GRAY8', width: 16, height: 8, offsets: [0], strides: [16] });
          // What the program itself has added to the very buffer it knows.
          const buffer = plain.copy();
          const others = 1 << 20;
          const attempts = [() => buffer.videoMeta?.format, () => (buffer.flags = others)];
          const ends = () =>
            attempts.map((attempt) => {
              try {
                return attempt();
              } catch (error) {
                return (error as Error).name;
              }
            });
          const before = ends();
          gst.ShmAllocator.initOnce();
          const shm = gst.ShmAllocator.get();
          const held: { dispose(): void }[] = [];
          try {
            for (;;) held.push(shm?.alloc(1) as { dispose(): void });
          } catch {
            // No fd is left.
          }
          return [before, ends()];
        },
        { within: having('ulimit -n 64') },
      );
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const done = ['GRAY8', 1 << 20];
      assert.deepEqual(value, [done, engine === 'node' ? done : ['GstError', 'GstError']]);
    });

    it('of file descriptors, while a FrameReader waits: it goes on when there are some again', async () => {
      const { code, value, stderr } = await inChild(
        engine,
        async (gst, { sleep }, { path, caps }) => {
          gst.ShmAllocator.initOnce();
          const shm = gst.ShmAllocator.get();
          const writer = await gst.FrameWriter.open(path, { caps });
          const frames = gst.FrameReader.follow(path)[Symbol.asyncIterator]();
          const next = frames.next();
          await sleep(300);
          const held: { dispose(): void }[] = [];
          try {
            for (;;) held.push(shm?.alloc(1) as { dispose(): void });
          } catch {
            // No fd is left.
          }
          await sleep(800);
          for (const each of held) each.dispose();
          await sleep(100);
          await writer.write(new Uint8Array(4096), { timeout: 5e9 });
          const { value: sample } = await next;
          const size = sample?.buffer?.size;
          sample?.dispose();
          await frames.return?.();
          await writer.close();
          return size;
        },
        { argument: { path: join(folder, 'waits'), caps }, within: having('ulimit -n 90') },
      );
      assert.strictEqual(stderr, '');
      assert.strictEqual(code, 0);
      assert.strictEqual(value, 4096);
    });

    it('of file descriptors: none, however many small memories and buffers are made and given back in one go', async () => {
      const { code, value, stderr } = await inChild(
        engine,
        (gst, { openFds }) => {
          gst.ShmAllocator.initOnce();
          const shm = gst.ShmAllocator.get();
          const before = openFds();
          let most = 0;
          const times = (work: () => { dispose(): void } | null | undefined): number => {
            for (let done = 0; done < 5000; done++) {
              work()?.dispose();
              if (done % 50 === 0) most = Math.max(most, openFds() - before);
            }
            return 5000;
          };
          const copied = shm?.alloc(10);
          return [
            times(() => shm?.alloc(10)),
            times(() => gst.Buffer.alloc(10, shm)),
            times(() => copied?.copy()),
            times(() => gst.BufferPool.create({ size: 10, min: 2, allocator: shm })),
            most < 500,
          ];
        },
        { within: having('ulimit -n 1024'), limit: 60_000 },
      );
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.deepEqual(value, [5000, 5000, 5000, 5000, true]);
    });

    it('of file descriptors that disposed objects had: what fails for want of one has them', async () => {
      const { code, value, stderr } = await inChild(
        engine,
        async (gst) => {
          gst.ShmAllocator.initOnce();
          const shm = gst.ShmAllocator.get();
          const exhaust = () => {
            const held: { dispose(): void }[] = [];
            try {
              for (;;) held.push(shm?.alloc(1) as { dispose(): void });
            } catch {
              // No fd is left.
            }
            return held;
          };
          const pool = gst.BufferPool.create({ size: 10, allocator: shm });
          const first = pool.tryAcquire();
          const memory = shm?.alloc(1);
          const works: Record<string, () => { dispose(): void } | null | undefined> = {
            alloc: () => shm?.alloc(1),
            buffer: () => gst.Buffer.alloc(1, shm),
            copy: () => memory?.copy(),
            acquire: () => pool.tryAcquire(),
            pool: () => gst.BufferPool.create({ size: 10, min: 5, allocator: shm }),
            pipeline: () => gst.Pipeline.parse('fakesrc ! fakesink'),
          };
          const done: string[] = [];
          for (const [name, work] of Object.entries(works)) {
            for (const each of exhaust()) each.dispose();
            work()?.dispose();
            done.push(name);
          }
          for (const each of exhaust()) each.dispose();
          const buffer = await pool.acquire({ timeout: 1e9 });
          for (const each of exhaust()) each.dispose();
          const fd = memory?.dupFd() as number;
          buffer.dispose();
          first?.dispose();
          return [...done, fd > 0];
        },
        { within: having('ulimit -n 90') },
      );
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.deepEqual(value, ['alloc', 'buffer', 'copy', 'acquire', 'pool', 'pipeline', true]);
    });

    it('of file descriptors: a pool without a limit gives buffer after buffer, and lost memory comes back by itself', async () => {
      const { code, value, stderr } = await inChild(
        engine,
        async (gst, { collect, openFds, sleep }) => {
          gst.ShmAllocator.initOnce();
          const shm = gst.ShmAllocator.get();
          const pool = gst.BufferPool.create({ size: 10, allocator: shm });
          for (let done = 0; done < 3000; done++) pool.tryAcquire()?.dispose();
          const pooled = openFds();
          pool.dispose();
          for (let done = 0; done < 3000; done++) {
            shm?.alloc(10);
            // Lost objects are found by the engine between two turns of the main loop.
            if (done % 20 === 0) await sleep(1);
            // V8 collects by what JavaScript takes alone.
            if (gst.runtime === 'node' && done % 300 === 0) await collect();
          }
          return [pooled < 500, openFds() < 1024];
        },
        { within: having('ulimit -n 1024'), limit: 60_000 },
      );
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.deepEqual(value, [true, true]);
    });

    it('of file descriptors halfway through a pool’s start leaves none of its buffers behind', async () => {
      const { code, value, stderr } = await inChild(
        engine,
        async (gst, { collect, openFds }) => {
          gst.ShmAllocator.initOnce();
          const allocator = gst.ShmAllocator.get();
          gst.BufferPool.create({ size: 10, min: 1, allocator }).dispose();
          await collect();
          const before = openFds();
          const errors: string[] = [];
          for (let round = 0; round < 3; round++) {
            try {
              gst.BufferPool.create({ size: 10, min: 500, allocator }).dispose();
            } catch (error) {
              errors.push((error as Error).name);
            }
          }
          await collect();
          return { errors, left: openFds() - before };
        },
        { within: having('ulimit -n 64') },
      );
      assert.strictEqual(stderr, '');
      assert.strictEqual(code, 0);
      assert.deepEqual(value, { errors: ['PoolError', 'PoolError', 'PoolError'], left: 0 });
    });

    for (const name of ['SystemMemory', 'shm'])
      it(`of memory (${name}): what does not fit is an AllocationError, and what was given back can be had again`, async () => {
        const { code, value, stderr } = await inChild(
          engine,
          async (gst, { collect }, name) => {
            gst.ShmAllocator.initOnce();
            const allocator = gst.Allocator.find(name);
            const sizes = [64 * 2 ** 20, 2 ** 20];
            const errors: string[] = [];
            const most: number[] = [];
            for (let round = 0; round < 2; round++) {
              const held: { dispose(): void }[] = [];
              for (const size of sizes) {
                let made = 0;
                try {
                  for (; made < 5000; made++) held.push(allocator?.alloc(size) as { dispose(): void });
                } catch (error) {
                  errors.push((error as Error).name);
                }
                if (size === sizes[0]) most.push(made);
              }
              for (const attempt of [
                () => gst.Buffer.alloc(sizes[0] as number, allocator),
                () => gst.BufferPool.create({ size: sizes[0] as number, min: 1, allocator }),
              ])
                try {
                  attempt().dispose();
                } catch (error) {
                  errors.push((error as Error).name);
                }
              for (const memory of held) memory.dispose();
              await collect();
            }
            allocator?.dispose();
            return { errors, most };
          },
          { argument: name, within: having(`ulimit -v ${addressSpace[engine]}`) },
        );
        assert.strictEqual(stderr, '');
        assert.strictEqual(code, 0);
        const { errors, most } = value as { errors: string[]; most: number[] };
        assert.lengthOf(errors, 8);
        for (const error of errors) assert.match(error, /^(Allocation|Pool)Error$/);
        assert.isAbove(most[0] as number, 0);
        assert.isAtLeast(most[1] as number, (most[0] as number) - 2);
      });

    it('of /dev/shm: a FrameWriter says so instead of dying', async function () {
      if (!canMount) this.skip();
      const { code, value, stderr, signal } = await inChild(
        engine,
        async (gst, { sleep }, { path, caps }) => {
          const writer = await gst.FrameWriter.open(path, { caps, transport: 'shm' });
          const abort = new AbortController();
          let frames = 0;
          const reading = (async () => {
            const options = { transport: 'shm', caps, signal: abort.signal } as const;
            for await (const sample of gst.FrameReader.follow(path, options)) {
              frames++;
              sample.dispose();
            }
          })();
          const errors: string[] = [];
          for (const frame of [new Uint8Array(2 ** 20), gst.Buffer.alloc(2 ** 20)])
            await writer.write(frame, { timeout: 2e9 }).catch((error: Error) => errors.push(error.name));
          for (let round = 0; round < 300 && frames < 5; round++) {
            await writer.write(new Uint8Array(4096), { timeout: 2e9 });
            await sleep(10);
          }
          abort.abort();
          await reading;
          await writer.close();
          return { errors, frames };
        },
        {
          argument: { path: join(folder, 'socket'), caps },
          within: [...privately, ...having('mount -t tmpfs -o size=1m tmpfs /dev/shm')],
        },
      );
      // What shmsrc prints itself when it comes just while the area is made anew.
      assert.strictEqual(stderr.replace(/^shm_open failed on .*\n/gm, ''), '');
      assert.deepEqual([code, signal], [0, null]);
      const { errors, frames } = value as { errors: string[]; frames: number };
      assert.deepEqual(errors, ['AllocationError', 'AllocationError']);
      assert.isAtLeast(frames, 5);
    });
  });
}

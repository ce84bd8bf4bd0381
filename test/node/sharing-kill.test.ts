import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { assert } from 'chai';
import { allocationCounters, FrameReader, FrameWriter, PipelineError, type TransportName } from '../../src/index.ts';
import { grayCaps } from '../harness/caps.ts';
import { sleep } from '../harness/sleep.ts';
import { engines, inChild } from './child.ts';
import { ownFolder } from './folder.ts';

const caps = grayCaps(256, 256);
const size = 256 * 256;
const index = new URL('../../src/index.js', import.meta.url).href;
/** `GST_ALLOCATORS_KILLS=200` for a long run. */
const kills = Number(process.env.GST_ALLOCATORS_KILLS ?? 5);

/** A process that writes, or reads, until it is killed, and prints a line now and then. */
function start(role: 'writer' | 'reader', path: string, transport: TransportName): ChildProcess {
  const program = {
    writer: `
      const writer = await gst.FrameWriter.open(path, { caps, transport });
      console.log('open');
      for (let pts = 0; ; pts += 1e6) {
        await writer.write(new Uint8Array(${size}), { pts });
        await new Promise((resolve) => setTimeout(resolve, 1));
      }`,
    reader: `
      for await (const sample of gst.FrameReader.follow(path, { caps, transport })) {
        console.log('frame');
        sample.dispose();
      }`,
  }[role];
  const source = `import * as gst from ${JSON.stringify(index)};
    const [path, transport, caps] = ${JSON.stringify([path, transport, caps])};${program}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function saysSomething(child: ChildProcess): Promise<void> {
  await once(createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> }), 'line');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const openFds = (): number => readdirSync('/proc/self/fd').length;

for (const transport of ['unixfd', 'shm'] as TransportName[]) {
  describe(`a process killed in the midst of sharing over ${transport}`, function () {
    this.timeout(10000 + kills * 4000);
    const path = join(ownFolder(), 'socket');

    it(`leaves the writer unharmed when it read (${kills} times)`, async () => {
      const before = allocationCounters();
      const writer = await FrameWriter.open(path, { caps, transport });
      let stop = false;
      const writing = (async () => {
        for (let pts = 0; !stop; pts += 1e6) {
          await writer.write(new Uint8Array(size), { pts, timeout: 5e9 });
          await sleep(1);
        }
      })();
      let fds = 0;
      for (let round = 0; round < kills; round++) {
        const reader = start('reader', path, transport);
        await saysSomething(reader);
        await sleep(Math.random() * 30);
        await kill(reader);
        await sleep(50);
        if (round === 0) fds = openFds();
      }
      // The pool may have grown to its 8 buffers meanwhile, an fd each.
      assert.isAtMost(openFds(), fds + 8);
      stop = true;
      await writing;
      await writer.close();
      assert.isFalse(existsSync(path));
      assert.deepEqual(allocationCounters(), before);
    });

    it(`is noticed within a second when it wrote, and the next one found (${kills} times)`, async () => {
      const abort = new AbortController();
      const reader = FrameReader.follow(path, { transport, caps, signal: abort.signal });
      let frames = 0;
      const reading = (async () => {
        for await (const sample of reader) {
          frames++;
          sample.dispose();
        }
      })();
      for (let round = 0; round < kills; round++) {
        const writer = start('writer', path, transport);
        await saysSomething(writer);
        const seen = frames;
        for (let waited = 0; frames === seen && waited < 200; waited++) await sleep(10);
        assert.isAbove(frames, seen, `frames after writer ${round + 1}`);
        await sleep(Math.random() * 30);
        await kill(writer);
        for (let waited = 0; reader.isConnected && waited < 100; waited++) await sleep(10);
        assert.isFalse(reader.isConnected, 'a second after its death the writer is still taken for alive');
      }
      abort.abort();
      await reading;
      assert.equal(reader.connections, kills);
    });

    it('is a PipelineError or an end for a reader that does not reconnect', async () => {
      const writer = start('writer', path, transport);
      await saysSomething(writer);
      let killed = 0;
      try {
        for await (const sample of FrameReader.follow(path, { transport, caps, reconnect: false })) {
          sample.dispose();
          if (!killed) {
            killed = performance.now();
            await kill(writer);
          }
        }
      } catch (error) {
        if (!killed) throw error;
        assert.instanceOf(error, PipelineError);
      }
      assert.notStrictEqual(killed, 0, 'no frame came');
      assert.isBelow(performance.now() - killed, 1000);
    });
  });
}

describe('a unixfd writer that dies in the midst of a message', () => {
  const path = join(ownFolder(), 'socket');
  for (const engine of engines) {
    it(`is a PipelineError within a second (${engine})`, async () => {
      // Eight bytes say that 72 follow.
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.write(Uint8Array.of(2, 0, 0, 0, 72, 0, 0, 0), () => {
          socket.destroy();
          server.close();
        });
      });
      await new Promise<void>((resolve) => server.listen(path, resolve));
      const { value, stderr } = await inChild(
        engine,
        async (gst, _, path: string) => {
          const begin = Date.now();
          try {
            for await (const sample of gst.FrameReader.follow(path, { reconnect: false })) sample.dispose();
            return null;
          } catch (error) {
            return { name: (error as Error).name, time: Date.now() - begin };
          }
        },
        { argument: path },
      );
      const { name, time } = value as { name: string; time: number };
      assert.deepEqual([name, stderr], ['PipelineError', '']);
      assert.isBelow(time, 1000);
    });
  }
});

describe('a unixfd reader that dies in the midst of a message', () => {
  const path = join(ownFolder(), 'socket');
  for (const engine of engines)
    it(`holds its writer up for a second at most (${engine})`, async () => {
      const outcome = await inChild(
        engine,
        async (gst, { sleep, tell }, { path, caps, size }: { path: string; caps: string; size: number }) => {
          const writer = await gst.FrameWriter.open(path, { caps });
          tell({});
          let longest = 0;
          for (let frame = 0; frame < 500; frame++) {
            const begin = Date.now();
            await writer.write(new Uint8Array(size), { pts: frame * 1e6, timeout: 10e9 });
            longest = Math.max(longest, Date.now() - begin);
            await sleep(2);
          }
          await writer.close();
          return longest;
        },
        {
          argument: { path, caps, size },
          heard: () => {
            const reader = connect(path);
            reader.on('error', () => {});
            reader.resume();
            // Eight bytes say that 72 follow.
            setTimeout(() => reader.write(Uint8Array.of(1, 0, 0, 0, 72, 0, 0, 0), () => reader.destroy()), 100);
          },
        },
      );
      assert.deepEqual([outcome.code, outcome.stderr, outcome.hung], [0, '', false]);
      assert.isBelow(outcome.value as number, 2000);
    });
});

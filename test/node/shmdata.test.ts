/** Shmdata against raw clients that know nothing of us, and against peers that nobody should trust. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { assert } from 'chai';
import { Buffer, DisposedError, ShmdataError } from '../../src/index.ts';
import { placeOf } from '../../src/shmdata/publication.ts';
import { sleep, until } from '../harness/sleep.ts';
import { ownSocket } from './shmdata/own-socket.ts';
import { follow, open, Peer } from './shmdata/peer.ts';

const type = 'application/x-test';
const sizes = [5, 10, 20, 30, 20, 0];
const pattern = (size: number, seed: number) => Uint8Array.from({ length: size }, (_, index) => seed + index);

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

describe('Shmdata', function () {
  this.timeout(20_000);
  const { folder, path, added } = ownSocket();

  describe('writer', () => {
    it('gives every frame to raw readers and ours at once, growing, smaller and empty', async () => {
      const writer = await open(path, { type });
      const raw = [
        Peer.python('reader', path, { frames: 6, slow: 0 }),
        Peer.python('reader', path, { frames: 99, slow: 0 }),
      ];
      const ours: number[] = [];
      const reading = (async () => {
        for await (const frame of follow(path, { reconnect: false })) {
          assert.deepEqual([...frame.bytes], [...pattern(frame.size, frame.bytes[0] ?? 0)]);
          ours.push(frame.size);
        }
      })();
      await until(() => writer.clients === 3, 5000, 'connecting');
      for (const [index, size] of sizes.entries()) await writer.write(pattern(size, index));
      await raw[0]?.says('done');
      await writer.close();
      await raw[1]?.says('left');
      await reading;
      assert.deepEqual(ours, sizes);
      for (const peer of raw) {
        await peer.ended();
        const frames = peer.said.filter(({ event }) => event === 'frame');
        assert.deepEqual(
          frames.map(({ size, first, good }) => [size, first, good]),
          sizes.map((size, index) => [size, size ? index : null, true]),
        );
        assert.equal(peer.said[0]?.type, type);
      }
    });

    it('waits for a slow reader, and tells so in its statistics', async () => {
      const writer = await open(path, { type });
      const reader = Peer.python('misbehave', path, { how: 'never-release' });
      await reader.says('ready');
      await until(() => writer.clients === 1, 2000, 'connecting');
      await writer.write(pattern(8, 0));
      assert.isFalse(writer.tryWrite(pattern(8, 1)));
      const late = (await failure(writer.write(pattern(8, 1), { timeout: 50e6 }))) as Error;
      assert.equal(late.name, 'TimeoutError');
      assert.match(
        late.message,
        /waiting for the readers of .*: the frame before is still with reader 1 \(process \d+\)/,
      );
      const abort = new AbortController();
      setTimeout(() => abort.abort(new Error('enough')), 30);
      assert.equal(((await failure(writer.write(pattern(8, 1), { signal: abort.signal }))) as Error).message, 'enough');
      assert.isAbove(writer.statistics.longestWait, 40e6);
      assert.equal(writer.statistics.dropped, 1);
      assert.equal(writer.statistics.frames, 1);
      await reader.kill();
      await writer.close();
    });

    it('warns of readers that take longer than a second, and of those that are sent away', async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error): void => void warnings.push(warning);
      process.on('warning', listen);
      const patient = await open(path, { type, readerTimeout: null });
      const strict = await open(`${path}2`, { type, readerTimeout: 200e6 });
      const readers = [path, `${path}2`].map((each) => Peer.python('misbehave', each, { how: 'never-release' }));
      await until(() => patient.clients === 1 && strict.clients === 1, 2000, 'connecting');
      for (const writer of [patient, strict]) await writer.write(pattern(8, 0));
      await strict.write(pattern(8, 1));
      const waiting = patient.write(pattern(8, 1)).catch(() => {});
      await until(() => warnings.length === 2, 3000, 'warning');
      process.off('warning', listen);
      assert.match(warnings[0]?.message ?? '', /2 were sent away, as reader 1 \(process \d+\) took longer than 200 ms/);
      assert.match(
        warnings[1]?.message ?? '',
        /the readers of .* after 1 s: the frame before is still with reader 1 \(process \d+\)/,
      );
      await Promise.all([...readers.map((reader) => reader.kill()), patient.close(), strict.close(), waiting]);
    });

    it('lets readers in, and everything else, while a program writes without a pause', async () => {
      const peer = Peer.node(
        path,
        `const writer = await gst.ShmdataWriter.open(path, { type: 'x' });
        let turns = 0;
        const timer = setInterval(() => turns++, 1);
        say('open');
        const frame = new Uint8Array(64);
        for (const end = performance.now() + 4000; performance.now() < end && writer.statistics.waited === 0; )
          await writer.write(frame);
        clearInterval(timer);
        say('over', { turns });
        await writer.close();`,
      );
      await peer.says('open');
      const reader = Peer.python('reader', path, { frames: 20, slow: 0.002 });
      assert.deepInclude(await reader.says('frame'), { size: 64 });
      // None where writing starves the loop.
      assert.isAbove((await peer.says('over')).turns as number, 0);
      await Promise.all([reader.ended(), peer.ended()]);
    });

    it('gives whole frames to readers that wait for them while they are written', async () => {
      const peer = Peer.node(
        path,
        `const writer = await gst.ShmdataWriter.open(path, { type: 'x' });
        const frames = Array.from({ length: 7 }, (_, seed) => new Uint8Array(300_000).map((_, index) => index + seed));
        say('open');
        let most = 0;
        for (const end = performance.now() + 5000; performance.now() < end && (most < 2 || writer.clients > 0); ) {
          most = Math.max(most, writer.clients);
          await writer.write(frames[writer.statistics.frames % 7]);
        }
        await writer.close();
        say('closed');`,
      );
      await peer.says('open');
      const raw = Peer.python('reader', path, { frames: 200, slow: 0 });
      let seen = 0;
      for await (const { bytes } of follow(path)) {
        const [first = 0] = bytes;
        for (let index = 0; index < bytes.length; index += 999) assert.equal(bytes[index], (first + index) & 0xff);
        if (++seen === 200) break;
      }
      await Promise.all([raw.ended(), peer.says('closed').then(() => peer.ended())]);
      const frames = raw.said.filter(({ event }) => event === 'frame');
      assert.lengthOf(frames, 200);
      assert.isTrue(frames.every(({ good }) => good));
    });

    it('tells caps as GStreamer prints them, and any other text as it is', async () => {
      for (const [given, told] of [
        [
          'video/x-raw,format=RGBA,width=4,height=2,framerate=30/1',
          'video/x-raw, format=(string)RGBA, width=(int)4, height=(int)2, framerate=(fraction)30/1',
        ],
        ['no caps: a = , b', 'no caps: a = , b'],
        ['', ''],
      ] as const) {
        const writer = await open(path, { type: given });
        const reader = Peer.python('reader', path, { frames: 1, slow: 0 });
        assert.equal((await reader.says('connected')).type, told);
        assert.equal(writer.type, told);
        await until(() => writer.clients === 1, 2000, 'connecting');
        await writer.write(pattern(1, 0));
        await reader.ended();
        await writer.close();
      }
    });

    it('gives nobody the frame before again when one is too large, and goes on', async function () {
      const program = `
        const { writeFileSync } = await import('node:fs');
        writeFileSync('/proc/sys/kernel/shmmax', '100000');
        const writer = await gst.ShmdataWriter.open(path, { type: 'x', size: 1000 });
        const frame = (value) => new Uint8Array(1000).fill(value);
        say('open');
        while (writer.clients < 1) await new Promise((done) => setTimeout(done, 5));
        await writer.write(frame(1));
        const error = await writer.write(new Uint8Array(200_000)).catch((error) => error.constructor.name);
        await writer.write(frame(2));
        // Where there is not enough for both at once, readers have to come again.
        writeFileSync('/proc/sys/kernel/shmmax', '300000');
        writeFileSync('/proc/sys/kernel/shmall', '2');
        const second = await writer.write(new Uint8Array(200_000)).catch((error) => error.constructor.name);
        await writer.write(frame(3));
        say('wrote', { error, second, dropped: writer.clients });
        await writer.close();`;
      const peer = Peer.node(path, program, ['unshare', '--ipc']);
      const { reader } = await peer.says('open').then(
        () => ({ reader: Peer.python('reader', path, { frames: 3, slow: 0 }, undefined, peer.process) }),
        () => this.skip(),
      );
      assert.deepInclude(await peer.says('wrote'), { error: 'ShmdataError', second: 'ShmdataError' });
      await Promise.all([reader.ended(), peer.ended()]);
      const frames = reader.said.filter(({ event }) => event === 'frame').map(({ first }) => first);
      assert.deepEqual(frames, [1, 2, 3]);
    });

    it('leaves the program its threads while eight writers wait for their readers', async () => {
      const timeToRead = async (): Promise<number> => {
        const begin = performance.now();
        for (let index = 0; index < 5; index++) await readFile('/proc/self/stat');
        return performance.now() - begin;
      };
      const alone = await timeToRead();
      const paths = Array.from({ length: 8 }, (_, index) => `${path}${index}`);
      const writers = await Promise.all(paths.map((each) => open(each, { type, readerTimeout: null })));
      const abort = new AbortController();
      const holding = paths.map(async (each) => {
        for await (const _ of follow(each, { signal: abort.signal })) await once(abort.signal, 'abort');
      });
      await until(() => writers.every(({ clients }) => clients === 1), 3000, 'connecting');
      for (const writer of writers) await writer.write(pattern(8, 0));
      const waiting = writers.map((writer) => writer.write(pattern(8, 1)));
      await sleep(50);
      assert.isBelow(await timeToRead(), 60 + 10 * alone);
      abort.abort();
      await Promise.all([...holding, ...waiting]);
      for (const writer of writers) await writer.close();
    });

    it('is not held up by sockets that others laid in its folder', async () => {
      const { prefix } = placeOf(path);
      const silent = Array.from({ length: 8 }, (_, index) =>
        Peer.python('pretend', join(folder, `${prefix}${index}-0`), { how: 'silent' }),
      );
      for (const each of silent) await each.says('open');
      const begin = performance.now();
      const writer = await open(path, { type });
      assert.isBelow(performance.now() - begin, 1000);
      await writer.close();
      for (const each of silent) await each.kill();
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
    });

    it('has closed when a second close() resolves', async () => {
      const writer = await open(path, { type });
      const reader = Peer.python('misbehave', path, { how: 'never-release' });
      await until(() => writer.clients === 1, 2000, 'connecting');
      await writer.write(pattern(8, 0));
      const closing = writer.close();
      await writer.close();
      assert.isFalse(existsSync(path));
      await closing;
      await reader.ended();
    });

    it('sends a reader that never releases away after a second, and goes on with the others', async () => {
      const writer = await open(path, { type });
      const bad = Peer.python('misbehave', path, { how: 'never-release' });
      await bad.says('ready');
      const abort = new AbortController();
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { bytes } of follow(path, { signal: abort.signal })) seen.push(bytes[0] ?? -1);
      })();
      await until(() => writer.clients === 2, 2000, 'connecting');
      await writer.write(pattern(8, 1));
      const begin = performance.now();
      await writer.write(pattern(8, 2));
      assert.isBelow(performance.now() - begin, 2000);
      assert.equal((await bad.says('ended')).size, null);
      assert.equal(writer.statistics.evictions, 1);
      await until(() => writer.clients === 1, 2000, 'coming back');
      await writer.write(pattern(8, 3));
      await writer.write(pattern(8, 4));
      await until(() => seen.includes(4), 2000, 'reading');
      abort.abort();
      await reading;
      await writer.close();
    });

    for (const how of [
      'die-between',
      'leave-unread',
      'release-too-often',
      'flood',
      'acknowledge-one-byte',
      'connect-and-close',
    ]) {
      it(`goes on when a reader does this: ${how}`, async () => {
        const writer = await open(path, { type });
        const reader = Peer.python('misbehave', path, { how });
        if (how !== 'connect-and-close') await reader.says('ready');
        const end = performance.now() + 4000;
        let frames = 0;
        let isOver = false;
        void reader.ended().then(() => {
          isOver = true;
        });
        let longest = 0;
        while ((!isOver || frames < 20) && performance.now() < end) {
          const begin = performance.now();
          await writer.write(pattern(8, frames++));
          longest = Math.max(longest, performance.now() - begin);
          await sleep(5);
        }
        assert.isTrue(isOver);
        assert.isBelow(longest, 2000);
        await until(() => writer.clients === 0, 2000, 'noticing');
        const good = Peer.python('reader', path, { frames: 1, slow: 0 });
        await good.says('connected');
        await until(() => writer.clients === 1, 2000, 'connecting');
        await writer.write(pattern(8, 77));
        assert.equal((await good.says('frame')).first, 77);
        await good.ended();
        await writer.close();
      });
    }

    it('hangs up on a reader that never acknowledges', async () => {
      const writer = await open(path, { type });
      const reader = Peer.python('misbehave', path, { how: 'never-acknowledge' });
      await reader.says('ready');
      await writer.write(pattern(8, 1));
      await writer.write(pattern(8, 2));
      assert.equal(writer.clients, 0);
      await reader.says('ended');
      await reader.ended();
      await writer.close();
    });

    it('tells of readers that come and go', async () => {
      const writer = await open(path, { type });
      const told: string[] = [];
      const connected = (id: number) => told.push(`+${id}`);
      writer.on('connect', connected).on('disconnect', (id) => told.push(`-${id}`));
      const reader = Peer.python('reader', path, { frames: 0, slow: 0 });
      await reader.says('done');
      await until(() => told.length === 2, 2000, 'telling');
      writer.off('connect', connected);
      assert.deepEqual(told, ['+1', '-1']);
      assert.throws(() => writer.on('conect' as 'connect', () => {}), RangeError);
      await reader.ended();
      await writer.close();
    });

    it('keeps its mode when it grows, whatever the umask', async () => {
      const umask = process.umask(0o077);
      try {
        const writer = await open(path, { type, mode: 0o664 });
        await writer.write(pattern(100, 0));
        assert.equal(statSync(path).mode & 0o777, 0o664);
        const { stdout } = spawnSync('ipcs', ['-m'], { encoding: 'utf8' });
        const ids = added().map((name) => name.split(' ')[1] ?? '');
        const own = stdout.split('\n').filter((line) => ids.includes(line.split(/\s+/)[1] ?? ''));
        assert.isTrue(
          own.some((line) => / 664 +100 /.test(line)),
          stdout,
        );
        await writer.close();
      } finally {
        process.umask(umask);
      }
    });

    it('lets another user read where the mode says so, through a growth as well', async function () {
      if (process.getuid?.() !== 0) return this.skip();
      const nobody = 65534;
      chmodSync(folder, 0o755);
      const writer = await open(path, { type, mode: 0o666 });
      const reader = Peer.python('reader', path, { frames: 3, slow: 0 }, nobody);
      await reader.says('connected');
      await until(() => writer.clients === 1, 2000, 'connecting');
      for (const size of [5, 5000, 70]) await writer.write(pattern(size, 1));
      await reader.says('done');
      assert.deepEqual(
        reader.said.filter(({ event }) => event === 'frame').map(({ size, good }) => [size, good]),
        [5, 5000, 70].map((size) => [size, true]),
      );
      await reader.ended();
      await writer.close();
    });

    it('copies a buffer of several memories straight from them', async () => {
      const writer = await open(path, { type });
      const reader = Peer.python('reader', path, { frames: 1, slow: 0 });
      await until(() => writer.clients === 1, 2000, 'connecting');
      const buffer = Buffer.from(pattern(10, 0));
      const more = Buffer.from(pattern(20, 10));
      const memory = more.memory(0);
      buffer.appendMemory(memory);
      await writer.write(buffer);
      assert.deepInclude(await reader.says('frame'), { size: 30, good: true });
      for (const each of [memory, more, buffer]) each.dispose();
      await reader.ended();
      await writer.close();
    });

    it('refuses a second writer, leaves the first in peace, and anything that is no socket alone', async () => {
      const writer = await open(path, { type });
      assert.instanceOf(await failure(open(path, { type })), ShmdataError);
      assert.equal(writer.clients, 0);
      await writer.write(pattern(4, 0));
      const file = join(folder, 'file');
      writeFileSync(file, 'mine');
      symlinkSync(path, join(folder, 'link'));
      assert.instanceOf(await failure(open(file, { type })), ShmdataError);
      assert.instanceOf(await failure(open(join(folder, 'link'), { type })), ShmdataError);
      assert.instanceOf(await failure(open(join(folder, 'no/where'), { type })), ShmdataError);
      assert.isTrue(existsSync(file));
      rmSync(file);
      rmSync(join(folder, 'link'));
      await writer.close();
      await writer.close();
      assert.instanceOf(await failure(writer.write(pattern(4, 0))), DisposedError);
      assert.throws(() => writer.tryWrite(pattern(4, 0)), DisposedError);
    });

    it('works with 107 bytes of path and 4095 bytes of type, and refuses one more of either', async () => {
      const long = join(folder, 'x'.repeat(106 - folder.length));
      const writer = await open(long, { type: 't'.repeat(4095) });
      const reader = Peer.python('reader', long, { frames: 1, slow: 0 });
      await until(() => writer.clients === 1, 2000, 'connecting');
      await writer.write(pattern(3, 0));
      assert.equal((await reader.says('connected')).type, 't'.repeat(4095));
      await reader.ended();
      await writer.close();
      assert.instanceOf(await failure(open(`${long}x`, { type })), RangeError);
      assert.throws(() => follow(`${long}x`), RangeError);
      assert.instanceOf(await failure(open(path, { type: 't'.repeat(4096) })), RangeError);
      assert.instanceOf(await failure(open(path, { type: 'é'.repeat(2048) })), RangeError);
    });

    it('makes a path of 107 bytes whose folder leaves no room for another name', async () => {
      let deep = folder;
      while (deep.length < 105) {
        deep = join(deep, 'd'.repeat(Math.min(104 - deep.length, 50)) || 'd');
        mkdirSync(deep);
        if (deep.length >= 104) break;
      }
      const long = `${deep}/${'s'.repeat(106 - deep.length)}`;
      const writer = await open(long, { type });
      const reader = Peer.python('reader', long, { frames: 1, slow: 0 });
      await until(() => writer.clients === 1, 2000, 'connecting');
      await writer.write(pattern(3, 0));
      await reader.says('frame');
      await reader.ended();
      await writer.close();
      assert.deepEqual(readdirSync(deep), []);
      rmSync(join(folder, readdirSync(folder)[0] as string), { recursive: true });
    });

    it('is reachable where the kernel hands out identifier 0', async function () {
      const program = `
        const { ShmdataWriter } = await import(${JSON.stringify(new URL('../../src/index.js', import.meta.url).href)});
        const { spawnSync } = await import('node:child_process');
        const writer = await ShmdataWriter.open(${JSON.stringify(path)}, { type: 'x' });
        console.log(spawnSync('ipcs', ['-s'], { encoding: 'utf8' }).stdout);
        await writer.close();`;
      const ran = spawnSync('unshare', ['--ipc', process.execPath, '--input-type=module', '--eval', program], {
        encoding: 'utf8',
      });
      if (/not permitted/.test(ran.stderr) || ran.error) return this.skip();
      const id = /^0x6d\S+\s+(\d+)/m.exec(ran.stdout)?.[1];
      assert.match(id ?? '', /^[1-9]\d*$/, ran.stdout + ran.stderr);
    });

    it('frees everything when the program exits without closing it', async () => {
      const peer = Peer.node(path, `await gst.ShmdataWriter.open(path, { type: 'x' }); say('open'); process.exit(0);`);
      await peer.says('open');
      await peer.ended();
      assert.isFalse(existsSync(path));
    });
  });

  describe('reader', () => {
    it('reads every frame of a raw writer, which grows', async () => {
      const all = [...sizes, 100_000, 7];
      const peer = Peer.python('writer', path, { kind: type, sizes: all, readers: 2, pause: 0.005 });
      await peer.says('open');
      const raw = Peer.python('reader', path, { frames: 3, slow: 0 });
      await raw.says('connected');
      const reader = follow(path, { reconnect: false });
      const seen: number[] = [];
      let last: Uint8Array | null = null;
      for await (const frame of reader) {
        assert.equal(frame.type, type);
        assert.deepEqual([...frame.bytes.subarray(0, 20)], [...pattern(Math.min(frame.size, 20), seen.length)]);
        assert.isTrue(last === null || last.length === 0, 'the frame before is taken away');
        last = frame.bytes;
        seen.push(frame.size);
      }
      assert.deepEqual(seen, all);
      assert.equal(last?.length, 0);
      assert.deepEqual((await peer.says('closed')).echoed, [true, true]);
      assert.deepInclude(reader.statistics, { frames: all.length, connections: 1 });
      await raw.ended();
      await peer.ended();
    });

    it('leaves politely in mid-stream, and the raw writer goes on', async () => {
      const peer = Peer.python('writer', path, { kind: type, sizes: Array(60).fill(64), readers: 1, pause: 0.005 });
      await peer.says('open');
      let frames = 0;
      for await (const _ of follow(path)) if (++frames === 5) break;
      await peer.says('closed');
      await peer.ended();
    });

    it('gives copies that stay, and holds nobody back with them', async () => {
      const writer = await open(path, { type });
      const abort = new AbortController();
      const held = Promise.withResolvers<void>();
      const kept: Uint8Array[] = [];
      const reader = follow(path, { copy: true, signal: abort.signal });
      const reading = (async () => {
        for await (const { bytes } of reader) {
          kept.push(bytes);
          await held.promise;
        }
      })();
      await until(() => writer.clients === 1, 2000, 'connecting');
      await writer.write(pattern(8, 1));
      await until(() => kept.length === 1, 2000, 'reading');
      const begin = performance.now();
      // The program is still busy with the first frame.
      await writer.write(pattern(8, 2));
      await sleep(50);
      assert.lengthOf(kept, 1);
      held.resolve();
      const busy = (performance.now() - begin) * 1e6;
      await until(() => kept.length === 2, 2000, 'reading');
      abort.abort();
      await reading;
      await writer.close();
      assert.deepEqual(
        kept.map(([first]) => first),
        [1, 2],
      );
      assert.isBelow(reader.statistics.longestHold, busy);
    });

    it('ends at once with its signal where it is slower than its writer, and takes copies', async () => {
      const writer = await open(path, { type });
      const abort = new AbortController();
      let frames = 0;
      let after = 0;
      const reading = (async () => {
        for await (const _ of follow(path, { copy: true, signal: abort.signal })) {
          frames++;
          if (abort.signal.aborted) after++;
          await sleep(20);
          if (after > 20) break;
        }
      })();
      await until(() => writer.clients === 1, 2000, 'connecting');
      let isOver = false;
      const writing = (async () => {
        while (!isOver) await writer.write(pattern(8, 0));
      })();
      await until(() => frames > 3, 2000, 'reading');
      abort.abort();
      await reading;
      assert.equal(after, 0);
      isOver = true;
      await writing;
      await writer.close();
    });

    it('leaves everything else its turn where frames come without a pause, and ends with its signal', async () => {
      const peer = Peer.node(
        path,
        `const writer = await gst.ShmdataWriter.open(path, { type: 'x' });
        say('open');
        const frame = new Uint8Array(64);
        let wasRead = false;
        for (const end = performance.now() + 4000; performance.now() < end && !(wasRead && writer.clients === 0); ) {
          wasRead ||= writer.clients > 0;
          await writer.write(frame);
        }
        await writer.close();
        say('closed');`,
      );
      await peer.says('open');
      const abort = new AbortController();
      const begin = performance.now();
      let frames = 0;
      let turns = 0;
      const timer = setInterval(() => {
        if (frames > 20 && ++turns === 20) abort.abort();
      }, 1);
      for await (const { bytes } of follow(path, { signal: abort.signal })) {
        frames += bytes.length / 64;
        if (performance.now() - begin > 3000) break;
      }
      clearInterval(timer);
      assert.isTrue(abort.signal.aborted);
      assert.isAbove(frames, 20);
      await peer.says('closed');
      await peer.ended();
    });

    it('comes late, stays for the next writer, and sees its other type', async () => {
      const abort = new AbortController();
      const reader = follow(path, { signal: abort.signal });
      const types: string[] = [];
      const reading = (async () => {
        for await (const frame of reader) if (types.at(-1) !== frame.type) types.push(frame.type);
      })();
      assert.isNull(reader.type);
      for (const each of ['video/x-raw, format=(string)RGBA, width=(int)4', 'audio/x-raw, rate=(int)48000']) {
        const writer = await open(path, { type: each });
        await writer.write(pattern(16, 0));
        await until(() => writer.clients === 1, 2000, 'connecting');
        await writer.write(pattern(16, 0));
        await until(() => types.includes(each), 2000, 'reading');
        assert.isTrue(reader.isConnected);
        await writer.close();
        await until(() => !reader.isConnected, 2000, 'noticing the end');
      }
      assert.equal(reader.type, 'audio/x-raw, rate=(int)48000');
      assert.equal(reader.caps, 'audio/x-raw, rate=(int)48000');
      abort.abort();
      await reading;
      assert.lengthOf(types, 2);
    });

    it('understands a greeting and updates that come in pieces', async () => {
      const peer = Peer.python('pretend', path, { how: 'split' });
      await peer.says('open');
      for await (const { bytes, type: found } of follow(path, { reconnect: false })) {
        assert.equal(found, 'application/x-split');
        assert.deepEqual([...bytes], [...pattern(8, 5)]);
      }
      await peer.says('released');
      await peer.kill();
      await takeOver();
    });

    /** What a killed raw writer left is removed by the next one. */
    async function takeOver(): Promise<void> {
      await (await open(path, { type })).close();
    }

    for (const how of ['garbage', 'long-type', 'absurd-size', 'endless-size', 'wrong-message', 'flood']) {
      it(`fails with ShmdataError when the writer sends this: ${how}`, async () => {
        const peer = Peer.python('pretend', path, { how });
        await peer.says('open');
        const begin = performance.now();
        const error = await failure(
          (async () => {
            for await (const _ of follow(path));
          })(),
        );
        assert.instanceOf(error, ShmdataError);
        assert.isBelow(performance.now() - begin, 2500);
        await peer.kill();
        await takeOver();
      });
    }

    for (const how of ['short', 'locked', 'silent']) {
      it(`waits, ends with its signal and does not spin when the writer does this: ${how}`, async () => {
        const peer = Peer.python('pretend', path, { how });
        await peer.says('open');
        const abort = new AbortController();
        const cpu = process.cpuUsage();
        const reader = follow(path, { signal: abort.signal });
        const reading = (async () => {
          for await (const _ of reader) assert.fail('there is no frame');
        })();
        await sleep(700);
        abort.abort();
        const begin = performance.now();
        await reading;
        assert.isBelow(performance.now() - begin, 2500);
        const { user, system } = process.cpuUsage(cpu);
        assert.isBelow(user + system, 400_000, 'microseconds of CPU time');
        await peer.kill();
        await takeOver();
      });
    }

    it('waits for a path that is no socket, or a dead one, without spinning', async () => {
      for (const make of [() => writeFileSync(path, ''), () => {}]) {
        make();
        const abort = new AbortController();
        setTimeout(() => abort.abort(), 200);
        for await (const _ of follow(path, { signal: abort.signal })) assert.fail('there is no frame');
        assert.isTrue(abort.signal.aborted);
        rmSync(path, { force: true });
      }
      const abort = new AbortController();
      abort.abort();
      for await (const _ of follow(path, { signal: abort.signal })) assert.fail('there is no frame');
    });
  });

  it('lets a connection be probed without harm', async () => {
    const writer = await open(path, { type });
    const socket = createConnection(path);
    await once(socket, 'data');
    socket.destroy();
    await writer.write(pattern(4, 0));
    assert.strictEqual(writer.statistics.frames, 1);
    await writer.close();
  });
});

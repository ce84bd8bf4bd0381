/** Shmdata's parties killed at random moments: the others go on, and nothing stays behind. */
import { existsSync } from 'node:fs';
import { assert } from 'chai';
import { sleep, until } from '../harness/sleep.ts';
import { ownSocket } from './shmdata/own-socket.ts';
import { follow, open, Peer } from './shmdata/peer.ts';

/** `GST_ALLOCATORS_KILLS=200` for a long run. */
const kills = Number(process.env.GST_ALLOCATORS_KILLS ?? 5);
const type = 'application/x-test';
const size = 256 * 1024;
/** Milliseconds. */
const longestRecovery = 2000;

/** Large enough frames, often enough, that most kills meet one. */
const ourWriter = `
  const writer = await gst.ShmdataWriter.open(path, { type: '${type}' });
  writer.on('connect', () => say('connect'));
  say('open');
  const frame = new Uint8Array(${size});
  for (let index = 0; ; index++) {
    await writer.write(frame.fill(index));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }`;
const ourReader = `
  let isFirst = true;
  for await (const { bytes } of gst.ShmdataReader.follow(path)) {
    let sum = 0;
    for (const byte of bytes) sum += byte;
    if (isFirst) say('frame', { sum });
    isFirst = false;
  }`;

describe('Shmdata, a process killed in the midst of it', function () {
  this.timeout(20_000 + kills * 4000);
  const { path } = ownSocket();

  const readers: Record<string, () => Peer> = {
    'our reader': () => Peer.node(path, ourReader),
    'a raw reader': () => Peer.python('reader', path, { frames: 1e9, slow: 0 }),
  };
  const writers: Record<string, () => Peer> = {
    'our writer': () => Peer.node(path, ourWriter),
    'a raw writer': () =>
      Peer.python('writer', path, { kind: type, sizes: [size], times: 5000, readers: 1, pause: 0.001, tell: 1 }),
  };

  for (const [name, start] of Object.entries(readers)) {
    it(`${name}: our writer goes on within two seconds (${kills} times)`, async () => {
      const writer = await open(path, { type });
      let stop = false;
      let longest = 0;
      const writing = (async () => {
        const frame = new Uint8Array(size);
        for (let index = 0; !stop; index++) {
          const begin = performance.now();
          await writer.write(frame.map((_, at) => index + at));
          longest = Math.max(longest, performance.now() - begin);
          await sleep(1);
        }
      })();
      for (let round = 0; round < kills; round++) {
        const reader = start();
        await reader.says('frame');
        await sleep(Math.random() * 30);
        await reader.kill();
        const { frames } = writer.statistics;
        await until(() => writer.statistics.frames > frames + 1 && writer.clients === 0, longestRecovery, 'going on');
      }
      stop = true;
      await writing;
      await writer.close();
      assert.isBelow(longest, longestRecovery);
    });
  }

  for (const [name, start] of Object.entries(writers)) {
    it(`${name}: our reader notices within two seconds and finds the next one (${kills} times)`, async () => {
      const abort = new AbortController();
      const reader = follow(path, { signal: abort.signal });
      const reading = (async () => {
        for await (const { bytes } of reader) assert.equal(bytes.length, size);
      })();
      for (let round = 0; round < kills; round++) {
        // A raw writer takes nothing over.
        if (existsSync(path) && name !== 'our writer') await (await open(path, { type })).close();
        const { frames } = reader.statistics;
        const writer = start();
        await writer.says('open');
        await until(() => reader.statistics.frames > frames + 1, longestRecovery, 'finding the next one');
        await sleep(Math.random() * 30);
        await writer.kill();
        await until(() => !reader.isConnected, longestRecovery, 'noticing');
      }
      abort.abort();
      await reading;
      await (await open(path, { type })).close();
    });
  }

  it(`our reader in the midst of a frame: a raw writer, which waits for ever, goes on (${kills} times)`, async () => {
    const holding = `for await (const { size } of gst.ShmdataReader.follow(path)) {
      say('frame', { size });
      await new Promise((resolve) => setTimeout(resolve, 1e6));
    }`;
    for (let round = 0; round < kills; round++) {
      const writer = writers['a raw writer']?.() as Peer;
      try {
        await writer.says('open');
        const reader = Peer.node(path, holding);
        await reader.says('frame');
        await sleep(Math.random() * 10);
        const seen = writer.said.length;
        await reader.kill();
        await until(() => writer.said.length > seen + 3, longestRecovery, 'going on');
      } finally {
        await writer.kill();
        await (await open(path, { type })).close();
      }
    }
  });
});

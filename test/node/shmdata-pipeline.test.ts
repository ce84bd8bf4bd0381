/** Shmdata between pipelines, and from a terminal. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';
import { appSinkToShmdata, Buffer, MapFlags, Pipeline, shmdataToAppSrc } from '../../src/index.ts';
import { sleep, until } from '../harness/sleep.ts';
import { ownSocket } from './shmdata/own-socket.ts';
import { endAll, follow, open, Peer } from './shmdata/peer.ts';

const command = fileURLToPath(new URL('../../src/shmdata/command.js', import.meta.url));

describe('Shmdata and pipelines', function () {
  this.timeout(30_000);
  const { folder, path } = ownSocket(/^film\./);

  it('carry frames from one to another, caps in short form or long', async () => {
    await using sending = Pipeline.parse(
      'videotestsrc is-live=true num-buffers=30 pattern=white ! video/x-raw, format=RGBA, width=64, height=48, framerate=60/1 ! appsink name=sink',
    );
    await using receiving = Pipeline.parse('appsrc name=source format=time ! appsink name=sink sync=false');
    await sending.play();
    await receiving.play();
    const source = receiving.appSrc('source');
    const sent = appSinkToShmdata(sending.appSink('sink'), path);
    const received = shmdataToAppSrc(path, source, { reconnect: false }).then((report) => {
      source.endOfStream();
      return report;
    });
    let last = -1;
    let frames = 0;
    for await (using sample of receiving.appSink('sink').frames()) {
      frames++;
      assert.match(
        sample.caps ?? '',
        /format=\(string\)RGBA.*framerate=\(fraction\)60\/1|framerate=\(fraction\)60\/1.*format=\(string\)RGBA/,
      );
      assert.isAbove(sample.buffer?.pts ?? -1, last);
      last = sample.buffer?.pts ?? -1;
      sample.buffer?.withMapping(MapFlags.READ, (bytes) => {
        assert.equal(bytes.length, 64 * 48 * 4);
        assert.isTrue(bytes.every((byte) => byte === 255));
      });
    }
    assert.deepEqual(await sent, { frames: 30, dropped: 0 });
    assert.equal((await received).frames, frames);
    assert.isAbove(frames, 5);
    assert.isFalse(existsSync(path));

    const writer = await open(path, { type: 'video/x-raw,format=GRAY8,width=4,height=4,framerate=1/1' });
    await using other = Pipeline.parse('appsrc name=source format=time ! appsink name=sink sync=false');
    await other.play();
    const abort = new AbortController();
    const bridging = shmdataToAppSrc(path, other.appSrc('source'), { signal: abort.signal });
    await until(() => writer.clients === 1, 2000, 'connecting');
    await writer.write(new Uint8Array(16));
    using sample = await other.appSink('sink').pull({ timeout: 2e9 });
    assert.equal(
      sample?.caps,
      'video/x-raw, format=(string)GRAY8, width=(int)4, height=(int)4, framerate=(fraction)1/1',
    );
    abort.abort();
    assert.deepEqual(await bridging, { frames: 1, dropped: 0 });
  });

  it('end at once with their signal where the pipeline is slower than the writer', async () => {
    await using slow = Pipeline.parse(
      'appsrc name=source format=time max-buffers=1 ! identity sleep-time=20000 ! fakesink',
    );
    await slow.play();
    const writer = await open(path, { type: 'application/x-test' });
    const abort = new AbortController();
    const bridging = shmdataToAppSrc(path, slow.appSrc('source'), { signal: abort.signal });
    await until(() => writer.clients === 1, 2000, 'connecting');
    let isOver = false;
    const writing = (async () => {
      while (!isOver) await writer.write(new Uint8Array(16));
    })();
    await sleep(300);
    abort.abort();
    const begin = performance.now();
    await bridging;
    assert.isBelow(performance.now() - begin, 300);
    isOver = true;
    await writing;
  });

  it('end with the pipeline they push into, though no frame comes', async () => {
    const bridge = (pipeline: Pipeline) => {
      const source = pipeline.appSrc('source');
      return Promise.race([
        shmdataToAppSrc(path, source).catch((error: Error) => error.name),
        sleep(2000).then(() => 'it goes on'),
      ]);
    };
    const parse = (rest = '') => Pipeline.parse(`appsrc name=source ! fakesink ${rest}`);
    const nothing = { frames: 0, dropped: 0 };

    await using stopped = parse();
    const unplayed = bridge(stopped);
    await stopped.play();
    const played = bridge(stopped);
    await stopped.stop();
    assert.deepEqual([await unplayed, await played], [nothing, nothing]);

    const disposed = parse();
    const lost = bridge(disposed);
    disposed.dispose();
    assert.deepEqual(await lost, nothing);

    await using ended = parse();
    await ended.play();
    const atEnd = bridge(ended);
    ended.appSrc('source').endOfStream();
    assert.deepEqual(await atEnd, nothing);

    await using alone = parse();
    const facade = bridge(alone);
    alone.appSrc('source').dispose();
    assert.deepEqual(await facade, nothing);

    await using failing = parse('videotestsrc num-buffers=5 ! identity error-after=1 ! fakesink');
    const failed = bridge(failing);
    await failing.play().catch(() => {});
    assert.deepEqual(await failed, 'PipelineError');
  });

  it('open the path anew for new caps, and drop what readers have no time for', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source format=time ! appsink name=sink sync=false');
    const source = pipeline.appSrc('source');
    await pipeline.play();
    const types = new Set<string>();
    const reading = (async () => {
      for await (const frame of follow(path)) {
        types.add(/width=\(int\)(\d+)/.exec(frame.type)?.[1] ?? '');
        await sleep(5);
      }
    })();
    const sent = appSinkToShmdata(pipeline.appSink('sink'), path, { drop: true });
    for (const width of [4, 8]) {
      source.caps = `video/x-raw, format=GRAY8, width=${width}, height=4, framerate=60/1`;
      for (let index = 0; index < 400 && !types.has(String(width)); index++) {
        using buffer = Buffer.alloc(width * 4);
        await source.push(buffer);
        await sleep(2);
      }
    }
    source.endOfStream();
    const { frames, dropped } = await sent;
    assert.deepEqual([...types], ['4', '8']);
    assert.isAbove(frames, 1);
    assert.isAtLeast(dropped, 0);
    await endAll();
    await reading;
  });

  it('1080p RGBA at 60 frames a second reach another process, none lost', async () => {
    const size = 1920 * 1080 * 4;
    const count = 90;
    const writer = await open(path, {
      type: 'video/x-raw, format=RGBA, width=1920, height=1080, framerate=60/1',
      size,
    });
    const reader = Peer.node(
      path,
      `let frames = 0, wrong = 0, next = null;
      for await (const { bytes } of gst.ShmdataReader.follow(path, { reconnect: false })) {
        const number = bytes[0] + bytes[bytes.length - 1] * 256;
        if (next !== null && number !== next) wrong++;
        next = number + 1;
        frames++;
      }
      say('done', { frames, wrong });`,
    );
    await until(() => writer.clients === 1, 5000, 'connecting');
    const frame = new Uint8Array(size);
    const begin = performance.now();
    for (let index = 0; index < count; index++) {
      frame[0] = index;
      await writer.write(frame);
      await sleep(Math.max(0, begin + ((index + 1) * 1000) / 60 - performance.now()));
    }
    const seconds = (performance.now() - begin) / 1000;
    await writer.close();
    assert.deepInclude(await reader.says('done'), { frames: count, wrong: 0 });
    assert.isBelow(seconds, (count / 60) * 1.5);
  });

  describe('the command', () => {
    const run = (...words: string[]) => spawnSync(process.execPath, [command, ...words], { encoding: 'utf8' });

    it('says what it can do, and what is wrong', () => {
      assert.match(run('--help').stdout, /shmdata record PATH FILE/);
      assert.equal(run('--help').status, 0);
      for (const words of [['fly'], ['watch'], ['record', path, 'x.avi'], ['watch', path, '--sconds', '1']]) {
        const { status, stderr } = run(...words);
        assert.equal(status, 2, words.join(' '));
        assert.match(stderr, /shmdata list \[FOLDER\]/);
      }
      assert.deepInclude(run('send', join(folder, 'none'), path), {
        status: 1,
        stderr: `there is no file ${join(folder, 'none')}\n`,
      });
      assert.match(run('list', folder).stdout, /no sockets/);
      for (const [words, status, said] of [
        [['watch'], 2, /^shmdata watch lacks its PATH$/m],
        [['record'], 2, /^shmdata record lacks its PATH and its FILE$/m],
        [['watch', 'a', 'b'], 2, /^shmdata watch takes PATH, and nothing more: got b as well$/m],
        [['fly'], 2, /^there is no command fly$/m],
        [['list', join(folder, 'none')], 1, /^there is no folder .*none$/],
        [['list', command], 1, /^expected a folder, got .*command\.js, which is none$/],
      ] as const) {
        const { status: code, stderr } = run(...words);
        assert.match(stderr.trimEnd(), said);
        assert.equal(code, status, words.join(' '));
      }
    });

    it('says once what it waits for, and why', () => {
      for (const [where, why] of [
        [path, `waiting for a writer at ${path}: nothing is there\n`],
        [
          join(folder, 'no/where'),
          `waiting for a writer at ${join(folder, 'no/where')}: there is no folder ${join(folder, 'no')}\n`,
        ],
        [command, `waiting for a writer at ${command}: what is there is no socket\n`],
      ] as const) {
        const { status, stdout } = run('watch', where, '--seconds', '2.5');
        assert.deepEqual([status, stdout], [0, `${why}0 frames, 0 B, 0 writers\n`]);
      }
    });

    /** A command that runs beside the test, and what it prints. */
    function start(...words: string[]) {
      const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', (bytes) => {
        text += bytes;
      });
      return { child, exited: once(child, 'close'), text: () => text };
    }

    /** How many frames a film has, and how bright the pixels of its last one are, from the first row's left to right. */
    async function watchFilm(film: string): Promise<{ frames: number; row: number[] }> {
      await using playing = Pipeline.parse(
        `filesrc location=${film} ! decodebin ! videoconvert ! video/x-raw, format=GRAY8 ! appsink name=sink sync=false`,
      );
      await playing.play();
      let frames = 0;
      let row: number[] = [];
      for await (using sample of playing.appSink('sink').frames({ timeout: 5e9 })) {
        frames++;
        row = [...(sample.buffer?.extract(0, 64) ?? [])];
      }
      return { frames, row };
    }

    it('lists, watches and records what a pipeline sends, and ends with Ctrl-C', async () => {
      await using pipeline = Pipeline.parse(
        'videotestsrc is-live=true ! video/x-raw, format=RGBA, width=64, height=48, framerate=30/1 ! appsink name=sink',
      );
      await pipeline.play();
      const abort = new AbortController();
      const sent = appSinkToShmdata(pipeline.appSink('sink'), path, { signal: abort.signal });
      await until(() => existsSync(path), 5000, 'opening');
      const listing = start('list', folder);
      const watching = start('watch', path, '--seconds', '1.5');
      const films = ['mkv', 'mov'].map((extension) => join(folder, `film.${extension}`));
      const recordings = films.map((film) => start('record', path, film));
      for (const recording of recordings) await until(() => /1 s,/.test(recording.text()), 10_000, 'recording');
      // As when npm passes on what the terminal has sent already.
      for (const { child } of recordings) child.kill('SIGINT');
      await sleep(1);
      for (const { child } of recordings) child.kill('SIGINT');
      for (const { exited } of [listing, watching, ...recordings]) assert.deepEqual(await exited, [0, null]);
      assert.include(listing.text(), `${path}   video/x-raw, `);
      assert.match(watching.text(), /frames\/s {3}12\.3 kB/);
      abort.abort();
      await sent;
      assert.notInclude(readdirSync(folder), 'socket');
      const [mkv = '', mov = ''] = films.map((film) => readFileSync(film, 'latin1'));
      assert.include(mkv, 'V_MPEG4/ISO/AVC');
      assert.equal(mov.slice(4, 10), 'ftypqt');
      assert.match(mov, /ap(ch|cn|cs|co)/);
      for (const [index, film] of films.entries()) {
        const frames = Number(/film\.m..: (\d+) frames/.exec(recordings[index]?.text() ?? '')?.[1]);
        const seen = await watchFilm(film);
        assert.isAtLeast(frames, 20);
        assert.equal(seen.frames, frames, film);
        // The bars of the test picture: from white to blue.
        assert.isAbove(seen.row[2] ?? 0, 150, film);
        assert.isBelow(seen.row[61] ?? 255, 60, film);
      }
    });

    it('sends a film, frame for frame', async () => {
      const film = join(folder, 'film.mkv');
      {
        await using making = Pipeline.parse(
          `videotestsrc num-buffers=20 ! video/x-raw, format=I420, width=64, height=48, framerate=30/1 ! avenc_ffv1 ! matroskamux ! filesink location=${film}`,
        );
        await making.play();
        await making.finished({ timeout: 10e9 });
      }
      const sending = start('send', film, path);
      let frames = 0;
      for await (const { bytes, type } of follow(path, { reconnect: false })) {
        assert.match(type, /video\/x-raw.*width=\(int\)64/);
        assert.isAbove(bytes.length, 64 * 48);
        frames++;
      }
      assert.deepEqual(await sending.exited, [0, null]);
      assert.isAbove(frames, 5);
      assert.match(sending.text(), /20 frames/);
    });
  });
});

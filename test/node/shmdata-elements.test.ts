/** Shmdata where there is only the GStreamer plugin: GJS against this package on Node.js, and against raw clients. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';
import { sleep, until } from '../harness/sleep.ts';
import { engines, inChild, type Outcome } from './child.ts';
import { ownSocket } from './shmdata/own-socket.ts';
import { follow, open, Peer } from './shmdata/peer.ts';

const source = fileURLToPath(new URL('../../../../test/node/shmdata/elements.c', import.meta.url));
const type = 'video/x-raw, format=(string)GRAY8, width=(int)64, height=(int)48, framerate=(fraction)30/1';
const size = 64 * 48;

const value = (outcome: Outcome): unknown => {
  const { code, stderr, hung } = outcome;
  assert.deepEqual({ code, stderr, hung }, { code: 0, stderr: '', hung: false });
  return outcome.value;
};

describe('Shmdata in GJS, by elements written from the wire format', function () {
  this.timeout(30_000);
  let plugins = '';
  let environment = {};
  before(() => {
    plugins = mkdtempSync(join(tmpdir(), 'shmdata-plugin-'));
    const built = spawnSync(
      'sh',
      [
        '-c',
        'gcc -shared -fPIC -Wall -o "$1" "$2" $(pkg-config --cflags --libs gstreamer-base-1.0)',
        'sh',
        join(plugins, 'libgstshmdata.so'),
        source,
      ],
      { encoding: 'utf8' },
    );
    assert.deepEqual([built.status, built.stderr], [0, '']);
    environment = { GST_PLUGIN_PATH: plugins, GST_REGISTRY: join(plugins, 'registry') };
  });
  after(() => rmSync(plugins, { recursive: true }));

  const { path } = ownSocket(/^socket\.(go|over)$/);

  it('the features say that it works', async () => {
    const found = await inChild('gjs', (gst) => gst.features().shmdata?.available, { environment });
    assert.isTrue(value(found));
  });

  for (const engine of engines) {
    it(`their numbers of type gulong are set and read on ${engine}`, async () => {
      const program = await inChild(
        engine,
        (gst) => {
          const pipeline = gst.Pipeline.parse('fakesrc ! shmdatasink name=sink');
          const sink = pipeline.get('sink');
          const refused = [0, -1, 2 ** 40, 1.5].map((wrong) => {
            try {
              sink.set('initial-size', wrong);
              return 'none';
            } catch (error) {
              return (error as Error).name;
            }
          });
          const read = [4096, 8n, '12'].map((size) => sink.set('initial-size', size).get('initial-size'));
          pipeline.dispose();
          return { refused, read };
        },
        { environment },
      );
      assert.deepEqual(value(program), { refused: Array(4).fill('RangeError'), read: [4096, 8, 12] });
    });
  }

  it('ShmdataWriter: readers on Node and raw ones get every frame, growing ones too', async () => {
    const reader = follow(path, { reconnect: false });
    const reading = (async () => {
      const seen: number[][] = [];
      for await (const { bytes, type: said } of reader) {
        assert.equal(said, type);
        seen.push([bytes.length, bytes[0] ?? -1, bytes.at(-1) ?? -1]);
      }
      return seen;
    })();
    const program = inChild(
      'gjs',
      async (gst, { sleep, exists }, { path, type, size }: { path: string; type: string; size: number }) => {
        const writer = await gst.ShmdataWriter.open(path, { type });
        // A writer by the element does not tell who came.
        while (!exists(`${path}.go`)) await sleep(10);
        for (const length of [1, 2, 3, 3, 1]) {
          const frame = new Uint8Array(length * size).fill(length);
          await writer.write(length === 2 ? gst.Buffer.from(frame) : frame);
        }
        const { frames, bytes } = writer.statistics;
        await writer.close();
        return { frames, bytes, caps: writer.caps };
      },
      { environment, argument: { path, type, size } },
    );
    // The raw one looks but once.
    await until(() => reader.isConnected, 5000, 'opening');
    const raw = Peer.python('reader', path, { frames: 100, slow: 0 });
    assert.equal((await raw.says('connected')).type, type);
    // The element has seen both answers by then.
    await sleep(200);
    writeFileSync(`${path}.go`, '');
    assert.deepEqual(value(await program), { frames: 5, bytes: 10 * size, caps: type });
    const frames = [1, 2, 3, 3, 1];
    assert.deepEqual(
      await reading,
      frames.map((length) => [length * size, length, length]),
    );
    await raw.says('left');
    assert.deepEqual(
      raw.said.filter(({ event }) => event === 'frame').map(({ size: length, first }) => [length, first]),
      frames.map((length) => [length * size, length]),
    );
    assert.isFalse(existsSync(path));
  });

  it('ShmdataReader: frames of a writer on Node, and of the next one with another type', async () => {
    const heard: unknown[] = [];
    const program = inChild(
      'gjs',
      async (gst, { tell }, path: string) => {
        const frames: [number, number | undefined, string][] = [];
        for await (const { bytes, type } of gst.ShmdataReader.follow(path)) {
          frames.push([bytes.length, bytes[0], type]);
          tell({ frames: frames.length });
          if (frames.length === 6) break;
        }
        return frames;
      },
      { environment, argument: path, heard: (line) => heard.push(line) },
    );
    const types = [type, type.replace('64', '32')];
    for (const [index, each] of types.entries()) {
      const writer = await open(path, { type: each });
      await until(() => writer.clients === 1, 5000, 'the reader to come');
      for (let frame = 0; frame < 3; frame++) await writer.write(new Uint8Array(size / (index + 1)).fill(frame + 1));
      await until(() => heard.length === 3 * (index + 1), 5000, 'the frames');
      await writer.close();
    }
    assert.deepEqual(
      value(await program),
      types.flatMap((each, index) => [1, 2, 3].map((first) => [size / (index + 1), first, each])),
    );
  });

  it('ShmdataWriter: a loop that never pauses leaves everything else its turn, and both of two close() close', async () => {
    const program = await inChild(
      'gjs',
      async (gst, { sleep, exists }, path: string) => {
        const writer = await gst.ShmdataWriter.open(path, { type: 'application/x-test' });
        let turns = 0;
        let isOver = false;
        const ticking = (async () => {
          for (; !isOver; turns++) await sleep(1);
        })();
        const frame = new Uint8Array(64);
        for (const end = performance.now() + 500; performance.now() < end; ) await writer.write(frame);
        isOver = true;
        const counted = turns;
        await ticking;
        void writer.close();
        await writer.close();
        return { counted, exists: exists(path) };
      },
      { environment, argument: path },
    );
    const { counted, exists } = value(program) as { counted: number; exists: boolean };
    assert.isAbove(counted, 20);
    assert.isFalse(exists);
  });

  it('ShmdataReader: ends at once with its signal where it is slower than its writer', async () => {
    const writer = await open(path, { type });
    let isOver = false;
    const program = inChild(
      'gjs',
      async (gst, { sleep }, path: string) => {
        const abort = new AbortController();
        let frames = 0;
        let after = 0;
        for await (const _ of gst.ShmdataReader.follow(path, { copy: true, signal: abort.signal })) {
          if (abort.signal.aborted && ++after > 20) break;
          if (++frames === 5) abort.abort();
          await sleep(20);
        }
        return after;
      },
      { environment, argument: path },
    ).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      if (writer.clients > 0) await writer.write(new Uint8Array(size), { timeout: 2e9 }).catch(() => {});
      else await sleep(5);
    }
    assert.equal(value(await program), 0, 'frames after the signal');
  });

  it('from one GJS to another, by the bridges between pipelines', async () => {
    const sending = inChild(
      'gjs',
      async (gst, { sleep, exists }, path: string) => {
        const pipeline = gst.Pipeline.parse(
          'videotestsrc is-live=true pattern=white ! video/x-raw, format=GRAY8, width=64, height=48, framerate=30/1 ! appsink name=sink',
        );
        await pipeline.play();
        const abort = new AbortController();
        const sent = gst.appSinkToShmdata(pipeline.appSink('sink'), path, { signal: abort.signal });
        while (!exists(`${path}.over`)) await sleep(10);
        abort.abort();
        const report = await sent;
        await pipeline[Symbol.asyncDispose]();
        return report;
      },
      { environment, argument: path },
    );
    const received = await inChild(
      'gjs',
      async (gst, _, path: string) => {
        const pipeline = gst.Pipeline.parse('appsrc name=source format=time ! appsink name=sink sync=false');
        const abort = new AbortController();
        await pipeline.play();
        const pushing = gst.shmdataToAppSrc(path, pipeline.appSrc('source'), { signal: abort.signal });
        const seen: [string | null, number | undefined, number | undefined][] = [];
        for await (const sample of pipeline.appSink('sink').frames({ timeout: 10e9 })) {
          seen.push([sample.caps, sample.buffer?.size, sample.buffer?.extract(0, 1)[0]]);
          sample.dispose();
          if (seen.length === 10) break;
        }
        abort.abort();
        await pushing;
        await pipeline[Symbol.asyncDispose]();
        return seen;
      },
      { environment, argument: path },
    );
    writeFileSync(`${path}.over`, '');
    for (const [caps, length, first] of value(received) as [string, number, number][]) {
      assert.match(caps, /^video\/x-raw, format=\(string\)GRAY8, width=\(int\)64, height=\(int\)48/);
      assert.deepEqual([length, first], [size, 235]);
    }
    const { frames, dropped } = value(await sending) as { frames: number; dropped: number };
    assert.isAtLeast(frames, 10);
    assert.equal(dropped, 0);
  });

  it('says what elements cannot do, and refuses a path that is in use', async () => {
    const writer = await open(path, { type });
    const said = await inChild(
      'gjs',
      async (gst, _, path: string) => {
        const type = 'video/x-raw, format=GRAY8, width=2, height=2, framerate=1/1';
        const names: string[] = [];
        const note = (error: Error) => void names.push(`${error.name}: ${error.message}`);
        await gst.ShmdataWriter.open(path, { type }).catch(note);
        await gst.ShmdataWriter.open(`${path}2`, { type: 'no caps!' }).catch(note);
        await gst.ShmdataWriter.open(`${path}2`, { type, mode: 0o660 }).catch(note);
        const other = await gst.ShmdataWriter.open(`${path}2`, { type });
        for (const attempt of [() => other.clients, () => other.tryWrite(new Uint8Array(4))]) {
          try {
            attempt();
          } catch (error) {
            note(error as Error);
          }
        }
        await other.close();
        await other.close();
        await other.write(new Uint8Array(4)).catch(note);
        return names;
      },
      { environment, argument: path },
    );
    const names = value(said) as string[];
    const expected = [
      /^ShmdataError: .*in use/,
      /^RangeError: .*caps/,
      /^UnavailableError: .*0o600/,
      /^UnavailableError: .*clients/,
      /^UnavailableError: .*busy/,
      /^DisposedError/,
    ];
    assert.lengthOf(names, expected.length, names.join('\n'));
    for (const [index, pattern] of expected.entries()) assert.match(names[index] ?? '', pattern);
    assert.equal(writer.clients, 0);
  });
});

import { assert } from 'chai';
import { host } from '#host';
import {
  type AudioBuffer,
  Buffer,
  DisposedError,
  Filter,
  Pipeline,
  PipelineError,
  VideoFrame,
} from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';

const second = 1e9;
const gray = (count: number, size = 16) =>
  `videotestsrc num-buffers=${count} ! video/x-raw, format=GRAY8, width=${size}, height=${size}, framerate=30/1`;

/** First byte and time of each frame that comes out. */
async function framesOf(pipeline: Pipeline): Promise<[byte: number, pts: number | null][]> {
  const frames: [number, number | null][] = [];
  for await (using sample of pipeline.appSink('sink').frames({ timeout: 5 * second })) {
    const { buffer } = sample;
    if (buffer) frames.push([buffer.extract(0, 1)[0] as number, buffer.pts]);
  }
  return frames;
}

describe('Pipeline.filter', function () {
  this.timeout(30_000);

  it('hands each frame to the body, once and in order, and what it writes goes on with its time', async () => {
    await using pipeline: Pipeline = Pipeline.parse(`${gray(50)} ! identity name=f ! appsink name=sink`);
    const times: (number | null)[] = [];
    const filter = pipeline.filter('f', (frame, { pts, caps, signal }) => {
      assert.isTrue(frame instanceof VideoFrame);
      assert.match(caps, /^video\/x-raw, format=\(string\)GRAY8/);
      assert.isFalse(signal.aborted);
      (frame as VideoFrame).planes[0]?.data.fill(times.push(pts));
    });
    assert.instanceOf(filter, Filter);
    assert.equal(filter.name, 'f');
    await pipeline.play({ timeout: 5 * second });
    const frames = await framesOf(pipeline);
    assert.deepEqual(
      frames,
      times.map((pts, index) => [index + 1, pts]),
    );
    assert.lengthOf(frames, 50);
    await pipeline.finished({ timeout: 5 * second });
  });

  it('takes promises, buffers and null for an answer', async () => {
    await using pipeline: Pipeline = Pipeline.parse(`${gray(6)} ! identity name=f ! appsink name=sink`);
    let count = 0;
    pipeline.filter(
      'f',
      async (frame) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        count++;
        if (count === 2) return null;
        if (count === 3) return Buffer.from(new Uint8Array(256).fill(77));
        frame.memset(0, count, frame.size);
        return count === 4 ? frame : undefined;
      },
      { as: 'buffer' },
    );
    await pipeline.play({ timeout: 5 * second });
    const frames = await framesOf(pipeline);
    assert.deepEqual(
      frames.map(([byte, pts]) => [byte, Math.round(((pts ?? 0) * 30) / second)]),
      [
        [1, 0],
        [77, 2],
        [4, 3],
        [5, 4],
        [6, 5],
      ],
    );
  });

  it('shows raw audio as samples', async () => {
    await using pipeline: Pipeline = Pipeline.parse(
      'audiotestsrc num-buffers=5 samplesperbuffer=100 ! audio/x-raw, format=S16LE, channels=1, rate=8000 ! identity name=f ! appsink name=sink',
    );
    pipeline.filter('f', (samples: AudioBuffer) => void samples.planes[0]?.fill(257), { as: 'audio' });
    await pipeline.play({ timeout: 5 * second });
    const frames = await framesOf(pipeline);
    assert.deepEqual(
      frames.map(([byte]) => byte),
      [1, 1, 1, 1, 1],
    );
  });

  it('gives out frames of other caps where it says so', async () => {
    await using pipeline: Pipeline = Pipeline.parse(`${gray(3)} ! identity name=f ! appsink name=sink`);
    const caps = 'video/x-raw, format=GRAY8, width=8, height=8, framerate=30/1';
    pipeline.filter('f', () => Buffer.from(new Uint8Array(64).fill(9)), { caps });
    await pipeline.play({ timeout: 5 * second });
    let count = 0;
    for await (using sample of pipeline.appSink('sink').frames({ timeout: 5 * second })) {
      count++;
      assert.match(sample.caps ?? '', /width=\(int\)8, height=\(int\)8/);
      assert.equal(sample.buffer?.size, 64);
    }
    assert.equal(count, 3);
  });

  it('goes along when caps change', async () => {
    const source = (pattern: string, width: number, height: number) =>
      `videotestsrc num-buffers=5 pattern=${pattern} ! video/x-raw, format=GRAY8, width=${width}, height=${height} ! c.`;
    await using pipeline: Pipeline = Pipeline.parse(
      `concat name=c ! identity name=f ! appsink name=sink ${source('black', 320, 240)} ${source('white', 640, 480)}`,
    );
    const sizes: number[][] = [];
    pipeline.filter('f', (frame) => {
      const { planes, width, height } = frame as VideoFrame;
      sizes.push([width, height]);
      const { data } = planes[0] as { data: Uint8Array };
      data.fill(255 - (data[0] as number));
    });
    await pipeline.play({ timeout: 5 * second });
    const out: string[] = [];
    for await (using sample of pipeline.appSink('sink').frames({ timeout: 5 * second })) {
      const bytes = sample.buffer?.extract() ?? [];
      const content = bytes.every((byte) => byte > 200)
        ? 'white'
        : bytes.every((byte) => byte < 50)
          ? 'black'
          : 'mixed';
      out.push(`${/width=\(int\)\d+, height=\(int\)\d+/.exec(sample.caps ?? '')?.[0]}: ${bytes.length} ${content}`);
    }
    assert.deepEqual(sizes, [...Array(5).fill([320, 240]), ...Array(5).fill([640, 480])]);
    assert.deepEqual(out, [
      ...Array(5).fill('width=(int)320, height=(int)240: 76800 white'),
      ...Array(5).fill('width=(int)640, height=(int)480: 307200 black'),
    ]);
  });

  it('passes tags', async () => {
    await using pipeline: Pipeline = Pipeline.parse(
      `${gray(5)} ! taginject tags="title=Harbour" ! identity name=f ! fakesink name=sink`,
    );
    pipeline.filter('f', () => {});
    const titles = (async () => {
      for await (const message of pipeline.messages())
        if (message.type === 'tag' && message.source === 'sink' && /Harbour/.test(message.structure ?? '')) return true;
      return false;
    })();
    await pipeline.play({ timeout: 5 * second });
    await pipeline.finished({ timeout: 5 * second });
    await pipeline.stop();
    assert.isTrue(await titles);
  });

  it('has a first frame at the sinks when it is paused, and those of behind a seek after one', async () => {
    await using pipeline: Pipeline = Pipeline.parse(
      'videotestsrc num-buffers=100 ! video/x-raw, framerate=30/1 ! identity name=f ! queue ! appsink name=sink',
    );
    pipeline.filter('f', () => {});
    await pipeline.pause({ timeout: 5 * second });
    assert.equal(pipeline.state, 'paused');
    await pipeline.seek(2 * second, { flags: 3, timeout: 5 * second });
    await pipeline.play({ timeout: 5 * second });
    const sink = pipeline.appSink('sink');
    {
      using first = await sink.pull({ timeout: 5 * second });
      assert.equal(first?.buffer?.pts, 2 * second);
    }
    await pipeline.seek(second, { flags: 3, timeout: 5 * second });
    using next = await sink.pull({ timeout: 5 * second });
    assert.equal(next?.buffer?.pts, second);
  });

  it('gives frames of a film by their content, before a seek and behind it', async () => {
    const film = `${host.temporaryFolder}/gst-allocators-${host.processId}-filter.avi`;
    {
      // The brightness of a frame is ten times its number.
      await using maker: Pipeline = Pipeline.parse(
        `${gray(20)} ! identity name=f ! videoconvert ! jpegenc quality=100 ! avimux ! filesink location=${film}`,
      );
      let number = 0;
      maker.filter('f', (frame) => void frame.memset(0, 10 * number++, frame.size), { as: 'buffer' });
      await maker.play({ timeout: 5 * second });
      await maker.finished({ timeout: 5 * second });
    }
    await using pipeline: Pipeline = Pipeline.parse(
      `filesrc location=${film} ! decodebin ! identity name=f ! videoconvert ! video/x-raw, format=GRAY8 ! appsink name=sink`,
    );
    const seen: number[] = [];
    pipeline.filter('f', (frame) => {
      const { data } = (frame as VideoFrame).planes[0] as { data: Uint8Array };
      seen.push(Math.round((data[0] as number) / 10));
      data.fill(255 - (data[0] as number));
    });
    await pipeline.play({ timeout: 5 * second });
    const sink = pipeline.appSink('sink');
    const next = async (): Promise<number> => {
      using sample = await sink.pull({ timeout: 5 * second });
      return Math.round((255 - (sample?.buffer?.extract(0, 1)[0] as number)) / 10);
    };
    assert.deepEqual([await next(), await next(), await next()], [0, 1, 2]);
    await pipeline.seek((10 * second) / 30, { flags: 3, timeout: 5 * second });
    const after: number[] = [];
    for (let index = 0; index < 10; index++) after.push(await next());
    assert.deepEqual(after, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    assert.isNull(await sink.pull({ timeout: 5 * second }));
    assert.deepEqual(seen.slice(0, 3), [0, 1, 2]);
    assert.deepEqual(seen.slice(-10), after);
  });

  it('loses no frame of a file, however slow the body', async () => {
    await using pipeline: Pipeline = Pipeline.parse(`${gray(20)} ! identity name=f ! appsink name=sink`);
    let count = 0;
    pipeline.filter('f', () => new Promise<void>((resolve) => setTimeout(resolve, count++ ? 10 : 100)));
    await pipeline.play({ timeout: 5 * second });
    assert.lengthOf(await framesOf(pipeline), 20);
  });

  it('keeps no live source waiting', async () => {
    await using pipeline: Pipeline = Pipeline.parse(
      'videotestsrc is-live=true ! video/x-raw, width=16, height=16, framerate=100/1 ! identity name=f ! fakesink sync=false',
    );
    const times: number[] = [];
    pipeline.filter('f', async (_, { pts }) => {
      times.push(pts ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await pipeline.play({ timeout: 5 * second });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await pipeline.stop({ timeout: 5 * second });
    // One that waited would have had the frames of 0, 10, 20 … milliseconds.
    assert.isBelow(times.length, 20);
    assert.isAbove(times.at(-1) ?? 0, 0.8 * second);
  });

  it('calls another body, or none, from the next frame on', async () => {
    await using pipeline: Pipeline = Pipeline.parse(`${gray(9)} ! identity name=f ! appsink name=sink`);
    const fill = (byte: number) => (frame: Buffer) => void frame.memset(0, byte, frame.size);
    let count = 0;
    const filter = pipeline.filter(
      'f',
      (frame) => {
        fill(101)(frame);
        if (++count === 3)
          filter.body = ((next: Buffer) => {
            fill(102)(next);
            if (++count === 6) filter.remove();
          }) as typeof filter.body;
      },
      { as: 'buffer' },
    );
    await pipeline.play({ timeout: 5 * second });
    const bytes = (await framesOf(pipeline)).map(([byte]) => byte);
    assert.deepEqual(bytes.slice(0, 6), [101, 101, 101, 102, 102, 102]);
    assert.lengthOf(bytes, 9);
    assert.notInclude([101, 102], bytes[6]);
    assert.isTrue(filter.isRemoved);
    filter.remove();
    pipeline.filter('f', () => {}).remove();
  });

  it('fails the pipeline where the body does, with its name and the cause', async () => {
    for (const body of [
      () => {
        throw new RangeError('too dark');
      },
      async () => {
        throw new RangeError('too dark');
      },
    ]) {
      await using pipeline: Pipeline = Pipeline.parse(`${gray(100)} ! identity name=f ! fakesink sync=true`);
      pipeline.filter('f', body);
      const error = await pipeline
        .play({ timeout: 5 * second })
        .then(() => pipeline.finished({ timeout: 5 * second }))
        .then(
          () => null,
          (reason: unknown) => reason,
        );
      assert.instanceOf(error, PipelineError);
      assert.equal((error as PipelineError).element, 'f');
      assert.equal((error as Error).message, 'f: the body of the filter f failed: too dark');
      assert.instanceOf((error as Error).cause, RangeError);
    }
  });

  it('plays again after it was stopped, and stops while the body has a frame', async () => {
    await using pipeline: Pipeline = Pipeline.parse(`${gray(1000)} ! identity name=f ! fakesink sync=true`);
    let aborted = 0;
    let called = (): void => {};
    pipeline.filter(
      'f',
      (_, { signal }) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            aborted++;
            resolve();
          });
          called();
        }),
    );
    for (let round = 1; round <= 3; round++) {
      const isCalled = new Promise<void>((resolve) => {
        called = resolve;
      });
      const playing = pipeline.play().catch(() => {});
      await isCalled;
      await pipeline.stop({ timeout: 5 * second });
      await playing;
      assert.equal(aborted, round);
    }
  });

  it('ends with the stream that is told to end', async () => {
    await using pipeline: Pipeline = Pipeline.parse(
      'videotestsrc is-live=true ! video/x-raw, width=16, height=16, framerate=100/1 ! identity name=f ! fakesink',
    );
    pipeline.filter('f', () => {});
    await pipeline.play({ timeout: 5 * second });
    await pipeline.stop({ endOfStream: true, timeout: 5 * second });
  });

  it('refuses what cannot be', async () => {
    await using pipeline: Pipeline = Pipeline.parse(
      `${gray(100)} ! identity name=f ! queue name=q ! identity name=g ! fakesink`,
    );
    throws(() => pipeline.filter('q', () => {}), TypeError, /^expected 'q' to be an identity, got queue$/);
    throws(() => pipeline.filter('f', 3 as never), TypeError, /^expected `body` to be a function, got 3/);
    throws(() => pipeline.filter('f', () => {}, { as: 'film' as never }), RangeError, /options\.as/);
    throws(() => pipeline.filter('f', () => {}, { caps: 'video/x-raw, width=[1, 2]' }), RangeError, /options\.caps/);
    throws(() => pipeline.filter('f', () => {}, { maxBuffers: 0 }), RangeError, /options\.maxBuffers/);
    pipeline.filter('f', () => {});
    throws(() => pipeline.filter('f', () => {}), PipelineError, /f has a filter/);
    await pipeline.pause({ timeout: 5 * second });
    throws(() => pipeline.filter('g', () => {}), PipelineError, /the pipeline runs/);
    await pipeline.stop();
    pipeline.dispose();
    throws(() => pipeline.filter('f', () => {}), DisposedError);
  });
});

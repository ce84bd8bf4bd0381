import { assert } from 'chai';
import {
  Buffer,
  convertSample,
  DisposedError,
  MapFlags,
  Pipeline,
  PipelineError,
  runtime,
  Sample,
  version,
} from '../../src/index.ts';
import { compareVersions } from '../../src/init.ts';
import { rejects } from '../harness/expectations.ts';
import { itInOwnProcess } from '../harness/own-process.ts';
import { sleep } from '../harness/sleep.ts';

const bytesOf = (sample: Sample): Uint8Array =>
  sample.buffer?.withMapping(MapFlags.READ, (bytes) => bytes.slice()) as Uint8Array;

describe('convertSample', () => {
  let sample: Sample;
  before(async () => {
    await using pipeline = Pipeline.parse(
      'videotestsrc num-buffers=1 pattern=white ! video/x-raw, format=I420, width=64, height=48 ! appsink name=sink',
    );
    await pipeline.play();
    sample = (await pipeline.appSink('sink').pull()) as Sample;
    // Its facade of the buffer is there from now on: each test is looked at for what it leaves.
    void sample.buffer;
  });
  after(() => sample.dispose());

  it('makes a PNG', async () => {
    using picture = await convertSample(sample, 'image/png');
    assert.match(picture.caps ?? '', /^image\/png, .*width=\(int\)64/);
    assert.deepEqual([...bytesOf(picture).subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  });

  it('makes a JPEG', async () => {
    using picture = await convertSample(sample, 'image/jpeg');
    assert.deepEqual([...bytesOf(picture).subarray(0, 3)], [0xff, 0xd8, 0xff]);
  });

  it('makes another format and size', async () => {
    using converted = await convertSample(sample, 'video/x-raw, format=RGB, width=32, height=16');
    const bytes = bytesOf(converted);
    assert.strictEqual(bytes.length, 32 * 16 * 3);
    assert.isTrue(bytes.every((byte) => byte > 230));
    assert.strictEqual(converted.buffer?.pts, sample.buffer?.pts);
  });

  it('leaves the sample as it was', async () => {
    using _ = await convertSample(sample, 'image/png');
    assert.match(sample.caps ?? '', /I420/);
    assert.strictEqual(bytesOf(sample).length, (64 * 48 * 3) / 2);
  });

  it('takes a sample that is disposed meanwhile', async () => {
    using buffer = Buffer.from(new Uint8Array(64 * 48).fill(200));
    const mine = Sample.create(buffer, 'video/x-raw, format=GRAY8, width=64, height=48, framerate=0/1');
    const promise = convertSample(mine, 'image/png');
    mine.dispose();
    using picture = await promise;
    assert.match(picture.caps ?? '', /png/);
  });

  it('makes several at once, and everything else goes on', async () => {
    let turns = 0;
    let over = false;
    const others = (async () => {
      while (!over) {
        await sleep(0);
        turns++;
      }
    })();
    const pictures = await Promise.all(
      Array.from({ length: 12 }, () => convertSample(sample, 'image/png, width=1280, height=960')),
    );
    over = true;
    await others;
    for (const picture of pictures) picture.dispose();
    assert.isAbove(turns, 2);
  }).timeout(10_000);

  it('rejects what no element can do', async () => {
    for (const caps of ['application/x-nothing', 'image/png, width=-1']) {
      const error = (await rejects(
        convertSample(sample, caps),
        PipelineError,
        /could not be converted/,
      )) as PipelineError;
      assert.isNotNull(error.detail);
    }
    using buffer = Buffer.from(new Uint8Array(10));
    using other = Sample.create(buffer, 'audio/x-raw, format=S16LE, rate=8000, channels=1, layout=interleaved');
    await rejects(convertSample(other, 'image/png', { timeout: 5e8 }), PipelineError);
  });

  it('is given up by signal and timeout', async () => {
    const controller = new AbortController();
    const given = convertSample(sample, 'image/png', { signal: controller.signal });
    controller.abort();
    assert.strictEqual((await given.catch((error) => error)).name, 'AbortError');
    using large = await convertSample(sample, 'video/x-raw, format=RGBA, width=4000, height=3000');
    const late = await convertSample(large, 'image/png', { timeout: 1e6 }).catch((error) => error);
    assert.strictEqual(late.name, 'TimeoutError');
    (await convertSample(sample, 'image/png', { timeout: null })).dispose();
  });

  it('refuses wrong arguments', async () => {
    await rejects(convertSample(sample, '((('), RangeError, /caps/);
    await rejects(convertSample(sample, null as unknown as string), TypeError, /caps/);
    await rejects(convertSample({} as Sample, 'image/png'), TypeError, /a Sample/);
    await rejects(convertSample(sample, 'image/png', { timeout: -1 }), RangeError, /timeout/);
    await rejects(convertSample(sample, 'image/png', { timeuot: 1 } as object), TypeError, /did you mean `timeout`/);
    using buffer = Buffer.from(new Uint8Array(10));
    const disposed = Sample.create(buffer);
    disposed.dispose();
    await rejects(convertSample(disposed, 'image/png'), DisposedError);
  });

  it('rejects a sample without caps or buffer', async () => {
    using buffer = Buffer.from(new Uint8Array(10));
    using bare = Sample.create(buffer);
    await rejects(convertSample(bare, 'image/png'), PipelineError);
  });

  itInOwnProcess(
    'rejects a picture whose video meta has another format',
    ['PipelineError', 'none'],
    async (gst, attempt) => {
      const buffer = gst.Buffer.alloc(100);
      buffer.addVideoMeta({ format: 'GRAY8', width: 10, height: 10, offsets: [0], strides: [10] });
      for (const format of ['I420', 'GRAY8']) {
        const sample = gst.Sample.create(buffer, `video/x-raw, format=${format}, width=10, height=10, framerate=0/1`);
        await attempt(async () => (await gst.convertSample(sample, 'image/png')).dispose());
        sample.dispose();
      }
      buffer.dispose();
    },
  );

  // Before 1.26, GStreamer does not convert with a crop that is inside either.
  const crops = compareVersions(version(), '1.26') < 0 ? 1 : 2;
  itInOwnProcess(
    'rejects a picture whose crop leads beyond it',
    (runtime === 'gjs' ? ['UnavailableError', 'UnavailableError'] : ['PipelineError', 'none']).slice(0, crops),
    async (gst, attempt) => {
      const { major, minor } = gst.version();
      for (const x of major > 1 || minor >= 26 ? [6, 5] : [6]) {
        const buffer = gst.Buffer.alloc(100);
        await attempt(async () => {
          buffer.addVideoCrop({ x, y: 0, width: 5, height: 10 });
          const sample = gst.Sample.create(buffer, 'video/x-raw, format=GRAY8, width=10, height=10, framerate=0/1');
          try {
            (await gst.convertSample(sample, 'image/png')).dispose();
          } finally {
            sample.dispose();
          }
        });
        buffer.dispose();
      }
    },
  );

  itInOwnProcess(
    'rejects a sample whose caps are EMPTY or ANY',
    ['PipelineError', 'PipelineError'],
    async (gst, attempt) => {
      const buffer = gst.Buffer.alloc(100);
      for (const caps of ['EMPTY', 'ANY']) {
        const sample = gst.Sample.create(buffer, caps);
        await attempt(() => gst.convertSample(sample, 'image/png'));
        sample.dispose();
      }
      buffer.dispose();
    },
  );
});

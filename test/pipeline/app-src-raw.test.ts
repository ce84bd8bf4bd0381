import { assert } from 'chai';
import {
  type AppSrc,
  Buffer,
  BufferFlags,
  BufferPool,
  MapError,
  Pipeline,
  PipelineError,
  type VideoMetaOptions,
} from '../../src/index.ts';
import { rejects, throws } from '../harness/expectations.ts';
import { itInOwnProcess } from '../harness/own-process.ts';

const video = 'video/x-raw, format=RGBA, width=64, height=64, framerate=30/1';
const audio = 'audio/x-raw, format=S16LE, rate=48000, channels=2, layout=interleaved';

async function push(source: AppSrc, size: number, pts: number | null = null, meta?: VideoMetaOptions): Promise<void> {
  using buffer = Buffer.alloc(size);
  buffer.pts = pts;
  if (meta) buffer.addVideoMeta(meta);
  await source.push(buffer);
}

async function playing(caps: string | null, options = ''): Promise<Pipeline> {
  const pipeline = Pipeline.parse(`appsrc name=source ${options} ! fakesink name=sink sync=false`);
  if (caps !== null) pipeline.appSrc('source').caps = caps;
  await pipeline.play();
  return pipeline;
}

/** Ends the stream, and gives the number of buffers that reached the sink. */
async function arrivedIn(pipeline: Pipeline): Promise<number> {
  pipeline.appSrc('source').endOfStream();
  await pipeline.finished();
  const stats = pipeline.get('sink').get('stats');
  return Number(/rendered=\(guint64\)(\d+)/.exec(String(stats))?.[1]);
}

describe('AppSrc format', () => {
  for (const caps of [video, audio, 'video/x-raw(memory:GLMemory), format=RGBA, width=64, height=64']) {
    it(`is time for ${caps.split(',')[0]}, in the launch text and set later`, () => {
      using written = Pipeline.parse(`appsrc name=source caps="${caps}" ! fakesink`);
      assert.strictEqual(written.get('source').get('format'), 'time');
      using pipeline = Pipeline.parse('appsrc name=source ! fakesink');
      const source = pipeline.appSrc('source');
      assert.strictEqual(source.get('format'), 'bytes');
      source.set('caps', caps);
      assert.strictEqual(source.get('format'), 'time');
    });
  }

  it('stays what the program says, and what it is for all else', () => {
    for (const [options, caps, wanted] of [
      ['', 'video/x-h264', 'bytes'],
      ['caps="video/x-raw, width=[1,64]"', null, 'bytes'],
      ['caps=ANY', null, 'bytes'],
      ['format=default', video, 'default'],
      [`format=undefined caps="${audio}"`, null, 'undefined'],
    ] as const) {
      using pipeline = Pipeline.parse(`appsrc name=source ${options} ! fakesink`);
      const source = pipeline.appSrc('source');
      if (caps) source.caps = caps;
      assert.strictEqual(source.get('format'), wanted, `${options} ${caps}`);
      source.set('format', 'bytes');
      source.caps = video;
      assert.strictEqual(source.get('format'), 'bytes');
    }
  });

  it('cannot change while the pipeline plays, as the element would not look', async () => {
    await using pipeline = await playing(null);
    const source = pipeline.appSrc('source');
    throws(() => source.set('format', 'time'), PipelineError, /`format` of source before it plays/);
    assert.strictEqual(source.get('format'), 'bytes');
    source.set('format', 'bytes');
    await pipeline.stop();
    source.set('format', 'time');
    await pipeline.play();
    await push(source, 4, 0);
  });

  it('other than time takes no buffers with a time', async () => {
    await using pipeline = await playing('video/x-h264');
    const source = pipeline.appSrc('source');
    await rejects(push(source, 4, 0), PipelineError, /counts in bytes.*set `format` to `time`/);
    using decoded = Buffer.alloc(4);
    decoded.dts = 1;
    await rejects(source.push(decoded), PipelineError, /`format`/);
    await push(source, 4);
    await pipeline.stop();
    source.set('format', 'time');
    await pipeline.play();
    await push(source, 4, 0);
  });

  it('lets raw frames with times through to a sink that keeps time', async () => {
    await using pipeline = Pipeline.parse(`appsrc name=source caps="${video}" ! videoconvert ! appsink name=sink`);
    await pipeline.play();
    const source = pipeline.appSrc('source');
    for (let frame = 0; frame < 3; frame++) await push(source, 64 * 64 * 4, frame * 1e6);
    source.endOfStream();
    const times: (number | null | undefined)[] = [];
    for await (using sample of pipeline.appSink('sink').frames()) times.push(sample.buffer?.pts);
    assert.deepEqual(times, [0, 1e6, 2e6]);
  });
});

describe('AppSrc.push of raw video', () => {
  it('refuses a buffer that is too small for the caps', async () => {
    await using pipeline = await playing(video);
    const source = pipeline.appSrc('source');
    for (const size of [100, 0, 64 * 64 * 4 - 1])
      await rejects(push(source, size), RangeError, new RegExp(`the 16384 bytes of RGBA, 64x64.*got ${size}$`));
    // As elements do, it takes one with bytes to spare.
    for (const size of [64 * 64 * 4, 64 * 64 * 4 + 100]) await push(source, size);
    // What was refused leaves nothing behind.
    source.caps = video.replaceAll('64', '2');
    await push(source, 16);
  });

  it('goes by the padded rows and the planes of the format, and by the field where a buffer holds one', async () => {
    for (const [format, size, more = ''] of [
      ['GRAY8, width=5, height=3', 24],
      ['I420, width=5, height=3', 8 * 4 + 4 * 2 * 2],
      ['NV12, width=5, height=3', 8 * 4 + 8 * 2],
      ['RGB, width=5, height=4', 32, ', interlace-mode=alternate'],
      ['UYVY, width=5, height=3', 36],
    ] as const) {
      const feature = more ? '(format:Interlaced)' : '';
      await using pipeline = await playing(`video/x-raw${feature}, format=${format}, framerate=1/1${more}`);
      const source = pipeline.appSrc('source');
      await push(source, size);
      await rejects(push(source, size - 1), RangeError, new RegExp(`the ${size} bytes`));
    }
  });

  it('goes by the video meta where there is one', async () => {
    await using pipeline = await playing('video/x-raw, format=GRAY8, width=6, height=4, framerate=1/1');
    const source = pipeline.appSrc('source');
    const meta = { format: 'GRAY8', width: 6, height: 4, offsets: [0], strides: [6] };
    await push(source, 24, null, meta);
    await rejects(push(source, 24), RangeError, /32 bytes/);
    await rejects(push(source, 23, null, meta), MapError, /plane 0 of its video meta/);
  });

  it('takes the buffers of a pool with tight rows', async () => {
    const caps = 'video/x-raw, format=GRAY8, width=6, height=4, framerate=1/1';
    using pool = BufferPool.create({ caps, size: 24, min: 1, max: 2 });
    await using pipeline = await playing(caps);
    using buffer = await pool.acquire();
    buffer.addVideoMeta({ format: 'GRAY8', width: 6, height: 4, offsets: [0], strides: [6] });
    await pipeline.appSrc('source').push(buffer);
    assert.strictEqual(await arrivedIn(pipeline), 1);
  });

  it('takes an empty buffer that is a gap, as mixers do', async () => {
    await using pipeline = await playing(video);
    using gap = new Buffer();
    gap.flags = BufferFlags.GAP;
    await pipeline.appSrc('source').push(gap);
    assert.strictEqual(await arrivedIn(pipeline), 1);
  });

  it('asks nothing of what is in a device, nor of caps that say too little', async () => {
    for (const caps of [
      'video/x-raw(memory:DMABuf), format=DMA_DRM, drm-format=NV12, width=64, height=64',
      'video/x-raw(memory:GLMemory), format=RGBA, width=64, height=64',
      'image/png, width=64, height=64',
    ]) {
      await using pipeline = await playing(caps);
      await push(pipeline.appSrc('source'), 1);
      assert.strictEqual(await arrivedIn(pipeline), 1, caps);
    }
    await using pipeline = await playing(null, 'caps=video/x-raw');
    await push(pipeline.appSrc('source'), 1);
    assert.strictEqual(await arrivedIn(pipeline), 1);
  });

  it('follows caps that change, in each source by itself, and those the raw element was given', async () => {
    const small = video.replaceAll('64', '2');
    await using one = await playing(video);
    await using other = await playing(small);
    const [source, second] = [one.appSrc('source'), other.appSrc('source')];
    for (let turn = 0; turn < 3; turn++) {
      await rejects(push(source, 16), RangeError, /16384/);
      await push(second, 16);
    }
    // biome-ignore lint/suspicious/noExplicitAny: the raw object
    (second.gi as any).caps = (source.gi as any).caps;
    await rejects(push(second, 16), RangeError, /16384/);
    source.caps = small;
    await push(source, 16);
  });
});

describe('AppSrc.push of raw audio', () => {
  it('refuses a buffer that is no whole number of frames', async () => {
    await using pipeline = await playing(audio);
    const source = pipeline.appSrc('source');
    for (const size of [1, 2, 4097])
      await rejects(push(source, size), RangeError, /whole frames of 4 bytes \(2 × S16LE\)/);
    for (const size of [0, 4, 4096]) await push(source, size);
  });

  it('of separate channels counts them all', async () => {
    await using pipeline = await playing(audio.replace('interleaved', 'non-interleaved'));
    const source = pipeline.appSrc('source');
    await push(source, 8);
    await rejects(push(source, 6), RangeError, /frames of 4 bytes/);
  });
});

describe('AppSrc.caps of raw video', () => {
  itInOwnProcess(
    'need a format, a width and a height, which other media types do not',
    [...Array(5).fill('RangeError'), ...Array(4).fill('none')],
    async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('appsrc name=source format=time ! videobox ! videoconvert ! fakesink');
      const source = pipeline.appSrc('source');
      const raw = 'video/x-raw';
      for (const rest of [
        '',
        ', format=GRAY8',
        ', format=GRAY8, width=16',
        ', width=16, height=8',
        ', format=x, width=1, height=1',
      ])
        await attempt(() => source.set('caps', raw + rest));
      for (const caps of [
        'video/x-h264',
        'audio/x-raw',
        `${raw}(memory:DMABuf), format=DMA_DRM, drm-format=NV12:0x0, width=16, height=16`,
        `${raw}, format=GRAY8, width=16, height=8`,
      ])
        await attempt(() => source.set('caps', caps));
      await pipeline.play();
      const buffer = gst.Buffer.alloc(128);
      await source.push(buffer);
      source.endOfStream();
      await pipeline.finished();
      await pipeline.stop();
      for (const each of [buffer, pipeline]) each.dispose();
    },
  );
});

/** What the fuzzer (`test/node/fuzz`) has found, each as a program of its own: a CRITICAL would end it. */
import { assert } from 'chai';
import { host } from '#host';
import { runtime, version } from '../src/index.ts';
import { compareVersions } from '../src/init.ts';
import type { Package } from './harness/host.ts';

const convertsCrops = compareVersions(version(), '1.26') >= 0;

/** Names of the error classes that the program's lines end in. */
function ends(promise: string, wanted: readonly string[], program: (gst: Package, line: Line) => unknown): void {
  it(promise, async () => {
    const ran = await host.run(
      // The program is text in another process: what it calls must be part of it.
      new Function('gst', `const ends = []; ${lineSource}; return (${program})(gst, line).then(() => ends);`) as never,
      { G_DEBUG: 'fatal-criticals' },
    );
    assert.deepEqual(ran, { status: 0, value: wanted, stderr: '' });
  });
}

type Line = (attempt: () => unknown) => Promise<void>;
const lineSource = `const line = async (attempt) => {
  try {
    await attempt();
    ends.push('none');
  } catch (error) {
    ends.push(error.name);
  }
}`;

// biome-ignore lint/suspicious/noExplicitAny: misuse is what this is about
type Any = any;

describe('Hostile calls', () => {
  ends('make no object of the package with `new`', Array(9).fill('TypeError'), async (gst, line) => {
    const { AudioBuffer, AudioInfo, FrameReader, FrameWriter, Mapping, ShmdataReader, ShmdataWriter } = gst;
    for (const made of [AudioBuffer, AudioInfo, FrameReader, FrameWriter, Mapping, ShmdataReader, ShmdataWriter])
      await line(() => new (made as Any)(0, 4096));
    for (const made of [gst.VideoFrame, gst.VideoInfo]) await line(() => new (made as Any)(0, 4096));
  });

  ends('make no object around an address', ['none', 'none', 'none'], async (gst, line) => {
    for (const made of [gst.Buffer, gst.FdAllocator, gst.DmaBufAllocator]) {
      await line(() => {
        const object = new (made as Any)(undefined, 4096);
        void object.gi;
        void object.flags;
        object.dispose();
      });
    }
  });

  ends('read a query that others refer to as well', ['none'], async (gst, line) => {
    const query = new gst.AllocationQuery('video/x-raw');
    const raw = query.gi;
    await line(() => query.decide().params && query.pools.length + query.params.length + query.metas.length);
    query.dispose();
    void raw;
  });

  ends('give GStreamer no caps that it would complain about', Array(14).fill('RangeError'), async (gst, line) => {
    for (const caps of [
      '/proc/self/mem',
      '1abc',
      'a;/x',
      'a, b=[1,3,2]',
      'a, b=(structure)"/x"',
      'a, b=(caps)"a;/x"',
      'a, b=(void)1',
      'a, b=(buffer)xyz',
      'a, b=(GstTagList)x',
      'a, b=-2147483648/1',
      'a(memory:)',
      'a(b c)',
      `a, b=${'<'.repeat(20_000)}`,
      'a, b=(GstBufferFlags)2',
    ])
      await line(() => new gst.AllocationQuery(caps));
  });

  ends('set no property to such a text', ['TypeError', 'TypeError', 'RangeError'], async (gst, line) => {
    const pipeline = gst.Pipeline.parse('fakesrc ! capsfilter name=filter ! fakesink');
    await line(() => pipeline.get('filter').set('caps', '/x'));
    await line(() => pipeline.get('filter').set('caps-change-mode', '-2147483648/1' as never));
    await line(() => pipeline.get('filter').set('caps', 'a\0b'));
    pipeline.dispose();
  });

  ends(
    'take no caps that leave a choice for a stream',
    ['RangeError', 'RangeError', 'RangeError', 'RangeError'],
    async (gst, line) => {
      const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink');
      const source = pipeline.appSrc('source');
      await line(() => gst.BufferPool.create({ size: 1, caps: 'EMPTY' }));
      await line(() => {
        source.caps = 'ANY';
      });
      await line(() => source.set('caps', 'video/x-raw, width=[1,2]'));
      await line(() => new gst.AllocationQuery('ANY'));
      pipeline.dispose();
    },
  );

  ends(
    'give a stream no raw video that has no size, which would end the process',
    [...Array(5).fill('RangeError'), ...Array(4).fill('none')],
    async (gst, line) => {
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
        await line(() => source.set('caps', raw + rest));
      for (const caps of [
        'video/x-h264',
        'audio/x-raw',
        `${raw}(memory:DMABuf), format=DMA_DRM, drm-format=NV12:0x0, width=16, height=16`,
        `${raw}, format=GRAY8, width=16, height=8`,
      ])
        await line(() => source.set('caps', caps));
      await pipeline.play();
      const buffer = gst.Buffer.alloc(128);
      await source.push(buffer);
      source.endOfStream();
      await pipeline.finished();
      await pipeline.stop();
      for (const each of [buffer, pipeline]) each.dispose();
    },
  );

  ends(
    'take no caps away from an appsrc, which would end the process',
    ['none', 'PipelineError', 'none'],
    async (gst, line) => {
      const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink sync=false');
      const source = pipeline.appSrc('source');
      source.caps = 'a/b';
      await line(() => pipeline.play());
      await line(() => {
        source.caps = null;
      });
      const buffer = gst.Buffer.alloc(1);
      await line(() => source.push(buffer));
      buffer.dispose();
      await pipeline.stop();
      pipeline.dispose();
    },
  );

  ends('give a stream that began without caps none', ['PipelineError', 'none', 'none'], async (gst, line) => {
    const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink sync=false');
    const source = pipeline.appSrc('source');
    const setCaps = () => {
      source.caps = 'a/b';
    };
    const buffer = gst.Buffer.alloc(1);
    await pipeline.play();
    await source.push(buffer);
    await line(setCaps);
    await pipeline.stop();
    await line(setCaps);
    await pipeline.play();
    await line(() => source.push(buffer));
    await pipeline.stop();
    for (const each of [buffer, pipeline]) each.dispose();
  });

  ends('give a stream no caps that another facade began without them', ['PipelineError'], async (gst, line) => {
    const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink sync=false');
    const buffer = gst.Buffer.alloc(1);
    await pipeline.play();
    const first = pipeline.appSrc('source');
    await first.push(buffer);
    first.dispose();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await line(() => {
      pipeline.appSrc('source').caps = 'a/b';
    });
    await pipeline.stop();
    for (const each of [buffer, pipeline]) each.dispose();
  });

  ends(
    'push and convert no picture whose video meta is not of its caps, or not of bytes that are there',
    ['none', 'none', 'none', 'none', ...Array(20).fill('MapError'), ...Array(10).fill('PipelineError')],
    async (gst, line) => {
      const caps = 'video/x-raw, format=I420, width=64, height=64, framerate=0/1';
      const good = { format: 'I420', width: 64, height: 64, offsets: [0, 4096, 5120], strides: [64, 32, 32] };
      const upsideDown = { ...good, offsets: [4032, 5088, 6112], strides: [-64, -32, -32] };
      const wrong = [
        { ...good, format: 'Y42B' },
        { ...good, format: 'GRAY8', offsets: [0], strides: [64] },
        { ...good, width: 32 },
        { ...good, height: 62 },
        { ...good, height: 66 },
        { ...good, strides: [65, 32, 32] },
        { ...good, strides: [64, 32, 2 ** 20] },
        { ...good, strides: [64, -32, 32] },
        { ...good, offsets: [0, 4096, 5121] },
        { ...good, offsets: [2 ** 31, 4096, 5120] },
      ];
      const withMeta = (meta: typeof good) => {
        // The planes of colour in a memory of their own, or all in one.
        const buffer = gst.Buffer.alloc(meta === upsideDown ? 6144 : 4096);
        if (meta !== upsideDown) buffer.appendMemory(gst.Allocator.find('SystemMemory')?.alloc(2048) as Any);
        return buffer.addVideoMeta(meta);
      };
      const pipeline = gst.Pipeline.parse(
        'appsrc name=source format=time ! videobalance saturation=0.5 ! fakesink sync=false',
      );
      const source = pipeline.appSrc('source');
      source.caps = caps;
      await pipeline.play();
      const push = (buffer: Any) => line(() => source.push(buffer));
      const convert = (buffer: Any) =>
        line(async () => (await gst.convertSample(gst.Sample.create(buffer, caps), 'image/png')).dispose());
      for (const use of [push, convert]) for (const meta of [good, upsideDown]) await use(withMeta(meta));
      for (const meta of wrong) await push(withMeta(meta));
      for (const meta of wrong) await push(withMeta(meta).copy());
      for (const meta of wrong) await convert(withMeta(meta));
      await pipeline.stop();
      pipeline.dispose();
    },
  );

  ends(
    'push and convert no picture of a pool whose video meta is not of its caps',
    ['PipelineError', 'MapError', 'none'],
    async (gst, line) => {
      const caps = 'video/x-raw, format=GRAY8, width=16, height=8, framerate=0/1';
      const pool = gst.BufferPool.create({ size: 192, max: 2 });
      const pipeline = gst.Pipeline.parse('appsrc name=source format=time ! videobalance saturation=0.5 ! fakesink');
      const source = pipeline.appSrc('source');
      source.caps = caps;
      await pipeline.play();
      const wrong = pool.tryAcquire() as Any;
      wrong.addVideoMeta({ format: 'I420', width: 16, height: 8, offsets: [0, 128, 160], strides: [16, 8, 8] });
      // Through a sample it comes in another wrapper, in GJS.
      const sample = gst.Sample.create(wrong, caps);
      const converted = async (from: Any) => (await gst.convertSample(from, 'image/png')).dispose();
      await line(() => converted(sample));
      await line(() => source.push(sample.buffer as Any));
      const right = pool.tryAcquire() as Any;
      right.addVideoMeta({ format: 'GRAY8', width: 16, height: 8, offsets: [0], strides: [16] });
      const good = gst.Sample.create(right, caps);
      await line(() => converted(good));
      await pipeline.stop();
      for (const each of [sample, good, wrong, right, pool, pipeline]) each.dispose();
    },
  );

  ends(
    'make no allocator the default that cannot allocate',
    ['AllocationError', 'AllocationError', 'none'],
    async (gst, line) => {
      const allocator = new gst.FdAllocator();
      await line(() => allocator.setDefault());
      class Own extends gst.CustomAllocator {
        override allocate(size: number) {
          return gst.Allocator.find('SystemMemory')?.alloc(size) as Any;
        }
      }
      const own = new Own();
      await line(() => gst.Allocator.prototype.setDefault.call(own));
      const buffer = gst.Buffer.alloc(10);
      await line(() => buffer.copyDeep().dispose());
      for (const each of [allocator, own, buffer]) each.dispose();
    },
  );

  ends('leave nobody waiting for a pipeline that is disposed', ['PipelineError'], async (gst, line) => {
    const pipeline = gst.Pipeline.parse('fakesrc ! fakesink');
    const finished = pipeline.finished();
    pipeline.dispose();
    await line(() => finished);
  });

  ends('start no seek that would never return', ['RangeError'], async (gst, line) => {
    const pipeline = gst.Pipeline.parse('videotestsrc ! fakesink');
    await pipeline.pause();
    await line(() => pipeline.seek(0, { flags: 0 }));
    await pipeline.stop();
    pipeline.dispose();
  });

  ends(
    'share no memory that is being written and is shared already',
    ['MapError', 'MapError', 'MapError', 'MapError', 'MapError', 'none', 'MapError'],
    async (gst, line) => {
      gst.ShmAllocator.initOnce();
      const allocator = gst.ShmAllocator.get() as Any;
      const memory = allocator.alloc(10);
      const first = new gst.Buffer().appendMemory(memory);
      const second = gst.Buffer.alloc(1);
      const inside = first.memory(0);
      const mapping = inside.map(gst.MapFlags.WRITE);
      await line(() => second.appendMemory(memory));
      await line(() => second.replaceMemory(0, memory));
      await line(() => first.extract());
      await line(() => first.compare(0, new Uint8Array(1)));
      await line(() => first.copyDeep());
      mapping.dispose();
      await line(() => second.appendMemory(memory));
      const whole = allocator.alloc(10);
      const part = whole.share();
      await line(() => {
        const writing = whole.map(gst.MapFlags.WRITE);
        try {
          part.share();
        } finally {
          writing.dispose();
        }
      });
      part.dispose();
      for (const each of [inside, first, second, memory, whole, allocator]) each.dispose();
    },
  );

  ends(
    'ask memory that is being written inside a buffer without a complaint',
    ['none', 'MapError', runtime === 'gjs' ? 'MapError' : 'none', 'none'],
    async (gst, line) => {
      gst.ShmAllocator.initOnce();
      const allocator = gst.ShmAllocator.get() as Any;
      const buffer = gst.Buffer.alloc(10, allocator);
      const memory = buffer.memory(0);
      const writing = buffer.map(gst.MapFlags.WRITE);
      await line(() => memory.isWritable);
      await line(() => memory.share());
      writing.dispose();
      // The last of three memories that are made one meanwhile.
      const part = allocator.alloc(10);
      const parts = new gst.Buffer().appendMemory(part).appendMemory(part).appendMemory(memory);
      const last = parts.mapRange(2, 1, 3);
      await line(() => parts.map(3).dispose());
      await line(() => last.dispose());
      for (const each of [parts, part, memory, buffer, allocator]) each.dispose();
    },
  );

  ends('share an empty memory where it may be shared', ['none', 'GstError'], async (gst, line) => {
    const allocator = gst.Allocator.find('SystemMemory') as Any;
    for (const flags of [0, gst.MemoryFlags.NO_SHARE]) {
      const memory = allocator.alloc(10, { flags });
      memory.resize(0, 0);
      await line(() => memory.share().dispose());
      memory.dispose();
    }
    allocator.dispose();
  });

  ends(
    'let go of what cannot be written back any more',
    runtime === 'gjs' ? ['NotWritableError', 'none'] : ['none', 'none'],
    async (gst, line) => {
      const buffer = gst.Buffer.alloc(10);
      const whole = gst.Buffer.alloc(10);
      const part = whole.memory(0);
      whole.dispose();
      const first = buffer.mapRange(0, 1, gst.MapFlags.READWRITE);
      const second = buffer.appendMemory(part).mapRange(1, 1, gst.MapFlags.READWRITE);
      const other = gst.Buffer.wrap(buffer.gi);
      await line(() => buffer.dispose());
      other.dispose();
      await line(() => {
        if (!buffer.isDisposed || !first.isDisposed || !second.isDisposed || gst.allocationCounters().Buffer)
          throw new RangeError('something was kept');
      });
    },
  );

  ends('dispose once what is disposed again meanwhile', ['none', 'DisposedError'], async (gst, line) => {
    const pool = gst.BufferPool.create({ size: 10, max: 1 });
    const buffer = pool.tryAcquire();
    const signal = { aborted: false, addEventListener() {}, removeEventListener: () => pool.dispose() };
    const waiting = pool.acquire({ signal: signal as Any });
    buffer?.dispose();
    await line(() => pool.dispose());
    await line(() => waiting);
  });

  ends('send no frame without bytes', ['RangeError', 'RangeError', 'RangeError', 'RangeError'], async (gst, line) => {
    const caps = 'video/x-raw, format=GRAY8, width=2, height=2, framerate=1/1';
    const buffer = new gst.Buffer();
    for (const transport of ['unixfd', 'shm'] as const) {
      const path = `/tmp/gst-allocators-hostile-${performance.now()}`;
      const writer = await gst.FrameWriter.open(path, { caps, transport });
      for (const frame of [buffer, new Uint8Array(0)]) await line(() => writer.write(frame));
      await writer.close();
    }
    buffer.dispose();
  });

  ends('write no buffer that its copy refers to', ['none', 'NotWritableError'], async (gst, line) => {
    const pool = gst.BufferPool.create({ size: 10, max: 1 });
    const buffer = await pool.acquire();
    await line(() => buffer.map(3).dispose());
    const copy = buffer.copy();
    await line(() => buffer.map(3));
    for (const each of [copy, buffer, pool]) each.dispose();
  });

  ends('push no buffer that is being written', ['MapError', 'MapError', 'none'], async (gst, line) => {
    const caps = 'video/x-raw, format=GRAY8, width=10, height=10, framerate=0/1';
    const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink sync=false');
    await pipeline.play();
    const source = pipeline.appSrc('source');
    const buffer = gst.Buffer.alloc(120);
    const writing = buffer.map(gst.MapFlags.WRITE);
    await line(() => source.push(buffer));
    const sample = gst.Sample.create(buffer, caps);
    await line(() => gst.convertSample(sample, 'image/png'));
    try {
      writing.dispose();
    } catch {
      // GJS: what was written is lost, as the sample shares the buffer.
    }
    await line(async () => (await gst.convertSample(sample, 'image/png')).dispose());
    await pipeline.stop();
    for (const each of [sample, buffer, pipeline]) each.dispose();
  });

  const sharedMeanwhile = runtime === 'gjs' ? 'NotWritableError' : 'none';
  ends(
    'keep a buffer that cannot be made writable',
    ['MapError', sharedMeanwhile, 'none', 'none'],
    async (gst, line) => {
      gst.ShmAllocator.initOnce();
      const allocator = gst.ShmAllocator.get() as Any;
      const buffer = gst.Buffer.alloc(10, allocator);
      const memory = buffer.memory(0);
      const writing = memory.map(gst.MapFlags.WRITE);
      const sample = gst.Sample.create(buffer);
      await line(() => buffer.makeWritable());
      await line(() => writing.dispose());
      await line(() => {
        if (buffer.size !== 10 || buffer.memoryCount !== 1) throw new RangeError('the buffer was lost');
      });
      await line(() => buffer.makeWritable().memset(0, 1, 10));
      for (const each of [memory, sample, buffer, allocator]) each.dispose();
    },
  );

  ends('write a buffer of a pool after all of it was read', ['none', 'none', 'none'], async (gst, line) => {
    const pool = gst.BufferPool.create({ size: 10, max: 1 });
    const buffer = await pool.acquire();
    const meta = { format: 'GRAY8', width: 2, height: 5, offsets: [0], strides: [2] };
    await line(() => {
      buffer.flags = 0x7ffffff0;
    });
    await line(() => buffer.addVideoMeta(meta).videoMeta);
    await line(() => buffer.map(gst.MapFlags.WRITE).dispose());
    for (const each of [buffer, pool]) each.dispose();
  });

  ends('convert no picture whose meta is of another format', ['PipelineError', 'none'], async (gst, line) => {
    const buffer = gst.Buffer.alloc(100);
    buffer.addVideoMeta({ format: 'GRAY8', width: 10, height: 10, offsets: [0], strides: [10] });
    for (const format of ['I420', 'GRAY8']) {
      const sample = gst.Sample.create(buffer, `video/x-raw, format=${format}, width=10, height=10, framerate=0/1`);
      await line(async () => (await gst.convertSample(sample, 'image/png')).dispose());
      sample.dispose();
    }
    buffer.dispose();
  });

  ends(
    'convert no picture whose crop is outside of it',
    // Before 1.26, GStreamer does not convert with a crop that is inside either.
    (runtime === 'gjs' ? ['UnavailableError', 'UnavailableError'] : ['PipelineError', 'none']).slice(
      0,
      convertsCrops ? 2 : 1,
    ),
    async (gst, line) => {
      const { major, minor } = gst.version();
      for (const x of major > 1 || minor >= 26 ? [6, 5] : [6]) {
        const buffer = gst.Buffer.alloc(100);
        await line(async () => {
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

  const givenUp = ['AbortError', 'AbortError', 'none'];
  ends('give up a wait whose signal calls back while it is listened to', givenUp, async (gst, line) => {
    const eager = () => ({
      aborted: false,
      addEventListener: (_: string, callback: () => void) => callback(),
      removeEventListener() {},
    });
    const pipeline = gst.Pipeline.parse('appsrc name=source max-bytes=1 ! appsink sync=false max-buffers=1');
    await pipeline.play();
    const source = pipeline.appSrc('source');
    const pool = gst.BufferPool.create({ size: 10, max: 5 });
    let buffer = pool.tryAcquire() as Any;
    // Until the sink and the source are full.
    const goesThrough = () =>
      source.push(buffer, { timeout: 5e7 }).then(
        () => true,
        () => false,
      );
    while (await goesThrough()) {
      buffer.dispose();
      buffer = pool.tryAcquire();
    }
    await line(() => source.push(buffer, { signal: eager() as Any }));
    const rest = [];
    for (let other = pool.tryAcquire(); other; other = pool.tryAcquire()) rest.push(other);
    await line(() => pool.acquire({ signal: eager() as Any, timeout: 1e7 }));
    buffer.dispose();
    await line(async () => (await pool.acquire({ timeout: 1e9 })).dispose());
    for (const each of rest) each.dispose();
    await pipeline.stop();
    for (const each of [pipeline, pool]) each.dispose();
  });

  ends('convert no sample without caps of a stream', ['PipelineError', 'PipelineError'], async (gst, line) => {
    const buffer = gst.Buffer.alloc(100);
    for (const caps of ['EMPTY', 'ANY']) {
      const sample = gst.Sample.create(buffer, caps);
      await line(() => gst.convertSample(sample, 'image/png'));
      sample.dispose();
    }
    buffer.dispose();
  });

  ends("take none of GStreamer's names for a meta", ['GstError', 'none'], async (gst, line) => {
    await line(() => gst.registerCustomMeta('GstVideoMeta'));
    const pipeline = gst.Pipeline.parse('videotestsrc num-buffers=1 ! fakesink');
    await line(() => pipeline.play());
    await pipeline.stop();
    pipeline.dispose();
  });

  ends('go by options as they were read first', ['DisposedError', 'DisposedError', 'none'], async (gst, line) => {
    const disposing = (object: Any) => ({
      get flags() {
        object.dispose();
        return 0;
      },
    });
    const allocator = gst.Allocator.find('SystemMemory') as Any;
    await line(() => allocator.alloc(10, disposing(allocator)));
    const other = gst.Allocator.find('SystemMemory') as Any;
    await line(() => gst.Buffer.alloc(10, other, disposing(other)));
    let looks = 0;
    const growing = {
      get size() {
        return looks++ ? 2 ** 40 : 10;
      },
    };
    await line(() => gst.BufferPool.create(growing).dispose());
  });

  ends('go by the length that bytes have, not by what they say', ['RangeError', 'RangeError'], async (gst, line) => {
    const buffer = gst.Buffer.alloc(1_000_000);
    const lying = Object.defineProperty(new Uint8Array(4), 'length', { value: 1_000_000 });
    await line(() => {
      buffer.fill(0, lying);
      if (buffer.compare(0, new Uint8Array(4)) === 0) throw new RangeError('only four bytes were filled');
    });
    const detached = new Uint8Array(4).buffer as Any;
    detached.transfer(0);
    await line(() => gst.Buffer.from(detached));
    buffer.dispose();
  });

  ends('write no structure without end', ['RangeError', 'RangeError', 'none', 'RangeError'], async (gst, line) => {
    gst.registerCustomMeta('HostileMeta');
    const buffer = gst.Buffer.alloc(1);
    const circular: Any = {};
    circular.a = circular;
    await line(() => buffer.addCustomMeta('HostileMeta', circular));
    let deep: Any = 1;
    for (let level = 0; level < 40; level++) deep = { a: deep };
    await line(() => buffer.addCustomMeta('HostileMeta', deep));
    await line(() => buffer.addCustomMeta('HostileMeta', {}));
    await line(() => buffer.addCustomMeta('HostileMeta', { a: new gst.TypedValue('constructor', '1') }));
    buffer.dispose();
  });

  ends('name what they got, whatever it is', ['TypeError', 'UnavailableError', 'PipelineError'], async (gst, line) => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    await line(() => new gst.Fraction(proxy as Any));
    await line(() => gst.gi.NoSuchNamespace);
    await line(() => gst.FrameWriter.open('missing/socket', { caps: 'a/b', transport: 'shm' }));
  });

  ends(
    'propose a pool that elements can neither use nor configure',
    [runtime === 'gjs' ? 'UnavailableError' : 'none'],
    async (gst, line) => {
      const pipeline = gst.Pipeline.parse('videotestsrc num-buffers=3 ! appsink name=sink sync=false');
      const pool = gst.BufferPool.create({ size: 10 });
      await line(async () => {
        pipeline.appSink('sink').proposeAllocation({ pool: pool.gi as Any });
        await pipeline.play();
        for await (const sample of pipeline.appSink('sink').frames()) sample.dispose();
        await pipeline.stop();
      });
      for (const each of [pipeline, pool]) each.dispose();
    },
  );

  ends('take raw objects wherever facades are taken', ['none'], async (gst, line) => {
    const allocator = new gst.DmaBufAllocator();
    const memory = allocator.allocDmaBuf(gst.memfd('hostile', 10), 10);
    const raw = memory.gi as Any;
    await line(() => gst.dmaDrm.mayUseFeature(raw));
    for (const each of [memory, allocator]) each.dispose();
  });
});

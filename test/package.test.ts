import { assert } from 'chai';
import { host } from '#host';
import * as gst from '../src/index.ts';
import { throws } from './harness/expectations.ts';

describe('The package', () => {
  it('is imported without a word on stderr', async () => {
    assert.deepEqual(await host.run(() => 'imported'), { status: 0, value: 'imported', stderr: '' });
  });

  it('loads the raw namespaces without a word on stderr', async () => {
    const ran = await host.run(({ gi, Buffer }) => {
      const names = ['Gst', 'GstAllocators', 'GstApp', 'GstVideo'];
      const found = names.filter(
        (name) => gi[name]?.Buffer || gi[name]?.FdAllocator || gi[name]?.AppSink || gi[name]?.VideoInfo,
      );
      return [...found, Buffer.alloc(4).gi !== null];
    });
    assert.deepEqual(ran, { status: 0, value: ['Gst', 'GstAllocators', 'GstApp', 'GstVideo', true], stderr: '' });
  });

  it('says which engine it runs on', () => {
    assert.strictEqual(gst.runtime, host.disposesAtOnce ? 'node' : 'gjs');
  });

  it('tells the version of GStreamer', () => {
    const { major, minor, micro, nano, string } = gst.version();
    assert.strictEqual(major, 1);
    for (const part of [minor, micro, nano]) assert.isTrue(Number.isInteger(part) && part >= 0);
    assert.include(string, `${major}.${minor}.${micro}`);
  });

  it('is initialised as often as one likes', () => {
    for (const options of [undefined, [], ['--gst-disable-segtrap']]) assert.doesNotThrow(() => gst.init(options));
  });

  it('looks at the options of GStreamer each time', () => {
    for (const bad of ['--gst-version', null, [1], [undefined]])
      throws(() => gst.init(bad as never), TypeError, /argv/);
  });

  it('takes the options of GStreamer at the first init', async () => {
    const ran = await host.run(({ init, version }) => {
      init(['--gst-debug=0', '--gst-disable-registry-update']);
      return version().major;
    });
    assert.deepEqual(ran, { status: 0, value: 1, stderr: '' });
  });

  it('has flags that nobody changes', () => {
    const { AllocatorFlags, BufferFlags, FdMemoryFlags, MapFlags, MemoryFlags, SeekFlags } = gst;
    for (const flags of [AllocatorFlags, BufferFlags, FdMemoryFlags, MapFlags, MemoryFlags, SeekFlags])
      throws(() => Object.assign(flags, { READ: 0 }), TypeError);
  });

  it('counts the live handles by kind', () => {
    const before = gst.allocationCounters();
    const buffers = [gst.Buffer.alloc(1), gst.Buffer.alloc(2)];
    const pool = gst.BufferPool.create({ size: 1 });
    const during = gst.allocationCounters();
    assert.strictEqual(during.Buffer, (before.Buffer ?? 0) + 2);
    assert.strictEqual(during.BufferPool, (before.BufferPool ?? 0) + 1);
    for (const each of [...buffers, pool]) each.dispose();
    assert.deepEqual(gst.allocationCounters(), before);
  });

  it('frees what was lost without dispose', async () => {
    const ran = await host.run(
      async ({ Allocator, Buffer, BufferPool, AllocationQuery, ShmAllocator, allocationCounters }, { collect }) => {
        ShmAllocator.initOnce();
        (() => {
          for (let index = 0; index < 50; index++) {
            Buffer.alloc(10, ShmAllocator.get()).memory(0);
            new AllocationQuery(null);
            Allocator.find();
            BufferPool.create({ size: 10 }).tryAcquire();
          }
        })();
        await collect();
        await collect();
        return allocationCounters();
      },
    );
    assert.deepEqual(ran, { status: 0, value: {}, stderr: '' });
  });

  it('says what was lost, and where it was made, with GST_ALLOCATORS_DEBUG=leaks', async () => {
    const ran = await host.run(
      async ({ Buffer }, { collect }) => {
        (function wasteful() {
          Buffer.alloc(10);
          Buffer.alloc(10).dispose();
        })();
        await collect();
        await collect();
      },
      { GST_ALLOCATORS_DEBUG: 'leaks' },
    );
    assert.match(ran.stderr, /a Buffer was lost without dispose/);
    assert.match(ran.stderr, /wasteful/);
    assert.strictEqual(ran.stderr.match(/was lost/g)?.length, 1);
  });

  it('has every error under GstError, with its name and GStreamer’s words', () => {
    for (const ErrorClass of [
      gst.AllocationError,
      gst.MapError,
      gst.NotWritableError,
      gst.PoolError,
      gst.QueryError,
      gst.PipelineError,
      gst.UnavailableError,
      gst.DisposedError,
      gst.ShmdataError,
    ]) {
      const error = new ErrorClass('tried', { detail: 'why', cause: 5 });
      assert.instanceOf(error, gst.GstError);
      assert.instanceOf(error, Error);
      assert.strictEqual(error.name, ErrorClass.name);
      assert.strictEqual(error.message, 'tried: why');
      assert.strictEqual(error.detail, 'why');
      assert.strictEqual(error.cause, 5);
      assert.isNull(new ErrorClass('tried').detail);
    }
    const flow = new gst.FlowError('tried', -3);
    assert.instanceOf(flow, gst.GstError);
    assert.strictEqual(flow.flow, -3);
    assert.strictEqual(flow.name, 'FlowError');
  });
});

describe('features()', () => {
  it('tells of each whether it is there, and what was found', () => {
    const found = gst.features();
    assert.isAtLeast(Object.keys(found).length, 5);
    for (const [name, feature] of Object.entries(found)) {
      assert.isBoolean(feature.available, name);
      assert.isString(feature.found, name);
      assert.isNotEmpty(feature.found, name);
    }
  });

  it('agrees with what happens', () => {
    const { shmAllocator, fdAllocator, dmaBufAllocator, zeroCopyMapping, udmabufAllocator, drmDumbAllocator } =
      gst.features();
    for (const feature of [shmAllocator, fdAllocator, dmaBufAllocator])
      assert.isTrue(feature?.available, feature?.found);
    gst.ShmAllocator.initOnce();
    using allocator = gst.ShmAllocator.get() as gst.ShmAllocator;
    using memory = allocator.alloc(10);
    using mapping = memory.map(1);
    assert.strictEqual(mapping.zeroCopy, zeroCopyMapping?.available);
    const works = (attempt: () => unknown): boolean => {
      try {
        (attempt() as Disposable | undefined)?.[Symbol.dispose]?.();
        return true;
      } catch (error) {
        assert.instanceOf(error, gst.UnavailableError);
        return false;
      }
    };
    assert.strictEqual(
      works(() => {
        gst.UdmabufAllocator.initOnce();
        return gst.UdmabufAllocator.get();
      }),
      udmabufAllocator?.available,
    );
    if (!drmDumbAllocator?.available)
      assert.isFalse(works(() => gst.DrmDumbAllocator.newWithDevicePath('/dev/dri/card0')));
  });

  it('leaves nothing open', () => {
    const before = host.openFds();
    gst.features();
    assert.deepEqual(host.openFds(), before);
  });
});

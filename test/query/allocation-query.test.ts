import { assert } from 'chai';
import { host } from '#host';
import {
  type AllocationParams,
  AllocationQuery,
  Allocator,
  allocationCounters,
  Buffer,
  BufferPool,
  FdAllocator,
  NotWritableError,
  Pipeline,
  QueryError,
  runtime,
  ShmAllocator,
} from '../../src/index.ts';
import { shm, sysmem } from '../harness/allocators.ts';
import { badNumbers, notNumbers, throws } from '../harness/expectations.ts';
import { itInOwnProcess } from '../harness/own-process.ts';
import { sleep } from '../harness/sleep.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const caps = 'video/x-raw, format=(string)I420, width=(int)320, height=(int)240, framerate=(fraction)30/1';
const plain = { flags: 0, align: 0, prefix: 0, padding: 0 };

/** The numbers of a list of proposals; what came with them is disposed. */
function numbers(query: AllocationQuery) {
  return [...query.pools].map(({ pool, ...rest }) => {
    const out = { pool: pool !== null, ...rest };
    pool?.dispose();
    return out;
  });
}
function allocators(query: AllocationQuery): [string | null, Required<AllocationParams>][] {
  return [...query.params].map(({ allocator, params }) => {
    const type = allocator?.memType ?? null;
    allocator?.dispose();
    return [type, params];
  });
}

describe('AllocationQuery', () => {
  let query: AllocationQuery;
  beforeEach(() => {
    query = new AllocationQuery(caps);
  });
  afterEach(() => query.dispose());

  describe('made', () => {
    it('has its caps, and wants a pool unless told otherwise', () => {
      assert.strictEqual(query.caps, caps);
      assert.isTrue(query.needPool);
      using other = new AllocationQuery(caps, { needPool: false });
      assert.isFalse(other.needPool);
    });

    it('may have no caps', () => {
      using other = new AllocationQuery(null);
      assert.isNull(other.caps);
    });

    it('has nothing in it', () => {
      for (const list of [query.pools, query.params, query.metas]) {
        assert.strictEqual(list.length, 0);
        assert.deepEqual([...list], []);
        throws(() => list.at(0), RangeError);
        throws(() => list.removeAt(0), RangeError);
      }
    });

    it('refuses caps that are not fixed or not valid, and invalid options', () => {
      throws(() => new AllocationQuery('video/x-raw, format={I420, NV12}'), RangeError, /fixed/);
      throws(() => new AllocationQuery('ANY'), RangeError, /fixed/);
      throws(() => new AllocationQuery('no, caps ='), RangeError, /caps/);
      for (const bad of [5, {}, true]) throws(() => new AllocationQuery(bad as never), TypeError, /caps/);
      throws(() => new AllocationQuery(caps, { needpool: true } as never), TypeError, /did you mean `needPool`/);
      for (const bad of [1, 'yes', null])
        throws(() => new AllocationQuery(caps, { needPool: bad } as never), TypeError, /needPool/);
      for (const bad of [null, 5, []]) throws(() => new AllocationQuery(caps, bad as never), TypeError, /options/);
    });
  });

  describe('pools', () => {
    it('are added, set, read and removed', () => {
      using pool = BufferPool.create({ size: 100, max: 3 });
      query.pools.add({ pool, size: 100, min: 1, max: 3 });
      query.pools.add({ size: 200 });
      assert.deepEqual(numbers(query), [
        { pool: true, size: 100, min: 1, max: 3 },
        { pool: false, size: 200, min: 0, max: 0 },
      ]);
      query.pools.set(1, { pool, size: 300, min: 2, max: 0 });
      query.pools.set(0, { pool: null, size: 5 });
      assert.deepEqual(numbers(query), [
        { pool: false, size: 5, min: 0, max: 0 },
        { pool: true, size: 300, min: 2, max: 0 },
      ]);
      query.pools.removeAt(0);
      assert.strictEqual(query.pools.length, 1);
      assert.strictEqual(numbers(query)[0]?.size, 300);
    });

    it('give the pool itself, alive after the query', () => {
      using pool = BufferPool.create({ size: 100, max: 1 });
      query.pools.add({ pool, size: 100, max: 1 });
      using found = query.pools.at(0).pool as BufferPool;
      query.dispose();
      const buffer = pool.tryAcquire() as Buffer;
      assert.isNull(found.tryAcquire());
      buffer.dispose();
      found.dispose();
      assert.isTrue(pool.isActive);
    });

    it('refuse invalid values', () => {
      for (const bad of [undefined, null, 5, []]) throws(() => query.pools.add(bad as never), TypeError);
      for (const bad of [5, {}, 'pool', query])
        throws(() => query.pools.add({ pool: bad as never, size: 1 }), TypeError, /`item.pool`/);
      for (const bad of badNumbers) throws(() => query.pools.add({ size: bad }), RangeError, /`item.size`/);
      for (const bad of notNumbers) throws(() => query.pools.add({ size: bad as never }), TypeError, /`item.size`/);
      throws(() => query.pools.add({ size: 1, min: 3, max: 2 }), RangeError, /`item.min`/);
      throws(() => query.pools.add({ size: 1, mini: 3 } as never), TypeError, /did you mean `min`/);
      throws(() => query.pools.add({ size: 2 ** 32 }), RangeError, /`item.size`/);
      using pool = BufferPool.create({ size: 100 });
      throws(() => query.pools.add({ pool, size: 0 }), RangeError, /`item.size`/);
      assert.strictEqual(query.pools.length, 0);
    });
  });

  describe('params', () => {
    it('are added, set, read and removed', () => {
      using shared = shm();
      query.params.add({ allocator: shared, params: { align: 63, padding: 16 } });
      query.params.add({ params: { prefix: 8 } });
      query.params.add({ allocator: shared });
      assert.deepEqual(allocators(query), [
        ['shm', { ...plain, align: 63, padding: 16 }],
        [null, { ...plain, prefix: 8 }],
        ['shm', plain],
      ]);
      using system = sysmem();
      query.params.set(1, { allocator: system, params: { align: 15 } });
      query.params.removeAt(0);
      assert.deepEqual(allocators(query), [
        ['SystemMemory', { ...plain, align: 15 }],
        ['shm', plain],
      ]);
    });

    it('give the allocator as the class it has', () => {
      using shared = shm();
      query.params.add({ allocator: shared });
      using found = query.params.at(0).allocator;
      assert.instanceOf(found, ShmAllocator);
    });

    it('refuse invalid values', () => {
      for (const bad of [undefined, null, 5, []]) throws(() => query.params.add(bad as never), TypeError);
      throws(() => query.params.add({}), TypeError, /allocator/);
      for (const bad of [5, {}, 'shm', query])
        throws(() => query.params.add({ allocator: bad as never }), TypeError, /`item.allocator`/);
      throws(() => query.params.add({ params: { align: 2 } }), RangeError, /align/);
      throws(() => query.params.add({ alocator: null } as never), TypeError, /did you mean `allocator`/);
      assert.strictEqual(query.params.length, 0);
    });
  });

  describe('metas', () => {
    it('are added, asked for, set in their place and removed', () => {
      query.metas.add('GstVideoMetaAPI');
      query.metas.add('GstVideoCropMetaAPI');
      assert.deepEqual([...query.metas], ['GstVideoMetaAPI', 'GstVideoCropMetaAPI']);
      assert.isTrue(query.hasMeta('GstVideoMetaAPI'));
      assert.isFalse(query.hasMeta('GstParentBufferMetaAPI'));
      query.metas.set(0, 'GstReferenceTimestampMetaAPI');
      assert.deepEqual([...query.metas], ['GstReferenceTimestampMetaAPI', 'GstVideoCropMetaAPI']);
      query.metas.removeAt(0);
      assert.deepEqual([...query.metas], ['GstVideoCropMetaAPI']);
      assert.strictEqual(query.metas.at(0), 'GstVideoCropMetaAPI');
    });

    it('refuse invalid values', () => {
      for (const bad of [undefined, null, 5, {}]) {
        throws(() => query.metas.add(bad as never), TypeError, /`api`/);
        throws(() => query.hasMeta(bad as never), TypeError, /`api`/);
      }
      throws(() => query.metas.add('GstNobodyKnowsMetaAPI'), QueryError, /GstNobodyKnows/);
      throws(() => query.metas.add('GstBuffer'), QueryError);
      throws(() => query.metas.add(''), QueryError);
      assert.isFalse(query.hasMeta('GstNobodyKnowsMetaAPI'));
      assert.strictEqual(query.metas.length, 0);
    });
  });

  it('lists refuse an index where nothing is', () => {
    query.pools.add({ size: 1 });
    query.params.add({ params: {} });
    query.metas.add('GstVideoMetaAPI');
    for (const list of [query.pools, query.params, query.metas]) {
      for (const bad of [1, ...badNumbers]) {
        throws(() => list.at(bad), RangeError, /`index`/);
        throws(() => list.removeAt(bad), RangeError, /`index`/);
        throws(() => list.set(bad, {} as never), RangeError, /`index`/);
      }
      for (const bad of notNumbers) throws(() => list.at(bad as never), TypeError, /`index`/);
      assert.strictEqual(list.length, 1);
    }
  });

  it('is not changed while somebody else holds it', () => {
    query.metas.add('GstVideoMetaAPI');
    query.pools.add({ size: 1 });
    query.params.add({ params: {} });
    // On Node a raw wrapper is another holder; in GJS it is the same one.
    const raw = query.gi;
    assert.isNotNull(raw);
    const changes = [
      () => query.pools.add({ size: 2 }),
      () => query.pools.set(0, { size: 3 }),
      () => query.pools.removeAt(0),
      () => query.params.add({ params: {} }),
      () => query.params.set(0, { params: {} }),
      () => query.params.removeAt(0),
      () => query.metas.add('GstVideoCropMetaAPI'),
      () => query.metas.removeAt(0),
    ];
    for (const change of changes) {
      try {
        change();
      } catch (error) {
        assert.instanceOf(error, NotWritableError, String(change));
      }
    }
  });

  describe('decide', () => {
    it('takes the first offers', () => {
      using shared = shm();
      using pool = BufferPool.create({ size: 100, max: 3 });
      query.pools.add({ pool, size: 100, min: 1, max: 3 });
      query.pools.add({ size: 5000, min: 7 });
      query.params.add({ allocator: shared, params: { align: 31 } });
      query.params.add({ params: { align: 7 } });
      const { allocator, pool: taken, ...rest } = query.decide({ size: 64, min: 9, max: 10 });
      assert.deepEqual(rest, { params: { ...plain, align: 31 }, size: 100, min: 1, max: 3 });
      assert.instanceOf(allocator, ShmAllocator);
      assert.instanceOf(taken, BufferPool);
      taken?.dispose();
      allocator?.dispose();
    });

    it('asks for the larger of two sizes', () => {
      query.pools.add({ size: 100 });
      assert.strictEqual(query.decide({ size: 64 }).size, 100);
      assert.strictEqual(query.decide({ size: 640 }).size, 640);
    });

    it('takes the defaults for what is not offered', () => {
      using shared = shm();
      const { allocator, ...rest } = query.decide({
        size: 64,
        min: 2,
        max: 3,
        allocator: shared,
        params: { align: 7 },
      });
      assert.deepEqual(rest, { pool: null, params: { ...plain, align: 7 }, size: 64, min: 2, max: 3 });
      assert.instanceOf(allocator, ShmAllocator);
      allocator?.dispose();
      assert.strictEqual(shared.memType, 'shm');
    });

    it('needs no defaults', () => {
      assert.deepEqual(query.decide(), { pool: null, allocator: null, params: plain, size: 0, min: 0, max: 0 });
    });

    it('leaves nothing behind when the query cannot be read', () => {
      using shared = shm();
      using pool = BufferPool.create({ size: 100, max: 3 });
      query.pools.add({ pool, size: 100 });
      const before = allocationCounters();
      const { pools } = query;
      pools.at = () => {
        throw new RangeError('no pool');
      };
      throws(() => query.decide({ allocator: shared }) as never, RangeError, /no pool/);
      query.params.add({ allocator: shared });
      throws(() => query.decide({ allocator: shared }) as never, RangeError, /no pool/);
      assert.deepEqual(allocationCounters(), before);
    });

    it('refuses invalid defaults, and leaks nothing', () => {
      using shared = shm();
      using pool = BufferPool.create({ size: 100, max: 3 });
      query.pools.add({ pool, size: 100 });
      query.params.add({ allocator: shared });
      for (const bad of badNumbers) throws(() => query.decide({ size: bad }) as never, RangeError, /size/);
      for (const bad of notNumbers.slice(1))
        throws(() => query.decide({ min: bad as never }) as never, TypeError, /min/);
      for (const bad of [5, 'shm', {}, query])
        throws(() => query.decide({ allocator: bad as never }) as never, TypeError, /allocator/);
      throws(() => query.decide({ params: { align: 2 } }) as never, RangeError, /align/);
      throws(() => query.decide({ params: { algin: 1 } as never }) as never, TypeError, /align/);
      throws(() => query.decide({ sise: 3 } as never) as never, TypeError, /did you mean `size`/);
      throws(() => query.decide(null as never) as never, TypeError, /defaults/);
    });
  });

  describe('peer', () => {
    let pipeline: Pipeline | null = null;
    afterEach(async () => {
      pipeline?.[Symbol.dispose]();
      pipeline = null;
      await host.collect();
    });
    const element = (description: string, name = 'source') => {
      pipeline = Pipeline.parse(description);
      return pipeline.get(name);
    };
    // biome-ignore-start lint/suspicious/noExplicitAny: raw elements, whose methods each engine names in its own way
    const padOf = (element: any, name: string): any =>
      element.get_static_pad ? element.get_static_pad(name) : element.getStaticPad(name);
    // biome-ignore-end lint/suspicious/noExplicitAny: as above

    it('gets the shared memory that videoconvert ! unixfdsink offers', () => {
      const source = element('videoconvert name=source ! unixfdsink socket-path=/tmp/gst-allocators-none');
      for (const target of [source, source.gi, padOf(source.gi, 'src')]) {
        using answer = AllocationQuery.peer(target, caps) as AllocationQuery;
        assert.instanceOf(answer, AllocationQuery);
        assert.strictEqual(answer.caps, caps);
        assert.isTrue(answer.needPool);
        assert.isAtLeast(answer.params.length, 1);
        const { allocator, ...rest } = answer.decide({ size: 115200 });
        assert.strictEqual(allocator?.memType, 'shm');
        allocator?.dispose();
        rest.pool?.dispose();
      }
    });

    it('is null for an element that waits for its caps', () => {
      const source = element('videotestsrc ! videoconvert name=source ! fakesink');
      assert.isNull(AllocationQuery.peer(source, caps));
    });

    it('is null where nothing is linked', () => {
      const source = element('appsrc name=source ! fakesink');
      const pad = padOf(source.gi, 'src');
      const peer = pad.get_peer ? pad.get_peer() : pad.getPeer();
      pad.unlink(peer);
      assert.isNull(AllocationQuery.peer(pad, caps));
    });

    it('answers between the frames of a stream', async () => {
      const source = element(
        'videotestsrc is-live=true name=source ! video/x-raw, format=GRAY8, width=16, height=8, framerate=20/1 ! appsink drop=true max-buffers=1',
      );
      await pipeline?.play();
      for (let round = 0; round < 5; round++) {
        await sleep(20);
        const ask = () =>
          AllocationQuery.peer(source, 'video/x-raw, format=GRAY8, width=16, height=8, framerate=20/1')?.dispose();
        if (runtime === 'node') ask();
        else throws(ask, QueryError, /Ask before it runs/);
      }
    });

    it('answers while what streams has nothing to stream, on its way to any state', async () => {
      const path = temporaryPath('socket');
      const ask = () => {
        using answer = AllocationQuery.peer(source, caps);
        assert.strictEqual(answer?.params.length, 1);
      };
      const source = element(
        `appsrc name=source format=time ! videoconvert ! unixfdsink socket-path=${path} async=true sync=false`,
      );
      const appSrc = (pipeline as unknown as Pipeline).appSrc('source');
      appSrc.caps = caps;
      const start = Date.now();
      for (const state of ['pause', 'play', 'pause', 'play'] as const) {
        await pipeline?.[state]();
        ask();
      }
      // A sink that has started is not waited for once more, which would be two seconds each time.
      assert.isBelow(Date.now() - start, 4000);
      using shared = shm();
      using buffer = Buffer.alloc(115200, shared);
      await appSrc.push(buffer);
      ask();
    });

    it('waits for no sink that waits for its clock, and for no other input', async () => {
      const gray = 'video/x-raw, format=GRAY8, width=16, height=8, framerate=20/1';
      for (const rest of [
        'identity name=asked ! fakesink sync=true',
        `identity name=asked ! mux. appsrc caps="${gray}" ! mux. matroskamux name=mux ! fakesink`,
      ]) {
        element(`appsrc name=source format=time caps="${gray}" ! ${rest}`);
        const playing = pipeline as unknown as Pipeline;
        await playing.play();
        for (const seconds of [0, 10, 20]) {
          using buffer = Buffer.alloc(128);
          buffer.pts = seconds * 1e9;
          await playing.appSrc('source').push(buffer);
        }
        await sleep(100);
        for (const name of ['source', 'asked']) {
          const start = Date.now();
          throws(() => AllocationQuery.peer(playing.get(name), gray), QueryError, /Ask before it runs/);
          assert.isBelow(Date.now() - start, 1500, rest);
        }
        await playing.stop();
        playing.dispose();
      }
    });

    it('waits for no stream that waits for this thread', async () => {
      for (const [description, state] of [
        ['videotestsrc num-buffers=3 name=source ! appsink sync=false', 'play'],
        ['videotestsrc name=source ! appsink sync=false max-buffers=2', 'play'],
        ['videotestsrc name=source ! queue ! appsink', 'pause'],
        ['videotestsrc name=source ! bin.( identity ! queue ! fakesink )', 'pause'],
      ] as const) {
        const source = element(description);
        await pipeline?.[state]();
        await sleep(50);
        const start = Date.now();
        try {
          AllocationQuery.peer(source, null)?.dispose();
          if (state === 'pause') assert.fail(`${description}: answered`);
        } catch (error) {
          assert.instanceOf(error, QueryError);
        }
        assert.isBelow(Date.now() - start, 1500, description);
        pipeline?.[Symbol.dispose]();
      }
    });

    it('refuses sink pads, and what has no source pad', () => {
      const sink = element('appsrc ! fakesink name=sink', 'sink');
      throws(() => AllocationQuery.peer(padOf(sink.gi, 'sink'), caps), QueryError, /source pad/);
      throws(() => AllocationQuery.peer(sink, caps), QueryError, /source pad/);
    });

    it('refuses what is neither a pad nor an element', () => {
      element('fakesrc name=source ! fakesink');
      using buffer = new Buffer();
      using system = Allocator.find() as Allocator;
      using fds = new FdAllocator();
      for (const bad of [undefined, null, 5, 'src', {}, buffer, query])
        throws(() => AllocationQuery.peer(bad, caps), TypeError, /`target`/);
      for (const bad of [system, fds, fds.gi]) throws(() => AllocationQuery.peer(bad, caps), QueryError, /pad/);
    });

    it('refuses bad caps and options', () => {
      const source = element('appsrc name=source ! fakesink');
      throws(() => AllocationQuery.peer(source, 'video/x-raw, width=[1,2]'), RangeError, /fixed/);
      throws(() => AllocationQuery.peer(source, 5 as never), TypeError, /caps/);
      throws(() => AllocationQuery.peer(source, caps, { needPool: 1 } as never), TypeError, /needPool/);
    });
  });

  itInOwnProcess('is read while somebody else holds it', ['none'], async (gst, attempt) => {
    const query = new gst.AllocationQuery('video/x-raw');
    const raw = query.gi;
    await attempt(() => query.decide().params && query.pools.length + query.params.length + query.metas.length);
    query.dispose();
    void raw;
  });
});

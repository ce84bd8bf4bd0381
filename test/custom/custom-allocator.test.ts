import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationError,
  type AllocationParams,
  AllocationQuery,
  Allocator,
  AllocatorFlags,
  Buffer,
  BufferPool,
  CustomAllocator,
  DisposedError,
  FdAllocator,
  GstError,
  MapFlags,
  type Memory,
  memfd,
  Pipeline,
  PipelineError,
  PoolError,
  type RawAllocator,
  runtime,
  UnavailableError,
} from '../../src/index.ts';
import { badNumbers, notNumbers, rejects, throws } from '../harness/expectations.ts';

class Memfds extends CustomAllocator {
  asked: [number, Required<AllocationParams>][] = [];
  readonly #fds = new FdAllocator();

  constructor() {
    super('memfd');
  }

  allocate(size: number, params: Required<AllocationParams>): Memory {
    this.asked.push([size, params]);
    return this.#fds.allocFd(memfd('spec', size), size);
  }

  override dispose(): void {
    super.dispose();
    this.#fds.dispose();
  }
}

class Made extends CustomAllocator {
  readonly #make: (size: number) => unknown;

  constructor(make: (size: number) => unknown) {
    super();
    this.#make = make;
  }

  allocate(size: number): Memory {
    return this.#make(size) as Memory;
  }
}

const none = { flags: 0, align: 0, prefix: 0, padding: 0 };

describe('CustomAllocator', () => {
  let allocator: Memfds;
  beforeEach(() => {
    allocator = new Memfds();
  });
  afterEach(() => allocator.dispose());

  it('needs an `allocate` of its own', () => {
    const Abstract = CustomAllocator as unknown as new () => CustomAllocator;
    throws(() => new Abstract(), TypeError, /`allocate`/);
  });

  it('is an Allocator with a way of its own', () => {
    assert.instanceOf(allocator, Allocator);
    assert.strictEqual(allocator.memType, 'memfd');
    assert.strictEqual(allocator.flags & AllocatorFlags.CUSTOM_ALLOC, AllocatorFlags.CUSTOM_ALLOC);
  });

  it('is called by alloc(), with the parameters', () => {
    using memory = allocator.alloc(100);
    using other = allocator.alloc(10, { align: 15 });
    assert.deepEqual([memory.size, other.size], [100, 10]);
    assert.isNotNull(memory.fd);
    assert.deepEqual(allocator.asked, [
      [100, none],
      [10, { ...none, align: 15 }],
    ]);
  });

  it('is called by Buffer.alloc()', () => {
    using buffer = Buffer.alloc(100, allocator);
    using memory = buffer.memory(0);
    buffer.withMapping(MapFlags.WRITE, (bytes) => bytes.fill(9));
    assert.deepEqual([...host.read(memory.fd as number, 0, 2)], [9, 9]);
    assert.lengthOf(allocator.asked, 1);
  });

  it('makes all buffers of a pool beforehand', () => {
    using pool = BufferPool.create({ size: 100, min: 1, max: 3, allocator, params: { align: 7 } });
    assert.lengthOf(allocator.asked, 3);
    for (let round = 0; round < 10; round++) {
      using buffer = pool.tryAcquire() as Buffer;
      using memory = buffer.memory(0);
      assert.isNotNull(memory.fd);
      assert.isTrue(buffer.isWritable);
    }
    assert.lengthOf(allocator.asked, 3);
    throws(() => BufferPool.create({ size: 100, allocator }), PoolError, /`options.max`/);
  });

  it('is found again, by its name and from C, as what it is: with its memory type, and asked for memory', () => {
    Allocator.register('spec-found', allocator);
    for (const again of [Allocator.find('spec-found'), Allocator.wrap(allocator.gi)]) {
      using found = again as Allocator;
      assert.isTrue(found instanceof CustomAllocator);
      assert.strictEqual(found.memType, 'memfd');
      using memory = found.alloc(100, { align: 7 });
      assert.isNotNull(memory.fd);
      using buffer = Buffer.alloc(10, found);
      assert.strictEqual(buffer.size, 10);
      throws(() => found.setDefault(), UnavailableError, /streaming threads/);
    }
    assert.deepEqual(allocator.asked[0], [100, { ...none, align: 7 }]);
    assert.lengthOf(allocator.asked, 4);
    using query = new AllocationQuery(null);
    query.params.add({ allocator });
    using offered = query.params.at(0).allocator as Allocator;
    assert.strictEqual(offered.memType, 'memfd');
    Allocator.register('spec-found', new FdAllocator());
    using other = Allocator.find('spec-found') as Allocator;
    assert.isFalse(other instanceof CustomAllocator);
  });

  it('lives exactly as long as it is registered, also when its facade is lost', async () => {
    const lost: WeakRef<object>[] = [];
    (() => {
      for (const name of ['spec-kept', 'spec-replaced', null]) {
        const made = new Made((size) => Buffer.alloc(size).memory(0));
        if (name) Allocator.register(name, made);
        lost.push(new WeakRef(made));
        made.dispose();
      }
      using plain = new FdAllocator();
      Allocator.register('spec-replaced', plain);
    })();
    await host.collect();
    await host.collect();
    assert.deepEqual(
      lost.map((each) => each.deref() !== undefined),
      [true, false, false],
    );
    using found = Allocator.find('spec-kept') as Allocator;
    using memory = found.alloc(10);
    assert.strictEqual(memory.size, 10);
  });

  it('cannot be the default one', () => {
    throws(() => allocator.setDefault(), UnavailableError, /streaming threads/);
  });

  it('refuses invalid sizes and parameters without calling allocate()', () => {
    for (const bad of [0, ...badNumbers]) throws(() => allocator.alloc(bad), RangeError, /`size`/);
    for (const bad of notNumbers) throws(() => allocator.alloc(bad as never), TypeError, /`size`/);
    throws(() => allocator.alloc(1, { align: 2 }), RangeError, /align/);
    throws(() => allocator.alloc(2 ** 52), AllocationError, /bytes of this machine/);
    assert.lengthOf(allocator.asked, 0);
  });

  it('throws after dispose', () => {
    allocator.dispose();
    throws(() => allocator.alloc(1), DisposedError);
    throws(() => allocator.memType, DisposedError);
    throws(() => Buffer.alloc(1, allocator), DisposedError);
  });

  const bad: Record<string, [(size: number) => unknown, RegExp]> = {
    nothing: [() => null, /gave null/],
    'a buffer': [() => 5, /gave 5/],
    'too little': [
      (size) => {
        using system = Allocator.find() as Allocator;
        return system.alloc(size - 1);
      },
      /gave 99 bytes/,
    ],
    'disposed memory': [
      (size) => {
        using system = Allocator.find() as Allocator;
        const memory = system.alloc(size);
        memory.dispose();
        return memory;
      },
      /disposed/,
    ],
    'an error': [
      () => {
        throw new GstError('no device');
      },
      /no device/,
    ],
  };
  for (const [what, [make, message]] of Object.entries(bad)) {
    it(`says what is wrong with ${what}`, () => {
      using made = new Made(make);
      throws(() => made.alloc(100), AllocationError, message);
      throws(() => Buffer.alloc(100, made), AllocationError, message);
      throws(() => BufferPool.create({ size: 100, max: 2, allocator: made }), PoolError, message);
    });
  }

  it('cannot be proposed to upstream, but a pool made with it can (Node)', async function () {
    await using pipeline = Pipeline.parse(
      'videotestsrc num-buffers=20 ! video/x-raw, format=GRAY8, width=64, height=48, framerate=30/1 ! appsink name=sink',
    );
    const sink = pipeline.appSink('sink');
    throws(() => sink.proposeAllocation({ allocator }), UnavailableError, /a custom allocator cannot be proposed/);
    if (runtime === 'gjs') this.skip();
    using pool = BufferPool.create({ size: 64 * 48, min: 2, max: 3, allocator });
    sink.proposeAllocation({ pool });
    // Each time it is filled anew, for the caps of the stream or because the element has stopped it.
    for (const asked of [6, 9]) {
      await pipeline.play();
      for await (const sample of sink.frames({ timeout: 20e9, maxBuffers: 1 })) {
        using memory = sample.buffer?.memory(0);
        assert.isNotNull(memory?.fd);
        sample.dispose();
      }
      await pipeline.stop();
      assert.lengthOf(allocator.asked, asked);
    }
  });

  it('fails an element that asks it all the same, which can be stopped (Node)', async function () {
    if (runtime === 'gjs') this.skip();
    await using pipeline = Pipeline.parse(
      'videotestsrc num-buffers=5 ! video/x-raw, width=64, height=48 ! appsink name=sink',
    );
    pipeline.appSink('sink').proposeAllocation({ allocator: allocator.gi as RawAllocator });
    const play = async () => {
      await pipeline.play();
      await pipeline.finished();
    };
    await rejects(play(), PipelineError);
    await pipeline.stop();
    assert.lengthOf(allocator.asked, 0);
  });
});

describe('memfd', () => {
  it('gives an fd of that many zeros; in GJS of a few more', () => {
    const fd = memfd('spec', 5000);
    const end = [...host.read(fd, 4998, 100)];
    host.close(fd);
    if (runtime === 'gjs') assert.isAtLeast(end.length, 2);
    else assert.lengthOf(end, 2);
    assert.isTrue(end.every((byte) => byte === 0));
  });

  it('refuses bad sizes and names', () => {
    for (const bad of [0, ...badNumbers]) throws(() => memfd('spec', bad), RangeError, /`size`/);
    throws(() => memfd(5 as never, 5), TypeError, /`name`/);
    throws(() => memfd('a\0', 5), RangeError, /`name`/);
  });
});

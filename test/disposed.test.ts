import { assert } from 'chai';
import * as gst from '../src/index.ts';
import {
  AllocationQuery,
  Allocator,
  Buffer,
  BufferPool,
  DisposedError,
  DmaBufAllocator,
  FdAllocator,
  isDmaBufMemory,
  isFdMemory,
  type Memory,
  registerCustomMeta,
  Sample,
} from '../src/index.ts';
import { allocatorMakers, isThere } from './harness/allocator-makers.ts';
import { sysmem } from './harness/allocators.ts';
import { rejects, throws } from './harness/expectations.ts';

/** One of each class whose objects hold a native reference. */
const makers: Record<
  string,
  () => Disposable & { readonly isDisposed: boolean; dispose(): void; readonly gi: unknown }
> = {
  ...Object.fromEntries(
    Object.entries(allocatorMakers)
      .filter(([name]) => isThere(name))
      .map(([name, make]) => [name, make as () => Allocator]),
  ),
  Memory() {
    using allocator = sysmem();
    return allocator.alloc(10);
  },
  Buffer: () => Buffer.alloc(10),
  Sample() {
    using buffer = Buffer.alloc(10);
    return Sample.create(buffer);
  },
  BufferPool: () => BufferPool.create({ size: 10 }),
  AllocationQuery: () => new AllocationQuery(null),
};

/** What works on a disposed object: nothing but asking whether it is, and disposing it again. */
const allowed = new Set<PropertyKey>(['constructor', 'isDisposed', 'dispose', Symbol.dispose]);
/** Not public: a text. */
const own = new Set<PropertyKey>(['howToAllocate']);

/** Good arguments, so that it is the disposed object that is refused and nothing else. */
const args: Record<string, () => unknown[]> = {
  alloc: () => [10],
  allocFd: () => [0, 10],
  allocFdRange: () => [0, { maxSize: 10, offset: 0, size: 10 }],
  allocDmaBuf: () => [0, 10],
  isType: () => ['shm'],
  withMapping: () => [1, () => {}],
  resize: () => [0, 1],
  isSpan: () => [memory()],
  memory: () => [0],
  appendMemory: () => [memory()],
  prependMemory: () => [memory()],
  insertMemory: () => [0, memory()],
  replaceMemory: () => [0, memory()],
  removeMemory: () => [0],
  sizesRange: () => [0, 1],
  findMemory: () => [0],
  getMemoryRange: () => [0, 1],
  isMemoryRangeWritable: () => [0, 1],
  replaceMemoryRange: () => [0, 1, memory()],
  replaceAllMemory: () => [memory()],
  removeMemoryRange: () => [0, 1],
  resizeRange: () => [0, 1, 0, 1],
  setSize: () => [1],
  append: () => [buffer()],
  appendRegion: () => [buffer(), 0, 1],
  copyInto: () => [buffer()],
  mapRange: () => [0, 1],
  fill: () => [0, new Uint8Array(1)],
  memset: () => [0, 0, 1],
  compare: () => [0, new Uint8Array(1)],
  copyRegion: () => [0, 1],
  addVideoMeta: () => [{ format: 'GRAY8', width: 1, height: 1, offsets: [0], strides: [4] }],
  addVideoCrop: () => [{ x: 0, y: 0, width: 1, height: 1 }],
  addCustomMeta() {
    registerCustomMeta('SpecDisposed');
    return ['SpecDisposed'];
  },
  customMeta: () => ['SpecDisposed'],
  setCustomMeta() {
    registerCustomMeta('SpecDisposed');
    return ['SpecDisposed', {}];
  },
  removeMeta: () => ['GstVideoMeta'],
  addReferenceTimestamp: () => ['timestamp/x-ntp', 1],
  addParentBuffer: () => [buffer()],
  setFlushing: () => [true],
  hasOption: () => ['x'],
  hasMeta: () => ['x'],
};

/** A memory that lasts as long as the test. */
function memory(): Memory {
  const made = makers.Memory?.() as Memory;
  spares.push(made);
  return made;
}
const spares: (Memory | Buffer)[] = [];

/** A buffer that lasts as long. */
function buffer(): Buffer {
  const made = Buffer.alloc(1);
  spares.push(made);
  return made;
}

function membersOf(object: object): Map<PropertyKey, PropertyDescriptor> {
  const found = new Map<PropertyKey, PropertyDescriptor>();
  for (let at = Object.getPrototypeOf(object); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) {
      const member = Reflect.getOwnPropertyDescriptor(at, key) as PropertyDescriptor;
      // A mark of the class does nothing that could be refused.
      if (!found.has(key) && typeof member.value !== 'boolean') found.set(key, member);
    }
  }
  return found;
}

describe('After dispose()', () => {
  it('an allocator of each class is looked at', () => {
    const classes = Object.entries(gst).filter(
      ([, value]) => typeof value === 'function' && (value === Allocator || value.prototype instanceof Allocator),
    );
    assert.deepEqual(
      Object.keys(allocatorMakers).sort(),
      classes
        .map(([name]) => name)
        .filter((name) => name !== 'CustomAllocator')
        .sort(),
    );
  });

  afterEach(() => {
    for (const spare of spares.splice(0)) spare.dispose();
  });

  for (const [name, make] of Object.entries(makers)) {
    describe(`a ${name}`, () => {
      it('says so, and may be disposed again', () => {
        const object = make();
        assert.isFalse(object.isDisposed);
        object.dispose();
        assert.isTrue(object.isDisposed);
        object.dispose();
        object[Symbol.dispose]();
      });

      const object = make();
      const members = [...membersOf(object)].filter(([key]) => !allowed.has(key) && !own.has(key));
      object.dispose();

      for (const [key, { get, set, value }] of members) {
        it(`throws a DisposedError from ${String(key)}`, async () => {
          if (get) throws(() => get.call(object), DisposedError, /disposed/);
          if (set) throws(() => set.call(object, 1), DisposedError, /disposed/);
          if (typeof value !== 'function') return;
          const given = args[String(key)]?.() ?? [];
          if (value.constructor.name === 'AsyncFunction') await rejects(value.apply(object, given), DisposedError);
          else throws(() => value.apply(object, given), DisposedError, /disposed/);
        });
      }
    });
  }

  it('the lists of an AllocationQuery throw too', () => {
    const query = new AllocationQuery(null);
    const { pools, params, metas } = query;
    query.dispose();
    for (const list of [pools, params, metas]) {
      throws(() => list.length, DisposedError);
      throws(() => list.at(0), DisposedError);
      throws(() => list.removeAt(0), DisposedError);
      throws(() => [...list], DisposedError);
    }
    throws(() => pools.add({ size: 1 }), DisposedError);
    throws(() => params.add({ params: {} }), DisposedError);
    throws(() => metas.add('GstVideoMetaAPI'), DisposedError);
    throws(() => pools.set(0, { size: 1 }), DisposedError);
  });

  it('an object is refused wherever one is taken', () => {
    const memory = makers.Memory?.() as Memory;
    const buffer = Buffer.alloc(1);
    const allocator = new DmaBufAllocator();
    const pool = BufferPool.create({ size: 1 });
    for (const each of [memory, buffer, allocator, pool]) each.dispose();
    using target = new Buffer();
    using query = new AllocationQuery(null);
    throws(() => target.appendMemory(memory), DisposedError);
    throws(() => isFdMemory(memory), DisposedError);
    throws(() => isDmaBufMemory(memory), DisposedError);
    throws(() => Sample.create(buffer), DisposedError);
    throws(() => Buffer.alloc(1, allocator), DisposedError);
    throws(() => FdAllocator.alloc(allocator, 0, 1), DisposedError);
    throws(() => DmaBufAllocator.alloc(allocator, 0, 1), DisposedError);
    throws(() => Allocator.register('x', allocator), DisposedError);
    throws(() => BufferPool.create({ size: 1, allocator }), DisposedError);
    throws(() => query.pools.add({ pool, size: 1 }), DisposedError);
    throws(() => query.params.add({ allocator }), DisposedError);
    throws(() => query.decide({ allocator }) as never, DisposedError);
    throws(() => AllocationQuery.peer(allocator, null), DisposedError);
  });
});

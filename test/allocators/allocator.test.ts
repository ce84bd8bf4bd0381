import { assert } from 'chai';
import { host } from '#host';
import {
  ALLOCATOR_SHM,
  ALLOCATOR_SYSMEM,
  AllocationError,
  Allocator,
  AllocatorFlags,
  DmaBufAllocator,
  FdAllocator,
  MapFlags,
  Memory,
  MemoryFlags,
  ShmAllocator,
} from '../../src/index.ts';
import { shm, sysmem } from '../harness/allocators.ts';
import { badNumbers, notNumbers, pattern, throws } from '../harness/expectations.ts';
import { type Any, itInOwnProcess } from '../harness/own-process.ts';

describe('Allocator', () => {
  it('is found by name, or the default one without a name', () => {
    assert.strictEqual(ALLOCATOR_SYSMEM, 'SystemMemory');
    using named = Allocator.find(ALLOCATOR_SYSMEM) as Allocator;
    using standard = Allocator.find() as Allocator;
    using also = Allocator.find(null) as Allocator;
    for (const each of [named, standard, also]) assert.strictEqual(each.memType, ALLOCATOR_SYSMEM);
    assert.isNull(Allocator.find('nobody registered this'));
    for (const bad of [5, {}, true]) throws(() => Allocator.find(bad as never), TypeError, /`name`/);
    throws(() => Allocator.find('a\0b'), RangeError, /`name`/);
  });

  it('is found as the class it has', () => {
    ShmAllocator.initOnce();
    using found = Allocator.find(ALLOCATOR_SHM);
    assert.instanceOf(found, ShmAllocator);
  });

  it('is registered under a name', () => {
    using mine = new FdAllocator();
    Allocator.register('gst-allocators-test', mine);
    using found = Allocator.find('gst-allocators-test');
    assert.instanceOf(found, FdAllocator);
    Allocator.register('gst-allocators-test', mine);
    for (const bad of [undefined, null, 5, {}]) {
      throws(() => Allocator.register(bad as never, mine), TypeError, /`name`/);
      throws(() => Allocator.register('x', bad as never), TypeError, /`allocator`/);
    }
  });

  for (const [name, make] of [
    ['shm', shm],
    ['SystemMemory', sysmem],
  ] as [string, () => Allocator][]) {
    describe(`of ${name}`, () => {
      let allocator: Allocator;
      beforeEach(() => {
        allocator = make();
      });
      afterEach(() => allocator.dispose());

      it('names the type of its memory', () => {
        assert.strictEqual(allocator.memType, name);
      });

      it('makes memory of the size', () => {
        for (const size of [1, 7, 4096, 4097, 1_000_000]) {
          using memory = allocator.alloc(size);
          assert.instanceOf(memory, Memory);
          assert.strictEqual(memory.size, size);
          assert.isTrue(memory.isType(name));
          memory.withMapping(MapFlags.WRITE, (bytes) => bytes.set(pattern(size)));
          assert.deepEqual(
            memory.withMapping(MapFlags.READ, (bytes) => bytes.slice(-5)),
            pattern(size).slice(-5),
          );
        }
      });

      it('honours align, prefix and padding', () => {
        for (const params of [
          { align: 0, prefix: 0, padding: 0 },
          { align: 15 },
          { align: 63, prefix: 64 },
          { prefix: 100, padding: 200 },
          { align: 4095, prefix: 10, padding: 20 },
        ]) {
          using memory = allocator.alloc(1000, params);
          const { align = 0, prefix = 0, padding = 0 } = params;
          assert.strictEqual(memory.size, 1000);
          assert.strictEqual(memory.offset, prefix);
          assert.isAtLeast(memory.maxSize, prefix + 1000 + padding);
          assert.strictEqual(memory.align & align, align);
          memory.resize(-prefix, prefix + 1000 + padding);
          memory.withMapping(MapFlags.WRITE, (bytes) => bytes.fill(1));
        }
      });

      it('zeroes prefix and padding when asked', () => {
        const flags = MemoryFlags.ZERO_PREFIXED | MemoryFlags.ZERO_PADDED;
        using memory = allocator.alloc(100, { flags, prefix: 16, padding: 16 });
        memory.resize(-16, 132);
        memory.withMapping(MapFlags.READ, (bytes) => {
          assert.deepEqual(bytes.slice(0, 16), new Uint8Array(16));
          assert.deepEqual(bytes.slice(116, 132), new Uint8Array(16));
        });
      });

      it('refuses invalid sizes', () => {
        for (const bad of [0, ...badNumbers]) throws(() => allocator.alloc(bad), RangeError, /`size`/);
        for (const bad of notNumbers) throws(() => allocator.alloc(bad as never), TypeError, /`size`/);
      });

      it('refuses invalid parameters', () => {
        for (const bad of [null, 5, 'align', [], true])
          throws(() => allocator.alloc(1, bad as never), TypeError, /`params`/);
        throws(() => allocator.alloc(1, { pading: 3 } as never), TypeError, /did you mean `padding`/);
        throws(() => allocator.alloc(1, { align: 5 }), RangeError, /`params.align`/);
        for (const key of ['flags', 'align', 'prefix', 'padding']) {
          for (const bad of badNumbers)
            throws(() => allocator.alloc(1, { [key]: bad }), RangeError, new RegExp(`params.${key}`));
          for (const bad of notNumbers.slice(1))
            throws(() => allocator.alloc(1, { [key]: bad } as never), TypeError, new RegExp(`params.${key}`));
        }
      });

      it('says so when there is not enough memory, and lives on', () => {
        throws(() => allocator.alloc(2 ** 52), AllocationError);
        throws(() => allocator.alloc(Number.MAX_SAFE_INTEGER), AllocationError);
        throws(() => allocator.alloc(1, { prefix: Number.MAX_SAFE_INTEGER }), AllocationError);
        throws(() => allocator.alloc(1, { padding: 2 ** 50, prefix: 2 ** 50 }), AllocationError);
        allocator.alloc(10).dispose();
      });

      it('lives on when one of its facades is disposed', () => {
        const memory = allocator.alloc(10);
        make().dispose();
        memory.dispose();
        using again = allocator.alloc(10);
        assert.strictEqual(again.size, 10);
      });
    });
  }

  it('with the flag CUSTOM_ALLOC refuses alloc(), and names what to use instead', () => {
    using fds = new FdAllocator();
    using dmaBufs = new DmaBufAllocator();
    assert.isAbove(fds.flags & AllocatorFlags.CUSTOM_ALLOC, 0);
    throws(() => fds.alloc(10), AllocationError, /allocFd/);
    throws(() => dmaBufs.alloc(10), AllocationError, /allocDmaBuf/);
  });

  it('becomes the default of the whole process', async () => {
    const { value, stderr } = await host.run(({ Allocator, Buffer, ShmAllocator }) => {
      ShmAllocator.initOnce();
      ShmAllocator.get()?.setDefault();
      return [Allocator.find()?.memType, Buffer.alloc(10).memory(0).isType('shm')];
    });
    assert.deepEqual({ value, stderr }, { value: ['shm', true], stderr: '' });
  });

  it('is not made by hand', () => {
    throws(() => new (Allocator as unknown as new () => Allocator)(), TypeError);
    throws(() => new (ShmAllocator as unknown as new () => Allocator)(), TypeError);
    throws(() => new (FdAllocator as unknown as new (handle: number) => Allocator)(5), TypeError);
  });

  itInOwnProcess(
    'becomes the default only where it can allocate',
    ['AllocationError', 'AllocationError', 'none'],
    async (gst, attempt) => {
      const allocator = new gst.FdAllocator();
      await attempt(() => allocator.setDefault());
      class Own extends gst.CustomAllocator {
        override allocate(size: number) {
          return gst.Allocator.find('SystemMemory')?.alloc(size) as Any;
        }
      }
      const own = new Own();
      await attempt(() => gst.Allocator.prototype.setDefault.call(own));
      const buffer = gst.Buffer.alloc(10);
      await attempt(() => buffer.copyDeep().dispose());
      for (const each of [allocator, own, buffer]) each.dispose();
    },
  );
});

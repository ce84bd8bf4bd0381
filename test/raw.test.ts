import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationQuery,
  Allocator,
  Buffer,
  BufferPool,
  DmaBufAllocator,
  dmaBufMemoryGetFd,
  FdAllocator,
  FdMemoryFlags,
  FrameReader,
  FrameWriter,
  fdMemoryGetFd,
  gi,
  isDmaBufMemory,
  isDrmDumbMemory,
  isFdMemory,
  isPhysMemory,
  Memory,
  Sample,
  ShmAllocator,
} from '../src/index.ts';
import { shm, sysmem } from './harness/allocators.ts';
import { pattern, rejects, throws } from './harness/expectations.ts';
import { type Any, itInOwnProcess } from './harness/own-process.ts';
import { sleep } from './harness/sleep.ts';
import { temporaryPath } from './harness/temporary-path.ts';

// biome-ignore lint/suspicious/noExplicitAny: a raw object takes the place of a facade
const raw = (facade: { gi: unknown }): any => facade.gi;
/** Calls a method of a raw object by its C name: node-gtk spells it in camel case. */
// biome-ignore lint/suspicious/noExplicitAny: as above
const call = (object: any, name: string, ...given: unknown[]): any =>
  object[name in object ? name : name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())](...given);

describe('Raw objects', () => {
  // Raw wrappers keep their references until they are collected.
  afterEach(() => host.collect());

  it('are what `.gi` gives', () => {
    using buffer = Buffer.alloc(10);
    using allocator = sysmem();
    using memory = allocator.alloc(10);
    using pool = BufferPool.create({ size: 10 });
    using query = new AllocationQuery(null);
    using sample = Sample.create(buffer);
    const { Gst } = gi as unknown as Record<string, Record<string, new () => object>>;
    for (const [facade, name] of [
      [buffer, 'Buffer'],
      [memory, 'Memory'],
      [allocator, 'Allocator'],
      [pool, 'BufferPool'],
      [query, 'Query'],
      [sample, 'Sample'],
    ] as const)
      assert.instanceOf(facade.gi, Gst?.[name] as new () => object, name);
    assert.equal(call(raw(buffer), 'get_size'), 10);
    assert.isTrue(call(raw(memory), 'is_type', 'SystemMemory'));
  });

  it('are the same as long as somebody has them', async () => {
    using allocator = sysmem();
    using buffer = Buffer.alloc(10);
    using other = buffer.copy();
    const first = raw(buffer);
    assert.strictEqual(raw(buffer), first);
    assert.strictEqual(allocator.gi, allocator.gi);
    // As the raw object shares the buffer, the facade takes a copy.
    using sample = Sample.create(buffer);
    assert.notStrictEqual(raw(buffer.makeWritable()), first);
    assert.notStrictEqual(raw(other), first);
    assert.strictEqual(sample.buffer?.size, 10);
  });

  it('show what the facade did', () => {
    using buffer = Buffer.from(pattern(10));
    assert.strictEqual(call(raw(buffer), 'n_memory'), 1);
    using again = Buffer.wrap(raw(buffer));
    assert.deepEqual(again.extract(), pattern(10));
  });

  it('outlive their facade, and do not end with it', async () => {
    const buffer = Buffer.from(pattern(10));
    const kept = raw(buffer);
    buffer.dispose();
    await host.settled();
    using again = Buffer.wrap(kept);
    assert.deepEqual(again.extract(), pattern(10));
  });

  it('are wrapped as the class they have', () => {
    using shared = shm();
    using found = Allocator.wrap(raw(shared));
    assert.instanceOf(found, ShmAllocator);
    using dmaBufs = new DmaBufAllocator();
    using also = Allocator.wrap(raw(dmaBufs));
    assert.instanceOf(also, DmaBufAllocator);
  });

  it('are taken in place of a memory', () => {
    using fds = new DmaBufAllocator();
    using memory = fds.allocDmaBuf(host.openFile(pattern(10)), 10);
    const given = raw(memory);
    assert.isTrue(isFdMemory(given));
    assert.isTrue(isDmaBufMemory(given));
    assert.isFalse(isPhysMemory(given));
    assert.isFalse(isDrmDumbMemory(given));
    assert.strictEqual(fdMemoryGetFd(given), memory.fd);
    assert.strictEqual(dmaBufMemoryGetFd(given), memory.fd);
    using buffer = new Buffer();
    buffer.appendMemory(given).prependMemory(given).insertMemory(1, given).replaceMemory(2, given);
    assert.strictEqual(buffer.memoryCount, 3);
    assert.isFalse(memory.isSpan(given));
    using wrapped = Memory.wrap(given);
    assert.strictEqual(wrapped.size, 10);
  });

  it('are taken in place of an allocator', () => {
    using shared = shm();
    using fds = new FdAllocator();
    using dmaBufs = new DmaBufAllocator();
    const given = raw(shared);
    using buffer = Buffer.alloc(10, given);
    using pool = BufferPool.create({ size: 10, allocator: given });
    using query = new AllocationQuery(null);
    query.params.add({ allocator: given });
    query.decide({ allocator: given }).allocator?.dispose();
    Allocator.register('gst-allocators-raw', given);
    using one = FdAllocator.alloc(raw(fds), host.openFile(pattern(3)), 3);
    using two = DmaBufAllocator.alloc(raw(dmaBufs), host.openFile(pattern(3)), 3);
    using three = DmaBufAllocator.allocWithFlags(raw(dmaBufs), host.openFile(pattern(3)), 3, FdMemoryFlags.NONE);
    for (const each of [one, two, three]) assert.strictEqual(each.size, 3);
    assert.isTrue(pool.isActive);
    assert.strictEqual(buffer.size, 10);
  });

  it('are taken in place of buffers and pools', () => {
    using buffer = Buffer.from(pattern(5));
    using sample = Sample.create(raw(buffer));
    assert.deepEqual(sample.buffer?.extract(), pattern(5));
    using pool = BufferPool.create({ size: 10 });
    using query = new AllocationQuery(null);
    query.pools.add({ pool: raw(pool), size: 10 });
    using found = query.pools.at(0).pool as BufferPool;
    assert.isTrue(found.isActive);
    using wrapped = BufferPool.wrap(raw(pool));
    wrapped.dispose();
    assert.isTrue(pool.isActive);
    using again = Sample.wrap(raw(sample));
    assert.strictEqual(again.caps, sample.caps);
  });

  it('are written as frames', async () => {
    const path = temporaryPath('socket');
    using buffer = Buffer.from(pattern(4096));
    await using writer = await FrameWriter.open(path, {
      caps: 'video/x-raw, format=GRAY8, width=64, height=64, framerate=30/1',
    });
    const frames = FrameReader.follow(path)[Symbol.asyncIterator]();
    let isThere = false;
    const reading = frames.next().finally(() => {
      isThere = true;
    });
    for (let pts = 0; !isThere; pts += 1e6) {
      await writer.write(raw(buffer), { pts, timeout: 5e9 });
      await sleep(5);
    }
    using sample = (await reading).value as Sample;
    assert.deepEqual(sample.buffer?.extract(), pattern(4096));
    await frames.return?.();
    await rejects(writer.write(raw(sample)), TypeError, /`frame` to be/);
  });

  it('of another class are refused, everywhere', () => {
    using buffer = Buffer.alloc(5);
    using allocator = sysmem();
    using memory = allocator.alloc(5);
    using query = new AllocationQuery(null);
    const wrong = [raw(buffer), raw(allocator), raw(query), gi.Gst, class {}];
    for (const bad of wrong) {
      throws(() => Memory.wrap(bad), TypeError, /Gst.Memory/);
      throws(() => isFdMemory(bad), TypeError, /`memory`/);
      throws(() => buffer.appendMemory(bad), TypeError, /`memory`/);
    }
    for (const bad of [raw(memory), raw(buffer), raw(query)]) {
      throws(() => Allocator.wrap(bad), TypeError, /Gst.Allocator/);
      throws(() => Buffer.alloc(1, bad), TypeError, /`allocator`/);
      throws(() => BufferPool.wrap(bad), TypeError, /Gst.BufferPool/);
      throws(() => FdAllocator.alloc(bad, 0, 1), TypeError, /`allocator`/);
    }
    throws(() => FdAllocator.alloc(raw(allocator), 0, 1), TypeError, /a FdAllocator/);
    for (const bad of [raw(memory), raw(allocator)]) {
      throws(() => Buffer.wrap(bad), TypeError, /Gst.Buffer/);
      throws(() => Sample.create(bad), TypeError, /`buffer`/);
      throws(() => Sample.wrap(bad), TypeError, /Gst.Sample/);
    }
  });

  it('that something only inherits from are refused', async () => {
    // A program of its own: code that GJS has compiled keeps what was once a prototype.
    const ran = await host.run(({ Allocator, Buffer, FdAllocator, Memory, Sample, isFdMemory }) => {
      const buffer = Buffer.alloc(5);
      const allocator = new FdAllocator();
      const [aBuffer, aMemory, anAllocator] = [buffer, buffer.memory(0), allocator].map(({ gi }) =>
        Object.create(gi as object),
      );
      const attempts = [
        () => Memory.wrap(aMemory),
        () => isFdMemory(aMemory),
        () => buffer.appendMemory(aMemory),
        () => Allocator.wrap(anAllocator),
        () => FdAllocator.alloc(anAllocator, 0, 1),
        () => Buffer.wrap(aBuffer),
        () => Sample.create(aBuffer),
      ];
      return attempts.map((attempt) => {
        try {
          return attempt();
        } catch (error) {
          return (error as Error).name;
        }
      });
    });
    assert.deepEqual(ran, { status: 0, stderr: '', value: Array(7).fill('TypeError') });
  });

  itInOwnProcess('are taken by dmaDrm.mayUseFeature', ['none'], async (gst, attempt) => {
    const allocator = new gst.DmaBufAllocator();
    const memory = allocator.allocDmaBuf(gst.memfd('hostile', 10), 10);
    const raw = memory.gi as Any;
    await attempt(() => gst.dmaDrm.mayUseFeature(raw));
    for (const each of [memory, allocator]) each.dispose();
  });
});

import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationError,
  Buffer,
  DisposedError,
  DmaBufAllocator,
  DrmDumbAllocator,
  dmaBuf,
  dmaBufMemoryIsReal,
  dmaDrm,
  drmDumbMemoryExportDmaBuf,
  drmDumbMemoryGetHandle,
  GstError,
  isDmaBufMemory,
  isDrmDumbMemory,
  MapFlags,
  type Memory,
  runtime,
  UnavailableError,
} from '../../src/index.ts';
import { badNumbers, pattern, throws } from '../harness/expectations.ts';
import { closesOnExec, isAlone, readText, watchDmaBufs } from './open-dma-bufs.ts';

const { READ, WRITE, READWRITE } = MapFlags;
const fourcc = (name: string): number => dmaDrm.fromString(name).fourcc;
const [width, height] = [100, 50];
const picture = { drmFourcc: fourcc('XR24'), width, height };
const few = 1000;
const bytesOf = (memory: Memory): Uint8Array => memory.withMapping(READ, (bytes) => bytes.slice(0, few));

/** Device nodes there are, with the drivers behind them. */
function nodes(prefix: string, first: number): { path: string; driver: string }[] {
  return Array.from({ length: 16 }, (_, index) => `${prefix}${first + index}`).flatMap((name) => {
    try {
      const text = readText(`/sys/class/drm/${name}/device/uevent`);
      return [
        { path: `/dev/dri/${name}`, driver: /^(?:DRIVER|MODALIAS)=(.*)/m.exec(text)?.[1] ?? 'an unknown driver' },
      ];
    } catch {
      return [];
    }
  });
}

function makesDumbBuffers({ path }: { path: string }): boolean {
  try {
    DrmDumbAllocator.newWithDevicePath(path).dispose();
    return true;
  } catch (error) {
    assert.instanceOf(error, UnavailableError);
    return false;
  }
}

const cards = nodes('card', 0);
const able = cards.filter(makesDumbBuffers);

describe('DRM devices of the rig', () => {
  it('are of both kinds', function () {
    if (!isAlone) this.skip();
    assert.sameMembers(
      able.map(({ driver }) => driver),
      ['virtio-pci', 'bochs-drm'],
    );
    assert.strictEqual(cards.length, 3);
    assert.isNotEmpty(nodes('renderD', 128));
  });

  for (const { path, driver } of cards.filter((card) => !able.includes(card))) {
    it(`${path} of ${driver} has no dumb buffers, and that is said`, () => {
      throws(() => DrmDumbAllocator.newWithDevicePath(path), UnavailableError, new RegExp(path));
      const fd = host.openDevice(path);
      throws(() => DrmDumbAllocator.newWithFd(fd), UnavailableError, /dumb buffers/);
      host.close(fd);
    });
  }

  for (const { path, driver } of nodes('renderD', 128)) {
    it(`${path} of ${driver} is for rendering, and gives none`, () => {
      const attempt = (): void => {
        using allocator = DrmDumbAllocator.newWithDevicePath(path);
        throws(() => allocator.allocDumb(picture), AllocationError, /render node/);
        throw new AllocationError('as expected');
      };
      assert.throws(attempt, /needs a DRM device|as expected/);
    });
  }
});

for (const { path, driver } of able) {
  describe(`DrmDumbAllocator on ${path} of ${driver}`, () => {
    watchDmaBufs();
    let allocator: DrmDumbAllocator;
    beforeEach(() => {
      allocator = DrmDumbAllocator.newWithDevicePath(path);
    });
    afterEach(() => allocator.dispose());

    it('makes buffers that are mapped in every way', () => {
      const { memory, pitch } = allocator.allocDumb(picture);
      using dumb = memory;
      assert.isAtLeast(pitch, width * 4);
      assert.isAtLeast(dumb.size, pitch * height);
      assert.isAbove(drmDumbMemoryGetHandle(dumb), 0);
      assert.isTrue(isDrmDumbMemory(dumb));
      assert.isFalse(isDmaBufMemory(dumb) || dmaBufMemoryIsReal(dumb));
      assert.isNull(dumb.fd);
      dumb.withMapping(WRITE, (bytes) => bytes.set(pattern(few)));
      dumb.withMapping(READWRITE, (bytes) => {
        bytes[few] = 99;
      });
      assert.deepEqual(bytesOf(dumb), pattern(few));
      assert.strictEqual(
        dumb.withMapping(READ, (bytes) => bytes[few]),
        99,
      );
    });

    it('makes what the format says, or says that it makes none', () => {
      for (const [name, bytesPerPixel] of Object.entries({ XR24: 4, AR24: 4, RG24: 3, RG16: 2, YUYV: 2, NV12: 1 })) {
        try {
          const { memory, pitch } = allocator.allocDumb({ ...picture, drmFourcc: fourcc(name) });
          const size = memory.size;
          memory.dispose();
          assert.isAtLeast(pitch, width * bytesPerPixel, name);
          assert.isAtLeast(size, pitch * height * (name === 'NV12' ? 1.5 : 1), name);
        } catch (error) {
          assert.instanceOf(error, AllocationError, name);
          assert.match((error as Error).message, new RegExp(`100×50.*0x${fourcc(name).toString(16)}`));
          assert.notStrictEqual(name, 'XR24');
        }
      }
    });

    it('exports dma-bufs of the same bytes, which outlive all else', async () => {
      assert.isTrue(allocator.hasPrimeExport);
      const { memory } = allocator.allocDumb(picture);
      memory.withMapping(WRITE, (bytes) => bytes.set(pattern(few, 2)));
      const exported = drmDumbMemoryExportDmaBuf(memory);
      assert.isTrue(isDmaBufMemory(exported) && dmaBufMemoryIsReal(exported));
      assert.isFalse(isDrmDumbMemory(exported));
      assert.strictEqual(dmaBuf.inspect(exported.fd as number)?.size, memory.size);
      assert.deepEqual(bytesOf(exported), pattern(few, 2));
      exported.withMapping(WRITE, (bytes) => bytes.set(pattern(few, 3)));
      assert.deepEqual(bytesOf(memory), pattern(few, 3));
      memory.dispose();
      allocator.dispose();
      await host.settled();
      assert.deepEqual(bytesOf(exported), pattern(few, 3));
      exported.dispose();
    });

    it('exports one buffer several times, each with an fd of its own', async () => {
      using memory = allocator.allocDumb(picture).memory;
      const first = drmDumbMemoryExportDmaBuf(memory);
      using second = drmDumbMemoryExportDmaBuf(memory);
      assert.notStrictEqual(first.fd, second.fd);
      assert.strictEqual(host.fileOf(first.fd as number), host.fileOf(second.fd as number));
      first.dispose();
      await host.settled();
      using dmaBufs = new DmaBufAllocator();
      using again = dmaBufs.allocDmaBuf(second.dupFd(), second.size);
      again.withMapping(WRITE, (bytes) => bytes.set(pattern(few, 4)));
      assert.deepEqual(bytesOf(memory), pattern(few, 4));
      throws(() => drmDumbMemoryExportDmaBuf(second), TypeError, /DRM dumb memory/);
    });

    it('makes memory that is copied, and never shared: C has no way to', () => {
      using memory = allocator.allocDumb(picture).memory;
      memory.withMapping(WRITE, (bytes) => bytes.set(pattern(few, 5)));
      throws(() => memory.share(0, 10), GstError, /copied/);
      using copy = memory.copy(10, 20);
      assert.isFalse(isDrmDumbMemory(copy));
      assert.deepEqual(bytesOf(copy), pattern(few, 5).slice(10, 30));
    });

    it('makes memory for buffers: whole copies share it, parts are refused', () => {
      using memory = allocator.allocDumb(picture).memory;
      memory.withMapping(WRITE, (bytes) => bytes.set(pattern(few, 6)));
      using buffer = new Buffer().appendMemory(memory);
      using whole = buffer.copy();
      using inWhole = whole.memory(0);
      assert.isTrue(isDrmDumbMemory(inWhole));
      throws(() => buffer.copyRegion(10, 20), GstError, /copied/);
      throws(() => whole.resize(10, 20), GstError, /copied/);
      using deep = buffer.copyDeep();
      using part = deep.copyRegion(10, 20);
      assert.deepEqual(part.extract(), pattern(few, 6).slice(10, 30));
    });

    it('makes memory that the only buffer with it can be resized to', async () => {
      const { memory } = allocator.allocDumb(picture);
      memory.withMapping(WRITE, (bytes) => bytes.set(pattern(few, 8)));
      using buffer = new Buffer().appendMemory(memory);
      memory.dispose();
      await host.settled();
      buffer.resize(10, 20);
      assert.deepEqual(buffer.extract(), pattern(few, 8).slice(10, 30));
    });

    it('works by an fd, which stays its owner’s and may be closed', () => {
      const fd = host.openDevice(path);
      using other = DrmDumbAllocator.newWithFd(fd);
      assert.isTrue(host.isOpen(fd));
      host.close(fd);
      if (runtime === 'node')
        for (const open of host.openFds()) if (host.linkOf(open) === path) assert.isTrue(closesOnExec(open));
      using memory = other.allocDumb(picture).memory;
      memory.withMapping(WRITE, (bytes) => bytes.set(pattern(few, 7)));
      using exported = drmDumbMemoryExportDmaBuf(memory);
      assert.deepEqual(bytesOf(exported), pattern(few, 7));
    });

    it('has memory that outlives the allocator', () => {
      using memory = allocator.allocDumb(picture).memory;
      allocator.dispose();
      memory.withMapping(WRITE, (bytes) => bytes.fill(1));
      throws(() => allocator.allocDumb(picture), DisposedError);
      throws(() => allocator.hasPrimeExport, DisposedError);
    });

    it('refuses what is no picture, and plain sizes', () => {
      for (const side of ['width', 'height'])
        for (const bad of [0, 65536, ...badNumbers])
          throws(() => allocator.allocDumb({ ...picture, [side]: bad }), RangeError, new RegExp(side));
      for (const bad of [-1, 1.5, 2 ** 32])
        throws(() => allocator.allocDumb({ ...picture, drmFourcc: bad }), RangeError, /drmFourcc/);
      throws(() => allocator.allocDumb({ ...picture, drmFourcc: 'XR24' as never }), TypeError, /drmFourcc/);
      throws(() => allocator.allocDumb({ ...picture, hight: 1 } as never), TypeError, /did you mean `height`/);
      throws(() => allocator.allocDumb(null as never), TypeError, /`options`/);
      throws(() => allocator.alloc(100), AllocationError, /allocDumb/);
    });
  });
}

/** Drivers learn when a program begins and ends to access their memory, as some have to flush caches. */
import { assert } from 'chai';
import { host } from '#host';
import {
  Buffer,
  DmaBufAllocator,
  FdAllocator,
  FdMemoryFlags,
  MapFlags,
  type Memory,
  runtime,
} from '../../src/index.ts';
import { watchDmaBufs } from './open-dma-bufs.ts';
import { dmaBufSize, sources, takeDmaBuf } from './sources.ts';
import { isTraced, syncsOf } from './sync-trace.ts';

const { READ, WRITE, READWRITE } = MapFlags;
const { DONT_CLOSE, KEEP_MAPPED, NONE } = FdMemoryFlags;
const end = 4;
const around = (flags: MapFlags): number[] => [flags, flags | end];
/** GJS maps for the time of the mapping, too, and writes back through a buffer that maps once more. */
const writtenBack = runtime === 'gjs' ? around(WRITE) : [];

/** Buffers may look whether their memory can be mapped before they touch it. */
function assertBracketed(syncs: number[], flags: MapFlags): void {
  assert.isNotEmpty(syncs);
  for (let at = 0; at < syncs.length; at += 2) assert.deepEqual(syncs.slice(at, at + 2), around(flags));
}

for (const source of sources) {
  describe(`DMA_BUF_IOCTL_SYNC on ${source}`, () => {
    before(function () {
      if (!isTraced()) this.skip();
    });
    watchDmaBufs();
    let allocator: DmaBufAllocator;
    let fd: number;
    beforeEach(() => {
      allocator = new DmaBufAllocator();
      fd = takeDmaBuf(source);
    });
    afterEach(async () => {
      allocator.dispose();
      await host.settled();
      host.close(fd);
    });
    const make = (flags: number): Memory => allocator.allocDmaBuf(fd, dmaBufSize, DONT_CLOSE | flags);

    for (const [name, flags] of Object.entries({ NONE, KEEP_MAPPED })) {
      it(`brackets every mapping, with the flags it has (${name})`, () => {
        using memory = make(flags);
        for (const way of [READ, READ, WRITE, READWRITE]) {
          const wanted = [...around(way), ...(way & WRITE ? writtenBack : [])];
          assert.deepEqual(
            syncsOf(() => memory.map(way).dispose()),
            wanted,
          );
        }
      });
    }

    it('begins before the bytes are there, and ends when they are gone', () => {
      using memory = make(NONE);
      const begun = syncsOf(() => {
        const mapping = memory.map(READ);
        assert.deepEqual(
          syncsOf(() => mapping.dispose()),
          [READ | end],
        );
      });
      assert.deepEqual(begun, around(READ));
    });

    it('brackets each of several mappings, and those of a part', () => {
      using memory = make(KEEP_MAPPED);
      using part = memory.share(10, 10);
      const syncs = syncsOf(() => {
        const mappings = [memory.map(READ), part.map(READ)];
        for (const mapping of mappings) mapping.dispose();
      });
      assert.deepEqual(syncs, [READ, READ, READ | end, READ | end]);
    });

    it('brackets what buffers do with their bytes', () => {
      using memory = make(NONE);
      using buffer = new Buffer().appendMemory(memory);
      memory.dispose();
      assertBracketed(
        syncsOf(() => buffer.extract(0, 10)),
        READ,
      );
      assertBracketed(
        syncsOf(() => buffer.fill(0, Uint8Array.of(1, 2))),
        WRITE,
      );
      assertBracketed(
        syncsOf(() => buffer.memset(0, 1, 10)),
        WRITE,
      );
      assertBracketed(
        syncsOf(() => buffer.map(READ).dispose()),
        READ,
      );
    });

    it('ends what a mapping began whose memory is disposed first', () => {
      const memory = make(NONE);
      const syncs = syncsOf(() => {
        memory.map(READ);
        memory.dispose();
      });
      assert.deepEqual(syncs, around(READ));
    });

    it('is not for plain fd memory: a DmaBufAllocator is', () => {
      using fds = new FdAllocator();
      using memory = fds.allocFd(fd, dmaBufSize, DONT_CLOSE);
      assert.deepEqual(
        syncsOf(() => memory.map(READ).dispose()),
        [],
      );
    });
  });
}

import { assert } from 'chai';
import { host } from '#host';
import {
  DmaBufAllocator,
  dmaBuf,
  dmaBufMemoryGetFd,
  dmaBufMemoryIsReal,
  FdMemoryFlags,
  isDmaBufMemory,
  MapFlags,
} from '../../src/index.ts';
import { pattern } from '../harness/expectations.ts';
import { dmaBufSize, sources, takeDmaBuf } from './sources.ts';

for (const source of sources) {
  describe(`DmaBufAllocator on dma-bufs of ${source}`, () => {
    it('the kernel says whose they are', () => {
      const fd = takeDmaBuf(source);
      assert.deepEqual(dmaBuf.inspect(fd), { size: dmaBufSize, exporter: source });
      host.close(fd);
    });

    it('takes the fd over and closes it with the memory', async () => {
      const fd = takeDmaBuf(source);
      using allocator = new DmaBufAllocator();
      {
        using memory = allocator.allocDmaBuf(fd, dmaBufSize);
        assert.isTrue(isDmaBufMemory(memory));
        assert.isTrue(dmaBufMemoryIsReal(memory));
        assert.strictEqual(dmaBufMemoryGetFd(memory), fd);
      }
      await host.settled();
      assert.isFalse(host.isOpen(fd));
    });

    it('what one mapping writes, another of the same dma-buf reads', () => {
      using allocator = new DmaBufAllocator();
      using memory = allocator.allocDmaBuf(takeDmaBuf(source), dmaBufSize);
      using other = allocator.allocDmaBuf(takeDmaBuf(source), dmaBufSize);
      for (const seed of [1, 2]) {
        const bytes = pattern(dmaBufSize, seed);
        memory.withMapping(MapFlags.WRITE, (mapped) => mapped.set(bytes));
        // Compared whole: chai would look at a million bytes one by one.
        other.withMapping(MapFlags.READ, (mapped) => assert.isTrue(mapped.every((byte, at) => byte === bytes[at])));
      }
    });

    it('DONT_CLOSE leaves it open', async () => {
      const fd = takeDmaBuf(source);
      using allocator = new DmaBufAllocator();
      allocator.allocDmaBuf(fd, dmaBufSize, FdMemoryFlags.DONT_CLOSE).dispose();
      await host.settled();
      assert.isTrue(host.isOpen(fd));
      host.close(fd);
    });
  });
}

/** Views on GStreamer's memory in V8: what becomes of the ArrayBuffers that are kept from one mapping for the next. */
import { assert } from 'chai';
import { inChild } from './child.ts';

describe('Views', function () {
  this.timeout(30_000);

  it('that were sent to another thread stay good when their memory is gone', async () => {
    const { code, signal, value, stderr } = await inChild('node', async ({ ShmAllocator }) => {
      ShmAllocator.initOnce();
      const size = 1 << 20;
      const allocator = ShmAllocator.get();
      return [0, 1, 2].map((index) => {
        const memory = allocator?.alloc(size);
        memory?.withMapping(2, (bytes) => bytes.fill(index));
        const mapping = memory?.map(1);
        const sent = structuredClone(mapping?.bytes.buffer, { transfer: [mapping?.bytes.buffer as ArrayBuffer] });
        const left = mapping?.bytes.length;
        mapping?.dispose();
        memory?.dispose();
        return [left, new Uint8Array(sent as ArrayBuffer).every((byte) => byte === index)];
      });
    });
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
    assert.deepEqual(value, Array(3).fill([0, true]));
  });

  it('are kept in bounds, and make the collector no work', async () => {
    const { value, stderr } = await inChild('node', async ({ Allocator }) => {
      const { PerformanceObserver } = await import('node:perf_hooks');
      let collections = 0;
      new PerformanceObserver((list) => {
        collections += list.getEntries().length;
      }).observe({ entryTypes: ['gc'] });
      // Never written to, so there are no pages behind them.
      const memories = Array.from({ length: 40 }, () => Allocator.find()?.alloc(33_000_000));
      for (let round = 0; round < 500; round++) for (const memory of memories) memory?.map(1).dispose();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { collections, external: process.memoryUsage().external };
    });
    assert.strictEqual(stderr, '');
    const { collections, external } = value as { collections: number; external: number };
    assert.isBelow(external, 600e6);
    assert.isBelow(collections, 100);
  });
});

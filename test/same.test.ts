import { assert } from 'chai';
import { AllocationQuery, Allocator, Buffer, BufferPool, DisposedError, Pipeline, Sample } from '../src/index.ts';
import { shm, sysmem } from './harness/allocators.ts';
import { throws } from './harness/expectations.ts';

describe('isSame', () => {
  it('tells whether two facades are of one object, however each was come by', () => {
    using allocator = shm();
    using found = Allocator.find('shm') as Allocator;
    using other = sysmem();
    using buffer = Buffer.alloc(10, allocator);
    using memory = buffer.memory(0);
    using again = buffer.memory(0);
    using its = memory.allocator as Allocator;
    assert.isTrue(allocator.isSame(allocator));
    assert.isTrue(allocator.isSame(found));
    assert.isTrue(its.isSame(allocator));
    assert.isFalse(allocator.isSame(other));
    assert.isTrue(memory.isSame(again));
    using copy = buffer.copy();
    using shared = copy.memory(0);
    assert.isTrue(shared.isSame(memory));
    assert.isFalse(copy.isSame(buffer));
    using part = memory.share(0, 5);
    assert.isFalse(part.isSame(memory));
    assert.isFalse(buffer.isSame(memory));
  });

  it('takes raw objects too', () => {
    using buffer = new Buffer();
    using other = new Buffer();
    assert.isTrue(buffer.isSame(buffer.gi));
    assert.isFalse(buffer.isSame(other.gi));
    using wrapped = Buffer.wrap(buffer.gi);
    assert.isTrue(wrapped.isSame(buffer));
  });

  it('finds what pools, queries, samples and pipelines give', () => {
    using pool = BufferPool.create({ size: 10 });
    using query = new AllocationQuery(null);
    query.pools.add({ pool, size: 10 });
    using offered = query.pools.at(0).pool as BufferPool;
    assert.isTrue(offered.isSame(pool));
    using buffer = Buffer.alloc(4);
    using sample = Sample.create(buffer);
    assert.isTrue(sample.buffer?.isSame(buffer));
    using pipeline = Pipeline.parse('fakesrc name=a ! fakesink name=b');
    assert.isFalse(pipeline.get('a').isSame(pipeline.get('b')));
  });

  it('refuses what is no object of GStreamer, and what is disposed', () => {
    using buffer = new Buffer();
    for (const bad of [null, undefined, 5, {}, 'x']) throws(() => buffer.isSame(bad), TypeError, /`other`/);
    const gone = new Buffer();
    gone.dispose();
    throws(() => buffer.isSame(gone), DisposedError);
    throws(() => gone.isSame(buffer), DisposedError);
  });
});

/** Bytes of JavaScript as memory: the cases of GStreamer's own suites, and what JavaScript can do to its bytes meanwhile. */
import { assert } from 'chai';
import { host } from '#host';
import { Buffer, features, MapFlags, Memory, MemoryFlags, NotWritableError, Pipeline } from '../../src/index.ts';
import { pattern, throws } from '../harness/expectations.ts';

const { available: isUncopied } = features().wrappedBytes as { available: boolean };

describe('Wrapped bytes', () => {
  it('are the bytes of a memory and of a buffer, whatever views them', () => {
    const floats = Float32Array.of(1, 2, 3);
    for (const bytes of [
      pattern(100),
      pattern(100).buffer,
      pattern(100).subarray(40, 60),
      new DataView(pattern(100).buffer, 10, 20),
      floats,
      new Uint8Array(3).fill(7),
      new Uint8Array(0),
    ]) {
      const expected = ArrayBuffer.isView(bytes)
        ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice()
        : new Uint8Array(bytes).slice();
      using memory = Memory.newWrapped(bytes);
      assert.deepEqual([memory.size, memory.offset, memory.isWritable], [expected.length, 0, true]);
      memory.withMapping(MapFlags.READ, (seen) => assert.deepEqual(seen, expected));
      using buffer = Buffer.newWrapped(bytes);
      assert.deepEqual(buffer.extract(), expected);
      assert.deepEqual([buffer.memoryCount, buffer.isWritable, buffer.isAllMemoryWritable], [1, true, true]);
    }
  });

  it('are changed by what is written to the memory, unless they are a copy', () => {
    const bytes = new Uint8Array(8);
    using buffer = Buffer.newWrapped(bytes.subarray(2, 6));
    buffer.withMapping(MapFlags.WRITE, (seen) => seen.fill(5));
    buffer.fill(3, Uint8Array.of(9));
    assert.deepEqual([...buffer.extract()], [5, 5, 5, 9]);
    assert.deepEqual([...bytes], isUncopied ? [0, 0, 5, 5, 5, 9, 0, 0] : [0, 0, 0, 0, 0, 0, 0, 0]);
    bytes[3] = 1;
    assert.deepEqual([...buffer.extract()], isUncopied ? [5, 1, 5, 9] : [5, 5, 5, 9]);
  });

  it('may be read only', () => {
    using memory = Memory.newWrapped(pattern(4), { readOnly: true });
    assert.isFalse(memory.isWritable);
    if (host.disposesAtOnce) assert.strictEqual(memory.flags & MemoryFlags.READONLY, MemoryFlags.READONLY);
    throws(() => memory.map(MapFlags.WRITE), NotWritableError);
    throws(() => memory.map(MapFlags.READWRITE), NotWritableError);
    using copy = memory.copy();
    copy.withMapping(MapFlags.READWRITE, (seen) => {
      assert.deepEqual(seen, pattern(4));
      seen[0] = 0xaa;
    });
    memory.withMapping(MapFlags.READ, (seen) => assert.deepEqual(seen, pattern(4)));
  });

  it('are copied when a buffer that may only read them is written', () => {
    const bytes = pattern(4);
    using buffer = Buffer.newWrapped(bytes, { readOnly: true });
    using part = buffer.copyRegion(1, 2);
    for (const each of [buffer, part]) each.withMapping(MapFlags.WRITE, (seen) => seen.fill(1));
    assert.deepEqual([...buffer.extract(), ...part.extract()], [1, 1, 1, 1, 1, 1]);
    assert.deepEqual(bytes, pattern(4));
  });

  it('last as long as any memory that is a part of them', async () => {
    const part = (() => {
      using memory = Memory.newWrapped(pattern(100_000));
      return memory.share(50_000, 1000);
    })();
    await host.collect();
    part.withMapping(MapFlags.READ, (seen) => assert.deepEqual(seen, pattern(100_000).slice(50_000, 51_000)));
    part.dispose();
  });

  it('go through a pipeline', async () => {
    await using pipeline = Pipeline.parse('appsrc name=source ! identity ! appsink name=sink sync=false');
    await pipeline.play();
    for (let round = 0; round < 10; round++) {
      using buffer = Buffer.newWrapped(new Uint8Array(1000).fill(round));
      await pipeline.appSrc('source').push(buffer);
    }
    await host.collect();
    for (let round = 0; round < 10; round++) {
      using sample = await pipeline.appSink('sink').pull();
      assert.deepEqual(sample?.buffer?.extract(), new Uint8Array(1000).fill(round));
    }
  });

  it('are of one ArrayBuffer, whose length is fixed', () => {
    for (const bad of [null, undefined, 5, 'text', {}, [1, 2]])
      throws(() => Buffer.newWrapped(bad as never), TypeError, /`bytes`/);
    throws(() => Memory.newWrapped(new Uint8Array(4), { readOnly: 1 as never }), TypeError, /readOnly/);
    throws(() => Memory.newWrapped(new Uint8Array(4), { readonly: true } as never), TypeError, /did you mean/);
    if (typeof SharedArrayBuffer === 'function') {
      throws(() => Memory.newWrapped(new Uint8Array(new SharedArrayBuffer(8))), RangeError, /fixed/);
      throws(() => Memory.newWrapped(new SharedArrayBuffer(8)), RangeError, /fixed/);
    }
    const resizable = new (ArrayBuffer as never as new (length: number, options: object) => ArrayBuffer)(8, {
      maxByteLength: 16,
    });
    if ((resizable as { resizable?: boolean }).resizable)
      throws(() => Memory.newWrapped(new Uint8Array(resizable)), RangeError, /fixed/);
  });
});

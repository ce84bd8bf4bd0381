/** Files that come again and again stay mapped, and not longer than that. */
import { closeSync, ftruncateSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { assert } from 'chai';
import koffi from 'koffi';
import { fields } from '../../src/generated/symbols.ts';
import {
  Buffer,
  FdAllocator,
  FdMemoryFlags,
  FrameReader,
  FrameWriter,
  MapError,
  MapFlags,
  type Mapping,
  type Memory,
  MemoryFlags,
  memfd,
  type Sample,
} from '../../src/index.ts';
import { grayCaps } from '../harness/caps.ts';
import { sleep, until } from '../harness/sleep.ts';
import { ownFolder } from './folder.ts';

const size = 64 * 64;
const caps = grayCaps(64, 64);

/** Memfds that are mapped for reading alone: a writer maps them for writing as well. */
const keptMaps = (): string[] =>
  readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => / r--s .*memfd:/.test(line));

describe('files of frames that come again', function () {
  this.timeout(20000);
  const path = join(ownFolder(), 'socket');

  /** Writes what `make` gives until the reader has had enough: `seen` says so. */
  async function share(
    buffers: number,
    write: (writer: FrameWriter, index: number) => Promise<void>,
    seen: (sample: Sample, index: number) => boolean,
  ): Promise<void> {
    const writer = await FrameWriter.open(path, { caps, buffers });
    let enough = false;
    const reading = (async () => {
      let index = 0;
      for await (const sample of FrameReader.follow(path)) {
        using _ = sample;
        enough = seen(sample, index++);
        if (enough) return;
      }
    })();
    try {
      for (let index = 0; index < 2000 && !enough; index++) {
        await write(writer, index);
        await sleep(1);
      }
      assert.isTrue(enough, 'the reader had enough');
      await reading;
    } finally {
      await writer.close();
    }
  }

  const writeValue = async (writer: FrameWriter, index: number): Promise<void> => {
    using buffer = await writer.acquire(size, { timeout: 2e9 });
    buffer.memset(0, index % 251, size);
    buffer.offset = index;
    await writer.write(buffer, { timeout: 2e9 });
  };

  it('are mapped once, show what was last written, and are let go', async () => {
    let most = 0;
    let last: Uint8Array | undefined;
    await share(3, writeValue, ({ buffer }, index) => {
      assert(buffer);
      const { bytes, zeroCopy } = buffer.map(MapFlags.READ);
      assert.isTrue(zeroCopy);
      assert.isTrue(bytes.every((byte) => byte === (buffer.offset as number) % 251) && bytes.length === size);
      if (last) assert.lengthOf(last, 0, 'a view from before');
      last = bytes;
      const count = keptMaps().length;
      if (index > 10) assert.isAbove(count, 0);
      most = Math.max(most, count);
      return index === 40;
    });
    assert.isAtMost(most, 3);
    await until(() => keptMaps().length === 0, 10_000, 'letting go of them');
  });

  it('belong to a mapping as long as it is open, whatever else comes', async () => {
    let held: { memory: Memory; mapping: Mapping; value: number } | null = null;
    await share(4, writeValue, ({ buffer }, index) => {
      assert(buffer);
      if (index === 10) {
        const memory = buffer.memory(0);
        held = { memory, mapping: memory.map(MapFlags.READ), value: (buffer.offset as number) % 251 };
      }
      buffer.map(MapFlags.READ);
      return index === 30;
    });
    assert(held);
    const { memory, mapping, value } = held as { memory: Memory; mapping: Mapping; value: number };
    await sleep(2500);
    assert.isTrue(mapping.bytes.every((byte) => byte === value));
    memory.dispose();
    assert.lengthOf(mapping.bytes, 0);
    await until(() => keptMaps().length === 0, 10_000, 'letting go of them');
  });

  it('are not read in place of what was written privately', () => {
    const fd = memfd('kept-files', size);
    const { System } = createRequire(import.meta.url)('node-gtk');
    using allocator = new FdAllocator();
    const flags = FdMemoryFlags.MAP_PRIVATE | FdMemoryFlags.KEEP_MAPPED | FdMemoryFlags.DONT_CLOSE;
    const makeReadOnly = (memory: Memory): void => {
      const word = System.addressOf(memory.gi) + fields['GstMiniObject.flags'][1];
      koffi.encode(word, 'uint32', koffi.decode(word, 'uint32') | MemoryFlags.READONLY);
    };
    // The file is one that comes again.
    for (let round = 0; round < 3; round++) {
      using shared = allocator.allocFd(fd, size, FdMemoryFlags.DONT_CLOSE);
      makeReadOnly(shared);
      assert.strictEqual(
        shared.withMapping(MapFlags.READ, (bytes) => bytes[0]),
        0,
      );
    }
    assert.isNotEmpty(keptMaps());
    using memory = allocator.allocFd(fd, size, flags);
    memory.withMapping(MapFlags.WRITE, (bytes) => bytes.fill(7));
    makeReadOnly(memory);
    using buffer = new Buffer().appendMemory(memory);
    assert.strictEqual(
      memory.withMapping(MapFlags.READ, (bytes) => bytes[0]),
      7,
    );
    assert.strictEqual(
      buffer.withMapping(MapFlags.READ, (bytes) => bytes[0]),
      7,
    );
    closeSync(fd);
  });

  it('are refused once they have become too short', async () => {
    const fd = memfd('kept-files', size);
    using allocator = new FdAllocator();
    const errors: unknown[] = [];
    await share(
      1,
      async (writer, index) => {
        using memory = allocator.allocFd(fd, size, FdMemoryFlags.DONT_CLOSE);
        using buffer = new Buffer().appendMemory(memory);
        buffer.offset = index;
        await writer.write(buffer, { timeout: 2e9 });
      },
      ({ buffer }, index) => {
        assert(buffer);
        if (index === 5) {
          assert.isNotEmpty(keptMaps());
          ftruncateSync(fd, 0);
        }
        try {
          buffer.withMapping(MapFlags.READ, (bytes) => bytes[0]);
        } catch (error) {
          errors.push(error);
        }
        return index === 5;
      },
    );
    closeSync(fd);
    assert.lengthOf(errors, 1);
    assert.instanceOf(errors[0], MapError);
  });
});

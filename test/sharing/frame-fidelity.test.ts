import { assert } from 'chai';
import { host } from '#host';
import {
  Buffer,
  BufferFlags,
  BufferPool,
  FrameReader,
  FrameWriter,
  MapError,
  MapFlags,
  registerCustomMeta,
  type Sample,
} from '../../src/index.ts';
import type { Version } from '../../src/init.ts';
import { isSentAsIs } from '../../src/sharing/sent-as-is.ts';
import { shm } from '../harness/allocators.ts';
import { pattern, rejects } from '../harness/expectations.ts';
import { sleep } from '../harness/sleep.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const caps = 'video/x-raw, format=(string)GRAY8, width=(int)4, height=(int)2, framerate=(fraction)30/1';
const metaName = 'FrameFidelityNote';
/** Two rows of four pixels, with four bytes of padding each. */
const padded = pattern(16, 3);

/** The first frame that a reader gets; it is written until it is there. */
async function sent(
  write: (writer: FrameWriter) => Promise<void>,
  whileHeld: () => Promise<void> = async () => {},
): Promise<Sample> {
  const path = temporaryPath('socket');
  await using writer = await FrameWriter.open(path, { caps });
  const frames = FrameReader.follow(path)[Symbol.asyncIterator]();
  let got: Sample | undefined;
  const reading = frames.next().then(({ value }) => {
    got = value as Sample | undefined;
  });
  for (let count = 0; count < 400 && !got; count++) {
    await write(writer);
    await sleep(5);
  }
  await reading;
  await whileHeld();
  await frames.return(undefined);
  assert.isDefined(got);
  return got as Sample;
}

/** A frame with everything that a frame has. */
function described(frame: Buffer): Buffer {
  frame.pts = 5e9;
  frame.dts = 4e9;
  frame.duration = 33e6;
  frame.offset = 7;
  frame.offsetEnd = 8;
  frame.flags |= BufferFlags.MARKER | BufferFlags.DELTA_UNIT;
  frame.addVideoMeta({ format: 'GRAY8', width: 4, height: 2, offsets: [0], strides: [8] });
  frame.addCustomMeta(metaName, { note: 'seen' });
  return frame;
}

/** Readers get times in their own running time: apart from each other as they were. */
function assertDescribed(sample: Sample, apart = 1e9): void {
  using buffer = sample.buffer as Buffer;
  assert.deepEqual([...buffer.extract()], [...padded]);
  const { pts, dts, duration, offset, offsetEnd, videoMeta } = buffer;
  assert.deepEqual([(pts ?? Number.NaN) - (dts ?? Number.NaN), duration, offset, offsetEnd], [apart, 33e6, 7, 8]);
  assert.strictEqual(buffer.flags & (BufferFlags.MARKER | BufferFlags.DELTA_UNIT), 0x2200);
  assert.deepEqual([videoMeta?.strides, videoMeta?.offsets], [[8], [0]]);
  assert.deepEqual(buffer.customMeta(metaName), { note: 'seen' });
  sample.dispose();
}

describe('A frame that is written', function () {
  this.timeout(30_000);
  before(() => registerCustomMeta(metaName));

  it('arrives with its times, flags and metas from plain memory', async () => {
    using frame = described(Buffer.from(padded));
    assertDescribed(await sent((writer) => writer.write(frame)));
  });

  it('arrives with its times, flags and metas from memory with an fd', async () => {
    using allocator = shm();
    using frame = described(Buffer.alloc(padded.length, allocator).fill(0, padded));
    assertDescribed(await sent((writer) => writer.write(frame)));
  });

  it('arrives as its own bytes from memory that begins at an offset: sent as it is where unixfdsrc knows of offsets', async () => {
    using allocator = shm();
    using memory = allocator.alloc(4096 + padded.length);
    memory.withMapping(MapFlags.WRITE, (bytes) => bytes.set(padded, 4096));
    using whole = new Buffer().appendMemory(memory);
    const [old, mended] = ['1.24.2', '1.26.1'].map((found) => {
      const [major = 0, minor = 0, micro = 0] = found.split('.').map(Number);
      return { major, minor, micro };
    }) as [Version, Version];
    assert.deepEqual([isSentAsIs(whole, old), isSentAsIs(whole, mended)], [true, true]);
    whole.resize(4096);
    assert.deepEqual([isSentAsIs(whole, old), isSentAsIs(whole, mended)], [false, true]);
    using plain = Buffer.from(padded);
    assert.isFalse(isSentAsIs(plain, mended));
    using sample = await sent((writer) => writer.write(whole));
    using got = sample.buffer as Buffer;
    assert.deepEqual([...got.extract()], [...padded]);
  });

  it('stays as it was where it is given another time', async () => {
    using allocator = shm();
    using frame = described(Buffer.alloc(padded.length, allocator).fill(0, padded));
    using other = Buffer.wrap(frame.gi);
    using mapping = frame.map(MapFlags.READ);
    assertDescribed(await sent((writer) => writer.write(frame, { pts: 6e9 })), 2e9);
    assert.strictEqual(frame.pts, 5e9);
    assert.deepEqual([...mapping.bytes], [...padded]);
    assert.strictEqual(other.pts, 5e9);
  });

  it('is out of its pool as long as a reader has it, with another time as well', async () => {
    const path = temporaryPath('socket');
    await using writer = await FrameWriter.open(path, { caps, buffers: 1 });
    const frames = FrameReader.follow(path)[Symbol.asyncIterator]();
    let got: Sample | undefined;
    const reading = frames.next().then(({ value }) => {
      got = value as Sample | undefined;
    });
    const files = new Set<string>();
    for (let count = 0; count < 400 && !got; count++) {
      // Once the reader has the frame, there is none to acquire.
      const frame = await writer.acquire(padded.length, { timeout: 200e6 }).catch(() => null);
      if (!frame) continue;
      const memory = frame.memory(0);
      files.add(host.fileOf(memory.fd as number));
      memory.dispose();
      await writer.write(frame, { pts: count * 1e6, timeout: 5e9 });
      assert.isNull(frame.pts);
      frame.dispose();
      await sleep(5);
    }
    await reading;
    const refused = await writer.acquire(padded.length, { timeout: 200e6 }).then(String, ({ name }: Error) => name);
    assert.strictEqual(refused, 'TimeoutError');
    got?.dispose();
    // Its appsink keeps the last one.
    await frames.return(undefined);
    using again = await writer.acquire(padded.length, { timeout: 5e9 });
    using memory = again.memory(0);
    files.add(host.fileOf(memory.fd as number));
    assert.strictEqual(files.size, 1);
  });

  it('of which the bytes are copied is back in its own pool at once, metas or not', async () => {
    using pool = BufferPool.create({ size: padded.length, max: 1 });
    const pooled = async (writer: FrameWriter): Promise<void> => {
      const frame = described((await pool.acquire({ timeout: 5e9 })).fill(0, padded));
      await writer.write(frame);
      frame.dispose();
    };
    const sample = await sent(pooled, async () => {
      const next = await pool.acquire({ timeout: 1e9 });
      next.dispose();
    });
    assertDescribed(sample);
  });

  it('gives a frame back to the pool without what the one before had', async () => {
    await using writer = await FrameWriter.open(temporaryPath('socket'), { caps, buffers: 1 });
    using frame = described(Buffer.from(padded));
    await writer.write(frame, { timeout: 5e9 });
    using next = await writer.acquire(padded.length, { timeout: 5e9 });
    assert.deepEqual([next.pts, next.duration, next.flags & BufferFlags.MARKER, next.metas()], [null, null, 0, []]);
  });

  it('is refused where its video meta names bytes that it has not, from plain memory too', async () => {
    await using writer = await FrameWriter.open(temporaryPath('socket'), { caps });
    using frame = Buffer.from(padded);
    frame.addVideoMeta({ format: 'GRAY8', width: 4, height: 2, offsets: [0], strides: [8] });
    frame.resize(0, 9);
    await rejects(writer.write(frame), MapError, /video meta/);
  });

  it('closes once: a second close() waits for the first', async () => {
    const path = temporaryPath('socket');
    const writer = await FrameWriter.open(path, { caps });
    await writer.write(padded);
    let isClosed = false;
    const closing = writer.close().then(() => {
      isClosed = true;
    });
    await writer.close();
    assert.isTrue(isClosed);
    await closing;
    const again = await FrameWriter.open(path, { caps });
    await again.close();
  });
});

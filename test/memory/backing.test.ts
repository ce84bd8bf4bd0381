/** Files that become shorter under a memory: touching what is gone would kill the process (SIGBUS). */
import { assert } from 'chai';
import { host } from '#host';
import {
  AllocationError,
  Buffer,
  convertSample,
  DmaBufAllocator,
  FdAllocator,
  FdMemoryFlags,
  FrameReader,
  FrameWriter,
  MapError,
  MapFlags,
  type Memory,
  memfd,
  runtime,
  Sample,
  UnavailableError,
  VideoFrame,
  VideoInfo,
} from '../../src/index.ts';
import { grayCaps } from '../harness/caps.ts';
import { pattern, rejects, throws } from '../harness/expectations.ts';
import { sleep } from '../harness/sleep.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const { READ, READWRITE, WRITE } = MapFlags;
const { KEEP_MAPPED, MAP_PRIVATE, NONE } = FdMemoryFlags;
const size = 64 * 256;
const caps = grayCaps(64, 256, '0/1');
const info = VideoInfo.fromCaps(caps);

describe('A file that becomes shorter', () => {
  let allocator: FdAllocator;
  let fd: number;
  let memory: Memory;
  beforeEach(() => {
    allocator = new FdAllocator();
    fd = host.openFile(pattern(size));
    memory = allocator.allocFd(fd, size);
  });
  afterEach(() => {
    memory.dispose();
    allocator.dispose();
  });

  for (const [name, flags] of Object.entries({ NONE, KEEP_MAPPED, MAP_PRIVATE }))
    it(`is noticed by each map of its memory (${name})`, () => {
      const other = host.openFile(pattern(size));
      using kept = allocator.allocFd(other, size, flags);
      kept.map(READ).dispose();
      host.truncate(other, 1);
      for (const mode of [READ, WRITE, READWRITE]) throws(() => kept.map(mode), MapError, /16384 bytes .*got 1/);
      host.truncate(other, size);
      assert.strictEqual(
        kept.withMapping(READ, (bytes) => bytes[size - 1]),
        0,
      );
    });

  it('is noticed where it claims to be a dma-buf', () => {
    using dmaBufs = new DmaBufAllocator();
    const other = host.openFile(pattern(size));
    using claims = dmaBufs.allocDmaBuf(other, size);
    host.truncate(other, 0);
    throws(() => claims.map(READ), MapError, /got 0/);
  });

  it('is noticed by what copies the memory', () => {
    host.truncate(fd, 0);
    throws(() => memory.copy(), MapError);
  });

  it('leaves parts alone that it still holds', () => {
    using beginning = memory.share(0, 100);
    using end = memory.share(size - 100, 100);
    host.truncate(fd, 200);
    assert.deepEqual(
      beginning.withMapping(READ, (bytes) => bytes.slice()),
      pattern(100),
    );
    throws(() => end.map(READ), MapError);
  });

  it('is noticed by all that touches a buffer, in each of its memories', async () => {
    using whole = Buffer.from(pattern(10));
    using plain = whole.memory(0);
    for (const several of [false, true]) {
      using buffer = new Buffer().appendMemory(memory);
      if (several) buffer.prependMemory(plain);
      host.truncate(fd, 10);
      throws(() => buffer.map(READ), MapError);
      throws(() => buffer.map(READWRITE), MapError);
      throws(() => buffer.mapRange(several ? 1 : 0, 1), MapError);
      throws(() => buffer.extract(), MapError);
      throws(() => buffer.fill(0, pattern(20)), MapError);
      throws(() => buffer.memset(0, 1, 20), MapError);
      throws(() => buffer.compare(0, pattern(20)), MapError);
      throws(() => buffer.copyDeep(), MapError);
      throws(() => VideoFrame.map(buffer, info, READ), MapError);
      using sample = Sample.create(buffer, caps);
      await rejects(convertSample(sample, 'image/png'), MapError);
      if (several) assert.strictEqual(buffer.mapRange(0, 1).bytes[1], pattern(10)[1]);
      host.truncate(fd, size);
      assert.strictEqual(buffer.extract().length, several ? size + 10 : size);
    }
  });

  it('is noticed in frames from another process', async function () {
    this.timeout(10_000);
    const path = temporaryPath('socket');
    await using writer = await FrameWriter.open(path, { caps });
    const write = async (shortened: boolean): Promise<void> => {
      const own = host.openFile(pattern(size));
      using frameMemory = allocator.allocFd(own, size);
      using frame = new Buffer().appendMemory(frameMemory);
      if (shortened) host.truncate(own, 0);
      await writer.write(frame, { timeout: 2e9 });
    };
    const abort = new AbortController();
    let damaged = 0;
    let whole = 0;
    const reading = (async () => {
      for await (using sample of FrameReader.follow(path, { signal: abort.signal })) {
        try {
          sample.buffer?.withMapping(READ, (bytes) => bytes[size - 1]);
          whole++;
        } catch (error) {
          assert.instanceOf(error, MapError);
          damaged++;
        }
      }
    })();
    for (let round = 0; round < 200 && (damaged === 0 || whole === 0); round++) {
      await write(round % 2 === 0);
      await sleep(10);
    }
    abort.abort();
    await reading;
    assert.isAbove(damaged, 0);
    assert.isAbove(whole, 0);
  });
});

describe('Memory that must be sealed', () => {
  const isSealable = runtime === 'node';
  let allocator: FdAllocator;
  let path: string;
  beforeEach(() => {
    allocator = new FdAllocator();
    path = temporaryPath('socket');
  });
  afterEach(() => allocator.dispose());

  it('is sealed, or refused, and the fd then stays its owner’s', () => {
    const file = host.openFile(pattern(size));
    throws(
      () => allocator.allocFd(file, size, NONE, { sealed: true }),
      isSealable ? AllocationError : UnavailableError,
      isSealable ? /sealed against shrinking/ : /fcntl/,
    );
    assert.isTrue(host.isOpen(file));
    host.close(file);
    const fd = memfd('sealed', size);
    if (!isSealable) return host.close(fd);
    using memory = allocator.allocFd(fd, size, NONE, { sealed: true });
    assert.throws(() => host.truncate(fd, 1), /EPERM/);
    memory.map(READ).dispose();
    using again = FdAllocator.alloc(allocator, memory.dupFd(), size, NONE, { sealed: true });
    assert.strictEqual(again.size, size);
  });

  it('is asked for with true or false', () => {
    const fd = host.openFile(pattern(10));
    throws(() => allocator.allocFd(fd, 10, NONE, { sealed: 1 } as never), TypeError, /sealed/);
    throws(() => allocator.allocFd(fd, 10, NONE, { seal: true } as never), TypeError, /did you mean `sealed`/);
    throws(() => FrameReader.follow(path, { sealed: 'yes' } as never), TypeError, /sealed/);
    throws(
      () => FrameReader.follow(path, { sealed: true, transport: 'shm', caps }),
      UnavailableError,
      isSealable ? /fds/ : /fcntl/,
    );
    host.close(fd);
  });

  it('comes from a FrameWriter; a frame that cannot be sealed ends the reading', async function () {
    this.timeout(10_000);
    if (!isSealable) return void throws(() => FrameReader.follow(path, { sealed: true }), UnavailableError, /fcntl/);
    await using writer = await FrameWriter.open(path, { caps });
    let frames = 0;
    const reading = (async () => {
      for await (using _ of FrameReader.follow(path, { sealed: true })) frames++;
    })();
    let failure: unknown = null;
    reading.catch((error) => {
      failure = error;
    });
    for (let round = 0; round < 200 && frames === 0; round++) {
      await writer.write(pattern(size), { timeout: 2e9 });
      await sleep(10);
    }
    assert.isAbove(frames, 0);
    assert.isNull(failure);
    using memory = allocator.allocFd(host.openFile(pattern(size)), size);
    using frame = new Buffer().appendMemory(memory);
    await writer.write(frame, { timeout: 2e9 });
    await rejects(reading, AllocationError, /sealed/);
  });
});

import { assert } from 'chai';
import {
  DmaBufAllocator,
  dmaBuf,
  dmaBufMemoryGetFd,
  dmaBufMemoryIsReal,
  dmaDrm,
  isDmaBufMemory,
  MapFlags,
  type Memory,
  Pipeline,
  runtime,
  type Sample,
  VideoFrame,
  VideoInfo,
} from '../../src/index.ts';
import { isAlone, readText, watchDmaBufs } from './open-dma-bufs.ts';
import { Ring } from './ring.ts';
import { copies, dmaBufSize, sources } from './sources.ts';

/** The first that takes pictures; vivid has its other devices beside it. */
function findCamera(): string | null {
  for (let index = 0; index < 16; index++) {
    try {
      const name = readText(`/sys/class/video4linux/video${index}/name`).trim();
      if (!/-(vid-out|meta-\w+|touch-\w+)$/.test(name)) return `/dev/video${index}`;
    } catch {
      // There may be others.
    }
  }
  return null;
}

const camera = findCamera();
const [width, height] = [320, 180];

async function* framesOf(description: string, count: number): AsyncGenerator<Sample> {
  await using pipeline = Pipeline.parse(`v4l2src device=${camera} ${description} ! appsink name=sink sync=false`);
  await pipeline.play();
  let left = count;
  for await (using sample of pipeline.appSink('sink').frames({ timeout: 20e9 })) {
    yield sample;
    if (--left === 0) return;
  }
}

const sum = (bytes: Uint8Array | Uint16Array): number => (bytes as Uint8Array).reduce((total, byte) => total + byte, 0);

describe('a camera that gives dma-bufs', () => {
  before(function () {
    if (camera === null && !isAlone) this.skip();
    assert.isNotNull(camera);
  });
  watchDmaBufs();

  for (const [format, planes] of Object.entries({ NV12: 2, I420: 3, YUY2: 1, GRAY8: 1 })) {
    it(`has the ${planes === 1 ? 'plane' : `${planes} planes`} of ${format} read where the driver wrote them`, async function () {
      if (!isAlone && format !== 'YUY2') this.skip(); // what most real ones have
      let frames = 0;
      for await (const sample of framesOf(
        `io-mode=dmabuf ! video/x-raw, format=${format}, width=${width}, height=${height}`,
        3,
      )) {
        assert.isNotNull(sample.buffer);
        if (!sample.buffer) continue;
        using memory = sample.buffer.memory(0);
        assert.isTrue(dmaBufMemoryIsReal(memory));
        assert.match(dmaBuf.inspect(dmaBufMemoryGetFd(memory))?.exporter ?? '', /videobuf2/);
        using frame = VideoFrame.map(sample.buffer, VideoInfo.fromCaps(sample.caps as string), MapFlags.READ);
        assert.lengthOf(frame.planes, planes);
        // The bars go from white to black.
        const luma = frame.planes[0];
        if (isAlone)
          assert.isAbove(
            luma?.data[4] as number,
            (luma?.data[(luma.width - 5) * (luma.pixelStride || 1)] as number) + 50,
          );
        // The same through the fd alone, as a device would have it.
        using allocator = new DmaBufAllocator();
        using again = allocator.allocDmaBuf(memory.dupFd(), memory.size);
        const read = frame.planes.reduce((total, { data }) => total + sum(data), 0);
        if (format !== 'YUY2' && isAlone) assert.strictEqual(again.withMapping(MapFlags.READ, sum), read);
        assert.isAbove(read, 0);
        frames++;
      }
      assert.strictEqual(frames, 3);
    });
  }

  it('says in caps of DMA_DRM how its pixels lie', async () => {
    for await (const sample of framesOf('io-mode=dmabuf ! video/x-raw(memory:DMABuf), format=DMA_DRM', 2)) {
      const { fourcc, modifier, format } = dmaDrm.parseCaps(sample.caps as string);
      assert.isAbove(fourcc, 0);
      assert.strictEqual(modifier, 0n);
      assert.isNotNull(format);
      using memory = sample.buffer?.memory(0) as Memory;
      assert.isTrue(dmaBufMemoryIsReal(memory));
    }
  });

  it('gives plain memory when it is not asked for dma-bufs', async () => {
    for await (const sample of framesOf('io-mode=mmap ! video/x-raw', 1)) {
      using memory = sample.buffer?.memory(0) as Memory;
      assert.isFalse(isDmaBufMemory(memory));
    }
  });

  if (runtime === 'node') {
    for (const source of sources) {
      it(`writes straight into dma-bufs of ${source}, from a pool that is proposed to it`, async () => {
        const raw = `video/x-raw, format=GRAY8, width=${width}, height=${height}`;
        let caps: string | null = null;
        for await (const sample of framesOf(`io-mode=mmap ! ${raw}`, 1)) caps = sample.caps;
        using pool = new Ring(source, { caps, size: dmaBufSize, max: copies, min: copies });
        pool.start();
        await using pipeline = Pipeline.parse(
          `v4l2src device=${camera} io-mode=dmabuf-import num-buffers=10 ! ${caps} ! appsink name=sink sync=false`,
        );
        const sink = pipeline.appSink('sink');
        sink.proposeAllocation({ pool, min: 0 });
        await pipeline.play();
        let frames = 0;
        for await (using sample of sink.frames({ timeout: 20e9, maxBuffers: 1 })) {
          using memory = sample.buffer?.memory(0) as Memory;
          assert.include(pool.fds, dmaBufMemoryGetFd(memory));
          assert.isAbove(memory.withMapping(MapFlags.READ, sum), 0);
          frames++;
        }
        assert.strictEqual(frames, 10);
        await pipeline.stop();
      });
    }
  }

  it('keeps nothing when it stops while frames of it are held', async () => {
    const held: Memory[] = [];
    for await (const sample of framesOf('io-mode=dmabuf ! video/x-raw', 2))
      held.push(sample.buffer?.memory(0) as Memory);
    for (const memory of held) {
      assert.isAbove(memory.withMapping(MapFlags.READ, sum), 0);
      memory.dispose();
    }
  });
});

import { assert } from 'chai';
import { host } from '#host';
import {
  DmaBufAllocator,
  dmaBufMemoryGetFd,
  dmaBufMemoryIsReal,
  dmaDrm,
  FlowError,
  Fraction,
  Buffer as GstBuffer,
  MapFlags,
  type Mapping,
  type Memory,
  Pipeline,
  PipelineError,
  runtime,
  type Sample,
} from '../../src/index.ts';
import type { Program } from '../harness/host.ts';
import { sleep } from '../harness/sleep.ts';
import { temporaryPath } from '../harness/temporary-path.ts';
import { watchDmaBufs } from './open-dma-bufs.ts';
import { Ring } from './ring.ts';
import { copies, dmaBufSize, sources, takeDmaBuf } from './sources.ts';

const side = Math.sqrt(dmaBufSize);
const caps =
  `video/x-raw, format=(string)GRAY8, width=(int)${side}, height=(int)${side}, framerate=(fraction)30/1, ` +
  'multiview-mode=(string)mono, pixel-aspect-ratio=(fraction)1/1, interlace-mode=(string)progressive';
const exists = (path: string): boolean => {
  try {
    host.close(host.openReadOnly(path));
    return true;
  } catch {
    return false;
  }
};

interface Seen {
  isReal: boolean;
  exporter: string | undefined;
  /** Whether the frame was of one byte, to its end. */
  isWhole: boolean;
  value: number;
}

/** Reads frames, and says so once it has one mapped that it keeps until the writer is gone. */
const reader: Program<{ seen: Seen[]; before: number[]; after: number[] }> = async (gst) => {
  // biome-ignore lint/suspicious/noExplicitAny: GJS's own global
  const { GLib } = (globalThis as any).imports?.gi ?? {};
  const socket: string = GLib ? GLib.getenv('SPEC_SOCKET') : process.env.SPEC_SOCKET;
  const sayMapped = () => {
    if (GLib) GLib.file_set_contents(`${socket}.mapped`, 'yes');
    else process.getBuiltinModule('node:fs').writeFileSync(`${socket}.mapped`, 'yes');
  };
  const pipeline = gst.Pipeline.parse(`unixfdsrc socket-path=${socket} ! appsink name=sink sync=false`);
  await pipeline.play();
  const seen: Seen[] = [];
  const look = (memory: Memory): void => {
    memory.withMapping(1, (bytes) => {
      const value = bytes[0] as number;
      // Each page of it: all bytes would take seconds where JavaScript is emulated.
      let isWhole = bytes[bytes.length - 1] === value;
      for (let at = 0; at < bytes.length; at += 4096) isWhole &&= bytes[at] === value;
      const exporter = gst.dmaBuf.inspect(gst.dmaBufMemoryGetFd(memory))?.exporter;
      seen.push({ isReal: gst.dmaBufMemoryIsReal(memory), exporter, isWhole, value });
    });
  };
  let kept: Mapping | null = null;
  let before: number[] = [];
  try {
    for await (const sample of pipeline.appSink('sink').frames({ timeout: 60e9 })) {
      const memory = (sample.buffer as GstBuffer).memory(0);
      if (seen.length === 5 && !kept) {
        kept = memory.map(1);
        before = [...kept.bytes.slice(0, 10)];
        sayMapped();
        continue; // with the sample and its memory
      }
      if (!kept) look(memory);
      memory.dispose();
      sample.dispose();
    }
  } catch (error) {
    // So ends a source whose writer is gone.
    if (!(error instanceof gst.PipelineError)) throw error;
  }
  await pipeline.stop();
  const after = [...(kept?.bytes.slice(0, 10) ?? [])];
  kept?.dispose();
  return { seen, before, after };
};

for (const source of sources) {
  describe(`dma-bufs of ${source} in pipelines`, () => {
    watchDmaBufs();

    it('reach another process as they are, and what it has mapped stays when their writer goes', async () => {
      const path = temporaryPath('socket');
      const pool = new Ring(source, { caps, size: dmaBufSize, max: copies });
      pool.start();
      const pipeline = Pipeline.parse(`appsrc name=source format=time ! unixfdsink socket-path=${path} sync=false`);
      const appSrc = pipeline.appSrc('source');
      appSrc.caps = caps;
      await pipeline.play();
      let isOver = false;
      const reading = host.run(reader, { SPEC_SOCKET: path }).finally(() => {
        isOver = true;
      });
      for (let frame = 0; !isOver && !exists(`${path}.mapped`); frame++) {
        using buffer = await pool.acquire({ timeout: 20e9 });
        buffer.memset(0, (frame % 255) + 1, dmaBufSize);
        buffer.pts = frame * 1e7;
        await appSrc.push(buffer);
        await sleep(20);
      }
      await pipeline.stop();
      pipeline.dispose();
      pool.dispose();
      const { status, stderr, value } = await reading;
      assert.strictEqual(status, 0, stderr);
      assert.strictEqual(value?.seen.length, 5, stderr);
      for (const { isReal, exporter, isWhole, value: byte } of value?.seen ?? []) {
        assert.isTrue(isReal && isWhole);
        assert.strictEqual(exporter, source);
        assert.isAbove(byte, 0);
      }
      assert.lengthOf(value?.before as number[], 10);
      assert.deepEqual(value?.after, value?.before);
    });

    it('go with caps of DMA_DRM to who takes them, and no further', async () => {
      const drmCaps = dmaDrm.buildCaps({ drmFormat: 'R8  ', width: side, height: side, framerate: new Fraction(30) });
      for (const [sink, isTaken] of [
        ['appsink name=sink sync=false', true],
        ['appsink name=sink sync=false caps=video/x-raw(memory:DMABuf),format=DMA_DRM', true],
        ['appsink name=sink sync=false caps=video/x-raw', false],
        ['videoconvert ! video/x-raw, format=RGBA ! appsink name=sink sync=false', false],
      ] as const) {
        await using pipeline = Pipeline.parse(`appsrc name=source format=time ! ${sink}`);
        const appSrc = pipeline.appSrc('source');
        appSrc.caps = drmCaps;
        await pipeline.play().catch(() => {});
        using allocator = new DmaBufAllocator();
        using memory = allocator.allocDmaBuf(takeDmaBuf(source), dmaBufSize);
        memory.withMapping(MapFlags.WRITE, (bytes) => bytes.fill(7));
        using buffer = new GstBuffer().appendMemory(memory);
        buffer.pts = 0;
        const attempt = (async () => {
          await appSrc.push(buffer);
          appSrc.endOfStream();
          let sample: Sample | null = null;
          for await (const next of pipeline.appSink('sink').frames({ timeout: 20e9 })) sample = next;
          return sample;
        })();
        if (!isTaken) {
          const error = await attempt.then(
            () => null,
            (cause: unknown) => cause,
          );
          assert.isTrue(error instanceof FlowError || error instanceof PipelineError, `${sink}: ${error}`);
          continue;
        }
        using sample = await attempt;
        assert.strictEqual(dmaDrm.parseCaps(sample?.caps ?? '').drmFormat, 'R8  ');
        using arrived = sample?.buffer?.memory(0) as Memory;
        assert.isTrue(dmaBufMemoryIsReal(arrived));
        assert.strictEqual(dmaBufMemoryGetFd(arrived), memory.fd);
      }
    });

    if (runtime === 'node') {
      it('are filled by upstream when a pool of them is proposed', async () => {
        using pool = new Ring(source, { caps, size: dmaBufSize, max: copies });
        pool.start();
        await using pipeline = Pipeline.parse(
          `videotestsrc num-buffers=12 pattern=white ! ${caps} ! appsink name=sink sync=false`,
        );
        const sink = pipeline.appSink('sink');
        sink.proposeAllocation({ pool });
        await pipeline.play();
        const fds = new Set<number>();
        for await (using sample of sink.frames()) {
          using memory = sample.buffer?.memory(0) as Memory;
          assert.isTrue(dmaBufMemoryIsReal(memory));
          fds.add(dmaBufMemoryGetFd(memory));
          memory.withMapping(MapFlags.READ, (bytes) => assert.deepEqual([bytes[0], bytes[dmaBufSize - 1]], [235, 235]));
        }
        assert.includeMembers(pool.fds, [...fds]);
        assert.isNotEmpty(fds);
        await pipeline.stop();
      });
    }
  });
}

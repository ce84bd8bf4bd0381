/** The producer's side: media frames in shared memory, stamped in place and handed to another process. */
import { fstatSync } from 'node:fs';
import { type AppSrc, Buffer, BufferPool, isFdMemory, MapFlags, Pipeline, ShmAllocator } from '../../src/index.ts';
import { greeting, stampBytes, writeStamp } from './stamp.ts';

export interface ProducerReport {
  frames: number;
  copies: number;
  bytes: number;
  seconds: number;
  inodes: number[];
  size: string;
}

export interface ProduceOptions {
  /** gst-launch description of the raw video source. */
  source: string;
  socket: string;
  /** Limit of frames that are on their way to the consumer. */
  window: number;
  /** Starts the consumer; called when the socket exists. */
  start(): void;
  isReady(): boolean;
  /** Frames the consumer has seen. */
  seen(): number;
  progress(report: ProducerReport): void;
  /** Ends everything early. */
  signal: AbortSignal;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function produce(options: ProduceOptions): Promise<ProducerReport> {
  const { source, socket, window, signal, seen } = options;
  ShmAllocator.initOnce();
  using allocator = ShmAllocator.get();
  await using input = Pipeline.parse(`${source} ! appsink name=frames sync=false`);
  await using output = Pipeline.parse('appsrc name=out format=time ! unixfdsink name=sink sync=false');
  output.get('sink').set('socket-path', socket);
  const frames = input.appSink('frames');
  const out = output.appSrc('out');
  // Upstream writes into shared memory from the start: no copy on the way to the other process.
  frames.proposeAllocation({ allocator, metas: ['GstVideoMetaAPI'] });
  await output.play();
  options.start();
  await input.play();

  const report: ProducerReport = { frames: 0, copies: 0, bytes: 0, seconds: 0, inodes: [], size: '' };
  const inodes = new Set<number>();
  let pool: BufferPool | null = null;
  let begin = 0;
  try {
    for await (const sample of frames.frames({ signal })) {
      using taken = sample;
      if (!begin) {
        out.caps = taken.caps;
        report.size = describeCaps(taken.caps ?? '');
        await greet(out, taken.buffer?.size ?? 0, allocator, options);
        begin = performance.now();
      }
      let buffer = taken.takeBuffer();
      if (!buffer) continue;
      if (!isShared(buffer)) {
        pool ??= BufferPool.create({ size: buffer.size, min: 2, allocator });
        buffer = await copied(buffer, pool);
        report.copies++;
      }
      using frame = buffer;
      using memory = frame.memory(0);
      memory.withMapping(MapFlags.WRITE, (bytes) => writeStamp(bytes, report.frames));
      if (memory.fd !== null) inodes.add(fstatSync(memory.fd).ino);
      while (report.frames - seen() >= window && !signal.aborted) await pause(1);
      await out.push(frame, { signal });
      report.frames++;
      report.bytes += frame.size;
      report.seconds = (performance.now() - begin) / 1000;
      options.progress(report);
    }
  } finally {
    pool?.dispose();
  }
  out.endOfStream();
  await output.finished({ signal });
  report.inodes = [...inodes];
  return report;
}

function isShared(buffer: Buffer): boolean {
  if (buffer.memoryCount !== 1) return false;
  using memory = buffer.memory(0);
  return isFdMemory(memory);
}

/** A copy of the frame in shared memory, for frames that an element wrote elsewhere. */
async function copied(buffer: Buffer, pool: BufferPool): Promise<Buffer> {
  using original = buffer;
  const copy = await pool.acquire();
  using mapping = original.map(MapFlags.READ);
  copy.fill(0, mapping.bytes);
  copy.pts = original.pts;
  copy.duration = original.duration;
  return copy;
}

/** Sends frames without a number until the consumer has seen one: frames that are sent before it listens are lost. */
async function greet(
  out: AppSrc,
  size: number,
  allocator: ShmAllocator | null,
  { isReady, signal }: ProduceOptions,
): Promise<void> {
  while (!isReady() && !signal.aborted) {
    using buffer = Buffer.alloc(Math.max(size, stampBytes), allocator);
    buffer.withMapping(MapFlags.WRITE, (bytes) => writeStamp(bytes, greeting));
    await out.push(buffer, { signal });
    await pause(20);
  }
}

function describeCaps(caps: string): string {
  const field = (name: string) => new RegExp(`${name}=(?:\\(\\w+\\))?([\\w/-]+)`).exec(caps)?.[1] ?? '?';
  return `${field('width')}×${field('height')} ${field('format')}`;
}

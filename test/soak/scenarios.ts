/**
 * What a soak repeats, on either engine in a process of its own: each looks at what the process takes of the system after
 * its first rounds and again at its end. They see nothing of this file but their arguments.
 */
import type { Package } from '../harness/host.ts';
import type { Look, Tools } from '../node/child.ts';

export interface Work {
  /** Rounds in all, and those after which the first look is taken. */
  count: number;
  early: number;
  /** A socket's path. */
  path: string;
  caps: string;
}

/** What a scenario gives. */
export interface Course {
  done: number;
  begin: Look;
  end: Look;
  /** Handles of ours that are left. */
  left: Record<string, number>;
}

type Scenario = (gst: Package, tools: Tools, work: Work) => Promise<Course>;

/** Frames from an appsrc, in buffers of a pool, to an appsink. */
export const frames: Scenario = async ({ BufferPool, Pipeline, allocationCounters }, tools, { count, early }) => {
  // A function of its own: what its variables refer to is not collected before it returns.
  const work = async () => {
    const pipeline = Pipeline.parse('appsrc name=source max-bytes=65536 ! appsink name=sink sync=false');
    const source = pipeline.appSrc('source');
    const pool = BufferPool.create({ size: 4096, min: 4, max: 64 });
    await pipeline.play();
    const feed = async () => {
      for (let round = 0; round < count; round++) {
        const buffer = await pool.acquire();
        await source.push(buffer);
        buffer.dispose();
      }
      source.endOfStream();
    };
    let done = 0;
    let begin = tools.look();
    const fed = feed();
    for await (const sample of pipeline.appSink('sink').frames()) {
      sample.dispose();
      if (++done === early) begin = tools.look();
      if (done % 1000 === 0) tools.tell({ done });
    }
    await fed;
    const end = tools.look();
    await pipeline.stop();
    pool.dispose();
    pipeline.dispose();
    return { done, begin, end };
  };
  const looks = await work();
  await tools.sleep(1200);
  await tools.collect();
  const course = { ...looks, left: allocationCounters() };
  tools.deinit();
  return course;
};

/** Frames from writers that are killed, one after the other. */
export const reader: Scenario = async ({ FrameReader, allocationCounters }, tools, { count, early, path }) => {
  let done = 0;
  let begin = tools.look();
  for await (const sample of FrameReader.follow(path)) {
    sample.buffer?.withMapping(1, (bytes) => bytes[0]);
    sample.dispose();
    if (++done === early) begin = tools.look();
    if (done % 100 === 0) tools.tell({ done });
    if (done === count) break;
  }
  await tools.sleep(1200);
  await tools.collect();
  const course = { done, begin, end: tools.look(), left: allocationCounters() };
  tools.deinit();
  return course;
};

/** Frames to readers that are killed, one after the other. */
export const writer: Scenario = async ({ FrameWriter, allocationCounters }, tools, { count, early, path, caps }) => {
  const output = await FrameWriter.open(path, { caps });
  let begin = tools.look();
  for (let done = 1; done <= count; done++) {
    await output.write(new Uint8Array(64 * 64), { pts: done * 1e6, timeout: 20e9 });
    if (done === early) begin = tools.look();
    if (done % 100 === 0) tools.tell({ done });
    // Readers get their turn.
    if (done % 4 === 0) await tools.sleep(1);
  }
  const { look } = tools;
  await tools.collect();
  const end = look();
  await output.close();
  await tools.sleep(1200);
  await tools.collect();
  const course = { done: count, begin, end, left: allocationCounters() };
  tools.deinit();
  return course;
};

/** Pipelines that are made, played, stopped and disposed. */
export const pipelines: Scenario = async ({ Pipeline, allocationCounters }, tools, { count, early }) => {
  let begin = tools.look();
  for (let done = 1; done <= count; done++) {
    const pipeline = Pipeline.parse(
      'videotestsrc num-buffers=1 ! video/x-raw, width=16, height=16 ! appsink name=sink',
    );
    await pipeline.play();
    (await pipeline.appSink('sink').pull())?.dispose();
    await pipeline.stop();
    pipeline.dispose();
    if (done === early) {
      await tools.sleep(1200);
      await tools.collect();
      begin = tools.look();
    }
    if (done % 10 === 0) tools.tell({ done });
  }
  // Watches close their fds a moment after.
  await tools.sleep(1200);
  await tools.collect();
  const course = { done: count, begin, end: tools.look(), left: allocationCounters() };
  tools.deinit();
  return course;
};

/** Objects of every kind that nobody disposes, mapped ones among them. */
export const losses: Scenario = async (gst, tools, { count, early }) => {
  const { AllocationQuery, Buffer, BufferPool, Sample, ShmAllocator, allocationCounters } = gst;
  ShmAllocator.initOnce();
  const lose = () => {
    const allocator = ShmAllocator.get();
    const memory = allocator?.alloc(4096);
    memory?.map(1);
    memory?.share(0, 10).map(1);
    const buffer = Buffer.alloc(4096);
    buffer.memory(0);
    Sample.create(buffer, 'video/x-raw').buffer?.map(1);
    new AllocationQuery('video/x-raw');
    BufferPool.create({ size: 16, min: 1, max: 2 }).tryAcquire();
  };
  let begin = tools.look();
  for (let done = 1; done <= count; done++) {
    lose();
    if (done % 20 === 0 || done === early) await tools.collect();
    if (done === early) begin = tools.look();
    if (done % 20 === 0) tools.tell({ done });
  }
  await tools.collect();
  await tools.collect();
  const course = { done: count, begin, end: tools.look(), left: allocationCounters() };
  tools.deinit();
  return course;
};

type Peer = (gst: Package, tools: Tools, work: Work) => Promise<never>;

/** What writes to a reader until it is killed. */
export const endlessWriter: Peer = async ({ FrameWriter }, { sleep }, { path, caps }) => {
  for (;;) {
    const output = await FrameWriter.open(path, { caps }).catch(() => null);
    if (!output) await sleep(5);
    for (let pts = 0; output; pts += 1e6) await output.write(new Uint8Array(64 * 64), { pts });
  }
};

/** What reads from a writer until it is killed. */
export const endlessReader: Peer = async ({ FrameReader }, _, { path }) => {
  for (;;) for await (const sample of FrameReader.follow(path)) sample.dispose();
};

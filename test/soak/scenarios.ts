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

/** Recordings of random length, attached to one pipeline that plays; a hundred of the films are kept. */
export const branches: Scenario = async ({ Pipeline, allocationCounters }, tools, { count, early, path }) => {
  const work = async () => {
    const pipeline = Pipeline.parse(
      `videotestsrc is-live=true ! video/x-raw, format=I420, width=32, height=32, framerate=100/1 ! tee name=t ! queue ! appsink name=sink sync=false max-buffers=1000`,
      { warnings: false }, // the machine may stand still for a second
    );
    await pipeline.play();
    const read = async () => {
      let last = -1;
      for await (const sample of pipeline.appSink('sink').frames()) {
        const { buffer } = sample;
        const number = buffer?.offset ?? -1;
        if (last !== -1 && number !== last + 1) throw new Error(`frame ${number} came after ${last}`);
        last = number;
        buffer?.dispose();
        sample.dispose();
      }
    };
    const reading = read();
    const settle = async () => {
      await tools.sleep(1200);
      await tools.collect();
      return tools.look();
    };
    const first = Math.min(early, count >> 1);
    const kept = Math.ceil(count / 100);
    let begin = tools.look();
    for (let done = 1; done <= count; done++) {
      const film = done % kept === 0 ? `${path}-${done}.mov` : path;
      const branch = await pipeline.attach(`jpegenc ! qtmux ! filesink location=${film}` as string, { to: 't' });
      // A film without a frame would be empty.
      const pad = branch.get(`${branch.name}-queue` as string).pad('sink');
      while (pad.caps === null) await tools.sleep(5);
      await tools.sleep(20 + Math.random() * 80);
      await branch.detach();
      // GJS frees what its collector finds.
      if (done % 20 === 0) await tools.collect();
      if (done === first) begin = await settle();
      tools.tell({ done });
    }
    const end = await settle();
    await pipeline.stop();
    await reading;
    pipeline.dispose();
    return { done: count, begin, end };
  };
  const looks = await work();
  await tools.sleep(1200);
  await tools.collect();
  const course = { ...looks, left: allocationCounters() };
  tools.deinit();
  return course;
};

/** Decodes films of 100 frames/s: gives what is wrong with their frames' stamps, and with what is said of them. */
export const faultsOfFilms = async ({ Pipeline, probe }: Package, _: Tools, films: readonly string[]) => {
  const faults: string[] = [];
  for (const film of films) {
    const pipeline = Pipeline.parse(`filesrc location=${film} ! decodebin ! appsink name=sink sync=false` as string);
    await pipeline.play();
    const stamps: number[] = [];
    for await (const sample of pipeline.appSink('sink').frames()) {
      stamps.push(sample.buffer?.pts ?? -1);
      sample.dispose();
    }
    await pipeline.stop();
    pipeline.dispose();
    const wrong = stamps.findIndex((stamp, index) => Math.abs(stamp - index * 1e7) > 2e6);
    if (wrong >= 0) faults.push(`frame ${wrong} of ${stamps.length} in ${film} is at ${stamps[wrong]} ns`);
    const { container, duration, streams } = await probe(film);
    if (stamps.length === 0 || Math.abs((duration ?? 0) - stamps.length * 1e7) > 5e6 || streams.length !== 1)
      faults.push(`${film} (${container}) has ${stamps.length} frames, ${streams.length} streams and ${duration} ns`);
  }
  return faults;
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

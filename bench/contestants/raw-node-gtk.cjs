/** node-gtk with introspection alone: each work in the fastest way found, or the outcome of the attempt. */
const { createInterface } = require('node:readline');
const gi = require('node-gtk');

const [Gst, GstAllocators] = ['Gst', 'GstAllocators', 'GstApp'].map((name) => gi.require(name, '1.0'));
Gst.init(null);
GstAllocators.ShmAllocator.initOnce();
const allocators = { shm: GstAllocators.ShmAllocator.get(), sysmem: Gst.Allocator.find('SystemMemory') };
const now = () => Number(process.hrtime.bigint());
/** 64-bit numbers are BigInts. */
const number = (value) => Number(value);

function carrierOf({ memory, size }) {
  const buffer = Gst.Buffer.newAllocate(allocators[memory], size, null);
  return buffer;
}

function stamp(buffer, size, seed) {
  buffer.memset(0, seed % 251, 1);
  buffer.memset(size - 1, (seed * 7) % 251, 1);
}

function acquired(memory, size, count) {
  const pool = new Gst.BufferPool();
  const config = pool.getConfig();
  Gst.BufferPool.configSetParams(config, null, size, 4, 4);
  Gst.BufferPool.configSetAllocator(config, allocators[memory], null);
  pool.setConfig(config);
  pool.setActive(true);
  const dontWait = new Gst.BufferPoolAcquireParams();
  dontWait.flags = Gst.BufferPoolAcquireFlags.DONTWAIT;
  let got = 0;
  while (got < count) {
    const answer = pool.acquireBuffer(dontWait);
    if (!answer[1]) break;
    got++;
  }
  pool.setActive(false);
  return got;
}

const noPool = ({ memory, size }) => ({
  cannot: `a pool of 4 buffers gave ${acquired(memory, size, 20)} of 20 that were dropped in turn: they wait for the collector`,
});

/** The result of mapping a memory of `size` bytes. */
function noMapping({ memory, size }) {
  if (memory === 'memfd') return { cannot: 'a mapping has no bytes here, whatever the memory' };
  const mapped = carrierOf({ memory, size }).getMemory(0);
  const [, info] = mapped.map(Gst.MapFlags.READ);
  const { length } = info.data ?? [];
  mapped.unmap(info);
  return { cannot: `a mapping of ${size} bytes shows ${length}` };
}

/** Bytes are an Array of numbers. */
function own({ memory, size, count, seed }) {
  const buffer = carrierOf({ memory, size });
  stamp(buffer, size, seed);
  let check = 0;
  const start = now();
  for (let i = 0; i < count; i++) {
    const bytes = buffer.extractDup(0, size);
    check += bytes[0] + bytes[size - 1];
  }
  return { nanoseconds: now() - start, check };
}

const verbs = {
  map: noMapping,
  fill: noMapping,
  pool: noPool,
  poolMap: noPool,
  source: noPool,
  own,
  alloc({ memory, size, count }) {
    let check = 0;
    const start = now();
    for (let i = 0; i < count; i++)
      check += number(Gst.Allocator.prototype.alloc.call(allocators[memory], size, null).size);
    return { nanoseconds: now() - start, check };
  },
  read({ memory, size, count, seed }) {
    const buffer = carrierOf({ memory, size });
    // Bytes can be written only as runs of one value.
    for (let i = 0; i < 4096; i++) buffer.memset(i, (i * seed + (i >> 8) + 1) & 255, 1);
    for (let i = 4096; i < size; i++) buffer.memset(i, ((i % 4096) * seed + ((i % 4096) >> 8) + 1) & 255, 1);
    let check = 0;
    const start = now();
    for (let i = 0; i < count; i++) for (const byte of buffer.extractDup(0, size)) check += byte;
    return { nanoseconds: now() - start, check };
  },
  sink({ description, streams, count }) {
    const pipeline = Gst.parseLaunch(description);
    const sinks = Array.from({ length: streams }, (_, index) => pipeline.getByName(`sink${index}`));
    pipeline.setState(Gst.State.PLAYING);
    for (const sink of sinks) sink.pullSample();
    let check = 0;
    const start = now();
    for (let frame = 1; frame <= count; frame++) {
      for (const sink of sinks) {
        const buffer = sink.pullSample().getBuffer();
        const size = number(buffer.getSize());
        check += frame * (buffer.extractDup(0, 1)[0] + buffer.extractDup(size - 1, 1)[0]);
      }
    }
    const time = now() - start;
    pipeline.setState(Gst.State.NULL);
    return { nanoseconds: time, check };
  },
  trip({ description, size, count, quantile }) {
    const pipeline = Gst.parseLaunch(description);
    const source = pipeline.getByName('source');
    const sink = pipeline.getByName('sink0');
    pipeline.setState(Gst.State.PLAYING);
    const times = [];
    let check = 0;
    for (let index = 0; index < count; index++) {
      const buffer = Gst.Buffer.newAllocate(null, size, null);
      buffer.memset(0, index % 251, 1);
      const start = now();
      source.pushBuffer(buffer);
      const sample = sink.pullSample();
      times.push(now() - start);
      check += sample.getBuffer().extractDup(0, 1)[0];
    }
    pipeline.setState(Gst.State.NULL);
    times.sort((a, b) => a - b);
    return { nanoseconds: times[Math.floor((count - 1) * quantile)] * count, check };
  },
  query({ description, size, count }) {
    const pipeline = Gst.parseLaunch(description);
    const source = pipeline.getByName('source');
    pipeline.setState(Gst.State.PLAYING);
    source.pushBuffer(Gst.Buffer.newAllocate(null, size, null));
    pipeline.getByName('sink0').pullSample();
    const caps = source.getCaps();
    const pad = source.getStaticPad('src');
    let check = 0;
    const start = now();
    for (let i = 0; i < count; i++) {
      const query = Gst.Query.newAllocation(caps, true);
      if (!pad.peerQuery(query)) break;
      check += number(query.parseNthAllocationPool(0)[1]) + number(query.getNAllocationMetas());
    }
    const time = now() - start;
    pipeline.setState(Gst.State.NULL);
    return { nanoseconds: time, check };
  },
};

const say = (line) => console.log(JSON.stringify(line));
say({
  versions: {
    Node: process.versions.node,
    'node-gtk': require('node-gtk/package.json').version,
    GStreamer: Gst.versionString().split(' ')[1],
  },
});
createInterface({ input: process.stdin }).on('line', (line) => {
  const asked = JSON.parse(line);
  say(verbs[asked.verb](asked));
});

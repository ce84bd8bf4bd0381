/** GJS with introspection alone: each work in the fastest way found, or the outcome of the attempt. */
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Gst from 'gi://Gst?version=1.0';
import GstAllocators from 'gi://GstAllocators?version=1.0';
import 'gi://GstApp?version=1.0';
import System from 'system';

Gst.init(null);
GstAllocators.ShmAllocator.init_once();
const allocators = { shm: GstAllocators.ShmAllocator.get(), sysmem: Gst.Allocator.find('SystemMemory') };
const { READ } = Gst.MapFlags;
const now = () => GLib.get_monotonic_time() * 1000;

function carrierOf({ memory, size }) {
  const buffer = Gst.Buffer.new();
  buffer.append_memory(allocators[memory].alloc(size, null));
  return buffer;
}

function stamp(buffer, size, seed) {
  buffer.memset(0, seed % 251, 1);
  buffer.memset(size - 1, (seed * 7) % 251, 1);
}

function poolOf(memory, size, count) {
  const pool = Gst.BufferPool.new();
  const config = pool.get_config();
  Gst.BufferPool.config_set_params(config, null, size, count, count);
  Gst.BufferPool.config_set_allocator(config, allocators[memory], null);
  pool.set_config(config);
  pool.set_active(true);
  return pool;
}

const dontWait = new Gst.BufferPoolAcquireParams({ flags: Gst.BufferPoolAcquireFlags.DONTWAIT });

/** Number of buffers that can be acquired while each is dropped, up to `count`. */
function acquired(memory, size, count) {
  const pool = poolOf(memory, size, 4);
  let got = 0;
  while (got < count && pool.acquire_buffer(dontWait)[1]) got++;
  pool.set_active(false);
  return got;
}

const noPool = ({ memory, size }) => ({
  cannot: `a pool of 4 buffers gave ${acquired(memory, size, 20)} of 20 that were dropped in turn: they wait for the collector`,
});

const verbs = {
  map({ memory, size, count, seed }) {
    if (memory === 'memfd') return { cannot: 'GJS cannot make a memfd' };
    const buffer = carrierOf({ memory, size });
    stamp(buffer, size, seed);
    const mapped = buffer.peek_memory(0);
    let check = 0;
    const start = now();
    for (let i = 0; i < count; i++) {
      const [, info] = mapped.map(READ);
      const { data } = info;
      check += data[0] + data[size - 1];
      mapped.unmap(info);
    }
    return { nanoseconds: now() - start, check };
  },
  pool: noPool,
  poolMap: noPool,
  alloc({ memory, size, count }) {
    let check = 0;
    const start = now();
    for (let i = 0; i < count; i++) {
      check += allocators[memory].alloc(size, null).size;
      // Each one keeps an fd and its pages until it is collected.
      if (i % 64 === 63) System.gc();
    }
    return { nanoseconds: now() - start, check };
  },
  fill({ memory, size, count, seed }) {
    const buffer = carrierOf({ memory, size });
    const bytes = new Uint8Array(size);
    const start = now();
    for (let i = 0; i < count; i++) {
      bytes.fill((seed + i) % 251);
      buffer.fill(0, bytes);
    }
    const time = now() - start;
    return { nanoseconds: time, check: sum(buffer.extract_dup(0, size)) };
  },
  read({ memory, size, count, seed }) {
    const buffer = carrierOf({ memory, size });
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = (i % 4096) * seed + ((i % 4096) >> 8) + 1;
    buffer.fill(0, bytes);
    let check = 0;
    const start = now();
    for (let i = 0; i < count; i++) check += sum(buffer.extract_dup(0, size));
    return { nanoseconds: now() - start, check };
  },
  own({ memory, size, count, seed }) {
    const buffer = carrierOf({ memory, size });
    stamp(buffer, size, seed);
    let check = 0;
    const start = now();
    for (let i = 0; i < count; i++) {
      const bytes = buffer.extract_dup(0, size);
      check += bytes[0] + bytes[size - 1];
    }
    return { nanoseconds: now() - start, check };
  },
  sink({ description, streams, count }) {
    const pipeline = Gst.parse_launch(description);
    const sinks = Array.from({ length: streams }, (_, index) => pipeline.get_by_name(`sink${index}`));
    pipeline.set_state(Gst.State.PLAYING);
    for (const sink of sinks) sink.pull_sample();
    let check = 0;
    const start = now();
    for (let frame = 1; frame <= count; frame++) {
      for (const sink of sinks) {
        const buffer = sink.pull_sample().get_buffer();
        const size = buffer.get_size();
        check += frame * (buffer.extract_dup(0, 1)[0] + buffer.extract_dup(size - 1, 1)[0]);
      }
      // Without it, gigabytes of frames wait for the collector.
      if (frame % 8 === 0) System.gc();
    }
    const time = now() - start;
    pipeline.set_state(Gst.State.NULL);
    return { nanoseconds: time, check };
  },
  source({ description, memory, size, count }) {
    const got = acquired(memory, size, 20);
    const pipeline = Gst.parse_launch(description);
    const source = pipeline.get_by_name('source');
    source.block = true;
    pipeline.set_state(Gst.State.PLAYING);
    if (got < 20) {
      pipeline.set_state(Gst.State.NULL);
      return noPool({ memory, size });
    }
    return { cannot: `the pool gave ${got} of ${count}` };
  },
  trip({ description, size, count, quantile }) {
    const pipeline = Gst.parse_launch(description);
    const source = pipeline.get_by_name('source');
    const sink = pipeline.get_by_name('sink0');
    pipeline.set_state(Gst.State.PLAYING);
    const times = [];
    let check = 0;
    for (let index = 0; index < count; index++) {
      const buffer = Gst.Buffer.new_allocate(null, size, null);
      buffer.memset(0, index % 251, 1);
      const start = now();
      source.push_buffer(buffer);
      const sample = sink.pull_sample();
      times.push(now() - start);
      check += sample.get_buffer().extract_dup(0, 1)[0];
      if (index % 8 === 0) System.gc();
    }
    pipeline.set_state(Gst.State.NULL);
    times.sort((a, b) => a - b);
    return { nanoseconds: times[Math.floor((count - 1) * quantile)] * count, check };
  },
  query({ description, size, count }) {
    const pipeline = Gst.parse_launch(description);
    const source = pipeline.get_by_name('source');
    pipeline.set_state(Gst.State.PLAYING);
    source.push_buffer(Gst.Buffer.new_allocate(null, size, null));
    pipeline.get_by_name('sink0').pull_sample();
    const caps = source.get_caps();
    const pad = source.get_static_pad('src');
    let check = 0;
    const start = now();
    for (let i = 0; i < count; i++) {
      const query = Gst.Query.new_allocation(caps, true);
      if (!pad.peer_query(query)) break;
      check += query.parse_nth_allocation_pool(0)[1] + query.get_n_allocation_metas();
    }
    const time = now() - start;
    pipeline.set_state(Gst.State.NULL);
    return { nanoseconds: time, check };
  },
};

function sum(bytes) {
  let total = 0;
  for (let i = 0; i < bytes.length; i++) total += bytes[i];
  return total;
}

const version = String(System.version).replace(/(\d)(\d\d)(\d\d)$/, '$1.$2.$3');
print(JSON.stringify({ versions: { GJS: version, GStreamer: Gst.version_string().split(' ')[1] } }));
const input = new Gio.DataInputStream({ base_stream: new Gio.UnixInputStream({ fd: 0 }) });
for (;;) {
  const [line] = input.read_line_utf8(null);
  if (line === null) break;
  const asked = JSON.parse(line);
  print(JSON.stringify(verbs[asked.verb](asked)));
}

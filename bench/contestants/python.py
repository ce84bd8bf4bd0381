"""gst-python, each work in the fastest way found."""

import ctypes
import json
import os
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstAllocators", "1.0")
gi.require_version("GstApp", "1.0")
from gi.repository import Gst, GstAllocators, GstApp

Gst.init(None)
GstAllocators.ShmAllocator.init_once()
ALLOCATORS = {"shm": GstAllocators.ShmAllocator.get(), "sysmem": Gst.Allocator.find("SystemMemory")}
READ, WRITE = Gst.MapFlags.READ, Gst.MapFlags.WRITE
now = time.perf_counter_ns


FDS = GstAllocators.FdAllocator.new()


def alloc_of(memory, size):
    if memory != "memfd":
        return Gst.Allocator.alloc(ALLOCATORS[memory], size, None)
    fd = os.memfd_create("bench")
    os.ftruncate(fd, size)
    return GstAllocators.FdAllocator.alloc(FDS, fd, size, GstAllocators.FdMemoryFlags.NONE)


def stamp(mappable, size, seed):
    with mappable.map(WRITE) as info:
        info.data[0] = seed % 251
        info.data[size - 1] = seed * 7 % 251


def map_(memory, size, count, seed, **_):
    memory = alloc_of(memory, size)
    stamp(memory, size, seed)
    check = 0
    start = now()
    for _ in range(count):
        _, info = memory.map(READ)  # a quarter faster than `with`
        data = info.data
        check += data[0] + data[size - 1]
        memory.unmap(info)
    return now() - start, check


def pool_of(memory, size, count):
    pool = Gst.BufferPool.new()
    config = pool.get_config()
    Gst.BufferPool.config_set_params(config, None, size, count, count)
    Gst.BufferPool.config_set_allocator(config, ALLOCATORS[memory], None)
    assert pool.set_config(config) and pool.set_active(True)
    return pool


def pool_map(memory, size, count, seed, **_):
    pool = pool_of(memory, size, 4)
    buffers = [pool.acquire_buffer(None)[1] for _ in range(4)]
    for buffer in buffers:
        stamp(buffer, size, seed)
    buffers = buffer = None
    check = 0
    start = now()
    for _ in range(count):
        _, buffer = pool.acquire_buffer(None)
        _, info = buffer.map(READ)
        data = info.data
        check += data[0] + data[size - 1]
        buffer.unmap(info)
        buffer = None
    spent = now() - start
    pool.set_active(False)
    return spent, check


def own(size, count, seed, **_):
    buffer = Gst.Buffer.new()
    memory = alloc_of("shm", size)
    stamp(memory, size, seed)
    buffer.append_memory(memory)
    check = 0
    start = now()
    for _ in range(count):
        data = buffer.extract_dup(0, size)
        check += data[0] + data[size - 1]
    return now() - start, check


def pool(memory, size, count, seed, **_):
    pool = pool_of(memory, size, 4)
    buffers = [pool.acquire_buffer(None)[1] for _ in range(4)]
    for index, buffer in enumerate(buffers):
        buffer.memset(0, (seed + index) % 251, 1)
    buffers = buffer = None
    check = 0
    start = now()
    for _ in range(count):
        _, buffer = pool.acquire_buffer(None)
        if buffer is None:
            break
        check += 1000
        buffer = None
    spent = now() - start
    buffers = [pool.acquire_buffer(None)[1] for _ in range(4)]
    for buffer in buffers:
        check += buffer.extract_dup(0, 1)[0]
    buffers = buffer = None
    pool.set_active(False)
    return spent, check


def alloc(memory, size, count, seed, **_):
    allocator = ALLOCATORS[memory]
    check = 0
    start = now()
    for _ in range(count):
        memory = Gst.Allocator.alloc(allocator, size, None)
        check += memory.size
        memory = None
    return now() - start, check


def fill(memory, size, count, seed, **_):
    memory = Gst.Allocator.alloc(ALLOCATORS[memory], size, None)
    start = now()
    for i in range(count):
        _, info = memory.map(WRITE)
        # A third of the time of `data[:] = bytes([value]) * size`, which makes a second frame first.
        data = (ctypes.c_char * size).from_buffer(info.data)
        ctypes.memset(data, (seed + i) % 251, size)
        del data
        memory.unmap(info)
    spent = now() - start
    with memory.map(READ) as info:
        return spent, sum(info.data)


def read(memory, size, count, seed, **_):
    memory = Gst.Allocator.alloc(ALLOCATORS[memory], size, None)
    block = bytes((i * seed + (i >> 8) + 1) & 255 for i in range(4096))
    with memory.map(WRITE) as info:
        info.data[:] = (block * (size // 4096 + 1))[:size]
    check = 0
    start = now()
    for _ in range(count):
        with memory.map(READ) as info:
            check += sum(info.data)
    return now() - start, check


def sink(description, streams, count, **_):
    pipeline = Gst.parse_launch(description)
    sinks = [pipeline.get_by_name(f"sink{index}") for index in range(streams)]
    pipeline.set_state(Gst.State.PLAYING)
    check = 0
    for each in sinks:
        each.pull_sample()
    start = now()
    for frame in range(1, count + 1):
        for each in sinks:
            buffer = each.pull_sample().get_buffer()
            _, info = buffer.map(READ)
            data = info.data
            check += frame * (data[0] + data[-1])
            buffer.unmap(info)
    spent = now() - start
    pipeline.set_state(Gst.State.NULL)
    return spent, check


def source(description, memory, size, count, **_):
    pipeline = Gst.parse_launch(description)
    appsrc = pipeline.get_by_name("source")
    appsrc.set_property("block", True)
    pool = pool_of(memory, size, 8)
    pipeline.set_state(Gst.State.PLAYING)
    start = now()
    for _ in range(count):
        _, buffer = pool.acquire_buffer(None)
        appsrc.push_buffer(buffer)
        buffer = None
    appsrc.end_of_stream()
    pipeline.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    spent = now() - start
    rendered = pipeline.get_by_name("end").get_property("stats").get_uint64("rendered")[1]
    pipeline.set_state(Gst.State.NULL)
    pool.set_active(False)
    return spent, rendered


def trip(description, size, count, quantile, **_):
    pipeline = Gst.parse_launch(description)
    appsrc, appsink = pipeline.get_by_name("source"), pipeline.get_by_name("sink0")
    appsink.set_property("enable-last-sample", False)
    pool = pool_of("shm", size, 8)
    pipeline.set_state(Gst.State.PLAYING)
    times = []
    check = 0
    for index in range(count):
        _, buffer = pool.acquire_buffer(None)
        buffer.memset(0, index % 251, 1)
        start = now()
        appsrc.push_buffer(buffer)
        buffer = None
        sample = appsink.pull_sample()
        times.append(now() - start)
        check += sample.get_buffer().extract_dup(0, 1)[0]
        sample = None
    pipeline.set_state(Gst.State.NULL)
    pool.set_active(False)
    return sorted(times)[int((count - 1) * quantile)] * count, check


def query(description, size, count, **_):
    pipeline = Gst.parse_launch(description)
    appsrc = pipeline.get_by_name("source")
    pipeline.set_state(Gst.State.PLAYING)
    appsrc.push_buffer(Gst.Buffer.new_allocate(None, size, None))
    pipeline.get_by_name("sink0").pull_sample()
    caps, pad = appsrc.get_caps(), appsrc.get_static_pad("src")
    check = 0
    start = now()
    for _ in range(count):
        asked = Gst.Query.new_allocation(caps, True)
        if not pad.peer_query(asked):
            break
        check += asked.parse_nth_allocation_pool(0)[1] + asked.get_n_allocation_metas()
    spent = now() - start
    pipeline.set_state(Gst.State.NULL)
    return spent, check


VERBS = {
    "map": map_,
    "pool": pool,
    "poolMap": pool_map,
    "alloc": alloc,
    "fill": fill,
    "read": read,
    "own": own,
    "sink": sink,
    "source": source,
    "trip": trip,
    "query": query,
}


def say(line):
    print(json.dumps(line), flush=True)


say({"versions": {"Python": sys.version.split()[0], "PyGObject": gi.__version__, "GStreamer": Gst.version_string().split()[1]}})
for line in sys.stdin:
    asked = json.loads(line)
    spent, check = VERBS[asked.pop("verb")](**asked)
    say({"nanoseconds": spent, "check": check})

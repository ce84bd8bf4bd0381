"""gst-python, each work in the fastest way found."""

import ctypes
import json
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstAllocators", "1.0")
from gi.repository import Gst, GstAllocators

Gst.init(None)
GstAllocators.ShmAllocator.init_once()
ALLOCATORS = {"shm": GstAllocators.ShmAllocator.get(), "sysmem": Gst.Allocator.find("SystemMemory")}
READ, WRITE = Gst.MapFlags.READ, Gst.MapFlags.WRITE
now = time.perf_counter_ns


def map_(memory, size, count, seed):
    memory = Gst.Allocator.alloc(ALLOCATORS[memory], size, None)
    with memory.map(WRITE) as info:
        info.data[0] = seed % 251
        info.data[size - 1] = seed * 7 % 251
    check = 0
    start = now()
    for _ in range(count):
        _, info = memory.map(READ)  # a quarter faster than `with`
        data = info.data
        check += data[0] + data[size - 1]
        memory.unmap(info)
    return now() - start, check


def pool(memory, size, count, seed):
    pool = Gst.BufferPool.new()
    config = pool.get_config()
    Gst.BufferPool.config_set_params(config, None, size, 4, 4)
    Gst.BufferPool.config_set_allocator(config, ALLOCATORS[memory], None)
    assert pool.set_config(config) and pool.set_active(True)
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


def alloc(memory, size, count, seed):
    allocator = ALLOCATORS[memory]
    check = 0
    start = now()
    for _ in range(count):
        memory = Gst.Allocator.alloc(allocator, size, None)
        check += memory.size
        memory = None
    return now() - start, check


def fill(memory, size, count, seed):
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


def read(memory, size, count, seed):
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


VERBS = {"map": map_, "pool": pool, "alloc": alloc, "fill": fill, "read": read}


def say(line):
    print(json.dumps(line), flush=True)


say({"versions": {"Python": sys.version.split()[0], "PyGObject": gi.__version__, "GStreamer": Gst.version_string().split()[1]}})
for line in sys.stdin:
    asked = json.loads(line)
    verb = VERBS.get(asked.pop("verb"))
    if verb is None:
        say({"cannot": "not written for gst-python"})
        continue
    spent, check = verb(**asked)
    say({"nanoseconds": spent, "check": check})

/** The work as a user of the package writes it; the same on Node and in GJS. */
import type * as Package from '../../src/index.ts';
import type { Answer, Round, Verb } from '../work.ts';
import { oursLive } from './ours-live.ts';

export function ours(
  gst: typeof Package,
  nanoseconds: () => number,
  memfd?: (size: number) => number,
): (round: Round) => Promise<Answer> {
  const { Allocator, Buffer, BufferPool, FdAllocator, MapFlags, ShmAllocator } = gst;
  ShmAllocator.initOnce();
  const shm = ShmAllocator.get();
  const sysmem = Allocator.find(gst.ALLOCATOR_SYSMEM);
  if (!shm || !sysmem) throw new Error('an allocator is missing');
  const fds = new FdAllocator();
  const alloc = (kind: Round['memory'], size: number): Package.Memory => {
    if (kind !== 'memfd') return (kind === 'shm' ? shm : sysmem).alloc(size);
    if (!memfd) throw new Error('no memfd here');
    return fds.allocFd(memfd(size), size);
  };
  const stamp =
    (seed: number) =>
    (bytes: Uint8Array): void => {
      bytes[0] = seed % 251;
      bytes[bytes.length - 1] = (seed * 7) % 251;
    };

  const verbs: Record<Verb, (round: Round) => Answer | Promise<Answer>> = {
    ...oursLive(gst, nanoseconds),
    map({ memory: kind, size, count, seed }) {
      if (kind === 'memfd' && !memfd) return { cannot: 'GJS cannot make a memfd' };
      using memory = alloc(kind, size);
      memory.withMapping(MapFlags.WRITE, stamp(seed));
      let check = 0;
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        const mapping = memory.map(MapFlags.READ);
        const { bytes } = mapping;
        check += (bytes[0] as number) + (bytes[size - 1] as number);
        mapping.dispose();
      }
      return { nanoseconds: nanoseconds() - start, check };
    },

    pool({ memory: kind, size, count, seed }) {
      using pool = BufferPool.create({ size, min: 4, max: 4, allocator: kind === 'shm' ? shm : sysmem });
      const all = () => Array.from({ length: 4 }, () => pool.tryAcquire() as Package.Buffer);
      all().forEach((buffer, index, buffers) => {
        buffer.memset(0, (seed + index) % 251, 1);
        if (index === 3) for (const each of buffers) each.dispose();
      });
      let check = 0;
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        const buffer = pool.tryAcquire();
        if (!buffer) break;
        check += 1000;
        buffer.dispose();
      }
      const time = nanoseconds() - start;
      for (const buffer of all()) {
        check += buffer.extract(0, 1)[0] as number;
        buffer.dispose();
      }
      return { nanoseconds: time, check };
    },

    poolMap({ size, count, seed }) {
      using pool = BufferPool.create({ size, min: 4, max: 4, allocator: shm });
      const all = Array.from({ length: 4 }, () => pool.tryAcquire() as Package.Buffer);
      for (const buffer of all) {
        buffer.withMapping(MapFlags.WRITE, stamp(seed));
        buffer.dispose();
      }
      let check = 0;
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        const buffer = pool.tryAcquire();
        if (!buffer) break;
        const { bytes } = buffer.map(MapFlags.READ);
        check += (bytes[0] as number) + (bytes[size - 1] as number);
        buffer.dispose();
      }
      return { nanoseconds: nanoseconds() - start, check };
    },

    own({ size, count, seed }) {
      using memory = alloc('shm', size);
      memory.withMapping(MapFlags.WRITE, stamp(seed));
      using buffer = new Buffer().appendMemory(memory);
      let check = 0;
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        // In GJS the mapping itself is the copy.
        const mapping = gst.runtime === 'gjs' ? buffer.map(MapFlags.READ) : null;
        const bytes = mapping?.bytes ?? buffer.extract();
        check += (bytes[0] as number) + (bytes[size - 1] as number);
        mapping?.dispose();
      }
      return { nanoseconds: nanoseconds() - start, check };
    },

    alloc({ memory: kind, size, count }) {
      const allocator = kind === 'shm' ? shm : sysmem;
      let check = 0;
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        const memory = allocator.alloc(size);
        check += memory.size;
        memory.dispose();
      }
      return { nanoseconds: nanoseconds() - start, check };
    },

    fill({ memory: kind, size, count, seed }) {
      using memory = alloc(kind, size);
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        const mapping = memory.map(MapFlags.WRITE);
        mapping.bytes.fill((seed + i) % 251);
        mapping.dispose();
      }
      const time = nanoseconds() - start;
      return { nanoseconds: time, check: memory.withMapping(MapFlags.READ, sum) };
    },

    read({ memory: kind, size, count, seed }) {
      using memory = alloc(kind, size);
      memory.withMapping(MapFlags.WRITE, (bytes) => {
        for (let i = 0; i < size; i++) bytes[i] = ((i % 4096) * seed + ((i % 4096) >> 8) + 1) & 255;
      });
      let check = 0;
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        const mapping = memory.map(MapFlags.READ);
        check += sum(mapping.bytes);
        mapping.dispose();
      }
      return { nanoseconds: nanoseconds() - start, check };
    },
  };
  return async (round) => verbs[round.verb](round);
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < bytes.length; i++) total += bytes[i] as number;
  return total;
}

/** What is measured. Every contestant does the same work on the same bytes, and proves it by the same number. */

export interface Round {
  verb: 'map' | 'pool' | 'alloc' | 'fill' | 'read';
  memory: 'shm' | 'sysmem';
  /** Bytes. */
  size: number;
  /** Times the work is done. */
  count: number;
  /** Makes the bytes, and with them the proof, differ from round to round. */
  seed: number;
}

/** What a contestant answers: time and proof; or why it cannot do the work. */
export type Answer = { nanoseconds: number; check: number } | { cannot: string };

export interface Work {
  name: string;
  title: string;
  verb: Round['verb'];
  memory: Round['memory'];
  size: number;
  /** The one number that proves a round. */
  check(round: Round): number;
}

/** 1920×1080 in I420: "3 MB" below. */
const frame = 1920 * 1080 * 1.5;
/** Bytes differ modulo this prime, so that they do not repeat with powers of two. */
const prime = 251;
/** The frame to be read repeats after this many bytes. */
const period = 4096;

/** The bytes of the frame that `read` sums. */
const patternByte = (index: number, seed: number): number => (index * seed + (index >> 8) + 1) & 255;

export function patternSum(size: number, seed: number): number {
  let whole = 0;
  let rest = 0;
  for (let index = 0; index < period; index++) {
    whole += patternByte(index, seed);
    if (index < size % period) rest += patternByte(index, seed);
  }
  return Math.floor(size / period) * whole + rest;
}

/** Buffers in the pool. Each carries a stamp, and is asked for it after the round. */
const poolSize = 4;

const checks: Record<Round['verb'], Work['check']> = {
  // First and last byte, read once for each mapping.
  map: ({ count, seed }) => count * ((seed % prime) + ((seed * 7) % prime)),
  // Buffers that were to be had, and the stamps of all that are in the pool at the end: the same ones as before.
  pool: ({ count, seed }) => {
    let stamps = 0;
    for (let index = 0; index < poolSize; index++) stamps += (seed + index) % prime;
    return count * 1000 + stamps;
  },
  // Bytes allocated.
  alloc: ({ count, size }) => count * size,
  // Sum of the frame as the last time left it.
  fill: ({ count, size, seed }) => size * ((seed + count - 1) % prime),
  // Sum of every byte, each time.
  read: ({ count, size, seed }) => count * patternSum(size, seed),
};

function work(name: string, title: string, verb: Round['verb'], memory: Round['memory'], size: number): Work {
  return { name, title, verb, memory, size, check: checks[verb] };
}

export const works: readonly Work[] = [
  work('map', 'map, first and last byte, unmap · 3 MB shm', 'map', 'shm', frame),
  work('pool-shm', 'pool acquire, dispose · 4 KB shm', 'pool', 'shm', 4096),
  work('pool-sysmem', 'pool acquire, dispose · 4 KB sysmem', 'pool', 'sysmem', 4096),
  work('alloc', 'alloc, free · 3 MB shm', 'alloc', 'shm', frame),
  work('fill', 'map, write every byte, unmap · 3 MB shm', 'fill', 'shm', frame),
  work('read', 'map, sum every byte, unmap · 3 MB shm', 'read', 'shm', frame),
];

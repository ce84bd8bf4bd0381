/** The measured works. Every contestant does the same work on the same bytes, and proves it by the same number. */

export type Verb =
  | 'map'
  | 'pool'
  | 'poolMap'
  | 'alloc'
  | 'fill'
  | 'read'
  | 'own'
  | 'sink'
  | 'source'
  | 'trip'
  | 'query';

export interface Round {
  verb: Verb;
  memory: 'shm' | 'sysmem' | 'memfd';
  /** Bytes. */
  size: number;
  /** Repetitions of the work. */
  count: number;
  /** Makes the bytes, and with them the proof, differ from round to round. */
  seed: number;
  /** The pipeline, in gst-launch's words; empty where there is none. Its appsinks are `sink0`, `sink1` … */
  description: string;
  streams: number;
  /** The quantile of the times that `trip` returns: 0.5 for the median, which is then multiplied by `count`. */
  quantile: number;
}

/** A contestant's answer: time, proof and its peak memory; or the reason why it cannot do the work. */
export type Answer = { nanoseconds: number; check: number; peak?: number } | { cannot: string };

export interface Work {
  name: string;
  title: string;
  round(count: number, seed: number): Round;
  /** The one number that proves a round. */
  check(round: Round): number;
  /** Repetitions in each round; calibrated if not given. */
  count?: number;
  /** Only in full runs. */
  isLong?: boolean;
}

/** 1920×1080 in I420: "3 MB" below. */
const frame = 1920 * 1080 * 1.5;
const frame4k = 3840 * 2160 * 4;
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

/** Buffers in the pool. Each carries a stamp, which is checked after the round. */
const poolSize = 4;

/** First and last byte of the memory that `map`, `poolMap` and `own` read. */
const ends = ({ count, seed }: Round): number => count * ((seed % prime) + ((seed * 7) % prime));

/** What `pattern=blink` paints: frames are black and white in turn. The last byte of I420 is one of colour. */
const blink = { black: 16, white: 235, grey: 128 };

const checks: Record<Verb, Work['check']> = {
  map: ends,
  poolMap: ends,
  own: ends,
  // Number of acquired buffers, and the stamps of all buffers in the pool at the end, which must not change.
  pool: ({ count, seed }) => {
    let stamps = 0;
    for (let index = 0; index < poolSize; index++) stamps += (seed + index) % prime;
    return count * 1000 + stamps;
  },
  // Bytes allocated.
  alloc: ({ count, size }) => count * size,
  // Sum of the frame after the last repetition.
  fill: ({ count, size, seed }) => size * ((seed + count - 1) % prime),
  // Sum of every byte, for each repetition.
  read: ({ count, size, seed }) => count * patternSum(size, seed),
  // First and last byte of each frame, times its number: proves that none was lost or repeated.
  sink: ({ count, streams }) => {
    let sum = 0;
    for (let index = 1; index <= count; index++) sum += index * ((index % 2 ? blink.white : blink.black) + blink.grey);
    return sum * streams;
  },
  // Frames that the sink reports at the end.
  source: ({ count }) => count,
  // The stamp of each returned frame.
  trip: ({ count }) => {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += index % prime;
    return sum;
  },
  // Bytes of the buffers in the pool that was offered, and the metas.
  query: ({ count, size }) => count * (size + 1),
};

const nothing = { memory: 'sysmem', size: 0, description: '', streams: 1, quantile: 0.5 } as const;

function work(
  name: string,
  title: string,
  verb: Verb,
  fields: Partial<Round> | ((count: number) => Partial<Round>),
  more: Pick<Work, 'count' | 'isLong'> = {},
): Work {
  return {
    name,
    title,
    check: checks[verb],
    round: (count, seed) => ({
      ...nothing,
      verb,
      count,
      seed,
      ...(typeof fields === 'function' ? fields(count) : fields),
    }),
    ...more,
  };
}

const raw = (width: number, height: number): string =>
  `video/x-raw,format=I420,width=${width},height=${height},framerate=30/1`;

/** The first frame is not counted: it waits for the pipeline to start. */
const sink =
  (width: number, height: number, streams = 1) =>
  (count: number): Partial<Round> => ({
    size: width * height * 1.5,
    streams,
    description: Array.from(
      { length: streams },
      (_, index) =>
        `videotestsrc num-buffers=${count + 1} pattern=blink ! ${raw(width, height)} ! appsink name=sink${index} sync=false max-buffers=4`,
    ).join(' '),
  });

const trip = {
  size: frame,
  description: `appsrc name=source format=time caps=${raw(1920, 1080)} ! appsink name=sink0 sync=false`,
};

const sizes = [
  ['4 KB', 4096],
  ['3 MB', frame],
  ['33 MB', frame4k],
] as const;
const memories = ['sysmem', 'shm', 'memfd'] as const;

export const works: readonly Work[] = [
  ...sizes.flatMap(([title, size]) =>
    memories.map((memory) =>
      work(
        `map-${memory}-${title.replace(' ', '').toLowerCase()}`,
        `map, first and last byte, unmap · ${title} ${memory}`,
        'map',
        {
          memory,
          size,
        },
      ),
    ),
  ),
  work('pool-shm', 'pool acquire, dispose · 4 KB shm', 'pool', { memory: 'shm', size: 4096 }),
  work('pool-sysmem', 'pool acquire, dispose · 4 KB sysmem', 'pool', { memory: 'sysmem', size: 4096 }),
  work('pool-map', 'pool acquire, map, first and last byte, dispose · 3 MB shm', 'poolMap', {
    memory: 'shm',
    size: frame,
  }),
  work('alloc', 'alloc, free · 3 MB shm', 'alloc', { memory: 'shm', size: frame }),
  work('fill', 'write every byte of a frame · 3 MB shm', 'fill', { memory: 'shm', size: frame }),
  work('read', 'read every byte of a frame · 3 MB shm', 'read', { memory: 'shm', size: frame }),
  work('own', 'the bytes of a frame to keep: one allocation, one copy · 3 MB shm', 'own', {
    memory: 'shm',
    size: frame,
  }),
  work('sink-320', 'appsink, a frame of 320×240', 'sink', sink(320, 240)),
  work('sink-1080', 'appsink, a frame of 1080p', 'sink', sink(1920, 1080)),
  work('sink-4k', 'appsink, a frame of 4K', 'sink', sink(3840, 2160)),
  work('sink-4-streams', 'appsink, a frame from each of 4 streams · 320×240', 'sink', sink(320, 240, 4)),
  work('sink-16-streams', 'appsink, a frame from each of 16 streams · 320×240', 'sink', sink(320, 240, 16)),
  work('source', 'appsrc, a frame pushed · 3 MB from a pool of shm', 'source', {
    memory: 'shm',
    size: frame,
    description: `appsrc name=source format=time max-bytes=${4 * frame} caps=${raw(1920, 1080)} ! fakesink name=end sync=false`,
  }),
  work('trip', 'appsrc → appsink, there and back, median · 1080p', 'trip', trip),
  work('trip-99', 'appsrc → appsink, there and back, 99th of 100 · 1080p', 'trip', { ...trip, quantile: 0.99 }),
  work('query', 'allocation query to the peer', 'query', {
    size: frame,
    description: `appsrc name=source format=time caps=${raw(1920, 1080)} ! videoconvert ! video/x-raw,format=RGBA ! appsink name=sink0 sync=false`,
  }),
  ...[1e3, 1e4, 1e5, 1e6].map((count) =>
    work(
      `frames-1e${Math.log10(count)}`,
      `appsink, a frame of 64×64, of ${count.toLocaleString('en')}`,
      'sink',
      sink(64, 64),
      {
        count,
        isLong: count > 1e4,
      },
    ),
  ),
];

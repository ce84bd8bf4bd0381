/** The work with live pipelines as a user of the package writes it; the same on Node and in GJS. */
import type * as Package from '../../src/index.ts';
import type { Answer, Round, Verb } from '../work.ts';

type Live = Extract<Verb, 'sink' | 'source' | 'trip' | 'query'>;

export function oursLive(
  gst: typeof Package,
  nanoseconds: () => number,
): Record<Live, (round: Round) => Promise<Answer>> {
  const { AllocationQuery, BufferPool, MapFlags, Pipeline, ShmAllocator } = gst;
  const shmPool = (size: number) => {
    using allocator = ShmAllocator.get();
    return BufferPool.create({ size, min: 8, max: 8, allocator });
  };

  return {
    async sink({ description, streams, count }) {
      await using pipeline = Pipeline.parse(description);
      const sinks = Array.from({ length: streams }, (_, index) => pipeline.appSink(`sink${index}`));
      let check = 0;
      let start = 0;
      const follow = async (sink: Package.AppSink) => {
        let frames = -1;
        for await (const sample of sink.frames()) {
          if (frames++ >= 0) {
            const mapping = (sample.buffer as Package.Buffer).map(MapFlags.READ);
            const { bytes } = mapping;
            check += frames * ((bytes[0] as number) + (bytes[bytes.length - 1] as number));
          } else start ||= nanoseconds();
          sample.dispose();
        }
        if (frames !== count) throw new Error(`${frames} frames came of ${count}`);
      };
      await pipeline.play();
      await Promise.all(sinks.map(follow));
      return { nanoseconds: nanoseconds() - start, check };
    },

    async source({ description, size, count }) {
      await using pipeline = Pipeline.parse(description);
      const source = pipeline.appSrc('source');
      using pool = shmPool(size);
      await pipeline.play();
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        const buffer = pool.tryAcquire() ?? (await pool.acquire());
        await source.push(buffer);
        buffer.dispose();
      }
      source.endOfStream();
      await pipeline.finished();
      const time = nanoseconds() - start;
      const rendered = /rendered=\(guint64\)(\d+)/.exec(String(pipeline.get('end').get('stats')));
      return { nanoseconds: time, check: Number(rendered?.[1]) };
    },

    async trip({ description, size, count, quantile }) {
      await using pipeline = Pipeline.parse(description);
      const source = pipeline.appSrc('source');
      const sink = pipeline.appSink('sink0');
      using pool = shmPool(size);
      await pipeline.play();
      const times: number[] = [];
      let check = 0;
      for (let i = 0; i < count; i++) {
        const buffer = pool.tryAcquire() ?? (await pool.acquire());
        buffer.memset(0, i % 251, 1);
        const start = nanoseconds();
        await source.push(buffer);
        buffer.dispose();
        const sample = await sink.pull();
        times.push(nanoseconds() - start);
        check += sample?.buffer?.extract(0, 1)[0] ?? 0;
        sample?.dispose();
      }
      times.sort((a, b) => a - b);
      return { nanoseconds: (times[Math.floor((count - 1) * quantile)] as number) * count, check };
    },

    async query({ description, size: bytes, count }) {
      await using pipeline = Pipeline.parse(description);
      const source = pipeline.appSrc('source');
      await pipeline.play();
      using first = gst.Buffer.alloc(bytes);
      await source.push(first);
      // Elements answer once their caps are negotiated.
      (await pipeline.appSink('sink0').pull())?.dispose();
      const { caps } = source;
      let check = 0;
      const start = nanoseconds();
      for (let i = 0; i < count; i++) {
        const query = AllocationQuery.peer(source, caps);
        if (!query) break;
        const { pool, size } = query.pools.at(0);
        check += size + query.metas.length;
        pool?.dispose();
        query.dispose();
      }
      return { nanoseconds: nanoseconds() - start, check };
    },
  };
}

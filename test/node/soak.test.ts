/** A long stream ends as it began. GST_ALLOCATORS_SOAK=100000 is the whole of it; without, a slice. */
import { assert } from 'chai';
import { engines, inChild } from './child.ts';

const frames = Number(process.env.GST_ALLOCATORS_SOAK ?? 10_000);
const early = 1_000;

for (const engine of engines) {
  describe(`${frames} frames from appsrc to appsink (${engine})`, function () {
    this.timeout(600_000);
    it(`leave memory and fds as they were after ${early}`, async () => {
      const { code, value, stderr } = await inChild(
        engine,
        async ({ BufferPool, Pipeline }, { status, openFds }, { frames, early }) => {
          const size = 4096;
          const pipeline = Pipeline.parse('appsrc name=source max-bytes=65536 ! appsink name=sink sync=false');
          const source = pipeline.appSrc('source');
          const pool = BufferPool.create({ size, min: 4, max: 64 });
          await pipeline.play();
          const look = () => ({
            rss: Number(/VmRSS:\s+(\d+)/.exec(status())?.[1]) / 1024,
            fds: openFds(),
          });
          const feed = async () => {
            for (let count = 0; count < frames; count++) {
              const buffer = await pool.acquire();
              await source.push(buffer);
              buffer.dispose();
            }
            source.endOfStream();
          };
          let seen = 0;
          let begin = look();
          const fed = feed();
          for await (const sample of pipeline.appSink('sink').frames()) {
            sample.dispose();
            if (++seen === early) begin = look();
          }
          await fed;
          const end = look();
          await pipeline.stop();
          pool.dispose();
          pipeline.dispose();
          return { seen, begin, end };
        },
        { limit: 600_000, argument: { frames, early } },
      );
      assert.strictEqual(stderr, '');
      assert.strictEqual(code, 0);
      type Look = { rss: number; fds: number };
      const { seen, begin, end } = value as { seen: number; begin: Look; end: Look };
      assert.strictEqual(seen, frames);
      if (process.env.GST_ALLOCATORS_FIGURES)
        console.log(
          `      after ${early}: ${begin.rss.toFixed(1)} MiB, ${begin.fds} fds; at the end: ${end.rss.toFixed(1)} MiB, ${end.fds} fds`,
        );
      assert.isAtMost(end.fds, begin.fds * 1.1);
      assert.isBelow(end.rss, begin.rss * 1.1);
    });
  });
}

/** Frames that are disposed take no memory: the peak of a whole process. */
import { assert } from 'chai';
import { type Engine, engines, inChild } from './child.ts';

const mebibytes: Record<Engine, number> = { node: 100, gjs: 160 };

for (const engine of engines) {
  describe(`Peak memory (${engine})`, function () {
    this.timeout(60_000);
    for (const looking of [true, false])
      it(`of 400 frames of 1080p I420, each ${looking ? 'mapped and ' : ''}disposed, is below ${mebibytes[engine]} MiB`, async () => {
        const { code, value, stderr } = await inChild(
          engine,
          async ({ Pipeline }, { status }, looking) => {
            const pipeline = Pipeline.parse(
              'videotestsrc num-buffers=400 ! video/x-raw, format=I420, width=1920, height=1080 ! appsink name=sink sync=false',
            );
            await pipeline.play();
            let frames = 0;
            for await (const sample of pipeline.appSink('sink').frames()) {
              const mapping = looking ? sample.buffer?.map() : null;
              if (!looking || mapping?.bytes.length === (1920 * 1080 * 3) / 2) frames++;
              mapping?.dispose();
              sample.dispose();
            }
            await pipeline.stop();
            pipeline.dispose();
            return { frames, peak: Number(/VmHWM:\s+(\d+)/.exec(status())?.[1]) / 1024 };
          },
          { argument: looking },
        );
        assert.strictEqual(stderr, '');
        assert.strictEqual(code, 0);
        const { frames, peak } = value as { frames: number; peak: number };
        assert.strictEqual(frames, 400);
        if (process.env.GST_ALLOCATORS_FIGURES) console.log(`      peak ${peak.toFixed(1)} MiB`);
        assert.isBelow(peak, mebibytes[engine]);
      });

    it('of pipelines that are disposed is given back, also where the main loop has no turn', async () => {
      const { code, value, stderr } = await inChild(engine, async ({ Pipeline }, { openFds }) => {
        let most = 0;
        for (let count = 0; count < 500; count++) {
          const pipeline = Pipeline.parse('videotestsrc ! appsink');
          await pipeline.stop();
          pipeline.dispose();
          most = Math.max(most, openFds());
        }
        return most;
      });
      assert.strictEqual(stderr, '');
      assert.strictEqual(code, 0);
      // Each has three, and the largest budget of the collector is for 128.
      assert.isBelow(value as number, 600);
    });
  });
}

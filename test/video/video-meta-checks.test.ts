import { type Any, itInOwnProcess } from '../harness/own-process.ts';

describe('AppSrc.push and convertSample', () => {
  itInOwnProcess(
    'refuse a picture whose video meta contradicts its caps or leads beyond its bytes',
    ['none', 'none', 'none', 'none', ...Array(20).fill('MapError'), ...Array(10).fill('PipelineError')],
    async (gst, attempt) => {
      const caps = 'video/x-raw, format=I420, width=64, height=64, framerate=0/1';
      const good = { format: 'I420', width: 64, height: 64, offsets: [0, 4096, 5120], strides: [64, 32, 32] };
      const upsideDown = { ...good, offsets: [4032, 5088, 6112], strides: [-64, -32, -32] };
      const wrong = [
        { ...good, format: 'Y42B' },
        { ...good, format: 'GRAY8', offsets: [0], strides: [64] },
        { ...good, width: 32 },
        { ...good, height: 62 },
        { ...good, height: 66 },
        { ...good, strides: [65, 32, 32] },
        { ...good, strides: [64, 32, 2 ** 20] },
        { ...good, strides: [64, -32, 32] },
        { ...good, offsets: [0, 4096, 5121] },
        { ...good, offsets: [2 ** 31, 4096, 5120] },
      ];
      const withMeta = (meta: typeof good) => {
        // The planes of colour in a memory of their own, or all in one.
        const buffer = gst.Buffer.alloc(meta === upsideDown ? 6144 : 4096);
        if (meta !== upsideDown) buffer.appendMemory(gst.Allocator.find('SystemMemory')?.alloc(2048) as Any);
        return buffer.addVideoMeta(meta);
      };
      const pipeline = gst.Pipeline.parse(
        'appsrc name=source format=time ! videobalance saturation=0.5 ! fakesink sync=false',
      );
      const source = pipeline.appSrc('source');
      source.caps = caps;
      await pipeline.play();
      const push = (buffer: Any) => attempt(() => source.push(buffer));
      const convert = (buffer: Any) =>
        attempt(async () => (await gst.convertSample(gst.Sample.create(buffer, caps), 'image/png')).dispose());
      for (const use of [push, convert]) for (const meta of [good, upsideDown]) await use(withMeta(meta));
      for (const meta of wrong) await push(withMeta(meta));
      for (const meta of wrong) await push(withMeta(meta).copy());
      for (const meta of wrong) await convert(withMeta(meta));
      await pipeline.stop();
      pipeline.dispose();
    },
  );

  itInOwnProcess(
    'refuse a picture of a pool whose video meta contradicts its caps',
    ['PipelineError', 'MapError', 'none'],
    async (gst, attempt) => {
      const caps = 'video/x-raw, format=GRAY8, width=16, height=8, framerate=0/1';
      const pool = gst.BufferPool.create({ size: 192, max: 2 });
      const pipeline = gst.Pipeline.parse('appsrc name=source format=time ! videobalance saturation=0.5 ! fakesink');
      const source = pipeline.appSrc('source');
      source.caps = caps;
      await pipeline.play();
      const wrong = pool.tryAcquire() as Any;
      wrong.addVideoMeta({ format: 'I420', width: 16, height: 8, offsets: [0, 128, 160], strides: [16, 8, 8] });
      // Through a sample it comes in another wrapper, in GJS.
      const sample = gst.Sample.create(wrong, caps);
      const converted = async (from: Any) => (await gst.convertSample(from, 'image/png')).dispose();
      await attempt(() => converted(sample));
      await attempt(() => source.push(sample.buffer as Any));
      const right = pool.tryAcquire() as Any;
      right.addVideoMeta({ format: 'GRAY8', width: 16, height: 8, offsets: [0], strides: [16] });
      const good = gst.Sample.create(right, caps);
      await attempt(() => converted(good));
      await pipeline.stop();
      for (const each of [sample, good, wrong, right, pool, pipeline]) each.dispose();
    },
  );
});

import { itInOwnProcess } from '../harness/own-process.ts';

describe('Caps from text', () => {
  itInOwnProcess(
    'are refused where GStreamer would report a CRITICAL',
    Array(14).fill('RangeError'),
    async (gst, attempt) => {
      for (const caps of [
        '/proc/self/mem',
        '1abc',
        'a;/x',
        'a, b=[1,3,2]',
        'a, b=(structure)"/x"',
        'a, b=(caps)"a;/x"',
        'a, b=(void)1',
        'a, b=(buffer)xyz',
        'a, b=(GstTagList)x',
        'a, b=-2147483648/1',
        'a(memory:)',
        'a(b c)',
        `a, b=${'<'.repeat(20_000)}`,
        'a, b=(GstBufferFlags)2',
      ])
        await attempt(() => new gst.AllocationQuery(caps));
    },
  );

  itInOwnProcess(
    'are refused where a stream needs fixed ones: for a pool, an AppSrc and a query',
    ['RangeError', 'RangeError', 'RangeError', 'RangeError'],
    async (gst, attempt) => {
      const pipeline = gst.Pipeline.parse('appsrc name=source ! fakesink');
      const source = pipeline.appSrc('source');
      await attempt(() => gst.BufferPool.create({ size: 1, caps: 'EMPTY' }));
      await attempt(() => {
        source.caps = 'ANY';
      });
      await attempt(() => source.set('caps', 'video/x-raw, width=[1,2]'));
      await attempt(() => new gst.AllocationQuery('ANY'));
      pipeline.dispose();
    },
  );
});

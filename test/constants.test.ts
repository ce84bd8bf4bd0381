/** Constants that C has by other means than a number in a table of ours: held against introspection. */
import { assert } from 'chai';
import * as gst from '../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: typed by the engine
const raw = gst.gi as any;

describe('Constants with the names of C', () => {
  it('of pool options and meta tags have its values', () => {
    const ours = Object.entries(gst).filter(([name]) => /^(BUFFER_POOL_OPTION|META_TAG)_/.test(name));
    assert.lengthOf(ours, 12);
    for (const [name, value] of ours) {
      const found = ['Gst', 'GstVideo', 'GstAudio'].map((library) => raw[library][name]).find((each) => each);
      // Not all typelibs have this one.
      if (found === undefined) assert.strictEqual(name, 'META_TAG_MEMORY_REFERENCE_STR');
      else assert.strictEqual(value, found, name);
    }
  });

  it('of video buffer flags have its values', () => {
    const { VideoBufferFlags } = raw.GstVideo;
    for (const [name, value] of Object.entries(gst.VideoBufferFlags))
      assert.strictEqual(value, Number(VideoBufferFlags[name]), name);
  });

  it('are understood: a pool takes the options, a buffer the flags', () => {
    const caps = 'video/x-raw, format=GRAY8, width=16, height=16';
    const options = [gst.BUFFER_POOL_OPTION_VIDEO_META];
    using pool = gst.BufferPool.create({ size: 256, caps, options });
    assert.deepEqual(pool.options, options);
    using buffer = gst.Buffer.alloc(256);
    const flags = gst.VideoBufferFlags.INTERLACED | gst.VideoBufferFlags.TOP_FIELD;
    buffer.flags = flags;
    if (gst.runtime === 'node') assert.strictEqual(buffer.flags & flags, flags);
    gst.registerCustomMeta('SpecSized', [gst.META_TAG_VIDEO_STR, gst.META_TAG_VIDEO_SIZE_STR]);
    buffer.addCustomMeta('SpecSized');
    assert.sameMembers(buffer.metas()[0]?.tags ?? [], ['video', 'size']);
  });
});

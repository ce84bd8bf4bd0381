/** The table of video formats, against the GStreamer that is installed. */
import { assert } from 'chai';
import { installedFormats } from '../../gir/video-formats.ts';
import { videoFormatTable } from '../../src/generated/video-formats.ts';
import { Pipeline, version } from '../../src/index.ts';
import { compareVersions } from '../../src/init.ts';

describe('The table of video formats', function () {
  this.timeout(30_000);

  it('has every raw format that the installed GStreamer lists, with the same layout', () => {
    const installed = installedFormats();
    assert.isAbove(installed.size, 110);
    for (const [name, entry] of installed) {
      const ours = videoFormatTable[name];
      const theirs = JSON.parse(entry);
      // Before 1.26, GStreamer has other flags for this one.
      if (name === 'AV12' && compareVersions(version(), '1.26') < 0) theirs[0] = ours?.[0];
      assert.strictEqual(
        JSON.stringify(ours),
        JSON.stringify(theirs),
        `${name}: renew the table with gir/video-formats.ts`,
      );
    }
  });

  it('is no hindrance to what elements make and say, in each format', async () => {
    let pushed = 0;
    for (const format of installedFormats().keys()) {
      const caps = `video/x-raw, format=${format}, width=67, height=33, framerate=30/1`;
      await using source = Pipeline.parse(`videotestsrc num-buffers=1 ! videoconvert ! ${caps} ! appsink name=sink`);
      source.appSink('sink').proposeAllocation({ metas: ['GstVideoMetaAPI'] });
      // videoconvert does not make all of them.
      const isMade = await source.play().then(
        () => true,
        () => false,
      );
      if (!isMade) continue;
      using sample = await source.appSink('sink').pull({ timeout: 5e9 });
      if (!sample?.buffer?.videoMeta) continue;
      await using sink = Pipeline.parse('appsrc name=source format=time ! fakesink sync=false');
      sink.appSrc('source').caps = sample.caps;
      await sink.play();
      await sink.appSrc('source').push(sample.buffer);
      pushed++;
    }
    assert.isAbove(pushed, 95);
  });
});

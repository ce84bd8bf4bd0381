/** The table of video formats, against the GStreamer that is installed. */
import { assert } from 'chai';
import { installedFormats } from '../../gir/video-formats.ts';
import { videoFormatTable } from '../../src/video/video-format-table.ts';

describe('The table of video formats', function () {
  this.timeout(30_000);

  it('has every raw format that the installed GStreamer lists, with the same layout', () => {
    const installed = installedFormats();
    assert.isAbove(installed.size, 110);
    for (const [name, entry] of installed) {
      const ours = JSON.stringify(videoFormatTable[name]);
      assert.strictEqual(ours, JSON.stringify(JSON.parse(entry)), `${name}: renew the table with gir/video-formats.ts`);
    }
  });
});

import { assert } from 'chai';
import {
  type Buffer,
  convertSample,
  Pipeline,
  PipelineError,
  type Sample,
  VideoFrame,
  VideoInfo,
} from '../../src/index.ts';

const width = 64;
const height = 48;

/** A frame of one colour, in a format that no encoder takes as it is. */
async function frameOf(color: number): Promise<Sample> {
  await using pipeline = Pipeline.parse(
    `videotestsrc num-buffers=1 pattern=solid-color foreground-color=${color}
     ! video/x-raw, format=P010_10LE, width=${width}, height=${height}, framerate=25/1 ! appsink name=sink`,
  );
  await pipeline.play();
  return (await pipeline.appSink('sink').pull()) as Sample;
}

/** The pixel in the middle of a picture, decoded by GStreamer. */
async function middleOf(picture: Sample): Promise<number[]> {
  await using pipeline = Pipeline.parse(
    `appsrc name=source format=time caps="${picture.caps?.replaceAll('"', '\\"')}" ! decodebin ! videoconvert
     ! video/x-raw, format=RGB, width=${width}, height=${height} ! appsink name=sink`,
  );
  await pipeline.play();
  await pipeline.appSrc('source').push(picture.buffer as Buffer);
  pipeline.appSrc('source').endOfStream();
  using decoded = (await pipeline.appSink('sink').pull()) as Sample;
  using frame = VideoFrame.map(decoded.buffer as Buffer, VideoInfo.fromCaps(decoded.caps as string));
  const { data, rowStep, pixelStep } = frame.plane(0);
  const at = (height / 2) * rowStep + (width / 2) * pixelStep;
  return [...data.subarray(at, at + 3)];
}

describe('Snapshots', function () {
  this.timeout(20_000);

  for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
    it(`are pictures of the frame: ${type}`, async function () {
      using frame = await frameOf(0xff3060c0);
      let picture: Sample;
      try {
        picture = await convertSample(frame, type);
      } catch (error) {
        // An encoder of another package than the rest may be missing.
        if (type === 'image/webp' && error instanceof PipelineError) this.skip();
        throw error;
      }
      using mine = picture;
      assert.match(mine.caps ?? '', new RegExp(`^${type}`));
      // JPEG says nothing of its colours' matrix, and each side guesses.
      const tolerance = type === 'image/jpeg' ? 20 : 6;
      (await middleOf(mine)).forEach((value, index) => {
        assert.closeTo(value, [0x30, 0x60, 0xc0][index] as number, tolerance);
      });
    });
  }
});

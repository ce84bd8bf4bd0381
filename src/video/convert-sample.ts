import { runtime } from '#runtime';
import { withCaps } from '../caps/caps.ts';
import { readFields } from '../caps/structure.ts';
import { PipelineError } from '../errors.ts';
import { expectOptions, expectString } from '../expect.ts';
import { internal, lend } from '../facade.ts';
import { checkBufferBacking } from '../fd/file-backing.ts';
import { sampleKind } from '../kinds.ts';
import { expectSpareDescriptors } from '../limits.ts';
import { expectContentAtRest } from '../memory/memory.ts';
import { readCrop } from '../memory/metas.ts';
import { Sample } from '../memory/sample.ts';
import type { RawSample } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';
import { checkWait, type WaitOptions, type WaitReason, waitFor, waitOptionNames } from '../wait.ts';
import { layoutOf, mappedPictureOf, objectionToLayout } from './buffer-layout.ts';

const { blocking, c, references } = runtime;

const defaultTimeout = 10e9;
/** How much longer GStreamer waits than the caller, so that the caller's timeout comes first. */
const grace = 1e9;
const longest = 2 ** 52;
const reason: WaitReason = { what: 'the converted sample' };

/**
 * Converts a video sample to other caps with GStreamer's own elements (`gst_video_convert_sample`): to another format or size,
 * or to a picture (`image/png`, `image/jpeg`). The main thread is not blocked. On Node.js conversions run on half
 * of libuv's threads (two by default).
 * @param options `timeout` is 10 s by default
 * @returns a new sample, yours to dispose
 * @throws PipelineError when no element can do it
 */
export async function convertSample(
  sample: Sample | RawSample,
  caps: string,
  options: WaitOptions = {},
): Promise<Sample> {
  expectString('caps', caps);
  const { timeout = defaultTimeout, ...given } = expectOptions('options', options, waitOptionNames);
  const checked = checkWait({ ...given, timeout });
  lend('sample', sample, sampleKind, expectPicture);
  expectSpareDescriptors('a conversion');
  const wanted = withCaps('caps', caps, (native) => references.another(native as Handle, 'mini'));
  const source = lend('sample', sample, sampleKind, (handle) => references.another(handle, 'mini'));
  let isWanted = true;
  const picture = converted(source, wanted, caps, (checked.timeout ?? longest) + grace, () => isWanted);
  try {
    return await waitFor(checked, picture, { reason, dispose: (late) => late.dispose() });
  } finally {
    isWanted = false;
  }
}

/** Settles when the conversion has ended, or GStreamer has given it up. Drops its arguments. */
async function converted(
  source: Handle,
  wanted: Handle,
  caps: string,
  timeout: number,
  isWanted: () => boolean,
): Promise<Sample> {
  try {
    return new Sample(internal, await blocking.convertSample(source, wanted, timeout, isWanted));
  } catch (cause) {
    throw new PipelineError(`the sample could not be converted to ${caps}`, {
      detail: cause instanceof Error ? cause.message : null,
      cause,
    });
  } finally {
    references.drop(source, 'mini', 0);
    references.drop(wanted, 'mini', 0);
  }
}

/** videocrop does not check that the crop rectangle lies within the frame. */
function expectCropWithin(buffer: Handle, caps: Handle): void {
  const crop = readCrop(buffer);
  if (!crop) return;
  const fields = readFields(c.gst_caps_to_string(caps));
  const [width = 0, height = 0] = [fields.width, fields.height].map((side) => (typeof side === 'number' ? side : 0));
  if (crop.x + crop.width > width || crop.y + crop.height > height)
    throw new PipelineError(
      `the sample could not be converted: its crop meta names pixels outside the ${width}×${height} there are`,
    );
}

function expectPicture(sample: Handle): void {
  const caps = c.gst_sample_get_caps(sample);
  const buffer = c.gst_sample_get_buffer(sample);
  try {
    const isFixed = caps !== null && c.gst_caps_is_fixed(caps);
    if (!isFixed || !buffer) {
      throw new PipelineError(
        `the sample could not be converted: it has no ${isFixed ? 'buffer' : 'caps of a stream'}`,
      );
    }
    checkBufferBacking(buffer);
    expectContentAtRest(buffer);
    const meta = layoutOf(buffer);
    const info = meta && mappedPictureOf(c.gst_caps_to_string(caps as Handle));
    const objection = meta && info && objectionToLayout(buffer, meta, info);
    if (objection) throw new PipelineError(`the sample could not be converted: ${objection}`);
    expectCropWithin(buffer, caps as Handle);
  } finally {
    for (const part of [caps, buffer]) if (part) references.drop(part, 'mini', 0);
  }
}

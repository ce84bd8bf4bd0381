/**
 * Checks of raw audio and video buffers before they enter a pipeline. Elements do not check them: they drop short ones
 * silently, or read beyond their end.
 */
import { runtime } from '#runtime';
import { AudioInfo } from '../audio/audio-info.ts';
import { MapError } from '../errors.ts';
import { type Owned, owned } from '../owned.ts';
import type { Handle, VideoLayout } from '../runtime/port/index.ts';
import { layoutOf, mappedPictureOf, objectionToLayout } from '../video/buffer-layout.ts';
import { VideoInfo } from '../video/video-info.ts';

const { c, metas, references } = runtime;

const gap = 1 << 11; // GST_BUFFER_FLAG_GAP

function audioOf(caps: string): AudioInfo | null {
  try {
    return caps.startsWith('audio/x-raw,') ? AudioInfo.fromCaps(caps) : null;
  } catch {
    // The caps are incomplete, or name a format newer than this package.
    return null;
  }
}

const hasMeta = (buffer: Handle, api: string): boolean => metas.list(buffer).some((meta) => meta.api === api);

/** Checks an appsrc's buffers against its caps, which seldom change. */
export class RawBufferCheck {
  /** A reference: other caps could get the address of freed ones. */
  #caps: Owned | null = null;
  #info: VideoInfo | AudioInfo | null = null;
  /** The last valid video meta: those of a stream seldom differ. */
  #layout: (VideoLayout & { bytes: number }) | null = null;

  /** @throws RangeError, MapError for a buffer that does not match the caps */
  expect(buffer: Handle, source: Handle): void {
    const caps = owned(c.gst_app_src_get_caps(source), 'mini');
    if (!caps) return;
    if (this.#caps && references.identical(caps.handle, this.#caps.handle)) caps.dispose();
    else {
      this.dispose();
      this.#caps = caps;
      const text = c.gst_caps_to_string(caps.handle);
      this.#info = mappedPictureOf(text) ?? audioOf(text);
    }
    if (this.#info instanceof VideoInfo) this.#expectPicture(buffer, this.#info);
    else if (this.#info) expectFrames(buffer, this.#info);
  }

  #expectPicture(buffer: Handle, info: VideoInfo): void {
    const bytes = c.gst_buffer_get_size(buffer);
    const meta = layoutOf(buffer);
    if (!meta) {
      expectWhole(buffer, bytes, info);
      return;
    }
    const isWhole = c.gst_buffer_n_memory(buffer) === 1;
    if (isWhole && this.#layout?.bytes === bytes && isSameLayout(this.#layout, meta)) return;
    const objection = objectionToLayout(buffer, meta, info);
    if (objection) throw new MapError(`the buffer could not be pushed: ${objection}`);
    if (isWhole) this.#layout = { ...meta, bytes };
  }

  dispose(): void {
    this.#caps?.dispose();
    this.#caps = null;
    this.#layout = null;
  }
}

const isSame = (some: readonly number[], others: readonly number[]): boolean =>
  some.length === others.length && some.every((number, index) => number === others[index]);

const isSameLayout = (one: VideoLayout, other: VideoLayout): boolean =>
  one.format === other.format &&
  one.width === other.width &&
  one.height === other.height &&
  isSame(one.offsets, other.offsets) &&
  isSame(one.strides, other.strides);

function expectWhole(buffer: Handle, size: number, info: VideoInfo): void {
  if (size >= info.size) return;
  // For mixers an empty buffer means "nothing new".
  if (size === 0 && c.gst_buffer_get_flags(buffer) & gap) return;
  // The buffer has a meta that the engine cannot read.
  if (hasMeta(buffer, 'GstVideoMetaAPI')) return;
  const { format, width, height } = info;
  throw new RangeError(
    `expected \`buffer\` to hold the ${info.size} bytes of ${format}, ${width}x${height}, as the caps say, got ${size}`,
  );
}

function expectFrames(buffer: Handle, { format, channels, bytesPerFrame }: AudioInfo): void {
  const size = c.gst_buffer_get_size(buffer);
  if (size % bytesPerFrame === 0 || hasMeta(buffer, 'GstAudioMetaAPI')) return;
  throw new RangeError(
    `expected \`buffer\` to hold whole frames of ${bytesPerFrame} bytes (${channels} × ${format}), as the caps say, got ${size} bytes`,
  );
}

import { runtime } from '#runtime';
import { withCaps } from '../caps/caps.ts';
import { Fraction } from '../caps/field-value.ts';
import { expectSize, expectString, outOfRange } from '../expect.ts';
import { expectInternal, type Internal, internal } from '../facade.ts';
import { videoFormatTable } from '../generated/video-formats.ts';
import type { Handle } from '../runtime/port/index.ts';
import { isKnownFormat, type VideoComponent, type VideoFormat, type VideoTile, videoFormat } from './video-format.ts';

const { c, fields } = runtime;

/** `GstVideoInterlaceMode`. In `fields` and `alternate` a buffer holds fields, not frames. */
export type InterlaceMode = 'progressive' | 'interleaved' | 'mixed' | 'fields' | 'alternate';
const interlaceModes: readonly InterlaceMode[] = ['progressive', 'interleaved', 'mixed', 'fields', 'alternate'];

/** Where a plane is in a buffer without a `GstVideoMeta`. */
export interface VideoPlaneInfo {
  /** Bytes from the start of the buffer. */
  readonly offset: number;
  /** Bytes from one row to the next; for tiled formats, from one row of tiles to the next. */
  readonly stride: number;
  /** Pixels in a row of this plane: fewer than in the picture where the plane is subsampled. */
  readonly width: number;
  /** Rows of this plane. */
  readonly height: number;
  /** Bytes from one pixel to the next; 0 where pixels share bytes. */
  readonly pixelStride: number;
  /** Bytes of the plane, without padding behind the last pixel of the last row. */
  readonly size: number;
  /** The tiles of the plane; null where it has rows. */
  readonly tile: VideoTile | null;
}

/** The video frames that caps describe (`GstVideoInfo`). Plain data: nothing to dispose. */
export class VideoInfo {
  /** `I420`, `RGBA`…; `ENCODED` for video that is not raw, `DMA_DRM` for memory that only a device can read. */
  readonly format: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels of the frame, both fields of an interlaced one together. */
  readonly height: number;
  /** Frames a second; 0/1 for a variable rate. */
  readonly framerate: Fraction;
  /** Width of a pixel to its height (`GST_VIDEO_INFO_PAR_N`, `GST_VIDEO_INFO_PAR_D`). */
  readonly pixelAspectRatio: Fraction;
  /** The placement of fields in the buffers (`GST_VIDEO_INFO_INTERLACE_MODE`). */
  readonly interlaceMode: InterlaceMode;
  /** Which field is displayed first; null where caps do not say. */
  readonly fieldOrder: 'top-field-first' | 'bottom-field-first' | null;
  /** `bt709`, `sRGB` or four numbers (`gst_video_colorimetry_to_string`); null when it is unknown. */
  readonly colorimetry: string | null;
  /**
   * Where the samples of subsampled planes lie, such as `mpeg2` (`gst_video_chroma_site_to_string`); null when it is unknown.
   * @since 1.20
   */
  readonly chromaSite: string | null;
  /** Bytes of a buffer. */
  readonly size: number;
  /** None for `ENCODED` and `DMA_DRM`. */
  readonly planes: readonly VideoPlaneInfo[];
  /** In the order Y, U, V or R, G, B, then alpha. */
  readonly components: readonly VideoComponent[];
  /** Whether it has transparency (`GST_VIDEO_INFO_HAS_ALPHA`). */
  readonly hasAlpha: boolean;
  /** Complete caps, with the fields that the given ones left out (`gst_video_info_to_caps`). */
  readonly caps: string;
  /** The layout of the pixels in memory; null for `ENCODED` and `DMA_DRM`. */
  readonly layout: VideoFormat | null;

  private constructor(key: Internal, native: Handle, given: Handle) {
    expectInternal(key, 'VideoInfo');
    const canonical = c.gst_caps_get_structure(given, 0);
    const text = (name: string): string | null => c.gst_structure_get_string(canonical, name);
    const number = (name: Parameters<typeof fields.number>[1]): number => fields.number(native, name);
    this.format = c.gst_structure_get_name(canonical) === 'video/x-raw' ? (text('format') ?? 'ENCODED') : 'ENCODED';
    this.width = number('GstVideoInfo.width');
    this.height = number('GstVideoInfo.height');
    this.framerate = new Fraction(number('GstVideoInfo.fps_n'), number('GstVideoInfo.fps_d'));
    this.pixelAspectRatio = new Fraction(number('GstVideoInfo.par_n'), number('GstVideoInfo.par_d'));
    this.interlaceMode = interlaceModes[number('GstVideoInfo.interlace_mode')] ?? 'progressive';
    this.fieldOrder = text('field-order') as VideoInfo['fieldOrder'];
    this.colorimetry = text('colorimetry');
    this.chromaSite = text('chroma-site');
    this.size = number('GstVideoInfo.size');
    this.layout = this.format === 'ENCODED' || this.format === 'DMA_DRM' ? null : videoFormat(this.format);
    this.components = this.layout?.components ?? [];
    this.hasAlpha = this.layout?.hasAlpha ?? false;
    this.caps = c.gst_caps_to_string(given);
    const count = this.layout?.planeCount ?? 0;
    const offsets = fields.numbers(native, 'GstVideoInfo.offset', count);
    const strides = fields.numbers(native, 'GstVideoInfo.stride', count);
    this.planes = offsets.map((offset, index) => planeAt(this, index, offset, strides[index] as number));
    Object.freeze(this);
  }

  /**
   * Frames of a format and a size, with GStreamer's defaults for all else (`gst_video_info_set_format`).
   * @param format one of `VideoInfo.formats()`
   * @param width pixels
   * @param height pixels
   * @since 1.20
   */
  static of(format: string, width: number, height: number): VideoInfo {
    const known = VideoInfo.formats();
    if (!known.includes(expectString('format', format)))
      throw outOfRange('format', `one of ${known.join(', ')}`, format);
    expectSize('width', width, largestRow, 1);
    expectSize('height', height, largestRow, 1);
    return VideoInfo.fromCaps(`video/x-raw, format=${format}, width=${width}, height=${height}`);
  }

  /** The names of the formats of raw video that this GStreamer and this package know (`GST_VIDEO_FORMATS_ALL`). */
  static formats(): string[] {
    return Object.keys(videoFormatTable).filter((name) => c.gst_video_format_from_string(name) !== 0);
  }

  /**
   * `gst_video_info_new_from_caps`.
   * @throws RangeError when the caps are not fixed, do not describe video, or a picture whose bytes are beyond safe integers
   * @since 1.20
   */
  static fromCaps(caps: string): VideoInfo {
    expectString('caps', caps);
    return withCaps('caps', caps, (given) => {
      const native = given && c.gst_caps_is_fixed(given) ? c.gst_video_info_new_from_caps(given) : null;
      if (!given || !native) throw outOfRange('caps', 'fixed caps of video', caps);
      try {
        return VideoInfo.#read(native, given, caps);
      } finally {
        c.gst_video_info_free(native);
      }
    });
  }

  static #read(native: Handle, given: Handle, caps: string): VideoInfo {
    const structure = c.gst_caps_get_structure(given, 0);
    const format = c.gst_structure_get_string(structure, 'format');
    if (c.gst_structure_get_name(structure) !== 'video/x-raw' || format === 'DMA_DRM') {
      return new VideoInfo(internal, native, given);
    }
    if (fields.number(native, 'GstVideoInfo.width') < 1 || fields.number(native, 'GstVideoInfo.height') < 1) {
      throw outOfRange('caps', 'of a picture with at least one pixel', caps);
    }
    expectCountable(native, format, caps);
    // These caps have defaults for the fields that the given ones leave out.
    const canonical = c.gst_video_info_to_caps(native);
    try {
      return new VideoInfo(internal, native, canonical);
    } finally {
      runtime.references.drop(canonical, 'mini', 0);
    }
  }

  /** Rows of the picture in one buffer: half of them where it holds a field (`GST_VIDEO_INFO_FIELD_HEIGHT`). */
  get fieldHeight(): number {
    return this.interlaceMode === 'alternate' ? Math.ceil(this.height / 2) : this.height;
  }
}

/** The plane at a given offset and stride, which are those of a `GstVideoInfo` or a `GstVideoMeta`. */
export function planeAt(
  info: VideoInfo,
  index: number,
  offset: number,
  stride: number,
  width = info.width,
  height = info.fieldHeight,
): VideoPlaneInfo {
  const layout = info.layout as VideoFormat;
  const inPlane = layout.components.filter(({ plane }) => plane === index);
  const tile = layout.tiles?.[index] ?? null;
  if (tile) {
    // The stride of a tiled plane holds two numbers: how many tiles there are across, and down.
    const [across, down] = [stride & 0xffff, stride >>> 16];
    const plane = { offset, stride: across * tile.size, size: across * down * tile.size, tile, pixelStride: 0 };
    return { ...plane, ...sidesOf(inPlane, width, height) };
  }
  // A palette is a column of 256 colours.
  if (info.format === 'RGB8P' && index === 1) {
    return { offset, stride, size: stride * 256, width: 1, height: 256, pixelStride: 4, tile };
  }
  const sides = sidesOf(inPlane, width, height);
  const pixelStride = layout.isComplex ? 0 : Math.min(...inPlane.map((component) => component.pixelStride));
  const rowBytes = layout.isComplex ? stride : Math.max(...inPlane.map((component) => bytesOfRow(component, width)));
  return { offset, stride, size: stride * (sides.height - 1) + rowBytes, ...sides, pixelStride, tile };
}

/** The component with the most values in a plane. */
function sidesOf(components: readonly VideoComponent[], width: number, height: number) {
  return {
    width: Math.max(...components.map(({ widthSubsampling }) => subsampled(width, widthSubsampling))),
    height: Math.max(...components.map(({ heightSubsampling }) => subsampled(height, heightSubsampling))),
  };
}

/** Bytes up to the end of the last value. */
function bytesOfRow({ offset, pixelStride, bits, shift, widthSubsampling }: VideoComponent, width: number): number {
  return offset + (subsampled(width, widthSubsampling) - 1) * pixelStride + Math.ceil((bits + shift) / 8);
}

const largestRow = 2 ** 31 - 1;
/** Alignment adds fewer bytes to a row, and fewer rows to a picture, than this. */
const margin = 256;

/** GStreamer counts the bytes of a row in 32 bits and those of a picture in 64, and does not check for overflow. */
function expectCountable(native: Handle, name: string | null, caps: string): void {
  const format = isKnownFormat(name) ? videoFormat(name) : null;
  const width = fields.number(native, 'GstVideoInfo.width');
  // For formats unknown to this package: no known format has more bytes per pixel.
  const row =
    !format || format.isComplex ? width * 8 : Math.max(...format.components.map((one) => bytesOfRow(one, width)));
  const rows = fields.number(native, 'GstVideoInfo.height') + margin;
  if (row + margin <= largestRow && (row + margin) * rows * (format?.planeCount ?? 1) <= Number.MAX_SAFE_INTEGER)
    return;
  throw outOfRange('caps', 'of a picture with less than 2³¹ bytes in a row and 2⁵³ in all', caps);
}

/** For the caps of a stream: raw video without a format or a size crashes `videobox`, and makes `videoconvert` log criticals. */
export function expectPictureIfRaw(caps: Handle): void {
  const structure = c.gst_caps_get_structure(caps, 0);
  if (c.gst_structure_get_name(structure) !== 'video/x-raw') return;
  const native = c.gst_video_info_new_from_caps(caps);
  if (!native) throw outOfRange('caps', 'raw video with a format, a width and a height', c.gst_caps_to_string(caps));
  try {
    expectCountable(native, c.gst_structure_get_string(structure, 'format'), c.gst_caps_to_string(caps));
  } finally {
    c.gst_video_info_free(native);
  }
}

/** `GST_VIDEO_SUB_SCALE`: halves are rounded up. */
export const subsampled = (pixels: number, log2: number): number => -(-pixels >> log2);

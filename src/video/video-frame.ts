import { runtime } from '#runtime';
import { MapError, UnavailableError } from '../errors.ts';
import { expectSize, outOfRange, wrongType } from '../expect.ts';
import { type Internal, internal, lock } from '../facade.ts';
import { bufferKind } from '../kinds.ts';
import { MapFlags } from '../map-flags.ts';
import type { Buffer } from '../memory/buffer.ts';
import {
  type MapPlanesOptions,
  type MappedBuffer,
  MappedPlanes,
  mapPlanesAs,
  type PlaneRange,
} from '../memory/planes.ts';
import type { Sample } from '../memory/sample.ts';
import type { RawBuffer } from '../raw-types.ts';
import { originIn, type VideoFormat } from './video-format.ts';
import { planeAt, subsampled, VideoInfo, type VideoPlaneInfo } from './video-info.ts';

const { c } = runtime;

/** One plane of a mapped frame. */
export interface VideoPlane {
  /**
   * Begins at the first pixel. 16-bit words if every value has one of its own, in this machine's byte order; else bytes.
   * Empty once the frame is disposed.
   */
  readonly data: Uint8Array | Uint16Array;
  /** Bytes from one row to the next (`GST_VIDEO_FRAME_PLANE_STRIDE`); for tiled formats, from one row of tiles to the next. */
  readonly stride: number;
  /** Pixels in a row of this plane: fewer than in the picture where the plane is subsampled. */
  readonly width: number;
  /** Rows of this plane. */
  readonly height: number;
  /** Bytes from one pixel to the next (`GST_VIDEO_FRAME_COMP_PSTRIDE`); 0 where pixels share bytes. */
  readonly pixelStride: number;
  /** Elements of `data` from one row to the next: `stride` for bytes, half of it for words. */
  readonly rowStep: number;
  /** Elements of `data` from one pixel to the next. */
  readonly pixelStep: number;
}

/** `GstVideoBufferFlags`. */
const bufferFlags = { interlaced: 1 << 20, topFieldFirst: 1 << 21, repeatFirstField: 1 << 22, oneField: 1 << 23 };

/** When a frame is shown, in nanoseconds from the start of its film. */
interface FrameTimes {
  readonly pts: number | null;
  readonly duration: number | null;
}

/** Maps the buffer of a sample, and takes over the sample: it is disposed with the frame, or at once if it cannot be mapped. */
export let frameOf: (sample: Sample, info: VideoInfo, times: FrameTimes) => VideoFrame;

/**
 * A buffer mapped as a picture (`GstVideoFrame`): its planes where they lie, not copied together. On Node the
 * bytes are GStreamer's own; where the engine must copy (GJS), `dispose()` copies written bytes back.
 */
export class VideoFrame extends MappedPlanes<VideoPlane> {
  /** The format and size of the mapped picture (`GST_VIDEO_FRAME_FORMAT` and so on). */
  readonly info: VideoInfo;
  readonly #times: FrameTimes | null;

  static {
    frameOf = (sample, info, times) => {
      const buffer = sample.takeBuffer();
      if (!buffer) throw new MapError('the sample has no buffer');
      let places: readonly VideoPlaneInfo[] = [];
      const rangesOf = (): PlaneRange[] => {
        places = placesIn(buffer, info);
        return places.map(rangeOf);
      };
      const make = (mapped: MappedBuffer) => new VideoFrame(internal, { ...mapped, made: buffer }, info, places, times);
      try {
        return mapPlanesAs(buffer, MapFlags.READ, {}, rangesOf, make);
      } catch (error) {
        buffer.dispose();
        throw error;
      }
    };
  }

  private constructor(
    key: Internal,
    mapped: MappedBuffer,
    info: VideoInfo,
    places: readonly VideoPlaneInfo[],
    times: FrameTimes | null = null,
  ) {
    super(key, 'VideoFrame', mapped, (bytes, index) => planeOf(places[index] as VideoPlaneInfo, bytes, info));
    this.info = info;
    this.#times = times;
  }

  /** The mapped buffer. For a frame of `frames()` it is disposed with the frame. */
  get buffer(): Buffer {
    return this.mapped.buffer;
  }

  /** Presentation time in nanoseconds: for `frames()` from the start of the film, else the buffer's; null for none. */
  get pts(): number | null {
    const { buffer } = this.mapped;
    return this.#times ? this.#times.pts : buffer.pts;
  }

  /** Duration in nanoseconds; null for unknown. */
  get duration(): number | null {
    const { buffer } = this.mapped;
    return this.#times ? this.#times.duration : buffer.duration;
  }

  /**
   * Maps a buffer as the picture that its caps describe (`gst_video_frame_map`). A `GstVideoMeta` says where the planes are;
   * without one they are where `info` has them. A plane in a memory of its own is mapped there. With a `GstVideoCropMeta` the
   * planes begin at the first pixel to be shown.
   * @param buffer stays yours; disposing it ends the frame
   * @throws MapError when the format is no raw one, when the buffer is too small or laid out as another picture, when a
   * plane lies across several memories, and when GStreamer cannot map it; NotWritableError for WRITE on a shared buffer
   */
  static map(
    buffer: Buffer | RawBuffer,
    info: VideoInfo,
    flags: MapFlags = MapFlags.READ,
    options: MapPlanesOptions = {},
  ): VideoFrame {
    if (!(info instanceof VideoInfo)) throw wrongType('info', 'a VideoInfo', info);
    let places: readonly VideoPlaneInfo[] = [];
    const rangesOf = (facade: Buffer): PlaneRange[] => {
      places = placesIn(facade, info);
      return places.map(rangeOf);
    };
    return mapPlanesAs(buffer, flags, options, rangesOf, (mapped) => new VideoFrame(internal, mapped, info, places));
  }

  /** Pixels. */
  get width(): number {
    return this.info.width;
  }

  /** Rows of the picture. */
  get height(): number {
    return this.info.fieldHeight;
  }

  /** The plane at `index`; a `RangeError` where there is none. */
  plane(index: number): VideoPlane {
    const { planes } = this;
    return planes[expectSize('index', index, planes.length - 1)] as VideoPlane;
  }

  /**
   * The planes of a part of the picture, over the same bytes: in each plane the pixels that the part covers. Where a plane is
   * subsampled and the part begins at an odd pixel, it begins with the value that this pixel shares.
   * @throws UnavailableError for formats whose pixels share bytes or are in tiles
   */
  region(x: number, y: number, width: number, height: number): VideoPlane[] {
    const { planes } = this;
    expectParts(this.info);
    expectSize('x', x, this.width - 1);
    expectSize('y', y, this.height - 1);
    expectSize('width', width, this.width - x, 1);
    expectSize('height', height, this.height - y, 1);
    const layout = this.info.layout as VideoFormat;
    return planes.map((plane, index) => {
      const { column, row, across, down } = originIn(layout, index, x, y);
      const end = subsampled(y + height, down);
      const data = plane.data.subarray(row * plane.rowStep + column * plane.pixelStep, end * plane.rowStep);
      return { ...plane, data, width: subsampled(x + width, across) - column, height: end - row };
    });
  }

  /** The rows of one field of an interleaved frame, in every plane: every other row, from the first or the second on. */
  field(which: 'top' | 'bottom'): VideoPlane[] {
    const { planes } = this;
    if (which !== 'top' && which !== 'bottom') throw outOfRange('which', '"top" or "bottom"', which);
    if (!this.info.layout || this.info.layout.tiles)
      throw new UnavailableError('a picture in tiles has no rows of fields');
    const first = which === 'top' ? 0 : 1;
    return planes.map((plane) => ({
      ...plane,
      data: plane.data.subarray(first * plane.rowStep),
      stride: plane.stride * 2,
      rowStep: plane.rowStep * 2,
      height: (plane.height + 1 - first) >> 1,
    }));
  }

  /** Whether it holds fields (`GST_VIDEO_FRAME_IS_INTERLACED`): in `mixed` streams each buffer has its own flag. */
  get isInterlaced(): boolean {
    if (this.info.interlaceMode === 'mixed') return this.#has(bufferFlags.interlaced);
    return this.info.interlaceMode !== 'progressive';
  }

  /** Whether the top field is displayed first (`GST_VIDEO_FRAME_IS_TFF`), if the frame holds fields at all. */
  get topFieldFirst(): boolean {
    const { fieldOrder } = this.info;
    return fieldOrder ? fieldOrder === 'top-field-first' : this.#has(bufferFlags.topFieldFirst);
  }

  /** `GST_VIDEO_FRAME_IS_RFF`. */
  get repeatFirstField(): boolean {
    return this.#has(bufferFlags.repeatFirstField);
  }

  /** `GST_VIDEO_FRAME_IS_ONEFIELD`: the buffer holds only one of the fields. */
  get isOneField(): boolean {
    return this.#has(bufferFlags.oneField);
  }

  #has(flag: number): boolean {
    const { buffer } = this.mapped;
    if (this.info.interlaceMode === 'progressive') return false;
    return (runtime.fields.mediaFlags(bufferKind.handleOf(buffer)) & flag) !== 0;
  }
}
lock(VideoFrame);

/** Where the planes are in this buffer. */
function placesIn(buffer: Buffer, info: VideoInfo): readonly VideoPlaneInfo[] {
  const { layout, format, width, height } = info;
  if (!layout) throw new MapError(`${format} has no planes to be mapped`);
  const handle = bufferKind.handleOf(buffer);
  const number = c.gst_video_format_from_string(format);
  const meta = runtime.metas.video(handle);
  if (meta && (meta.format !== number || meta.width < width || meta.height < height)) {
    const found = `${c.gst_video_format_to_string(meta.format)} of ${meta.width}x${meta.height}`;
    throw new MapError(`the buffer holds ${found}, not ${format} of ${width}x${height}`);
  }
  const places = meta
    ? info.planes.map((_, index) => planeAt(info, index, meta.offsets[index] as number, meta.strides[index] as number))
    : info.planes;
  for (const [index, { stride }] of places.entries()) {
    if (stride < 0) throw new MapError(`plane ${index} has its rows from bottom to top (a stride of ${stride} bytes)`);
  }
  const crop = runtime.metas.crop(handle);
  if (!crop || (crop.x === 0 && crop.y === 0)) return places;
  const [fullWidth, fullHeight] = meta ? [meta.width, meta.height] : [width, height];
  if (crop.x + width > fullWidth || crop.y + height > fullHeight) {
    throw new MapError(
      `the part to be shown, from ${crop.x},${crop.y} on, is beyond the picture of ${fullWidth}x${fullHeight}`,
    );
  }
  return places.map((place, index) => ({
    ...place,
    offset: place.offset + distanceTo(place, info, index, crop.x, crop.y),
  }));
}

/** Bytes from the first pixel of a plane to the one for the picture's pixel at `x`, `y`. */
function distanceTo(
  { stride, pixelStride }: VideoPlaneInfo,
  info: VideoInfo,
  index: number,
  x: number,
  y: number,
): number {
  expectParts(info);
  const { column, row } = originIn(info.layout as VideoFormat, index, x, y);
  return row * stride + column * pixelStride;
}

function expectParts({ layout, format }: VideoInfo): void {
  if (layout && !layout.isComplex && !layout.tiles && format !== 'RGB8P') return;
  throw new UnavailableError(`parts of a picture need pixels with bytes of their own, those of ${format} have none`);
}

/** Whole rows, as far as there are bytes: the last row may end with its last pixel. */
const rangeOf = ({ offset, size, stride, height, tile }: VideoPlaneInfo): PlaneRange => ({
  offset,
  size,
  length: tile ? size : Math.max(size, stride * height),
});

function planeOf(plane: VideoPlaneInfo, bytes: Uint8Array, { layout }: VideoInfo): VideoPlane {
  const { stride, width, height, pixelStride } = plane;
  if (layout?.wordBytes !== 2 || !layout.isNativeEndian) {
    return { data: bytes, stride, width, height, pixelStride, rowStep: stride, pixelStep: pixelStride };
  }
  if ((bytes.byteOffset | stride) & 1) {
    throw new MapError('words of 16 bits do not begin at odd bytes, and the buffer has a plane or a row that does');
  }
  const data = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  return { data, stride, width, height, pixelStride, rowStep: stride / 2, pixelStep: pixelStride / 2 };
}

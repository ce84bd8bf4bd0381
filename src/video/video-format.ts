/** The memory layout of the pixels of each raw format (`GstVideoFormatInfo`). */
import { hostIsLittleEndian } from '../byte-order.ts';
import { UnavailableError } from '../errors.ts';
import { type ComponentEntry, type FormatEntry, videoFormatTable } from '../generated/video-formats.ts';

/** One component (Y, U, V; R, G, B; grey; palette index) and alpha, in this order (`GST_VIDEO_FORMAT_INFO_DEPTH` and so on). */
export interface VideoComponent {
  /** Index of its plane. */
  readonly plane: number;
  /** Bytes from the start of a pixel to the component. */
  readonly offset: number;
  /** Bytes from one value to the next; 0 in complex formats, whose values share bytes. */
  readonly pixelStride: number;
  /** Significant bits. */
  readonly bits: number;
  /** Bits below the value in its word. */
  readonly shift: number;
  /** log2 of the number of pixels in a row of the picture that share a value. */
  readonly widthSubsampling: number;
  /** log2 of the number of rows of the picture that share a value. */
  readonly heightSubsampling: number;
}

/** How a plane is cut into tiles (`GstVideoTileInfo`). */
export interface VideoTile {
  /** Pixels; 0 where GStreamer does not say. */
  readonly width: number;
  readonly height: number;
  /** Bytes. */
  readonly size: number;
}

export interface VideoFormat {
  readonly name: string;
  readonly kind: 'yuv' | 'rgb' | 'gray';
  readonly hasAlpha: boolean;
  readonly planeCount: number;
  readonly components: readonly VideoComponent[];
  /** Whether values share bytes in the format's own way (v210, UYVP, NV12_10LE32): then only rows of bytes are accessible. */
  readonly isComplex: boolean;
  /** The tiles of each plane, if the format has tiles instead of rows; else null. */
  readonly tiles: readonly VideoTile[] | null;
  /** Bytes of a word: 2 where each value has 16 bits of its own. */
  readonly wordBytes: 1 | 2;
  /** Whether words have this machine's byte order; always true for bytes. */
  readonly isNativeEndian: boolean;
}

// GstVideoFormatFlags
const rgb = 2;
const gray = 4;
const alpha = 8;
const complex = 64;
const tiled = 256;

/** Formats in the byte order of the machine; all others name theirs, or are little endian. */
const nativeOrder = new Set(['ARGB64', 'AYUV64']);

/** Offset and shift of each component, where GStreamer has none, the index instead, or those of another format. */
const corrections: Readonly<Record<string, readonly (readonly [offset: number, shift: number])[]>> = {
  P010_10: [
    [0, 6],
    [0, 6],
    [2, 6],
  ],
  P012: [
    [0, 4],
    [0, 4],
    [2, 4],
  ],
  P016: [
    [0, 0],
    [0, 0],
    [2, 0],
  ],
  Y210: [
    [0, 6],
    [2, 6],
    [6, 6],
  ],
  Y212: [
    [0, 4],
    [2, 4],
    [6, 4],
  ],
  Y216: [
    [0, 0],
    [2, 0],
    [6, 0],
  ],
  Y412: [
    [2, 4],
    [0, 4],
    [4, 4],
    [6, 4],
  ],
  Y416: [
    [2, 0],
    [0, 0],
    [4, 0],
    [6, 0],
  ],
  Y410: [
    [0, 10],
    [0, 0],
    [0, 20],
    [0, 30],
  ],
  BGR10A2: [
    [0, 20],
    [0, 10],
    [0, 0],
    [0, 30],
  ],
  BGR10x2: [
    [0, 20],
    [0, 10],
    [0, 0],
  ],
  RGB10A2: [
    [0, 0],
    [0, 10],
    [0, 20],
    [0, 30],
  ],
  RGB10x2: [
    [0, 0],
    [0, 10],
    [0, 20],
  ],
  BGR15: [
    [0, 0],
    [0, 5],
    [0, 10],
  ],
  BGR16: [
    [0, 0],
    [0, 5],
    [0, 11],
  ],
  VYUY: [
    [1, 0],
    [2, 0],
    [0, 0],
  ],
  r210: [
    [0, 20],
    [0, 10],
    [0, 0],
  ],
};

function componentsOf(name: string, entries: readonly ComponentEntry[]): VideoComponent[] {
  const corrected = corrections[name.replace(/_?[BL]E$/, '')];
  return entries.map(([plane, offset, pixelStride, bits, shift, widthSubsampling, heightSubsampling], index) => {
    const [trueOffset, trueShift] = corrected?.[index] ?? [offset, shift];
    return { plane, offset: trueOffset, pixelStride, bits, shift: trueShift, widthSubsampling, heightSubsampling };
  });
}

/** Whether every value has two bytes of its own. */
function hasWords(components: readonly VideoComponent[]): boolean {
  const places = new Set(components.map(({ plane, offset }) => `${plane}:${offset}`));
  return (
    places.size === components.length &&
    components.every(
      ({ bits, shift, offset, pixelStride }) =>
        bits > 8 && bits + shift <= 16 && offset % 2 === 0 && pixelStride > 0 && pixelStride % 2 === 0,
    )
  );
}

function formatOf(name: string, [flags, planeCount, entries, tiles]: FormatEntry): VideoFormat {
  const components = componentsOf(name, entries);
  const isComplex = (flags & complex) !== 0 || components.some(({ pixelStride }) => pixelStride === 0);
  const isBigEndian = name.endsWith('BE') || (nativeOrder.has(name) && !hostIsLittleEndian);
  const wordBytes = !isComplex && !(flags & tiled) && hasWords(components) ? 2 : 1;
  return {
    name,
    kind: flags & rgb ? 'rgb' : flags & gray ? 'gray' : 'yuv',
    // GStreamer lacks this flag for Y410 and the like.
    hasAlpha: (flags & alpha) !== 0 || entries.length === 4,
    planeCount,
    components,
    isComplex,
    tiles: tiles?.map(([width, height, size]) => ({ width, height, size })) ?? null,
    wordBytes,
    isNativeEndian: wordBytes === 1 || isBigEndian !== hostIsLittleEndian,
  };
}

/**
 * Column and row, in a plane, of the value for the picture's pixel at `x`, `y`, and how many pixels (as log2) share
 * a value there. Where components of a plane are subsampled differently (YUY2), a whole group of pixels belongs together.
 */
export function originIn({ components }: VideoFormat, plane: number, x: number, y: number) {
  const inPlane = components.filter((component) => component.plane === plane);
  const subsamplings = inPlane.map(({ widthSubsampling }) => widthSubsampling);
  const across = Math.min(...subsamplings);
  const group = Math.max(...subsamplings) - across;
  const down = inPlane[0]?.heightSubsampling ?? 0;
  return { column: ((x >> across) >> group) << group, row: y >> down, across, down };
}

const formats = new Map<string, VideoFormat>();

export const isKnownFormat = (name: string | null): name is string =>
  name !== null && Object.hasOwn(videoFormatTable, name);

/** @throws UnavailableError for a format newer than this package */
export function videoFormat(name: string): VideoFormat {
  let format = formats.get(name);
  if (!format) {
    const entry = isKnownFormat(name) ? videoFormatTable[name] : undefined;
    if (!entry) throw new UnavailableError(`the layout of the video format ${name} is not known to this package`);
    format = formatOf(name, entry);
    formats.set(name, format);
  }
  return format;
}

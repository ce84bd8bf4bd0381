/**
 * Caps of dma-bufs in the terms of the kernel's graphics drivers (`format=DMA_DRM`): a fourcc names the format,
 * a modifier the layout of its pixels, tiled or compressed.
 */
import { runtime } from '#runtime';
import { CAPS_FEATURE_MEMORY_DMABUF, dmaBufMemoryIsReal, isDmaBufMemory } from '../allocators/dmabuf-allocator.ts';
import { takeCaps, withCaps } from '../caps/caps.ts';
import { Fraction } from '../caps/field-value.ts';
import {
  expectBoolean,
  expectInteger,
  expectOptions,
  expectString,
  largestInt,
  outOfRange,
  wrongType,
} from '../expect.ts';
import { lend } from '../facade.ts';
import { memoryKind } from '../kinds.ts';
import { MapFlags } from '../map-flags.ts';
import type { Memory } from '../memory/memory.ts';
import type { RawMemory } from '../raw-types.ts';
import { VideoInfo } from './video-info.ts';

const { c } = runtime;

/** Rows of pixels, one after the other, which a program can read (`DRM_FORMAT_MOD_LINEAR`). */
const linear = 0n;
/** `DRM_FORMAT_MOD_INVALID`: only the driver knows. */
const invalid = 0x00ff_ffff_ffff_ffffn;
const mostModifier = 2n ** 64n - 1n;
/** `DRM_FORMAT_BIG_ENDIAN`, in the last character of a fourcc. */
const bigEndian = 0x8000_0000;

export interface DrmFormat {
  /** Four characters in a number (`DRM_FORMAT_*`). */
  readonly fourcc: number;
  /** 0n for rows of pixels. */
  readonly modifier: bigint;
}

/** The content of DMA_DRM caps (`GstVideoInfoDmaDrm`). */
export interface DmaDrmInfo extends DrmFormat {
  /** As in caps: `NV12`, or `NV12:0x0100000000000002`. */
  readonly drmFormat: string;
  /** The video format with the same pixels in the same order; null if GStreamer has none, or the modifier is not linear. */
  readonly format: string | null;
  readonly width: number;
  readonly height: number;
  readonly framerate: Fraction;
}

export interface DmaDrmCaps {
  /** A fourcc as a number or as four characters, the latter with or without a modifier (`'NV12:0x0100000000000002'`). */
  drmFormat: number | string;
  /** Default: the one in `drmFormat`, else linear. */
  modifier?: number | bigint;
  width: number;
  height: number;
  /** Default: no framerate in the caps. */
  framerate?: Fraction;
}

function expectFourcc(fourcc: number): number {
  return expectInteger('fourcc', fourcc, 1, 0xffff_ffff);
}

function expectModifier(modifier: number | bigint): bigint {
  if (typeof modifier !== 'bigint' && !(typeof modifier === 'number' && Number.isSafeInteger(modifier))) {
    throw typeof modifier === 'number'
      ? outOfRange('modifier', 'an integer of 64 bits', modifier)
      : wrongType('modifier', 'a bigint or an integer', modifier);
  }
  const value = BigInt(modifier);
  if (value < 0n || value > mostModifier) throw outOfRange('modifier', 'from 0 to 2⁶⁴ − 1', modifier);
  return value;
}

/**
 * `NV12`, or `NV12:0x0100000000000002` where the modifier is not linear (`gst_video_dma_drm_fourcc_to_string`). Big-endian
 * formats have `_BE` behind the four characters, as in GStreamer 1.26, in older versions too.
 * @param modifier 64 bits; default linear
 * @since 1.24
 */
function fourccToString(fourcc: number, modifier: number | bigint = linear): string {
  expectFourcc(fourcc);
  const letters = String.fromCharCode(...[0, 8, 16, 24].map((shift) => ((fourcc & ~bigEndian) >>> shift) & 255));
  if (!/^[\x20-\x7e]{4}$/.test(letters)) throw outOfRange('fourcc', 'four characters in a number', fourcc);
  const name = fourcc >= bigEndian ? `${letters}_BE` : letters;
  const value = expectModifier(modifier);
  if (value === invalid) throw outOfRange('modifier', 'one that says something', modifier);
  return value === linear ? name : `${name}:0x${value.toString(16).padStart(16, '0')}`;
}

/**
 * Parses the result of `fourccToString` (`gst_video_dma_drm_fourcc_from_string`).
 * @throws RangeError for any other string
 * @since 1.24
 */
function fourccFromString(text: string): DrmFormat {
  const [, name, order, digits] =
    /^([\x20-\x7e]{4})(_BE)?(?::0[xX]([\da-fA-F]{1,16}))?$/.exec(expectString('text', text)) ?? [];
  const letters = name === undefined ? 0 : c.gst_video_dma_drm_fourcc_from_string(name)[0];
  const modifier = BigInt(`0x${digits ?? 0}`);
  // A missing modifier means linear: GStreamer refuses an explicit zero.
  if (letters === 0 || (digits !== undefined && modifier === linear))
    throw outOfRange('text', 'such as "NV12", "BG24_BE" or "NV12:0x0100000000000002"', text);
  return { fourcc: order ? letters + bigEndian : letters, modifier };
}

/** The fourcc of a video format (`gst_video_dma_drm_fourcc_from_format`); null where there is none. @since 1.24 */
function fourccFromFormat(format: string): number | null {
  const number = c.gst_video_format_from_string(expectString('format', format));
  if (number === 0) throw outOfRange('format', 'a video format such as "NV12"', format);
  return c.gst_video_dma_drm_fourcc_from_format(number) || null;
}

/** The video format of a linear fourcc (`gst_video_dma_drm_fourcc_to_format`); null where there is none. @since 1.24 */
function fourccToFormat(fourcc: number): string | null {
  const number = c.gst_video_dma_drm_fourcc_to_format(expectFourcc(fourcc));
  return number > 1 ? c.gst_video_format_to_string(number) : null;
}

/** Whether caps describe DMA_DRM video (`gst_video_is_dma_drm_caps`). @since 1.24 */
function isCaps(caps: string): boolean {
  return withCaps('caps', expectString('caps', caps), (native) => {
    return native !== null && c.gst_caps_is_fixed(native) && c.gst_video_is_dma_drm_caps(native);
  });
}

/**
 * Parses DMA_DRM caps (`gst_video_info_dma_drm_from_caps`).
 * @throws RangeError for other caps
 * @since 1.24
 */
function parseCaps(caps: string): DmaDrmInfo {
  if (!isCaps(caps)) throw outOfRange('caps', 'fixed caps of video/x-raw(memory:DMABuf), format=DMA_DRM', caps);
  const drmFormat = withCaps('caps', caps, (native) => {
    return native && c.gst_structure_get_string(c.gst_caps_get_structure(native, 0), 'drm-format');
  });
  if (!drmFormat) throw outOfRange('caps', 'with a drm-format', caps);
  const { fourcc, modifier } = fourccFromString(drmFormat);
  const { width, height, framerate } = VideoInfo.fromCaps(caps);
  const format = modifier === linear ? fourccToFormat(fourcc) : null;
  return { drmFormat, fourcc, modifier, format, width, height, framerate };
}

/** Caps of dma-bufs, as GStreamer prints them (`gst_video_info_dma_drm_to_caps`). @since 1.24 */
function buildCaps(options: DmaDrmCaps): string {
  const known = ['drmFormat', 'modifier', 'width', 'height', 'framerate'];
  const { drmFormat, modifier, width, height, framerate } = expectOptions('options', options, known);
  const given =
    typeof drmFormat === 'number' ? { fourcc: drmFormat, modifier: linear } : fourccFromString(drmFormat as string);
  const name = fourccToString(given.fourcc, modifier ?? given.modifier);
  expectInteger('width', width, 1, largestInt);
  expectInteger('height', height, 1, largestInt);
  if (framerate !== undefined && !(framerate instanceof Fraction))
    throw wrongType('framerate', 'a Fraction', framerate);
  const rate = framerate ? `, framerate=(fraction)${framerate}` : '';
  const caps = `video/x-raw(${CAPS_FEATURE_MEMORY_DMABUF}), format=(string)DMA_DRM, drm-format=(string)"${name}", width=(int)${width}, height=(int)${height}${rate}`;
  return withCaps('caps', caps, (native) => takeCaps(native && runtime.references.another(native, 'mini'))) as string;
}

/**
 * Whether memory may be offered with the caps feature `memory:DMABuf` (`GST_CAPS_FEATURE_MEMORY_DMABUF`), and why. The feature
 * is for dma-bufs that cannot be mapped, or whose mapped bytes mean nothing. A dma-buf that can be mapped goes without
 * it, as a fast path that every element understands: importers check `isDmaBufMemory`. The memory is mapped to find out.
 * @param options `opaque`: its bytes mean nothing to programs (protected, tiled, compressed). Default: false
 */
function mayUseFeature(
  memory: Memory | RawMemory,
  options: { opaque?: boolean } = {},
): { allowed: boolean; reason: string } {
  const { opaque = false } = expectOptions('options', options, ['opaque']);
  expectBoolean('options.opaque', opaque);
  if (!isDmaBufMemory(memory)) return { allowed: false, reason: 'it is no dma-buf memory' };
  if (!dmaBufMemoryIsReal(memory)) return { allowed: false, reason: 'the kernel says that its fd is no dma-buf' };
  if (opaque) return { allowed: true, reason: 'its bytes mean nothing to who maps them' };
  const mapped = lend('memory', memory, memoryKind, (handle) => runtime.mapping.mapMemory(handle, MapFlags.READ, null));
  mapped?.release();
  return mapped
    ? { allowed: false, reason: 'it can be mapped: any element can work on it, without the feature' }
    : { allowed: true, reason: 'it cannot be mapped' };
}

/** Functions for fourccs, modifiers and caps of dma-bufs (`gst_video_dma_drm_*`). */
export const dmaDrm = {
  fourccToString,
  fourccFromString,
  /** Short name of `fourccFromString`. */
  fromString: fourccFromString,
  fourccFromFormat,
  fourccToFormat,
  isCaps,
  parseCaps,
  buildCaps,
  mayUseFeature,
} as const;

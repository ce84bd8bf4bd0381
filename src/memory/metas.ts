/** Metas of a buffer (`GstMeta`): their fields, and the checks before one is added. `Buffer` has the methods. */
import { runtime } from '#runtime';
import { takeCaps, withCaps } from '../caps/caps.ts';
import { expectStructureName, type Fields, type FieldValue } from '../caps/field-value.ts';
import { readFields, withStructure } from '../caps/structure.ts';
import { GstError } from '../errors.ts';
import {
  expectFlags,
  expectInteger,
  expectOptions,
  expectSize,
  expectString,
  largestInt,
  largestUint,
  outOfRange,
  wrongType,
} from '../expect.ts';
import { videoFormatTable } from '../generated/video-formats.ts';
import type { CropFields, Handle, MetaName } from '../runtime/port/index.ts';

const { c, fields: structFields, metas } = runtime;

/** The names of a meta's types, and its tags. */
export type Meta = MetaName;
/** The part of a frame to be shown, in pixels (`GstVideoCropMeta`). */
export type VideoCrop = CropFields;

/** The layout of the picture in the buffer (`GstVideoMeta`). */
export interface VideoMeta {
  /** Name of a `GstVideoFormat`, such as `NV12`. */
  format: string;
  /** Pixels. */
  width: number;
  height: number;
  /** Bytes from the start of the buffer to each plane. */
  offsets: number[];
  /** Bytes from one row to the next, for each plane; negative where rows go up. */
  strides: number[];
  /** `GstVideoFrameFlags`. */
  flags: number;
  /** Distinguishes several metas of one buffer; null where the engine cannot read it (GJS). */
  id: number | null;
  /** Pixels around the picture (`GstVideoAlignment`). */
  padding: { top: number; bottom: number; left: number; right: number };
}

/** The fields for a new video meta. */
export interface VideoMetaOptions {
  format: string;
  width: number;
  height: number;
  offsets: readonly number[];
  strides: readonly number[];
  /** `GstVideoFrameFlags`. Default 0. */
  flags?: number;
  /** Default: none. `strides` must be those of the picture with it. GJS: `UnavailableError`. */
  padding?: { top?: number; bottom?: number; left?: number; right?: number };
}

/** A time on another clock (`GstReferenceTimestampMeta`). */
export interface ReferenceTimestamp {
  /** Caps that name the clock, such as `timestamp/x-ntp`. */
  reference: string;
  /** Nanoseconds. */
  timestamp: number | null;
  /** Nanoseconds; null for unknown. */
  duration: number | null;
}

const mostPlanes = 4;

const refused = (what: string): GstError => new GstError(`${what} could not be added to the buffer`);

export const listMetas = (buffer: Handle): Meta[] => metas.list(buffer);

export function readVideoMeta(buffer: Handle): VideoMeta | null {
  const found = metas.video(buffer);
  return found && { ...found, format: c.gst_video_format_to_string(found.format) };
}

export function checkVideoMeta(options: VideoMetaOptions): Parameters<typeof metas.addVideo>[1] {
  const known = ['format', 'width', 'height', 'offsets', 'strides', 'flags', 'padding'];
  if (options === undefined) throw wrongType('meta', 'an object', options);
  const { format, width, height, offsets, strides, flags = 0, padding } = expectOptions('meta', options, known);
  const number = c.gst_video_format_from_string(expectString('meta.format', format));
  if (number === 0) throw outOfRange('meta.format', 'a video format such as I420, NV12 or RGBA', format);
  for (const [name, numbers] of Object.entries({ offsets, strides })) {
    if (!Array.isArray(numbers)) throw wrongType(`meta.${name}`, 'an array of numbers', numbers);
    if (numbers.length < 1 || numbers.length > mostPlanes)
      throw outOfRange(`meta.${name}`, `an array of 1 to ${mostPlanes} numbers, one for each plane`, numbers.length);
  }
  const [places, steps] = [Array.from(offsets as number[]), Array.from(strides as number[])];
  if (places.length !== steps.length)
    throw outOfRange('meta.strides', `as many as the ${places.length} offsets`, steps.length);
  const planes = videoFormatTable[format as string]?.[1];
  if (planes && places.length !== planes)
    throw outOfRange('meta.offsets', `as many as the ${planes} planes of ${format}`, places.length);
  for (const place of places) expectSize('meta.offsets', place, largestUint);
  for (const step of steps) expectInteger('meta.strides', step, -largestInt, largestInt);
  const {
    top = 0,
    bottom = 0,
    left = 0,
    right = 0,
  } = expectOptions('meta.padding', padding, ['top', 'bottom', 'left', 'right']);
  for (const [side, pixels] of Object.entries({ top, bottom, left, right }))
    expectSize(`meta.padding.${side}`, pixels, largestUint);
  return {
    format: number,
    width: expectSize('meta.width', width, largestInt, 1),
    height: expectSize('meta.height', height, largestInt, 1),
    offsets: places,
    strides: steps,
    flags: expectFlags('meta.flags', flags),
    padding: padding ? { top, bottom, left, right } : null,
  };
}

export function addVideoMeta(buffer: Handle, fields: Parameters<typeof metas.addVideo>[1]): void {
  if (!metas.addVideo(buffer, fields)) throw refused('a GstVideoMeta');
}

export const readCrop = (buffer: Handle): VideoCrop | null => metas.crop(buffer);

export function checkCrop(crop: VideoCrop): VideoCrop {
  const { x, y, width, height } = expectOptions('crop', crop, ['x', 'y', 'width', 'height']);
  return {
    x: expectSize('crop.x', x, largestUint),
    y: expectSize('crop.y', y, largestUint),
    width: expectSize('crop.width', width, largestUint),
    height: expectSize('crop.height', height, largestUint),
  };
}

export function addCrop(buffer: Handle, crop: VideoCrop): void {
  if (!metas.addCrop(buffer, crop)) throw refused('a GstVideoCropMeta');
}

export function readReferenceTimestamp(buffer: Handle, reference: string | null): ReferenceTimestamp | null {
  return withCaps('reference', reference, (caps) => {
    const meta = c.gst_buffer_get_reference_timestamp_meta(buffer, caps);
    if (!meta) return null;
    return {
      reference: takeCaps(structFields.reference(meta, 'GstReferenceTimestampMeta.reference', 'mini')) as string,
      timestamp: structFields.time(meta, 'GstReferenceTimestampMeta.timestamp'),
      duration: structFields.time(meta, 'GstReferenceTimestampMeta.duration'),
    };
  });
}

export function addReferenceTimestamp(
  buffer: () => Handle,
  reference: string,
  timestamp: number,
  duration: number | null,
): void {
  expectSize('timestamp', timestamp);
  if (duration !== null) expectSize('duration', duration);
  withCaps('reference', expectString('reference', reference), (caps) => {
    if (!c.gst_buffer_add_reference_timestamp_meta(buffer(), caps as Handle, timestamp, duration ?? -1n))
      throw refused('a GstReferenceTimestampMeta');
  });
}

/** Tags of custom metas, whoever in the process registered them: a registration never changes or ends. */
const known = new Map<string, string>();

/** Null where no such meta is registered. */
function tagsOf(name: string): string | null {
  const tags = known.get(name) ?? metas.customTags(name)?.toSorted().join() ?? null;
  if (tags !== null) known.set(name, tags);
  return tags;
}

/**
 * Registers a custom meta for the life of the process (`gst_meta_register_custom`). Registering it again with the
 * same tags does nothing.
 * @param tags what its content depends on: `META_TAG_VIDEO_STR` and the others.
 *   Elements copy the meta unless they change one of these; without tags they always copy it.
 * @throws GstError when the name is taken
 * @since 1.20
 */
export function registerCustomMeta(name: string, tags: readonly string[] = []): void {
  expectStructureName('name', name);
  // A GType gets the same name.
  if (!/^[A-Za-z][\w-]{2,}$/.test(name))
    throw outOfRange('name', 'three or more letters, digits, - or _, the first of them a letter', name);
  // GStreamer registers its own types at first use, and fails if the name is taken.
  if (/^G(?:st)?[A-Z]/.test(name)) throw new GstError(`the name ${name} is taken: GStreamer's own begin so`);
  if (!Array.isArray(tags)) throw wrongType('tags', 'an array of strings', tags);
  const read = Array.from(tags, (tag) => expectString('tags', tag));
  const wanted = read.toSorted().join();
  runtime.init();
  const found = tagsOf(name);
  if (found === wanted) return;
  if (found !== null) throw new GstError(`the custom meta ${name} is registered with other tags: ${found || 'none'}`);
  if (!metas.registerCustom(name, read)) throw new GstError(`the name ${name} is taken by another type`);
}

export function expectCustomMeta(name: unknown): string {
  if (tagsOf(expectString('name', name)) === null) {
    throw outOfRange('name', 'a custom meta that was registered with `registerCustomMeta`', name);
  }
  return name as string;
}

export function addCustomMeta(buffer: () => Handle, name: string, fields: Fields): void {
  expectCustomMeta(name);
  withStructure(name, 'fields', fields, (native) => {
    if (!metas.addCustom(buffer(), name, native)) throw refused(`a ${name}`);
  });
}

export function setCustomMeta(buffer: () => Handle, name: string, fields: Fields): void {
  expectCustomMeta(name);
  withStructure(name, 'fields', fields, (native) => {
    if (!metas.setCustom(buffer(), name, native))
      throw outOfRange('name', 'a custom meta that the buffer has; add it with `addCustomMeta`', name);
  });
}

export function removeMeta(buffer: () => Handle, name: string, index: number): boolean {
  expectString('name', name);
  expectSize('index', index);
  const handle = buffer();
  const places = [...metas.list(handle).entries()].filter(([, { api, type }]) => name === api || name === type);
  const [place] = places[index] ?? [];
  if (place === undefined) return false;
  if (!metas.remove(handle, place))
    throw new GstError(`expected a meta that may be removed, got a ${name} that is locked`);
  return true;
}

export function readCustomMeta(buffer: Handle, name: string): Record<string, FieldValue> | null {
  const text = metas.custom(buffer, expectString('name', name));
  return text === null ? null : readFields(text);
}

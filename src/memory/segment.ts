import { runtime } from '#runtime';
import { expectInteger, expectOptions, expectSize, outOfRange, wrongType } from '../expect.ts';
import { type Internal, internal } from '../facade.ts';
import type { FieldName, Handle } from '../runtime/port/index.ts';

const { c, fields } = runtime;

/** Units of a segment's positions (`GstFormat`). */
export const Format = Object.freeze({ UNDEFINED: 0, DEFAULT: 1, BYTES: 2, TIME: 3, BUFFERS: 4, PERCENT: 5 } as const);

/** Fields for a `Segment`; missing ones are as `gst_segment_init` sets them. */
export interface SegmentFields {
  /** Speed of playback, negative for backwards; not 0. Default 1. */
  rate?: number;
  /** The part of the rate that was applied already. Default 1. */
  appliedRate?: number;
  /** One of `Format`; the other fields are counted in it, nanoseconds for TIME. Default TIME. */
  format?: number;
  /** Running time of its start. Default 0. */
  base?: number;
  /** How much of the segment has played before. Default 0. */
  offset?: number;
  /** First position. Default 0. */
  start?: number;
  /** Last position. Default null: unknown. */
  stop?: number | null;
  /** Stream time of its start. Default 0. */
  time?: number | null;
  /** Present position. Default 0. */
  position?: number | null;
  /** Duration of the whole stream. Default null: unknown. */
  duration?: number | null;
}

/** A new position, like that of a seek. */
export interface SegmentSeek {
  /** Not 0. Default: the rate of the segment. */
  rate?: number;
  /** `SeekFlags`; 1 (FLUSH) begins the running time anew. Default 0. */
  flags?: number;
  /** Default: unchanged. */
  start?: number;
  /** Null for none. Default: unchanged. */
  stop?: number | null;
}

const numbers = ['rate', 'appliedRate', 'format', 'flags'] as const;
const times = ['base', 'offset', 'start', 'stop', 'time', 'position', 'duration'] as const;
const nullable: ReadonlySet<string> = new Set(['stop', 'time', 'position', 'duration']);
const known = [...numbers.filter((name) => name !== 'flags'), ...times];

const fieldOf = (name: string): FieldName =>
  `GstSegment.${name === 'appliedRate' ? 'applied_rate' : name}` as FieldName;

/** A 64-bit result as a number; null for all ones. */
const sizeOf = (value: number | bigint): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null;

/** A result with a separate sign: 1, −1, or 0 for none. */
const signed = ([sign, value]: [number, number | bigint]): number | null => {
  const size = sizeOf(value);
  return sign === 0 || size === null ? null : sign * size || 0;
};

/** Whether a value is a Segment, whatever its prototypes say. */
export let isSegment: (value: unknown) => value is Segment;
/** The fields of a native segment. */
export let readSegment: (native: Handle) => Segment;

/**
 * Part of a stream, and how its positions map to times (`GstSegment`). Plain data: nothing to dispose. Methods that change
 * it return a new one.
 */
export class Segment {
  /** Speed of playback; negative for backwards. */
  readonly rate: number;
  /** The part of the rate that was applied already. */
  readonly appliedRate: number;
  /** One of `Format`. */
  readonly format: number;
  /** `GstSegmentFlags`. */
  readonly flags: number;
  /** Running time of its start. */
  readonly base: number | null;
  /** How much of the segment has played before. */
  readonly offset: number | null;
  /** First position. */
  readonly start: number | null;
  /** Last position; null where it is unknown. */
  readonly stop: number | null;
  /** Stream time of its start. */
  readonly time: number | null;
  /** Present position. */
  readonly position: number | null;
  /** Duration of the whole stream; null where it is unknown. */
  readonly duration: number | null;

  /** No prototype can give this to another object. */
  readonly #isMade = true;

  static {
    isSegment = (value): value is Segment => typeof value === 'object' && value !== null && #isMade in value;
    readSegment = (native) => new Segment(internal, native);
  }

  /** `gst_segment_init`, with the given fields. */
  constructor(given?: SegmentFields | Segment);
  /** @internal */
  constructor(key: Internal, native: Handle);
  constructor(given: SegmentFields | Segment | Internal = {}, native?: Handle) {
    const all = given === internal ? readAll(native as Handle) : checkAll(given as SegmentFields | Segment);
    this.rate = all.rate;
    this.appliedRate = all.appliedRate;
    this.format = all.format;
    this.flags = all.flags;
    this.base = all.base;
    this.offset = all.offset;
    this.start = all.start;
    this.stop = all.stop;
    this.time = all.time;
    this.position = all.position;
    this.duration = all.duration;
    Object.freeze(this);
  }

  /** Running time of a position within it (`gst_segment_to_running_time`); null outside. */
  toRunningTime(position: number): number | null {
    expectSize('position', position);
    return this.#ask((native) => sizeOf(c.gst_segment_to_running_time(native, this.format, position)));
  }

  /** Running time of any position, negative before the running time begins (`gst_segment_to_running_time_full`). @since 1.6 */
  toRunningTimeFull(position: number): number | null {
    expectSize('position', position);
    return this.#ask((native) => signed(c.gst_segment_to_running_time_full(native, this.format, position)));
  }

  /** Stream time of a position within it (`gst_segment_to_stream_time`); null outside. @since 1.8 */
  toStreamTime(position: number): number | null {
    expectSize('position', position);
    return this.#ask((native) => sizeOf(c.gst_segment_to_stream_time(native, this.format, position)));
  }

  /** Stream time of any position (`gst_segment_to_stream_time_full`). @since 1.8 */
  toStreamTimeFull(position: number): number | null {
    expectSize('position', position);
    return this.#ask((native) => signed(c.gst_segment_to_stream_time_full(native, this.format, position)));
  }

  /** The position of a running time (`gst_segment_position_from_running_time`); null outside. @since 1.8 */
  positionFromRunningTime(time: number): number | null {
    expectSize('time', time);
    return this.#ask((native) => sizeOf(c.gst_segment_position_from_running_time(native, this.format, time)));
  }

  /** The position of any running time (`gst_segment_position_from_running_time_full`). @since 1.8 */
  positionFromRunningTimeFull(time: number): number | null {
    expectSize('time', time);
    return this.#ask((native) => signed(c.gst_segment_position_from_running_time_full(native, this.format, time)));
  }

  /** The position of a stream time (`gst_segment_position_from_stream_time`); null outside. @since 1.8 */
  positionFromStreamTime(time: number): number | null {
    expectSize('time', time);
    return this.#ask((native) => sizeOf(c.gst_segment_position_from_stream_time(native, this.format, time)));
  }

  /** The position of any stream time (`gst_segment_position_from_stream_time_full`). @since 1.8 */
  positionFromStreamTimeFull(time: number): number | null {
    expectSize('time', time);
    return this.#ask((native) => signed(c.gst_segment_position_from_stream_time_full(native, this.format, time)));
  }

  /**
   * The part of a range of positions that is within the segment (`gst_segment_clip`); null where nothing is.
   * @param stop null where it is unknown
   */
  clip(start: number | null, stop: number | null): { start: number | null; stop: number | null } | null {
    if (start !== null) expectSize('start', start);
    if (stop !== null) expectSize('stop', stop, undefined, start ?? 0);
    return this.#ask((native) => {
      const [isWithin, first, last] = c.gst_segment_clip(native, this.format, start ?? -1n, stop ?? -1n);
      return isWithin ? { start: sizeOf(first), stop: sizeOf(last) } : null;
    });
  }

  /** Moves the running time (`gst_segment_offset_running_time`); null where it would end before 0. @since 1.2.3 */
  offsetRunningTime(offset: number): Segment | null {
    expectInteger('offset', offset, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    return this.#ask((native) =>
      c.gst_segment_offset_running_time(native, this.format, offset) ? readSegment(native) : null,
    );
  }

  /**
   * The segment after a seek (`gst_segment_do_seek`), and whether its position changes; null if its stop would be
   * before its start.
   */
  doSeek(seek: SegmentSeek = {}): { segment: Segment; update: boolean } | null {
    const {
      rate = this.rate,
      flags = 0,
      start,
      stop,
    } = expectOptions('seek', seek, ['rate', 'flags', 'start', 'stop']);
    expectRate('seek.rate', rate);
    expectInteger('seek.flags', flags, 0, 0xffff);
    if (start !== undefined) expectSize('seek.start', start);
    if (stop !== undefined && stop !== null) expectSize('seek.stop', stop);
    const most = this.duration ?? Number.POSITIVE_INFINITY;
    const last = stop === undefined ? this.stop : stop;
    // GStreamer asserts that start is not after stop.
    if (Math.min(start ?? this.start ?? 0, most) > Math.min(last ?? Number.POSITIVE_INFINITY, most)) return null;
    return this.#ask((native) => {
      const [isDone, update] = c.gst_segment_do_seek(
        native,
        rate,
        this.format,
        flags,
        start === undefined ? 0 : 1,
        start ?? 0,
        stop === undefined ? 0 : 1,
        stop ?? -1n,
      );
      return isDone ? { segment: readSegment(native), update } : null;
    });
  }

  /** Whether all fields are the same (`gst_segment_is_equal`). @since 1.6 */
  isEqual(other: Segment): boolean {
    expectSegment('other', other);
    return [...numbers, ...times].every((name) => this[name] === other[name]);
  }

  #ask<T>(question: (native: Handle) => T): T {
    return withSegment(this, question);
  }
}

export function expectSegment(name: string, value: unknown): Segment {
  if (!isSegment(value)) throw wrongType(name, 'a Segment', value);
  return value;
}

type All = { readonly [name in (typeof numbers)[number]]: number } & {
  readonly [name in (typeof times)[number]]: number | null;
};

function readAll(native: Handle): All {
  return Object.fromEntries([
    ...numbers.map((name) => [name, fields.number(native, fieldOf(name))]),
    ...times.map((name) => [name, fields.time(native, fieldOf(name))]),
  ]);
}

function checkAll(given: SegmentFields | Segment): All {
  if (isSegment(given)) return given;
  const { rate = 1, appliedRate = 1, format = Format.TIME, ...read } = expectOptions('fields', given, known);
  const all: Record<string, number | null> = { base: 0, offset: 0, start: 0, stop: null, time: 0, position: 0 };
  for (const name of times) {
    const value = read[name] === undefined ? (all[name] ?? null) : read[name];
    all[name] = value === null && nullable.has(name) ? null : expectSize(name, value);
  }
  return {
    ...(all as Omit<All, (typeof numbers)[number]>),
    rate: expectRate('rate', rate),
    appliedRate: expectRate('appliedRate', appliedRate),
    format: expectInteger('format', format, 0, Format.PERCENT),
    flags: 0,
  };
}

function expectRate(name: string, value: unknown): number {
  if (typeof value !== 'number') throw wrongType(name, 'a number other than 0', value);
  if (!Number.isFinite(value) || value === 0) throw outOfRange(name, 'a number other than 0', value);
  return value;
}

/** Calls `use` with a native segment. */
export function withSegment<T>(segment: Segment, use: (native: Handle) => T): T {
  const native = c.gst_segment_new();
  try {
    for (const name of numbers) fields.setNumber(native, fieldOf(name), segment[name]);
    for (const name of times) fields.setTime(native, fieldOf(name), segment[name]);
    return use(native);
  } finally {
    c.gst_segment_free(native);
  }
}

import { runtime } from '#runtime';
import type { AudioBuffer } from '../audio/audio-buffer.ts';
import { withFixedCaps } from '../caps/caps.ts';
import { expectBoolean, expectFunction, expectOptions, expectSize, outOfRange } from '../expect.ts';
import { expectInternal, type Internal } from '../facade.ts';
import type { Buffer } from '../memory/buffer.ts';
import type { VideoFrame } from '../video/video-frame.ts';
import type { FilterFrame, FilterKind } from './filter-frame.ts';
import type { Passing } from './filter-passing.ts';

export type { FilterFrame, FilterKind } from './filter-frame.ts';

/** What the body of a filter gets beside the frame. */
export interface FilterContext {
  /** Presentation time in nanoseconds; null for none. */
  readonly pts: number | null;
  /** Caps of the frame as it came in. */
  readonly caps: string;
  /** Aborted when the frame is not wanted any more: at a seek, when the pipeline stops, when the filter is removed. */
  readonly signal: AbortSignal;
}

/** What a body returns: nothing to pass the frame on as it is now, a buffer to pass on in its place, or null to drop it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a body that returns nothing
export type FilterResult = void | undefined | null | Buffer;

/**
 * The body of a filter. The frame is mapped for reading and writing until the body returns, or its promise has settled.
 * The filter takes over a buffer that the body returns; if it has no `pts`, it gets the times of the frame.
 */
export type FilterBody<Frame = FilterFrame> = (
  frame: Frame,
  context: FilterContext,
) => FilterResult | PromiseLike<FilterResult>;

/** The type of the frame for `options.as`. */
export type FrameAs<As> = As extends 'video'
  ? VideoFrame
  : As extends 'audio'
    ? AudioBuffer
    : As extends 'buffer'
      ? Buffer
      : FilterFrame;

export interface FilterOptions<As extends FilterKind | undefined = FilterKind | undefined> {
  /** What the body gets. Default, by the caps: a `VideoFrame` for raw video, an `AudioBuffer` for raw audio, else a `Buffer`. */
  as?: As;
  /** Caps of the output, if they differ from those of the input. */
  caps?: string;
  /** How many frames may wait for the body, at least 1. Default 2. */
  maxBuffers?: number;
  /** Whether a new frame replaces the oldest one that waits. Default: only in a live pipeline. */
  drop?: boolean;
}

const largestCount = 0xffffffff;
const defaultMaxBuffers = 2;

/**
 * JavaScript inside a pipeline, from `pipeline.filter()`: its body gets each frame that reaches an `identity`, on the main
 * thread, and the result goes on to the elements behind.
 */
export class Filter {
  /** Name of the identity. */
  readonly name: string;
  readonly #passing: Passing;
  #body: FilterBody;

  /** @internal */
  constructor(key: Internal, passing: Passing, name: string, body: FilterBody) {
    expectInternal(key, 'Filter');
    runtime.threads.keepHere(this);
    this.name = name;
    this.#passing = passing;
    this.#body = body;
  }

  /** The function that gets each frame. A new one is called from the next frame on. */
  get body(): FilterBody {
    return this.#body;
  }
  set body(body: FilterBody) {
    this.#body = expectFunction('body', body);
    if (this.#passing.owner === this) this.#passing.body = body;
  }

  /** Whether the filter was removed. */
  get isRemoved(): boolean {
    return this.#passing.owner !== this;
  }

  /**
   * Removes the body, also while the pipeline plays: from the next frame on frames pass unchanged, and a frame that the body is
   * at work on passes as it is then. You may call `pipeline.filter()` for the same identity again. Idempotent.
   */
  remove(): void {
    if (!this.isRemoved) this.#passing.release();
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

/** Checked options. */
export interface FilterSettings {
  readonly as: FilterKind | undefined;
  readonly caps: string | null;
  readonly maxBuffers: number;
  readonly drop: boolean | undefined;
}

const kinds: readonly unknown[] = ['video', 'audio', 'buffer', undefined];

export function settingsOf(options: FilterOptions): FilterSettings {
  const { as, caps, maxBuffers, drop } = expectOptions('options', options, ['as', 'caps', 'maxBuffers', 'drop']);
  if (!kinds.includes(as)) throw outOfRange('options.as', '"video", "audio" or "buffer"', as);
  if (caps !== undefined) withFixedCaps('options.caps', caps, () => {});
  if (maxBuffers !== undefined) expectSize('options.maxBuffers', maxBuffers, largestCount, 1);
  if (drop !== undefined) expectBoolean('options.drop', drop);
  return { as, caps: caps ?? null, maxBuffers: maxBuffers ?? defaultMaxBuffers, drop };
}

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

/** What the body of a filter is told of a frame. */
export interface FilterContext {
  /** Presentation time in nanoseconds; null for none. */
  readonly pts: number | null;
  /** Caps of the frame, as they came in. */
  readonly caps: string;
  /** Aborted when the frame is not wanted any more: at a seek, when the pipeline stops, when the filter is removed. */
  readonly signal: AbortSignal;
}

/** What a body gives: nothing for the frame as it is now, a buffer to be handed on in its place, null for none. */
// biome-ignore lint/suspicious/noConfusingVoidType: a body that returns nothing
export type FilterResult = void | undefined | null | Buffer;

/**
 * The body of a filter. The frame is mapped for reading and writing, and is over when the body returns, or its promise is
 * settled. A buffer that it returns is taken over; where it has no `pts`, it gets the times of the frame.
 */
export type FilterBody<Frame = FilterFrame> = (
  frame: Frame,
  context: FilterContext,
) => FilterResult | PromiseLike<FilterResult>;

/** The frame by `options.as`. */
export type FrameAs<As> = As extends 'video'
  ? VideoFrame
  : As extends 'audio'
    ? AudioBuffer
    : As extends 'buffer'
      ? Buffer
      : FilterFrame;

export interface FilterOptions<As extends FilterKind | undefined = FilterKind | undefined> {
  /** What the body gets. Default: by the caps a `VideoFrame` for raw video, an `AudioBuffer` for raw audio, else a `Buffer`. */
  as?: As;
  /** Caps of what comes out, where they are others than of what comes in. */
  caps?: string;
  /** Frames that may wait for the body, from 1 on. Default 2. */
  maxBuffers?: number;
  /** Whether the oldest frame that waits is dropped for a new one. Default: where the pipeline is live. */
  drop?: boolean;
}

const largestCount = 0xffffffff;
const defaultMaxBuffers = 2;

/**
 * JavaScript in the middle of a pipeline, from `pipeline.filter()`: its body gets each frame that comes to an `identity`,
 * on the main thread, and what it makes of it goes on to the elements behind.
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

  /** What is called with each frame. Another one is called from the next frame on. */
  get body(): FilterBody {
    return this.#body;
  }
  set body(body: FilterBody) {
    this.#body = expectFunction('body', body);
    if (this.#passing.owner === this) this.#passing.body = body;
  }

  /** Whether it was taken out. */
  get isRemoved(): boolean {
    return this.#passing.owner !== this;
  }

  /**
   * Takes the body out, now and while the pipeline plays: frames pass as they are from the next one on, and one that the
   * body has in hand passes as it is then. Another `pipeline.filter()` of the name may follow. Idempotent.
   */
  remove(): void {
    if (!this.isRemoved) this.#passing.release();
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

/** What the options say. */
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

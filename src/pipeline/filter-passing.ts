import { runtime } from '#runtime';
import { withFixedCaps } from '../caps/caps.ts';
import { bufferKind } from '../kinds.ts';
import type { Buffer } from '../memory/buffer.ts';
import type { FlowWatch, Handle, PassingFrame } from '../runtime/port/index.ts';
import { shareTurn } from '../turn.ts';
import { hasRoom } from './app-src-room.ts';
import type { Filter, FilterBody, FilterSettings } from './filter.ts';
import { frameOf, ownBuffer, resultOf, type Shape, shapeOf } from './filter-frame.ts';
import { isOf, leave, type Place } from './filter-place.ts';
import type { Playback } from './playback.ts';
import { setLimits } from './sink-limits.ts';
import { segmentEvent } from './sticky-events.ts';

const { c, passage, references, streams } = runtime;

const statePlaying = 4; // GST_STATE_PLAYING
const stateNull = 1; // GST_STATE_NULL
const flowOk = 0;
/** Milliseconds of frames in a row, after which everything else on the main thread has its turn. */
const longestTurn = 1;
/** Nanoseconds the main thread may wait on the spot for the next frame. */
const longestBlock = 1e5;

/** The segment of what came last to an element (`gst_pad_get_sticky_event`); a flush takes it away. */
function segmentAt(sink: Handle): Handle | null {
  const pad = c.gst_element_get_static_pad(sink, 'sink') as Handle;
  const event = c.gst_pad_get_sticky_event(pad, segmentEvent, 0);
  references.drop(pad, 'object', 0);
  return event;
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';

/** What passes by a filter's place: frames by way of the body, as long as there is one; events behind the frames before them. */
export class Passing {
  readonly #place: Place;
  readonly #name: string;
  readonly #playback: Playback;
  /** Whose body it is; null where frames pass as they are. */
  owner: Filter | null = null;
  body: FilterBody | null = null;
  #settings: FilterSettings | null = null;
  /** Counts streams: what was begun in one before is of no use. */
  #stream = 0;
  #isOpen = false;
  #isHeld = false;
  /** Of the stream before a seek. */
  #segment: Handle | null = null;
  #isLive = false;
  #hasEnded = false;
  /** For the body that has a frame in hand. */
  #abort: AbortController | null = null;
  #watches: FlowWatch[] = [];
  #wake: (() => void) | null = null;
  #isWoken = false;
  /** Whether the last frame was there at once, or nearly: the next one is waited for on the spot then. */
  #isFast = true;
  /** Caps of the last frame: a reference, as the address of caps that are gone may be that of others. */
  #caps: Handle | null = null;
  #text = '';
  #shape: Shape = null;

  constructor(place: Place, name: string, playback: Playback) {
    this.#place = place;
    this.#name = name;
    this.#playback = playback;
  }

  has(element: Handle): boolean {
    return isOf(this.#place, element);
  }

  take(owner: Filter, body: FilterBody, settings: FilterSettings): void {
    this.owner = owner;
    this.body = body;
    this.#settings = settings;
    this.#forgetCaps();
    this.#limit();
  }

  release(): void {
    this.owner = null;
    this.body = null;
    this.#settings = null;
    this.#abort?.abort();
  }

  /** A live stream does not wait for the body. */
  setLive(isLive: boolean): void {
    this.#isLive = isLive;
    this.#limit();
  }

  #limit(): void {
    if (!this.#settings) return;
    const { maxBuffers, drop } = this.#settings;
    setLimits(this.#place.sink, maxBuffers, drop ?? this.#isLive);
  }

  get #drops(): boolean {
    return this.#settings?.drop ?? this.#isLive;
  }

  /** Before the pipeline leaves the null state. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#hasEnded = false;
    this.#isHeld = false;
    const { sink, source } = this.#place;
    this.#acceptWhatPasses();
    c.gst_element_set_state(sink, statePlaying);
    this.#watches = [streams.watchSink(sink, () => this.#woken()), streams.watchSource(source, () => this.#woken())];
    this.#go(++this.#stream).catch(() => {});
  }

  /** Upstream negotiates with what is behind, as far as that can be asked beforehand. */
  #acceptWhatPasses(): void {
    const { sink, source } = this.#place;
    const pad = c.gst_element_get_static_pad(source, 'src') as Handle;
    const caps = this.#settings?.caps ? null : c.gst_pad_peer_query_caps(pad, null);
    c.gst_app_sink_set_caps(sink, caps);
    if (caps) references.drop(caps, 'mini', 0);
    references.drop(pad, 'object', 0);
  }

  /** Before the pipeline goes to the null state: what waits for the body upstream would keep it from that. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stream++;
    this.#abort?.abort();
    c.gst_element_set_state(this.#place.sink, stateNull);
    for (const watch of this.#watches.splice(0)) watch.close();
    this.#forgetCaps();
    this.#woken();
  }

  dispose(): void {
    this.close();
    this.release();
    leave(this.#place);
  }

  /** Before a seek: what is taken out of the sink now may be of either stream. */
  hold(): void {
    this.#isHeld = true;
    this.#segment = this.#isOpen ? segmentAt(this.#place.sink) : null;
  }

  /** After a seek: whether the stream before the filter began anew. What was there before is let go of then. */
  async resume(): Promise<boolean> {
    const before = this.#segment;
    this.#segment = null;
    try {
      const now = before && this.#isOpen ? segmentAt(this.#place.sink) : null;
      const isNew = before !== null && this.#isOpen && !(now && references.identical(before, now));
      if (now) references.drop(now, 'mini', 0);
      if (isNew) await this.#flush();
      return isNew;
    } finally {
      if (before) references.drop(before, 'mini', 0);
      this.#isHeld = false;
      this.#woken();
    }
  }

  async #flush(): Promise<void> {
    const stream = ++this.#stream;
    this.#hasEnded = false;
    this.#abort?.abort();
    await passage.flush(this.#place.source);
    if (this.#stream === stream) this.#go(stream).catch(() => {});
  }

  #woken(): void {
    this.#isWoken = true;
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isWoken) resolve();
      else this.#wake = resolve;
    });
  }

  async #go(stream: number): Promise<void> {
    try {
      while (stream === this.#stream) {
        this.#isWoken = false;
        if (this.#isHeld || !this.#step(stream)) {
          // Further news are waited for.
          await this.#news();
        } else if (this.#pending) await this.#pending;
        const turn = shareTurn(longestTurn);
        if (turn) await turn;
      }
    } catch (error) {
      if (stream === this.#stream) this.#fail(error);
    }
  }

  /** The body's promise, and all that is to be done then. */
  #pending: Promise<void> | null = null;

  /** Passes on what comes next; false where nothing can be. */
  #step(stream: number): boolean {
    const { sink, source } = this.#place;
    this.#pending = null;
    const [comes, runsLow] = this.#watches as [FlowWatch, FlowWatch];
    if (!hasRoom(source)) {
      runsLow.listen(true);
      if (!hasRoom(source)) return false;
    }
    let found = passage.next(sink, 0, !this.#drops);
    if (!found && this.#isFast) {
      found = passage.next(sink, longestBlock, !this.#drops);
      this.#isFast = found !== null;
    }
    if (!found) {
      comes.listen(true);
      found = passage.next(sink, 0, !this.#drops);
    }
    if (!found) {
      if (!this.#hasEnded && c.gst_app_sink_is_eos(sink)) {
        this.#hasEnded = true;
        c.gst_app_src_end_of_stream(source);
      }
      return false;
    }
    if ('event' in found) {
      c.gst_element_send_event(source, found.event);
      references.drop(found.event, 'mini', 0);
    } else this.#pass(found, stream);
    return true;
  }

  #pass({ buffer: handle, origin }: PassingFrame, stream: number): void {
    const { body } = this;
    if (!body) {
      this.#push(handle, origin);
      references.drop(handle, 'mini', 0);
      references.drop(origin, 'mini', 0);
      return;
    }
    let buffer: Buffer | null = null;
    let frame: ReturnType<typeof frameOf> | null = null;
    const end = (): void => {
      if (frame !== buffer) frame?.dispose();
      buffer?.dispose();
      references.drop(origin, 'mini', 0);
    };
    const finish = (returned: unknown): void => {
      if (frame !== buffer) frame?.dispose();
      const result = resultOf(returned, buffer as Buffer);
      if (!result) return;
      try {
        if (stream === this.#stream) this.#push(bufferKind.handleOf(result), origin);
      } finally {
        if (result !== buffer) result.dispose();
      }
    };
    let returned: unknown;
    try {
      this.#readCaps(origin);
      buffer = ownBuffer(handle);
      frame = frameOf(buffer, this.#shape);
      const abort = new AbortController();
      this.#abort = abort;
      returned = body(frame, { pts: buffer.pts, caps: this.#text, signal: abort.signal });
      if (!isPromise(returned)) {
        finish(returned);
        end();
        return;
      }
    } catch (error) {
      end();
      throw error;
    }
    this.#pending = this.#finish(returned, finish, end, stream);
  }

  async #finish(
    returned: PromiseLike<unknown>,
    finish: (returned: unknown) => void,
    end: () => void,
    stream: number,
  ): Promise<void> {
    const { owner } = this;
    try {
      finish(
        await returned.then(undefined, (error: unknown) => {
          // Whoever gives up because the frame is not wanted any more does right.
          if (stream === this.#stream && owner === this.owner) throw error;
        }),
      );
    } finally {
      end();
    }
  }

  #readCaps(origin: Handle): void {
    const caps = c.gst_sample_get_caps(origin);
    if (!caps) return;
    if (this.#caps && references.identical(caps, this.#caps)) {
      references.drop(caps, 'mini', 0);
      return;
    }
    this.#forgetCaps();
    this.#caps = caps;
    this.#text = c.gst_caps_to_string(caps);
    this.#shape = shapeOf(this.#text, this.#settings?.as);
  }

  #forgetCaps(): void {
    if (this.#caps) references.drop(this.#caps, 'mini', 0);
    this.#caps = null;
  }

  /** Caps and segment go with each frame, and the appsrc tells downstream where they change. */
  #push(buffer: Handle, origin: Handle): void {
    withFixedCaps('options.caps', this.#settings?.caps ?? null, (others) => {
      const caps = others ?? c.gst_sample_get_caps(origin);
      const sample = c.gst_sample_new(buffer, caps, c.gst_sample_get_segment(origin), null);
      if (caps && !others) references.drop(caps, 'mini', 0);
      const flow = c.gst_app_src_push_sample(this.#place.source, sample);
      references.drop(sample, 'mini', 0);
      if (flow !== flowOk) this.#stream++;
    });
  }

  #fail(cause: unknown): void {
    this.#stream++;
    const text = cause instanceof Error ? cause.message : String(cause);
    const stack = cause instanceof Error ? (cause.stack ?? '') : '';
    this.#playback.blame(this.#name, cause);
    passage.fail(this.#place.identity, `the body of the filter ${this.#name} failed: ${text}`, stack);
  }
}

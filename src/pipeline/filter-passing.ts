import { runtime } from '#runtime';
import { withFixedCaps } from '../caps/caps.ts';
import { bufferKind } from '../kinds.ts';
import type { Buffer } from '../memory/buffer.ts';
import type { FlowWatch, Handle, PassingFrame } from '../runtime/port/index.ts';
import { shareTurn } from '../turn.ts';
import { hasRoom } from './app-src-room.ts';
import type { Filter, FilterBody, FilterContext, FilterSettings } from './filter.ts';
import { type FilterFrame, frameOf, ownBuffer, resultOf, type Shape, shapeOf } from './filter-frame.ts';
import { isOf, leave, type Place } from './filter-place.ts';
import type { Playback } from './playback.ts';
import { setLimits } from './sink-limits.ts';
import { segmentEvent } from './sticky-events.ts';

const { c, loop, passage, references, streams } = runtime;

const statePlaying = 4; // GST_STATE_PLAYING
const stateNull = 1; // GST_STATE_NULL
const flowOk = 0;
/** Time slice (ms) of frames in a row before they yield to the event loop. */
const longestTurn = 1;
/** How long (ns) the main thread may block for the next frame. */
const longestBlock = 1e5;
/** How long (ms) the main thread may block until the streaming thread has let go of a frame. */
const longestSharing = 1;

/** The element's current segment event (`gst_pad_get_sticky_event`); a flush removes it. */
function segmentAt(sink: Handle): Handle | null {
  const pad = c.gst_element_get_static_pad(sink, 'sink') as Handle;
  const event = c.gst_pad_get_sticky_event(pad, segmentEvent, 0);
  references.drop(pad, 'object', 0);
  return event;
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';

/** Aborts the signal of a context. */
let abort: (context: Context) => void;

class Context implements FilterContext {
  readonly pts: number | null;
  readonly caps: string;
  /** Made when it is asked for: most bodies do not wait. */
  #controller: AbortController | null = null;
  #isAborted = false;

  static {
    abort = (context) => {
      context.#isAborted = true;
      context.#controller?.abort();
    };
  }

  constructor(pts: number | null, caps: string) {
    this.pts = pts;
    this.caps = caps;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }
}

/** Moves a stream through a filter: frames through the body, while there is one; events in order behind the frames before them. */
export class Passing {
  readonly #place: Place;
  readonly #name: string;
  readonly #playback: Playback;
  /** The filter whose body runs; null where frames pass unchanged. */
  owner: Filter | null = null;
  body: FilterBody | null = null;
  #settings: FilterSettings | null = null;
  /** Number of the current stream: work that began in an earlier one is discarded. */
  #stream = 0;
  #isOpen = false;
  #isHeld = false;
  /** The segment event from before a seek. */
  #segment: Handle | null = null;
  #isLive = false;
  #hasEnded = false;
  /** Of the body that is at work on a frame. */
  #context: Context | null = null;
  /** Whether something else keeps the stream's buffers. */
  #isShared = false;
  #watches: FlowWatch[] = [];
  #wake: (() => void) | null = null;
  #isWoken = false;
  /** Whether the last frame came at once, or nearly: then the main thread blocks for the next one. */
  #isFast = true;
  /** Caps of the last frame. A reference: other caps could get the address of freed ones. */
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
    this.#abort();
  }

  /** In a live pipeline the stream does not wait for the body. */
  setLive(isLive: boolean): void {
    this.#isLive = isLive;
    this.#limit();
  }

  #limit(): void {
    if (!this.#settings) return;
    const { maxBuffers, drop } = this.#settings;
    setLimits(this.#place.sink, maxBuffers, drop ?? this.#isLive);
  }

  #abort(): void {
    if (this.#context) abort(this.#context);
  }

  get #drops(): boolean {
    return this.#settings?.drop ?? this.#isLive;
  }

  /** Called before the pipeline leaves NULL. */
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

  /** Sets the caps that elements downstream accept, as far as they are known now, so that upstream negotiates with them. */
  #acceptWhatPasses(): void {
    const { sink, source } = this.#place;
    const pad = c.gst_element_get_static_pad(source, 'src') as Handle;
    const caps = this.#settings?.caps ? null : c.gst_pad_peer_query_caps(pad, null);
    c.gst_app_sink_set_caps(sink, caps);
    if (caps) references.drop(caps, 'mini', 0);
    references.drop(pad, 'object', 0);
  }

  /** Called before the pipeline goes to NULL: a streaming thread that waits for the body would block that. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stream++;
    this.#abort();
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

  /** Called before a seek: from now on frames in the sink may be of either stream. */
  hold(): void {
    this.#isHeld = true;
    this.#segment = this.#isOpen ? segmentAt(this.#place.sink) : null;
  }

  /** Called after a seek: whether the stream upstream of the filter was flushed. Drops what is left of the old one if so. */
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
    this.#abort();
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
          // Nothing can pass until a watch wakes this loop.
          await this.#news();
        } else if (this.#pending) await this.#pending;
        const turn = shareTurn(longestTurn);
        if (turn) await turn;
      }
    } catch (error) {
      if (stream === this.#stream) this.#fail(error);
    }
  }

  /** Settles when the body's promise has settled and its result was passed on. */
  #pending: Promise<void> | null = null;

  /** Passes on the next frame or event; false if there is none, or no room. */
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
    let frame: FilterFrame | null = null;
    try {
      this.#readCaps(origin);
      this.#waitUntilAlone(handle);
      buffer = ownBuffer(handle);
      frame = frameOf(buffer, this.#shape);
      this.#context = new Context(buffer.pts, this.#text);
      const returned = body(frame, this.#context);
      if (isPromise(returned)) {
        this.#pending = this.#finish(returned, buffer, frame, origin, stream);
        return;
      }
      this.#handOn(returned, buffer, frame, origin, stream);
    } catch (error) {
      this.#end(buffer, frame, origin);
      throw error;
    }
    this.#end(buffer, frame, origin);
  }

  /**
   * The streaming thread refers to a buffer until it has left the appsink, a moment after this thread got it: a copy costs more
   * than to wait for that. Streams whose buffers stay shared, such as those of a tee, are not waited for each time.
   */
  #waitUntilAlone(buffer: Handle): void {
    const end = performance.now() + (this.#isShared || this.#drops ? 0 : longestSharing);
    while (!references.isWritable(buffer)) {
      if (!loop.nap || performance.now() >= end) {
        this.#isShared = true;
        return;
      }
      loop.nap();
    }
    this.#isShared = false;
  }

  async #finish(
    returned: PromiseLike<unknown>,
    buffer: Buffer,
    frame: FilterFrame,
    origin: Handle,
    stream: number,
  ): Promise<void> {
    const { owner } = this;
    try {
      const result = await returned.then(undefined, (error: unknown) => {
        // A body may reject when its frame is not wanted any more.
        if (stream === this.#stream && owner === this.owner) throw error;
      });
      this.#handOn(result, buffer, frame, origin, stream);
    } finally {
      this.#end(buffer, frame, origin);
    }
  }

  /** Passes on what the body returned. */
  #handOn(returned: unknown, buffer: Buffer, frame: FilterFrame, origin: Handle, stream: number): void {
    if (frame !== buffer) frame.dispose();
    const result = resultOf(returned, buffer);
    if (!result) return;
    try {
      if (stream === this.#stream) this.#push(bufferKind.handleOf(result), origin);
    } finally {
      if (result !== buffer) result.dispose();
    }
  }

  /** Lets go of a frame. */
  #end(buffer: Buffer | null, frame: FilterFrame | null, origin: Handle): void {
    if (frame !== buffer) frame?.dispose();
    buffer?.dispose();
    references.drop(origin, 'mini', 0);
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

  /** Each frame is pushed with its caps and segment; the appsrc sends them downstream when they change. */
  #push(buffer: Handle, origin: Handle): void {
    const given = this.#settings?.caps;
    if (given) withFixedCaps('options.caps', given, (caps) => this.#pushWith(caps, buffer, origin));
    else {
      const caps = c.gst_sample_get_caps(origin);
      this.#pushWith(caps, buffer, origin);
      if (caps) references.drop(caps, 'mini', 0);
    }
  }

  #pushWith(caps: Handle | null, buffer: Handle, origin: Handle): void {
    const sample = c.gst_sample_new(buffer, caps, c.gst_sample_get_segment(origin), null);
    const flow = c.gst_app_src_push_sample(this.#place.source, sample);
    references.drop(sample, 'mini', 0);
    if (flow !== flowOk) this.#stream++;
  }

  #fail(cause: unknown): void {
    this.#stream++;
    const text = cause instanceof Error ? cause.message : String(cause);
    const stack = cause instanceof Error ? (cause.stack ?? '') : '';
    this.#playback.blame(this.#name, cause);
    passage.fail(this.#place.identity, `the body of the filter ${this.#name} failed: ${text}`, stack);
  }
}

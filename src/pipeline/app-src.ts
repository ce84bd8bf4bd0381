import { runtime } from '#runtime';
import { takeCaps, withFixedCaps } from '../caps/caps.ts';
import { DisposedError, FlowError, PipelineError } from '../errors.ts';
import { expectString, outOfRange } from '../expect.ts';
import { type Internal, lend, lock } from '../facade.ts';
import { allocationQueryKind, appSrcKind, bufferKind, sampleKind } from '../kinds.ts';
import type { Buffer } from '../memory/buffer.ts';
import { expectContentAtRest } from '../memory/memory.ts';
import type { Sample } from '../memory/sample.ts';
import { another, type Owned, owned } from '../owned.ts';
import { AllocationQuery } from '../query/allocation-query.ts';
import type { RawBuffer, RawSample } from '../raw-types.ts';
import type { FlowWatch, Handle, PropertyInfo } from '../runtime/port/index.ts';
import { expectPictureIfRaw } from '../video/video-info.ts';
import { checkWait, pause, type WaitOptions, type WaitReason, wait, waitFor } from '../wait.ts';
import { defaultToTime, isTimed } from './app-src-format.ts';
import { hasRoom } from './app-src-room.ts';
import { Element } from './element.ts';
import type { Playback } from './playback.ts';
import { RawBufferCheck } from './raw-buffers.ts';
import { hasSeen, segmentEvent } from './sticky-events.ts';

const { blocking, c, fields, properties, streams } = runtime;
const { handleOf } = appSrcKind;

/** Longest wait (ns) for the caps to be sent, and the interval between checks. */
const longestStart = 500e6;
const lookInterval = 1e6;

const flowOk = 0;
const flowFlushing = -2;
const flowEos = -3;

const reasons: Record<number, string> = {
  [flowFlushing]: 'the pipeline does not play: `play()` first',
  [flowEos]: 'the stream was ended before',
};

const flowError = (what: string, flow: number): FlowError =>
  new FlowError(`${what}: ${reasons[flow] ?? `flow ${flow}`}`, flow);

/** Level, in percent of a limit, below which the source asks for more. */
const lowLevel = 50;

const block: PropertyInfo = { name: 'block', type: 'gboolean', readable: true, writable: true, constructOnly: false };

interface Push {
  readonly what: Owned;
  readonly isSample: boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

type OverCallback = (failure: PipelineError | null) => void;

/** Calls back when this run of a source fails, ends or stops, or its facade is disposed; with the error if it failed. */
export let whenOver: (source: AppSrc, callback: OverCallback) => () => void;

/** Sets the reason that pushes report while they wait, if the source feeds something other than the program's own pipeline. */
export let pushesFor: (source: AppSrc, reason: WaitReason) => void;

/** The beginning of a pipeline in this program (`GstAppSrc`). */
export class AppSrc extends Element<'appsrc'> {
  readonly #playback: Playback;
  /** Pushes that wait for room, in the order they were made. */
  #line: Push[] = [];
  /** Whether the stream ends after the waiting pushes. */
  #endsThen = false;
  #watch: FlowWatch | null = null;
  readonly #followers = new Set<OverCallback>();
  #unsubscribe: (() => void) | null = null;
  /** The run whose stream was ended here: each time the pipeline plays again, a new run begins. */
  #endedRun: number | null = null;
  /** The run in which a buffer was pushed here. */
  #begunRun: number | null = null;
  /** The value that `block` was set to. The element has it off: a push that waits must not block this thread. */
  #blocks = false;
  /** Whether the program has set `format`. */
  #hasFormat = false;
  /** Whether the source counts in time, which is fixed for a run. */
  #isTimed = false;
  #timedRun: number | null = null;
  readonly #check = new RawBufferCheck();
  #reason: WaitReason | null = null;

  static {
    appSrcKind.hook<AppSrc>({
      end(source, handle) {
        for (const { reject } of [...source.#line])
          reject(new DisposedError('the AppSrc was disposed while it had no room'));
        source.#watch?.close();
        source.#watch = null;
        source.#check.dispose();
        if (source.#blocks) properties.set(handle, block, true);
        for (const callback of [...source.#followers]) callback(null);
      },
    });
    pushesFor = (source, reason) => {
      source.#reason = reason;
    };
    whenOver = (source, callback) => {
      const unsubscribe = source.#playback.subscribe(() =>
        callback(source.#playback.hasFailed ? source.#playback.handledFailure() : null),
      );
      source.#followers.add(callback);
      return () => {
        unsubscribe();
        source.#followers.delete(callback);
      };
    };
  }

  /** @internal */
  constructor(key: Internal, handle: Handle, playback: Playback) {
    super(key, handle, appSrcKind);
    this.#playback = playback;
    if (this.get('min-percent') === 0) this.set('min-percent', lowLevel);
    this.#takeBlock();
  }

  /**
   * Caps of the buffers that are pushed (`gst_app_src_get_caps`, `gst_app_src_set_caps`); they may change between two buffers.
   * @throws RangeError for caps that are not fixed, and for raw video without a format or a size; PipelineError for
   *   caps that come too late, and when caps are to be removed
   */
  get caps(): string | null {
    return takeCaps(c.gst_app_src_get_caps(handleOf(this)));
  }
  set caps(value: string | null) {
    const handle = handleOf(this);
    const before = this.caps;
    if (value !== null) {
      expectString('caps', value);
      // Elements get their first caps before the first buffer, or never.
      if (before === null && !this.#playback.isStopped && this.#hasBegun(handle))
        throw new PipelineError(`expected caps for ${this.name} before its first buffer, got them behind one`);
    } else if (before !== null) {
      // GStreamer would queue "no caps" behind the buffers, and end the process when it gets there.
      throw new PipelineError(
        `expected other caps for ${this.name}, got none: caps that were set cannot be taken away`,
      );
    }
    withFixedCaps('caps', value, (native) => {
      if (native) expectPictureIfRaw(native);
      c.gst_app_src_set_caps(handle, native);
    });
    if (this.#playback.isStopped && !this.#hasFormat) defaultToTime(handle);
  }

  /** Whether the element has had a buffer since it left NULL, whoever pushed it. */
  #hasBegun(handle: Handle): boolean {
    if (this.#begunRun === this.#playback.number || Number(c.gst_app_src_get_current_level_buffers(handle)) > 0)
      return true;
    // The segment is sent just before the first buffer.
    return hasSeen(handle, 'src', segmentEvent);
  }

  /** @internal For `block`, the value that it was set to. */
  protected override read(name: string): unknown {
    const value = super.read(name);
    return name === 'block' ? value || this.#blocks : value;
  }

  /**
   * @internal
   * `caps` are checked like the property of that name. `block` is only stored: `push` never blocks, and waits for
   * room in either case. A `format` can come too late: the element reads it when it starts.
   */
  protected override write(name: string, value: unknown): void {
    if (name === 'caps' && (value === null || typeof value === 'string')) {
      this.caps = value;
      return;
    }
    if (name === 'format') this.#setFormat(value);
    else super.write(name, value);
    if (name === 'block') this.#takeBlock();
    // There may be room now.
    this.#serve();
  }

  #takeBlock(): void {
    const handle = handleOf(this);
    this.#blocks = properties.get(handle, block) === true;
    if (this.#blocks) properties.set(handle, block, false);
  }

  #setFormat(value: unknown): void {
    const before = this.get('format');
    super.write('format', value);
    this.#hasFormat = true;
    if (this.#playback.isStopped || this.get('format') === before) return;
    super.write('format', before);
    throw new PipelineError(`expected \`format\` of ${this.name} before it plays, got another one while it does`);
  }

  /**
   * Pushes a buffer into the pipeline (`gst_app_src_push_buffer`) as soon as the source's queue is below all its limits
   * (`max-bytes`, `max-buffers`, `max-time`); with a `leaky-type` at once. It never blocks, even with `block`.
   * The facade stays yours: dispose it, so that the elements downstream can write to the buffer.
   * @throws FlowError when the pipeline does not play or the stream has ended; PipelineError when it fails, and for a buffer
   *   with a time where the source's `format` is not `time` (raw audio and video have it by default); RangeError where the caps
   *   are raw and the buffer is no whole picture or no whole number of audio frames; MapError while the buffer is mapped for
   *   writing, and where its video meta does not match the caps or its bytes (GJS trusts those of a pool's buffers as long
   *   as the program itself has added none)
   */
  async push(buffer: Buffer | RawBuffer, options?: WaitOptions): Promise<void> {
    const checked = checkWait(options);
    if (!this.#line.length && this.#hasRoom())
      return lend('buffer', buffer, bufferKind, (native) => this.#pushNow(native));
    if (this.#isEnded) throw flowError('the buffer could not be pushed', flowEos);
    // The caller may dispose the buffer while the push waits.
    return this.#pushLater(
      lend('buffer', buffer, bufferKind, (native) => another(native, 'mini')),
      false,
      checked,
    );
  }

  /**
   * Pushes the buffer of a sample, like `push`, behind the sample's caps and segment (`gst_app_src_push_sample`). The segment is
   * taken where the source has `format` `time` and `handle-segment-change`; it counts for the buffers that follow as well.
   * @param sample has a buffer; stays yours
   * @throws RangeError for a sample without a buffer, and for caps that are not fixed; else what `push` and `caps` throw
   * @since 1.6
   */
  async pushSample(sample: Sample | RawSample, options?: WaitOptions): Promise<void> {
    const checked = checkWait(options);
    if (!this.#line.length && this.#hasRoom())
      return lend('sample', sample, sampleKind, (native) => this.#pushSampleNow(native));
    if (this.#isEnded) throw flowError('the sample could not be pushed', flowEos);
    return this.#pushLater(
      lend('sample', sample, sampleKind, (native) => another(native, 'mini')),
      true,
      checked,
    );
  }

  #pushSampleNow(sample: Handle): void {
    using buffer = owned(c.gst_sample_get_buffer(sample), 'mini');
    if (!buffer) throw outOfRange('sample', 'a sample with a buffer', null);
    this.#pushNow(buffer.handle, sample);
  }

  /** @param what is disposed in any case */
  async #pushLater(what: Owned, isSample: boolean, checked: WaitOptions): Promise<void> {
    using kept = what;
    await wait<void>(
      checked,
      (resolve, reject) => {
        const push: Push = { what: kept, isSample, resolve, reject };
        this.#line.push(push);
        this.#listen();
        // There may have been room before the watch listened.
        this.#serve();
        return () => {
          this.#line = this.#line.filter((other) => other !== push);
          // At once, so that the elements downstream can write to the buffer.
          kept.dispose();
          if (!this.#line.length) this.#rest();
        };
      },
      this.#roomReason,
    );
  }

  /** The reason that a waiting push reports. */
  get #roomReason(): WaitReason {
    this.#reason ??= {
      what: `room in the appsrc ${this.name}`,
      why: () => this.#playback.holdUp(this),
      warns: true,
    };
    return this.#reason;
  }

  #listen(): void {
    const serve = (): void => this.#serve();
    this.#watch ??= streams.watchSource(handleOf(this), serve);
    this.#watch.listen(true);
    this.#unsubscribe ??= this.#playback.subscribe(serve);
  }

  /** Pushes the waiting buffers that have room, in order. */
  #serve(): void {
    for (;;) {
      const push = this.#line[0];
      if (!push) return;
      try {
        if (!this.#hasRoom()) return;
        if (push.isSample) this.#pushSampleNow(push.what.handle);
        else this.#pushNow(push.what.handle);
      } catch (error) {
        this.#line.shift();
        push.reject(error);
        continue;
      }
      this.#line.shift();
      push.resolve();
    }
  }

  /** Stops listening: no push waits any more. */
  #rest(): void {
    this.#watch?.listen(false);
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    if (!this.#endsThen) return;
    this.#endsThen = false;
    // An error here has rejected the waiting pushes already.
    if (!this.isDisposed && !this.#playback.isStopped) c.gst_app_src_end_of_stream(handleOf(this));
  }

  readonly #answerReason: WaitReason = {
    what: 'an answer to the allocation query',
    why: () => this.#playback.holdUp(this),
    warns: true,
  };

  get #isEnded(): boolean {
    return this.#endedRun === this.#playback.number;
  }

  #hasRoom(): boolean {
    const handle = handleOf(this);
    // Without a current stream there is nothing to wait for: the push itself throws the reason.
    return this.#playback.isStopped || this.#playback.isEnded || this.#playback.hasFailed || hasRoom(handle);
  }

  /** @param sample whose buffer it is; null for a buffer alone */
  #pushNow(buffer: Handle, sample: Handle | null = null): void {
    const { hasFailed, isStopped, isEnded } = this.#playback;
    if (hasFailed) throw this.#playback.handledFailure();
    // The element would take any number of buffers before it is started, and after its end.
    if (isStopped) throw flowError('the buffer could not be pushed', flowFlushing);
    if (isEnded) throw flowError('the buffer could not be pushed', flowEos);
    const handle = handleOf(this);
    expectContentAtRest(buffer);
    this.#expectTimes(handle, buffer);
    if (sample) this.#takeCapsOf(sample);
    this.#check.expect(buffer, handle);
    const flow = sample ? c.gst_app_src_push_sample(handle, sample) : c.gst_app_src_push_buffer(handle, buffer);
    if (flow !== flowOk) throw flowError('the buffer could not be pushed', flow);
    this.#begunRun = this.#playback.number;
  }

  #takeCapsOf(sample: Handle): void {
    using caps = owned(c.gst_sample_get_caps(sample), 'mini');
    if (!caps) return;
    using present = owned(c.gst_app_src_get_caps(handleOf(this)), 'mini');
    if (!present || !c.gst_caps_is_equal(present.handle, caps.handle)) this.caps = c.gst_caps_to_string(caps.handle);
  }

  /** In a stream without times, elements complain of each buffer that has one, and drop it. */
  #expectTimes(source: Handle, buffer: Handle): void {
    if (this.#timedRun !== this.#playback.number) {
      this.#isTimed = isTimed(source);
      this.#timedRun = this.#playback.number;
    }
    if (this.#isTimed) return;
    if (fields.time(buffer, 'GstBuffer.pts') === null && fields.time(buffer, 'GstBuffer.dts') === null) return;
    throw new PipelineError(
      `expected a buffer without a time, as ${this.name} counts in ${this.get('format')}, got one with: ` +
        'set `format` to `time`, or caps of raw audio or video, before the pipeline plays',
    );
  }

  /**
   * Ends the stream after all buffers that were pushed, including pushes that still wait for room
   * (`gst_app_src_end_of_stream`). Calling it twice is harmless.
   * @throws FlowError when the pipeline does not play
   */
  endOfStream(): void {
    const handle = handleOf(this);
    const what = 'the stream could not be ended';
    if (this.#playback.isStopped) throw flowError(what, flowFlushing);
    if (this.#isEnded) return;
    if (this.#line.length) this.#endsThen = true;
    else {
      const flow = c.gst_app_src_end_of_stream(handle);
      if (flow !== flowOk && flow !== flowEos) throw flowError(what, flow);
    }
    this.#endedRun = this.#playback.number;
  }

  /**
   * The allocation that downstream wants (an ALLOCATION query with the current caps). Ask once the pipeline plays: before the
   * caps have reached all elements the answer says little.
   * @returns null when nobody downstream answers; otherwise yours to dispose
   * @throws QueryError in GJS when what was pushed has not gone through after a second and a half, and before queues
   */
  async allocation(options?: WaitOptions): Promise<AllocationQuery | null> {
    const checked = checkWait(options);
    return waitFor(checked, this.#allocation(), { reason: this.#answerReason, dispose: (query) => query?.dispose() });
  }

  async #allocation(): Promise<AllocationQuery | null> {
    const handle = handleOf(this);
    using pad = owned(c.gst_element_get_static_pad(handle, 'src') as Handle, 'object');
    const query = new AllocationQuery(this.caps);
    try {
      if (this.caps !== null) await this.#capsSent(pad.handle);
      if (await blocking.peerQuery(pad.handle, allocationQueryKind.handleOf(query))) return query;
    } catch (error) {
      query.dispose();
      throw error;
    }
    query.dispose();
    return null;
  }

  /** The element sends its caps from its own thread, soon after it has started. */
  async #capsSent(pad: Handle): Promise<void> {
    for (
      let waited = 0;
      waited < longestStart && !this.#playback.isStopped && !this.#playback.hasFailed;
      waited += lookInterval
    ) {
      using caps = owned(c.gst_pad_get_current_caps(pad), 'mini');
      if (caps) return;
      await pause(lookInterval);
    }
  }
}
lock(AppSrc);

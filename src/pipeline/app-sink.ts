import { runtime } from '#runtime';
import { takeCaps, withCaps } from '../caps/caps.ts';
import { expectBoolean, expectOptions, expectSize, largestUint } from '../expect.ts';
import { type Internal, internal, lock } from '../facade.ts';
import { appSinkKind } from '../kinds.ts';
import { Sample } from '../memory/sample.ts';
import { OwnedList } from '../owned.ts';
import type { FlowWatch, Handle, Watch } from '../runtime/port/index.ts';
import { shareTurn } from '../turn.ts';
import { checkWait, endable, isAborted, type WaitOptions, type WaitReason, wait, waitOptionNames } from '../wait.ts';
import { type AllocationProposal, watchProposal } from './allocation-proposal.ts';
import { Element } from './element.ts';
import type { Playback } from './playback.ts';

const { c, streams } = runtime;
const { handleOf } = appSinkKind;

/** Default number of frames that may wait for the program. */
const defaultMaxBuffers = 2;
/** Time slice (ms) shared by all frame loops before they yield to the event loop. */
const longestTurn = 1;
/** How long (ns) the main thread may block for the next frame. */
const longestBlock = 1e5;
/** Milliseconds between frames below which blocking for the next one pays. */
const fastInterval = 0.2;
const statePaused = 3; // GST_STATE_PAUSED

export interface FramesOptions extends WaitOptions {
  /** Frames that may wait for the program; upstream waits for room. Default: the element's `max-buffers`, or 2. */
  maxBuffers?: number;
  /** Drop the oldest frame instead of letting upstream wait. Default: the element's `drop`. */
  drop?: boolean;
}

/** A loop over frames; it may be ended from outside while it waits. */
interface Loop {
  isOver: boolean;
}

/** How many frames wait in a sink that nobody reads; an estimate before GStreamer 1.28. */
export let unreadOf: (sink: AppSink) => number;
/** Whether the program waits for the sink's frames, or loops over them. */
export let isRead: (sink: AppSink) => boolean;
/** Disposes the sink once nobody waits for its frames any more. */
export let disposeWhenRead: (sink: AppSink) => void;

/** The end of a pipeline in this program (`GstAppSink`). */
export class AppSink extends Element<'appsink'> {
  readonly #playback: Playback;
  readonly #wakers = new Set<() => void>();
  #watch: FlowWatch | null = null;
  /** Whether frames come so fast that the main thread blocks for the next one. */
  #isFast = true;
  /** Number of waits and loops; the watch listens while there are any. */
  #waiting = 0;
  /** Whether to dispose the sink when the last wait ends. */
  #isLeft = false;
  #proposal: Watch | null = null;
  /** Number of samples that were pulled, and the run that they belong to. */
  #pulled = 0;
  #pulledRun = 0;
  #reason: WaitReason | null = null;
  #prerollReason: WaitReason | null = null;

  /** Samples from before the pipeline failed: stopping it would discard them. */
  #kept: Handle[] = [];
  /** The run that the kept samples belong to. */
  #keptRun = 0;
  readonly #unsubscribe: () => void;

  static {
    unreadOf = (sink) => sink.#unread;
    isRead = (sink) => sink.#waiting > 0;
    disposeWhenRead = (sink) => {
      sink.#isLeft = true;
      if (sink.#waiting === 0) sink.dispose();
    };
    appSinkKind.hook<AppSink>({
      end(sink) {
        sink.#unsubscribe();
        sink.#forget();
        sink.#proposal?.close();
        sink.#watch?.close();
        sink.#watch = null;
        sink.#wake();
      },
    });
  }

  /** @internal */
  constructor(key: Internal, handle: Handle, playback: Playback) {
    super(key, handle, appSinkKind);
    this.#playback = playback;
    this.#unsubscribe = playback.subscribe(() => this.#keep());
    // The sink's own reference to the last sample would keep its buffer from its pool and from being writable.
    this.set('enable-last-sample', false);
    if (this.get('max-buffers') === 0) this.set('max-buffers', defaultMaxBuffers);
  }

  #wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }

  #keep(): void {
    const playback = this.#playback;
    if (!playback.keepsFrames || this.#keptRun === playback.number) return;
    this.#forget();
    this.#keptRun = playback.number;
    // A sink without a limit has its end already.
    const most = Number(this.get('max-buffers')) || Number.POSITIVE_INFINITY;
    while (this.#kept.length < most) {
      const sample = c.gst_app_sink_try_pull_sample(handleOf(this), 0);
      if (!sample) return;
      this.#kept.push(sample);
    }
  }

  #forget(): void {
    new OwnedList(this.#kept.splice(0), 'mini').dispose();
  }

  /** Caps it accepts; null for any (`gst_app_sink_get_caps`, `gst_app_sink_set_caps`). */
  get caps(): string | null {
    return takeCaps(c.gst_app_sink_get_caps(handleOf(this)));
  }
  set caps(value: string | null) {
    const handle = handleOf(this);
    withCaps('caps', value, (native) => c.gst_app_sink_set_caps(handle, native));
  }

  /** Whether no sample is left and none will come; also true while the pipeline does not run (`gst_app_sink_is_eos`). */
  get isEnded(): boolean {
    return c.gst_app_sink_is_eos(handleOf(this));
  }

  /** False before the stream has begun: GStreamer counts a sink that is still starting as ended. */
  #hasEnded(): boolean {
    return this.isEnded && c.gst_element_get_state(handleOf(this), 0)[1] >= statePaused;
  }

  /** The next sample if there is one now (`gst_app_sink_try_pull_sample`); it is yours to dispose. @since 1.10 */
  tryPull(): Sample | null {
    const handle = handleOf(this);
    if (this.#kept.length && this.#keptRun !== this.#playback.number) this.#forget();
    const sample = this.#kept.shift() ?? c.gst_app_sink_try_pull_sample(handle, 0);
    return sample && this.#sampleOf(sample);
  }

  #sampleOf(sample: Handle): Sample {
    if (this.#pulledRun !== this.#playback.number) this.#pulled = 0;
    this.#pulledRun = this.#playback.number;
    this.#pulled++;
    return new Sample(internal, sample);
  }

  get #unread(): number {
    if (this.#waiting > 0) return 0;
    if (this.propertyNames.includes('current-level-buffers')) return Number(this.read('current-level-buffers'));
    const pulled = this.#pulledRun === this.#playback.number ? this.#pulled : 0;
    // Dropped frames count as rendered.
    if (pulled > 0 && this.get('drop')) return 0;
    // The count restarts after a pause or a seek: it is then too low, never too high.
    const [, rendered] = /rendered=\(guint64\)(\d+)/.exec(String(this.get('stats'))) ?? [];
    return Math.max(0, Number(rendered ?? 0) - pulled);
  }

  /** The reason that a wait for a sample reports. */
  get #sampleReason(): WaitReason {
    this.#reason ??= {
      what: `a sample of the appsink ${this.name}`,
      why: () => this.#playback.holdUp(this),
      warns: true,
    };
    return this.#reason;
  }

  /**
   * The next sample; null at the end of the stream. It is yours to dispose.
   * @throws PipelineError when the pipeline fails
   */
  async pull(options?: WaitOptions): Promise<Sample | null> {
    const checked = checkWait(options);
    const close = this.#open();
    try {
      return await this.#next(checked);
    } finally {
      close();
    }
  }

  /**
   * The preroll if there is one that was not pulled (`gst_app_sink_try_pull_preroll`): the sample that a pipeline shows while
   * it is paused, which `pull` gives as well once it plays. It is yours to dispose. @since 1.10
   */
  tryPullPreroll(): Sample | null {
    const sample = c.gst_app_sink_try_pull_preroll(handleOf(this), 0);
    return sample && new Sample(internal, sample);
  }

  /**
   * The next preroll (`gst_app_sink_pull_preroll`): after `pause()`, and after a seek. Null at the end of the stream. It is yours
   * to dispose.
   * @throws PipelineError when the pipeline fails
   * @since 1.10
   */
  async pullPreroll(options?: WaitOptions): Promise<Sample | null> {
    const checked = checkWait(options);
    const close = this.#open();
    this.#prerollReason ??= {
      what: `a preroll of the appsink ${this.name}`,
      why: () => this.#playback.holdUp(this),
      warns: true,
    };
    try {
      return await this.#next(checked, null, this.#prerollReason);
    } finally {
      close();
    }
  }

  #prerollNow(): Sample | null {
    this.#watch?.listen(true);
    return this.tryPullPreroll();
  }

  /**
   * All samples to the end of the stream. Each is yours to dispose: `for await (using sample of sink.frames())`.
   * Ends with the stream, with the signal, when the pipeline stops and on `break`.
   * @throws PipelineError when the pipeline fails
   */
  frames(options: FramesOptions = {}): AsyncGenerator<Sample, void, undefined> {
    const loop: Loop = { isOver: false };
    return endable(this.#frames(options, loop), () => {
      loop.isOver = true;
      this.#wake();
    });
  }

  async *#frames(options: FramesOptions, loop: Loop): AsyncGenerator<Sample, void, undefined> {
    const { maxBuffers, drop, ...waitOptions } = expectOptions('options', options, [
      ...waitOptionNames,
      'maxBuffers',
      'drop',
    ]);
    if (maxBuffers !== undefined) this.set('max-buffers', expectSize('options.maxBuffers', maxBuffers, largestUint, 1));
    if (drop !== undefined) this.set('drop', expectBoolean('options.drop', drop));
    const close = this.#open();
    try {
      for (;;) {
        const sample = await this.#nextOrNone(waitOptions, loop);
        if (!sample) return;
        yield sample;
        const turn = shareTurn(longestTurn);
        if (turn) await turn;
      }
    } finally {
      close();
    }
  }

  /** Like `#next`, but an aborted signal ends the loop without an error. */
  async #nextOrNone(options: WaitOptions, loop: Loop): Promise<Sample | null> {
    try {
      return await this.#next(checkWait(options), loop);
    } catch (error) {
      if (isAborted(options)) return null;
      throw error;
    }
  }

  /** Null when no more samples will come. */
  async #next(
    options: WaitOptions,
    loop: Loop | null = null,
    prerollReason: WaitReason | null = null,
  ): Promise<Sample | null> {
    let since: number | undefined;
    for (;;) {
      if (this.isDisposed || loop?.isOver) return null;
      const sample = prerollReason ? this.#prerollNow() : (this.tryPull() ?? this.#pullSoon());
      if (sample) return sample;
      if (this.#playback.hasFailed) throw this.#playback.handledFailure();
      if (this.#playback.isOver) return null;
      if (this.#hasEnded()) {
        // A failing element ends the stream behind it; its error may be on the bus already.
        this.#playback.drainBus();
        if (this.#playback.hasFailed) throw this.#playback.handledFailure();
        return null;
      }
      const begin = performance.now();
      since ??= begin;
      await wait<void>(
        options,
        (resolve, reject) => {
          const waker = (): void => {
            if (this.#playback.hasFailed && this.#kept.length === 0) reject(this.#playback.handledFailure());
            else resolve();
          };
          this.#wakers.add(waker);
          return () => void this.#wakers.delete(waker);
        },
        prerollReason ?? this.#sampleReason,
        since,
      );
      if (performance.now() - begin < fastInterval) this.#isFast = true;
    }
  }

  /**
   * Blocks the main thread for the next sample, for a tenth of a millisecond at most and only while that pays: a turn of the
   * event loop takes longer. Then starts to listen, and tries once more in case a sample came just now.
   */
  #pullSoon(): Sample | null {
    const handle = handleOf(this);
    // Other waits must still be notified of samples.
    if (this.#isFast && this.#wakers.size === 0) {
      this.#watch?.listen(false);
      const sample = c.gst_app_sink_try_pull_sample(handle, longestBlock);
      if (sample) return this.#sampleOf(sample);
      this.#isFast = false;
    }
    this.#watch?.listen(true);
    return this.tryPull();
  }

  /** Begins to wait for samples. Returns a function that ends that. */
  #open(): () => void {
    const handle = handleOf(this);
    const wake = (): void => this.#wake();
    this.#watch ??= streams.watchSink(handle, wake);
    this.#waiting++;
    const unsubscribe = this.#playback.subscribe(wake);
    const leave = this.#playback.enterLoop();
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      leave();
      unsubscribe();
      if (--this.#waiting > 0) return;
      this.#watch?.listen(false);
      if (this.#isLeft) this.dispose();
    };
  }

  /**
   * Offers memory to the elements upstream, which may then write straight into it (`propose-allocation`). Call it before the
   * pipeline plays. You may dispose what you offered at once: the sink holds references of its own.
   * @throws UnavailableError in GJS, which cannot answer
   */
  proposeAllocation(proposal: AllocationProposal): void {
    const handle = handleOf(this);
    this.#proposal?.close();
    this.#proposal = null;
    this.#proposal = watchProposal(handle, proposal);
  }
}
lock(AppSink);

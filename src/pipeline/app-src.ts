import { runtime } from '#runtime';
import { FlowError } from '../errors.ts';
import { expectString } from '../expect.ts';
import { Buffer } from '../memory/buffer.ts';
import { takeCaps, withCaps } from '../memory/caps.ts';
import { handleOf, type Internal, lend } from '../native.ts';
import { AllocationQuery } from '../query/allocation-query.ts';
import type { FlowWatch, Handle } from '../runtime/runtime.ts';
import { checkWait, type WaitOptions, wait } from '../wait.ts';
import { Element } from './element.ts';
import type { Run } from './pipeline.ts';

const { c, references, waiting } = runtime;

const flowOk = 0;
const flowFlushing = -2;
const flowEos = -3;

const reasons: Record<number, string> = {
  [flowFlushing]: 'the pipeline does not play: `play()` first',
  [flowEos]: 'the stream was ended before',
};

const flowError = (what: string, flow: number): FlowError =>
  new FlowError(`${what}: ${reasons[flow] ?? `flow ${flow}`}`, flow);

/** Level, in percent of `max-bytes`, below which the source asks for more. */
const lowLevel = 50;

/** The beginning of a pipeline in this program (`GstAppSrc`). */
export class AppSrc extends Element {
  static override readonly rawType: string = 'GstAppSrc';

  readonly #run: Run;
  readonly #wakers = new Set<() => void>();
  #watch: FlowWatch | null = null;
  /** The run whose stream was ended here: a pipeline that plays again has a new one. */
  #endedRun: number | null = null;
  /** Pushes that wait go in the order they were made. */
  #turn: Promise<unknown> = Promise.resolve();
  #queued = 0;

  /** @internal */
  constructor(key: Internal, handle: Handle, run: Run) {
    super(key, handle, 'AppSrc');
    this.#run = run;
    if (this.get('min-percent') === 0) this.set('min-percent', lowLevel);
  }

  protected override get rawType(): string {
    return AppSrc.rawType;
  }

  protected override disposeChildren(): void {
    this.#watch?.close();
    this.#watch = null;
    for (const wake of [...this.#wakers]) wake();
  }

  /** Caps of what is pushed (`gst_app_src_get_caps`, `gst_app_src_set_caps`); they may change between two buffers. */
  get caps(): string | null {
    return takeCaps(c.gst_app_src_get_caps(handleOf(this)));
  }
  set caps(value: string | null) {
    const handle = handleOf(this);
    if (value !== null) expectString('caps', value);
    withCaps('caps', value, (native) => c.gst_app_src_set_caps(handle, native));
  }

  /**
   * Hands a buffer to the pipeline (`gst_app_src_push_buffer`), as soon as its queue is below `max-bytes`.
   * The facade stays yours: dispose it, so that the elements downstream have the buffer for themselves.
   * @throws FlowError when the pipeline does not play or the stream has ended; PipelineError when it fails
   */
  async push(buffer: Buffer, options?: WaitOptions): Promise<void> {
    const checked = checkWait(options);
    if (!this.#queued && this.#hasRoom()) return lend('buffer', buffer, Buffer, (native) => this.#pushNow(native));
    if (this.#isEnded) throw flowError('the buffer could not be pushed', flowEos);
    // While it waits here, the caller's own reference may go.
    const kept = lend('buffer', buffer, Buffer, (native) => references.another(native, 'mini'));
    this.#queued++;
    const turn = this.#turn
      .then(() => this.#pushWhenRoom(kept, checked))
      .finally(() => {
        this.#queued--;
        references.drop(kept, 'mini', 0);
        this.#closeWatch();
      });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  get #isEnded(): boolean {
    return this.#endedRun === this.#run.number;
  }

  #hasRoom(): boolean {
    const handle = handleOf(this);
    const most = Number(c.gst_app_src_get_max_bytes(handle));
    // Without a current stream there is nothing to wait for: the push itself tells why it cannot be.
    if (most === 0 || this.#run.isStopped || this.#run.isEnded || this.#run.failure) return true;
    return Number(c.gst_app_src_get_current_level_bytes(handle)) < most;
  }

  async #pushWhenRoom(buffer: Handle, options: WaitOptions): Promise<void> {
    this.#watch ??= waiting.watchSource(handleOf(this), () => this.#wake());
    const unfollow = this.#run.follow(() => this.#wake());
    try {
      this.#watch.listen(true);
      while (!this.#hasRoom()) {
        await wait<void>(options, (resolve) => {
          this.#wakers.add(resolve);
          return () => void this.#wakers.delete(resolve);
        });
      }
    } finally {
      unfollow();
      if (this.#queued <= 1) this.#watch?.listen(false);
    }
    this.#pushNow(buffer);
  }

  /** Once nobody waits any more. */
  #closeWatch(): void {
    if (this.#queued) return;
    this.#watch?.close();
    this.#watch = null;
  }

  #wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }

  #pushNow(buffer: Handle): void {
    const { failure, isStopped, isEnded } = this.#run;
    if (failure) throw failure;
    // Before it is started the element would take anything, without end; after the end, anything to no end.
    if (isStopped) throw flowError('the buffer could not be pushed', flowFlushing);
    if (isEnded) throw flowError('the buffer could not be pushed', flowEos);
    const flow = c.gst_app_src_push_buffer(handleOf(this), buffer);
    if (flow !== flowOk) throw flowError('the buffer could not be pushed', flow);
  }

  /**
   * Ends the stream after what was pushed, pushes that still wait for room included (`gst_app_src_end_of_stream`).
   * Doing it twice does nothing.
   * @throws FlowError when the pipeline does not play
   */
  endOfStream(): void {
    const handle = handleOf(this);
    if (this.#isEnded) return;
    if (!this.#queued) {
      this.#endNow(handle);
      return;
    }
    this.#endedRun = this.#run.number;
    // What hinders it then, hinders the pushes before it, and they say so.
    this.#turn = this.#turn
      .then(() => {
        if (!this.isDisposed && this.#isEnded) this.#endNow(handleOf(this));
      })
      .catch(() => {});
  }

  #endNow(handle: Handle): void {
    const flow = c.gst_app_src_end_of_stream(handle);
    if (flow !== flowOk && flow !== flowEos) throw flowError('the stream could not be ended', flow);
    this.#endedRun = this.#run.number;
  }

  /**
   * How downstream wants its buffers (an ALLOCATION query with the current caps). Ask once the pipeline plays.
   * @returns null when nobody downstream answers; otherwise yours to dispose
   */
  async allocation(): Promise<AllocationQuery | null> {
    const handle = handleOf(this);
    const query = new AllocationQuery(this.caps);
    const pad = c.gst_element_get_static_pad(handle, 'src') as Handle;
    try {
      if (await waiting.peerQuery(pad, handleOf(query))) return query;
      query.dispose();
      return null;
    } catch (error) {
      query.dispose();
      throw error;
    } finally {
      references.drop(pad, 'object', 0);
    }
  }
}

import { runtime } from '#runtime';
import { GstError, PipelineError } from '../errors.ts';
import { expectOptions, expectSize, expectString, nearest, outOfRange } from '../expect.ts';
import { handleOf, type Internal, internal, Native } from '../native.ts';
import type { Handle } from '../runtime/runtime.ts';
import { checkWait, type WaitOptions, wait, waitFor, waitOptionNames } from '../wait.ts';
import { AppSink } from './app-sink.ts';
import { AppSrc } from './app-src.ts';
import { Bus } from './bus.ts';
import { Element } from './element.ts';
import { type Message, type State, states } from './message.ts';
import { messageStream } from './message-stream.ts';
import { remedyFor } from './missing-element.ts';
import type { Run } from './run.ts';
import { expectSpareDescriptors } from './spare-descriptors.ts';
import { servingThreads, startOfFailed, untilServing } from './thread-start.ts';

const { c, references, waiting, wrappers } = runtime;

const changeFailure = 0;
const changeAsync = 2;
const formatTime = 3;

/** How to seek (`GstSeekFlags`). */
export const SeekFlags = { FLUSH: 1, ACCURATE: 2, KEY_UNIT: 4 } as const;

/**
 * A pipeline (`GstPipeline`). While it plays it keeps the process alive; `await using pipeline = Pipeline.parse(…)`
 * stops it at the end of the block.
 */
export class Pipeline extends Native {
  static readonly rawType: string = 'GstPipeline';
  static readonly family = 'object';

  readonly #bus: Bus;
  readonly #elements = new Map<string, Element>();
  readonly #followers = new Set<() => void>();
  /** Whether data comes from this program, so that it cannot be waited for. */
  readonly #isFed: boolean;
  /** How many unixfdsinks are in it: they must not be stopped before they have started. */
  #unixFdSinks = 0;
  #failure: PipelineError | null = null;
  #ended = false;
  /** How often it left the null state. */
  #runs = 0;
  /** The state that was asked for last. */
  #goal: State = 'null';
  /** State changes happen one after the other. */
  #changing: Promise<unknown> = Promise.resolve();
  readonly #run: Run;

  /** @internal */
  constructor(key: Internal, handle: Handle) {
    super(key, handle, 'object', 'Pipeline');
    this.#bus = new Bus(c.gst_element_get_bus(handle) as Handle, handle);
    this.#bus.listen((message) => this.#note(message));
    const pipeline = this;
    this.#run = {
      get failure() {
        return pipeline.#failure;
      },
      get isStopped() {
        return pipeline.#goal === 'null';
      },
      get isOver() {
        return pipeline.#goal === 'null' && pipeline.#runs > 0;
      },
      get isEnded() {
        return pipeline.#ended;
      },
      get number() {
        return pipeline.#runs;
      },
      look() {
        if (!pipeline.isDisposed) pipeline.#bus.drain();
      },
      follow(callback) {
        pipeline.#followers.add(callback);
        return () => void pipeline.#followers.delete(callback);
      },
    };
    this.#isFed = this.#prepare(handle);
  }

  /**
   * Builds a pipeline from gst-launch's description (`gst_parse_launch`).
   * @throws PipelineError that says what cannot be parsed, or which element is missing
   */
  static parse(description: string): Pipeline {
    expectString('description', description);
    expectSpareDescriptors('a pipeline');
    let handle: Handle;
    try {
      handle = c.gst_parse_launch(description);
    } catch (error) {
      if (!(error instanceof GstError)) throw error;
      const remedy = remedyFor(error.message);
      throw new PipelineError(`"${description}" could not be built`, {
        detail: remedy ? `${error.message}; ${remedy}` : error.message,
      });
    }
    if (wrappers.isA(handle, 'GstPipeline')) return new Pipeline(internal, handle);
    // A single element comes without a pipeline around it.
    references.drop(handle, 'object', 0);
    return Pipeline.#around(description);
  }

  static #around(description: string): Pipeline {
    const handle = c.gst_parse_launch(`pipeline. ( ${description} )`);
    return new Pipeline(internal, handle);
  }

  protected override get rawType(): string {
    return Pipeline.rawType;
  }

  /** Readies the appsinks, and tells whether there is an appsrc. */
  #prepare(handle: Handle): boolean {
    let isFed = false;
    for (const element of wrappers.elements(handle)) {
      if (wrappers.isA(element, 'GstAppSrc')) {
        isFed = true;
        waiting.prepareSource(element);
      }
      if (wrappers.typeName(element) === 'GstUnixFdSink') this.#unixFdSinks++;
      if (wrappers.isA(element, 'GstAppSink')) {
        waiting.prepareSink(element);
        // Its facade sees to the limits that must hold from the first frame on.
        new AppSink(internal, element, this.#run).dispose();
      } else references.drop(element, 'object', 0);
    }
    return isFed;
  }

  #note(message: Message): void {
    if (message.type === 'error' && !this.#failure) {
      const { source, text = 'the pipeline failed', debug = null } = message;
      // The debug text begins with the place in GStreamer's source; what went wrong is in its last line.
      const detail = debug?.split('\n').at(-1) ?? null;
      this.#failure = new PipelineError(`${source ? `${source}: ` : ''}${text.replace(/\.$/, '')}`, {
        element: source,
        debug,
        detail,
      });
    } else if (message.type === 'eos') this.#ended = true;
    else return;
    this.#tell();
  }

  #tell(): void {
    for (const follower of [...this.#followers]) follower();
  }

  /** An element, or the pipeline itself, by its name (`gst_bin_get_by_name`). The same object each time; it is disposed with the pipeline. */
  get(name: string): Element {
    const handle = handleOf(this);
    const known = this.#elements.get(expectString('name', name));
    if (known && !known.isDisposed) return known;
    // Some pipelines, such as playbin, have properties of their own.
    const isOwn = c.gst_object_get_name(handle) === name;
    const found = isOwn ? references.another(handle, 'object') : c.gst_bin_get_by_name(handle, name);
    if (!found) {
      const names = this.elementNames;
      const near = nearest(name, names);
      throw new PipelineError(
        `expected an element named "${name}", found ${names.join(', ')}${near ? `; did you mean "${near}"?` : ''}`,
      );
    }
    const element = wrappers.isA(found, 'GstAppSink')
      ? new AppSink(internal, found, this.#run)
      : wrappers.isA(found, 'GstAppSrc')
        ? new AppSrc(internal, found, this.#run)
        : new Element(internal, found);
    this.#elements.set(name, element);
    return element;
  }

  /** Names of all elements. */
  get elementNames(): string[] {
    return wrappers.elements(handleOf(this)).map((element) => {
      const name = c.gst_object_get_name(element) ?? '';
      references.drop(element, 'object', 0);
      return name;
    });
  }

  /** An appsink by its name. */
  appSink(name: string): AppSink {
    const element = this.get(name);
    if (element instanceof AppSink) return element;
    throw new TypeError(`expected "${name}" to be an appsink, got another element`);
  }

  /** An appsrc by its name. */
  appSrc(name: string): AppSrc {
    const element = this.get(name);
    if (element instanceof AppSrc) return element;
    throw new TypeError(`expected "${name}" to be an appsrc, got another element`);
  }

  /** The state it is in (`gst_element_get_state` without waiting). */
  get state(): State {
    return states[c.gst_element_get_state(handleOf(this), 0)[1]] ?? 'null';
  }

  /**
   * Plays (`gst_element_set_state`). Resolves when it does; with an appsrc in it, when data may be pushed. Whoever gives
   * up waiting leaves it on its way.
   * @throws PipelineError with the reason from the bus
   */
  async play(options?: WaitOptions): Promise<void> {
    return waitFor(checkWait(options), this.#change('playing'));
  }

  /** Pauses: everything is ready and the first frame is at the sinks. */
  async pause(options?: WaitOptions): Promise<void> {
    return waitFor(checkWait(options), this.#change('paused'));
  }

  /** Stops and releases what the elements hold. Always returns; doing it twice does nothing. */
  async stop(): Promise<void> {
    if (this.isDisposed) return;
    await this.#change('null');
  }

  async #change(goal: State): Promise<void> {
    const handle = handleOf(this);
    if (goal !== 'null') expectSpareDescriptors('a pipeline that runs');
    // What has failed must be stopped before it can play again.
    if (this.#goal !== 'null' && goal !== 'null' && this.#failure) throw this.#failure;
    if (this.#goal === 'null' && goal !== 'null') {
      this.#failure = null;
      this.#ended = false;
      this.#runs++;
    }
    this.#goal = goal;
    if (goal === 'null') this.#tell();
    else this.#bus.open();
    const kept = references.another(handle, 'object');
    const result = this.#changing.then(() => this.#setState(kept, goal));
    this.#changing = result.catch(() => {}).then(() => references.drop(kept, 'object', 0));
    const code = await result;
    if (this.isDisposed) return;
    this.#bus.drain();
    if (goal === 'null') {
      if (this.#goal === 'null') this.#bus.close();
      return;
    }
    if (code === changeFailure) await this.#fail(`the pipeline could not go to ${goal}`);
    if (code === changeAsync && !this.#isFed) await this.#reach(goal);
  }

  async #setState(handle: Handle, goal: State): Promise<number> {
    const starts =
      goal !== 'null' && this.#unixFdSinks > 0 && c.gst_element_get_state(handle, 0)[1] < states.indexOf('paused');
    const before = starts ? servingThreads() : null;
    const code = await waiting.setState(handle, states.indexOf(goal));
    if (starts) {
      const expected = before === null ? null : before + this.#unixFdSinks;
      await (code === changeFailure ? untilServing(expected, startOfFailed) : untilServing(expected));
    }
    return code;
  }

  /** Stops what failed, and throws the reason. */
  async #fail(otherwise: string): Promise<never> {
    const failure = this.#failure ?? new PipelineError(otherwise);
    await this.stop();
    throw failure;
  }

  /** Waits until an asynchronous state change is over. */
  async #reach(goal: State): Promise<void> {
    const reached = await new Promise<boolean>((resolve) => {
      const check = (): void => {
        const there = this.isDisposed || this.#goal !== goal || this.#failure ? false : this.#isSettledIn(goal) || null;
        if (there === null) return;
        unlisten();
        unfollow();
        resolve(there);
      };
      const unlisten = this.#bus.listen(check);
      const unfollow = this.#run.follow(check);
      check();
    });
    if (reached || this.isDisposed) return;
    if (this.#failure) await this.#fail('');
    if (this.#goal === 'null') throw new PipelineError(`the pipeline was stopped before it reached ${goal}`);
  }

  /** In that state, and not on the way to it once more, as after a seek. */
  #isSettledIn(goal: State): boolean {
    const [result, state] = c.gst_element_get_state(handleOf(this), 0);
    return result !== changeAsync && states[state] === goal;
  }

  /** Nanoseconds played (`gst_element_query_position`); null while unknown. */
  get position(): number | null {
    const [known, position] = c.gst_element_query_position(handleOf(this), formatTime);
    return known ? Number(position) : null;
  }

  /** Nanoseconds in all (`gst_element_query_duration`); null while unknown, or without end. */
  get duration(): number | null {
    const [known, duration] = c.gst_element_query_duration(handleOf(this), formatTime);
    return known && Number(duration) >= 0 ? Number(duration) : null;
  }

  /**
   * Goes to another position (`gst_element_seek_simple`).
   * @param position nanoseconds from the start
   * @param options `flags`, see `SeekFlags`; default FLUSH and KEY_UNIT. Never without FLUSH: such a seek waits for the data
   *   to flow and lets no change of state through meanwhile, so that a stream that is paused would be stuck for ever
   */
  async seek(position: number, options: { flags?: number } & WaitOptions = {}): Promise<void> {
    expectSize('position', position);
    const { flags = SeekFlags.FLUSH | SeekFlags.KEY_UNIT, ...waitOptions } = expectOptions('options', options, [
      'flags',
      ...waitOptionNames,
    ]);
    expectSize('options.flags', flags, 0xffff);
    if (!(flags & SeekFlags.FLUSH)) throw outOfRange('options.flags', 'with `SeekFlags.FLUSH` among them', flags);
    return waitFor(checkWait(waitOptions), this.#seek(position, flags));
  }

  async #seek(position: number, flags: number): Promise<void> {
    const handle = handleOf(this);
    this.#bus.drain();
    // The end of what is played then may be reported before the seek returns.
    const ended = this.#ended;
    this.#ended = false;
    if (!(await waiting.seek(handle, flags, position))) {
      this.#ended ||= ended;
      throw new PipelineError(`the pipeline could not seek to ${position} ns`, {
        detail: 'is it paused or playing, and its source seekable?',
      });
    }
    if (!this.isDisposed && this.#goal !== 'null' && !this.#isFed) await this.#reach(this.#goal);
  }

  /** Everything the elements report from now on. Ends when the pipeline stops, or with the signal. */
  messages(options?: Pick<WaitOptions, 'signal'>): AsyncIterableIterator<Message> {
    handleOf(this);
    return messageStream(this.#bus, this.#run, options);
  }

  /**
   * Resolves when the stream has ended at all sinks.
   * @throws PipelineError when it fails, or is stopped before that
   */
  finished(options?: WaitOptions): Promise<void> {
    const promise = this.#finished(options);
    // Whoever does not look at the promise any more shall not be ended by it.
    promise.catch(() => {});
    return promise;
  }

  async #finished(options?: WaitOptions): Promise<void> {
    const checked = checkWait(options);
    handleOf(this);
    if (this.#settled() === null) {
      await wait<void>(checked, (resolve) => {
        const unfollow = this.#run.follow(() => this.#settled() !== null && resolve());
        return () => void unfollow();
      });
    }
    const settled = this.#settled();
    if (settled !== true) throw settled;
  }

  /** True at the end of the stream, the reason where it will not come, null while neither is known. */
  #settled(): true | PipelineError | null {
    if (this.#failure) return this.#failure;
    if (this.#ended) return true;
    if (this.isDisposed || this.#run.isOver) {
      return new PipelineError('the pipeline was stopped before its stream ended');
    }
    return null;
  }

  protected override disposeChildren(): void {
    const handle = handleOf(this);
    this.#goal = 'null';
    this.#tell();
    for (const element of this.#elements.values()) element.dispose();
    this.#bus.dispose();
    // An element must be in the null state when it goes: that is seen to in the background.
    const kept = references.another(handle, 'object');
    const drop = () => references.drop(kept, 'object', 0);
    this.#changing.then(() => waiting.setState(kept, states.indexOf('null'))).then(drop, drop);
  }

  override dispose(): void {
    super.dispose();
    // Who waits for its end, and has not been told by a run, sees only now that there will be none.
    this.#tell();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.dispose();
  }
}

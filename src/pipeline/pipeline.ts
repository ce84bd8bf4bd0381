import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import {
  expectBoolean,
  expectFunction,
  expectOptions,
  expectSize,
  expectString,
  expectTime,
  outOfRange,
} from '../expect.ts';
import { Facade, type Internal, internal, lock } from '../facade.ts';
import { appSrcKind, pipelineKind } from '../kinds.ts';
import { expectSpareDescriptors } from '../limits.ts';
import { owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { checkWait, type WaitOptions, type WaitReason, waitFor, waitOptionNames } from '../wait.ts';
import type { AppSink } from './app-sink.ts';
import { AppSrc } from './app-src.ts';
import { BinElements, expectAppSink, expectAppSrc, namesIn, prepareElements } from './bin-elements.ts';
import { type Branch, readsAppSink } from './branches/branch.ts';
import { sinksOf } from './branches/branch-bin.ts';
import { Branches } from './branches/branches.ts';
import { Bus } from './bus.ts';
import { BusWarnings } from './bus-warnings.ts';
import type { Element } from './element.ts';
import { classOf } from './element-factory.ts';
import { endSources } from './end-sources.ts';
import type { Filter, FilterBody, FilterKind, FilterOptions, FrameAs } from './filter.ts';
import { settingsOf } from './filter.ts';
import { Filters } from './filters.ts';
import { notStarted, notStopped, unreadSinks, withoutData, withoutEnd } from './hold-ups.ts';
import { launch } from './launch.ts';
import { type Message, type State, states } from './message.ts';
import { messageStream } from './message-stream.ts';
import type { CheckedDescription, ElementNamed, NameIn, NameOf, NamesIn } from './pipeline-types.ts';
import { Playback } from './playback.ts';
import { dropInUnread } from './sink-limits.ts';
import { StateChanges } from './state-changes.ts';

const { c, references, wrappers } = runtime;
const { handleOf } = pipelineKind;

const formatTime = 3;

/** How to seek (`GstSeekFlags`). */
export const SeekFlags = Object.freeze({ FLUSH: 1, ACCURATE: 2, KEY_UNIT: 4 } as const);
/** Flags that are valid for a seek to a position: up to `GST_SEEK_FLAG_TRICKMODE_FORWARD_PREDICTED`. */
const allSeekFlags = 0x3ff;

export interface PipelineOptions {
  /** Whether warnings of the elements, and waits that take long, are process warnings. Default true. */
  warnings?: boolean;
}

export interface AttachOptions extends WaitOptions {
  /** Name of a tee, or of another element with a source pad that is free or can be requested. */
  to: string;
  /** Whether an error inside the branch is an error of the pipeline. Default false. */
  fatal?: boolean;
  /** Whether a branch that does not keep up loses frames instead of blocking the rest. Default false. */
  drop?: boolean;
}

export interface StopOptions extends WaitOptions {
  /** Whether the stream ends first, so that files are whole. Default false. */
  endOfStream?: boolean;
}

/**
 * A pipeline (`GstPipeline`). While it plays it keeps the process alive; `await using pipeline = Pipeline.parse(…)`
 * stops it at the end of the block.
 */
export class Pipeline<Names extends object = Record<string, string>> extends Facade {
  readonly #bus: Bus;
  readonly #elements: BinElements;
  readonly #playback: Playback;
  readonly #changes: StateChanges;
  readonly #filters: Filters;
  readonly #branches: Branches;
  readonly #warns: boolean;
  readonly #dataReason: WaitReason;
  readonly #endReason: WaitReason;
  readonly #stopReason: WaitReason;
  readonly #wholeReason: WaitReason;
  readonly #attachReason: WaitReason;
  /** The last EOS that was sent, and the stream that it was sent to. */
  #ending: { stream: number; sent: Promise<void> } | null = null;

  static {
    pipelineKind.hook<Pipeline>({
      end: (pipeline, handle) => pipeline.#end(handle),
      // A high estimate: the bytes in its queues are unknown, and freeing them is most of a collection's cost.
      weigh: () => 2 ** 19,
    });
  }

  /** @internal */
  constructor(key: Internal, handle: Handle, warns = true) {
    super(key, handle, pipelineKind);
    this.#warns = warns;
    this.#dataReason = { what: 'data at every sink', why: () => this.#whyNoData(), warns };
    this.#stopReason = { what: 'the elements to stop', why: () => notStopped(handleOf(this)), warns };
    this.#endReason = { what: 'the end of the stream', why: () => this.#holdUp(null), warns };
    this.#wholeReason = { what: 'the end of the stream at every sink', why: () => this.#whyNoEnd(), warns };
    this.#attachReason = {
      what: 'the branch to start',
      why: () => notStarted(handleOf(this)).join('; ') || null,
      warns,
    };
    this.#bus = new Bus(c.gst_element_get_bus(handle) as Handle, handle);
    this.#playback = new Playback(this.#bus);
    this.#elements = new BinElements(this.#playback);
    const warnings = new BusWarnings();
    // The closure refers to this object, so that the run, and the bus while it is read, keep the facade alive.
    this.#playback.holdUp = (asker) => this.#holdUp(asker);
    this.#bus.listen((message) => {
      if (warns) warnings.handleMessage(message);
      this.#playback.handleMessage(message);
      if (!this.isDisposed) this.#changes.stopFailed(handleOf(this));
    });
    this.#filters = new Filters(this.#playback);
    const composition = prepareElements(handle, this.#playback);
    this.#changes = new StateChanges(this.#bus, this.#playback, composition, this.#filters, () =>
      this.#playsWithoutData(),
    );
    const nativeBus = (): Handle | null => (this.isDisposed ? null : c.gst_element_get_bus(handleOf(this)));
    const trunk = { bus: this.#bus, run: this.#playback, changes: this.#changes, warns, nativeBus };
    this.#branches = new Branches(trunk, () => this.#lookForEnd());
  }

  /**
   * Builds a pipeline from gst-launch's description (`gst_parse_launch`). The compiler parses a literal text: the pipeline
   * knows the names in it, and an unknown property, or a value that a property does not take, does not compile.
   * @param options `warnings`: whether warnings of the elements, and waits that take long, become process warnings
   *   (GLib's log in GJS), each once; default true. An error's `detail` has the last warnings before it either way.
   * @throws PipelineError that says what cannot be parsed, or which element is missing
   */
  static parse<const Text extends string>(
    description: CheckedDescription<Text>,
    options?: PipelineOptions,
  ): Pipeline<NamesIn<Text>>;
  static parse(description: string, options: PipelineOptions = {}): Pipeline {
    expectString('description', description);
    const { warnings = true } = expectOptions('options', options, ['warnings']);
    expectBoolean('options.warnings', warnings);
    expectSpareDescriptors('a pipeline');
    const handle = launch(description, () => c.gst_parse_launch(description));
    if (wrappers.isA(handle, 'GstPipeline')) return new Pipeline(internal, handle, warnings);
    // For a single element gst_parse_launch returns no pipeline.
    owned(handle, 'object').dispose();
    return new Pipeline(internal, c.gst_parse_launch(`pipeline. ( ${description} )`), warnings);
  }

  /** An element, or the pipeline itself, by its name (`gst_bin_get_by_name`). The same object each time; it is disposed with the pipeline. */
  get<Name extends string>(name: NameIn<Names, Name>): ElementNamed<Names, Name> {
    return this.#get(name) as ElementNamed<Names, Name>;
  }

  #get(name: string): Element {
    const handle = handleOf(this);
    return this.#elements.get(name, () => {
      // Some pipelines, such as playbin, have their own properties.
      const isOwn = c.gst_object_get_name(handle) === name;
      using found = owned(isOwn ? references.another(handle, 'object') : c.gst_bin_get_by_name(handle, name), 'object');
      if (!found) throw this.#elements.unknown(name, handle);
      return this.#branchElement(found.handle) ?? found.take();
    });
  }

  /** Names of all elements. */
  get elementNames(): string[] {
    return namesIn(handleOf(this));
  }

  /**
   * The elements that the pipeline has now, with those inside bins, but without the parts of filters
   * (`gst_bin_iterate_recurse`).
   * @param klass words of an element's class in gst-inspect-1.0 (`gst_element_factory_get_metadata`), such as `Encoder` or
   *   `Sink/Video`: only elements whose class has them all
   * @returns the same objects as from `get`; they are disposed with the pipeline, or with their branch
   */
  elements(klass?: string): Element[] {
    const handle = handleOf(this);
    const words = klass === undefined ? [] : expectString('klass', klass).split('/');
    return wrappers.elements(handle).flatMap((element) => {
      using found = owned(element, 'object');
      if (this.#filters.has(element) || !words.every((word) => classOf(element).includes(word))) return [];
      return this.#branchElement(element) ?? this.#elements.of(found.take());
    });
  }

  /** The facade of an element that is inside a branch. */
  #branchElement(element: Handle): Element | null {
    const branch = this.#branches.around(element);
    const name = c.gst_object_get_name(element) ?? '';
    return branch && name !== branch.name ? branch.get(name) : null;
  }

  /** An appsink by its name. */
  appSink<Name extends string>(name: NameOf<'appsink', Names, Name>): AppSink {
    return expectAppSink(name, this.#get(name));
  }

  /** An appsrc by its name. */
  appSrc<Name extends string>(name: NameOf<'appsrc', Names, Name>): AppSrc {
    return expectAppSrc(name, this.#get(name));
  }

  /**
   * Puts `body` in the place of an `identity`: it gets every frame that reaches the identity, on the main thread, and its
   * result goes on. See `docs/filters.md`. The pipeline fails where the body throws or rejects, with a `PipelineError` that names
   * the filter and has the thrown value as its `cause`.
   * @param name of an `identity` with an element behind it
   * @param body gets a `VideoFrame`, an `AudioBuffer` or a `Buffer` that it may write to: on Node the buffer's own bytes, unless
   *   another branch shares them; in GJS a copy, which is copied back
   * @param options `as`, `caps` (of the output), `maxBuffers` (frames that wait), `drop` (the oldest of them)
   * @throws TypeError for another element; PipelineError where the identity has a filter, where the pipeline runs and there
   *   was none before, and where nothing is behind the identity
   * @since 1.24
   */
  filter<Name extends string, As extends FilterKind | undefined = undefined>(
    name: NameOf<'identity', Names, Name>,
    body: FilterBody<FrameAs<As>>,
    options: FilterOptions<As> = {},
  ): Filter {
    const handle = handleOf(this);
    expectString('name', name);
    expectFunction('body', body);
    const settings = settingsOf(options);
    const element = this.#get(name);
    if (element.factory !== 'identity')
      throw new TypeError(`expected '${name}' to be an identity, got ${element.factory}`);
    return this.#filters.add(c.gst_bin_get_by_name(handle, name) as Handle, name, body as FilterBody, settings);
  }

  /**
   * Adds a branch while the pipeline plays; `detach()` removes it. Nothing in the branch drops or delays a frame of the rest, or
   * makes it fail (`gst_parse_bin_from_description`, `gst_bin_add`, `gst_pad_link`). A branch begins with a queue of up to 200
   * buffers and one second; only while that is full does it block the rest, unless it may `drop`. Its sinks do not preroll
   * (`async=false`), and Matroska's muxers write times from zero. A branch that is attached before the pipeline plays starts with
   * it. When the pipeline stops, the branch is detached. If `to` is no tee and sends while the branch leaves, the pipeline fails.
   * @param description gst-launch's, from the first element of the branch on, without a `!` at the beginning
   * @param options `to`: the name of a tee, or of another element with a source pad that is free or can be requested;
   *   `fatal`: an error inside is an error of the pipeline; `drop`: the branch loses frames that its queue has no room for. If
   *   you give up waiting, nothing is attached
   * @returns yours to detach; stopping or disposing the pipeline does that as well
   * @throws PipelineError that says what cannot be parsed, where nothing can be linked, and why the branch does not start;
   *   UnavailableError where the element errorignore (gst-plugins-bad) is missing
   * @since 1.20
   */
  async attach<const Text extends string>(
    description: CheckedDescription<Text>,
    options: AttachOptions,
  ): Promise<Branch<NamesIn<Text>>>;
  async attach(description: string, options: AttachOptions): Promise<Branch> {
    const handle = handleOf(this);
    expectString('description', description);
    const {
      to,
      fatal = false,
      drop = false,
      ...waitOptions
    } = expectOptions('options', options, ['to', 'fatal', 'drop', ...waitOptionNames]);
    const name = expectString('options.to', to);
    expectBoolean('options.fatal', fatal);
    expectBoolean('options.drop', drop);
    const checked = checkWait(waitOptions);
    const element = c.gst_bin_get_by_name(handle, name);
    if (!element) throw this.#elements.unknown(name, handle);
    let isWanted = true;
    const growth = { to: name, isFatal: fatal, drops: drop, isWanted: () => isWanted };
    const attached = this.#branches.attach(element, description, growth);
    try {
      return await this.#playback.handled(
        waitFor(checked, attached, { reason: this.#attachReason, dispose: (branch) => branch.dispose() }),
      );
    } finally {
      isWanted = false;
    }
  }

  /** The end may have waited only for a branch that has left. */
  #lookForEnd(): void {
    if (this.isDisposed || this.#playback.goal !== 'playing' || this.#playback.isSettled) return;
    const sinks = sinksOf(handleOf(this));
    if (sinks.length > 0 && sinks.every(({ isEnded }) => isEnded)) this.#playback.noteEnd();
  }

  /** The pipeline's state (`gst_element_get_state` without waiting). */
  get state(): State {
    return states[c.gst_element_get_state(handleOf(this), 0)[1]] ?? 'null';
  }

  /**
   * Plays (`gst_element_set_state`). Resolves when the pipeline plays; with an appsrc in it, when data may be pushed. A live
   * pipeline (a camera, a network stream) counts as playing after a second without data, which may come later; other
   * pipelines wait for data, and warn after a second without it. If you give up waiting, the change goes on.
   *
   * A pipeline that fails later stops by itself. An error that no code handles within a second, or before the end of the
   * process, is a process warning and an exit code of 1 (a warning in GLib's log in GJS). A wait that rejects with the error
   * handles it: `finished()`, `pull()`, `push()`, a loop over `frames()` or `messages()`.
   * @throws PipelineError with the reason from the bus; a pipeline that failed by itself must be stopped before it plays again
   */
  async play(options?: WaitOptions): Promise<void> {
    return this.#reach('playing', options);
  }

  /**
   * Pauses: everything is ready, and the first frame is at the sinks. Sinks of live sources get theirs when they play. A pipeline
   * that is paused while it plays may end, for `finished()`, while its appsinks still have frames to read.
   */
  async pause(options?: WaitOptions): Promise<void> {
    return this.#reach('paused', options);
  }

  #reach(goal: 'playing' | 'paused', options: WaitOptions | undefined): Promise<void> {
    const checked = checkWait(options);
    return this.#playback.handled(
      waitFor(checked, this.#changes.to(goal, handleOf(this)), { reason: this.#dataReason }),
    );
  }

  #playsWithoutData(): void {
    const why = this.#warns && !this.#playback.isStopped && this.#whyNoData();
    if (why) runtime.diagnostics.warn(`the pipeline plays, and ${why}`, 'GST_ALLOCATORS_WAIT');
  }

  /**
   * Stops the pipeline and releases the resources of its elements. Each call resolves by itself when that is done;
   * if you give up waiting for a slow element, even beforehand, stopping goes on.
   * @param options `endOfStream`: first ends the stream, and waits until the sinks have EOS, so that files are
   *   whole. If that fails or is given up, the pipeline is stopped all the same, and `stop()` rejects. A paused pipeline plays
   *   what is left; appsinks that nobody reads drop it.
   */
  async stop(options: StopOptions = {}): Promise<void> {
    const { endOfStream = false, ...waitOptions } = expectOptions('options', options, [
      'endOfStream',
      ...waitOptionNames,
    ]);
    if (expectBoolean('options.endOfStream', endOfStream) && !this.#playback.isStopped)
      await this.#endFirst(waitOptions);
    // A disposed pipeline may still be stopping.
    const stopped = this.isDisposed ? this.#changes.done() : this.#changes.to('null', handleOf(this));
    stopped.catch(() => {});
    await waitFor(checkWait(waitOptions), stopped, { reason: this.#stopReason });
  }

  async #endFirst(options: WaitOptions): Promise<void> {
    const handle = handleOf(this);
    const putBack = dropInUnread(handle, (name) => this.#isRead(name));
    try {
      const ended = this.endOfStream(options);
      if (this.#playback.goal === 'paused') this.#changes.to('playing', handle).catch(() => {});
      await ended;
    } catch (error) {
      const { timeout } = options;
      await this.stop(timeout === undefined ? {} : { timeout }).catch(() => {});
      throw error;
    } finally {
      putBack();
    }
  }

  /**
   * Ends the stream at its sources, as if they had no more data (`gst_element_send_event` with `gst_event_new_eos`), behind
   * all buffers pushed to its appsrcs. Resolves when all sinks have EOS: files are whole then. A paused pipeline ends when it
   * plays; sinks that keep time play what is left. A second call waits for the same end.
   * @throws PipelineError when it fails or is stopped before that, when it does not play, and where no source can be ended
   */
  async endOfStream(options?: WaitOptions): Promise<void> {
    const checked = checkWait(options);
    handleOf(this);
    return this.#playback.handled(waitFor(checked, this.#endStream(), { reason: this.#wholeReason }));
  }

  async #endStream(): Promise<void> {
    const playback = this.#playback;
    if (playback.number === 0)
      throw new PipelineError('the stream could not be ended: the pipeline does not play; `play()` it first');
    if (!playback.isSettled) {
      const { stream } = playback;
      if (this.#ending?.stream !== stream) this.#ending = { stream, sent: this.#sendEnd() };
      // A source may block the event for longer than its pipeline exists.
      await Promise.race([this.#ending.sent, this.#untilSettled()]);
      await this.#untilSettled();
    }
    playback.expectEnd();
  }

  async #untilSettled(): Promise<void> {
    while (!this.#playback.isSettled) await this.#changes.nextChange();
  }

  async #sendEnd(): Promise<void> {
    const handle = handleOf(this);
    await this.#changes.whilePlaying(handle, async () => {
      if (await endSources(handle, (source, use) => this.#withAppSrc(source, use))) return;
      if (!this.#playback.isSettled)
        throw new PipelineError('the stream could not be ended: no source of the pipeline takes the event');
    });
  }

  /** Calls `use` with the program's facade of an appsrc, or with a temporary one. */
  #withAppSrc(source: Handle, use: (facade: AppSrc) => void): void {
    // EOS reaches this appsrc through the filter.
    if (this.#filters.has(source)) return;
    const known = this.#elements.made(c.gst_object_get_name(source) ?? '');
    if (known instanceof AppSrc && !known.isDisposed && references.identical(appSrcKind.handleOf(known), source))
      use(known);
    else {
      using facade = new AppSrc(internal, references.another(source, 'object'), this.#playback);
      use(facade);
    }
  }

  #isRead(name: string): boolean {
    if (this.#isFilters(name) || this.#elements.reads(name)) return true;
    return [...this.#branches].some((branch) => readsAppSink(branch, name));
  }

  #isFilters(name: string): boolean {
    const element = c.gst_bin_get_by_name(handleOf(this), name);
    if (!element) return false;
    const found = this.#filters.has(element);
    references.drop(element, 'object', 0);
    return found;
  }

  #whyNoData(): string | null {
    const handle = handleOf(this);
    const said = withoutData(handle);
    return (said.length ? said : notStarted(handle)).join('; ') || null;
  }

  #whyNoEnd(): string | null {
    const handle = handleOf(this);
    return (
      [
        ...unreadSinks(handle, (name) => (this.#isFilters(name) ? null : this.appSink(name))),
        ...withoutEnd(handle),
      ].join('; ') || null
    );
  }

  /** Nanoseconds played (`gst_element_query_position`); null while unknown. */
  get position(): number | null {
    const [known, position] = c.gst_element_query_position(handleOf(this), formatTime);
    return known ? Number(position) : null;
  }

  /** Nanoseconds in all (`gst_element_query_duration`); null while unknown, and for a stream without end. */
  get duration(): number | null {
    const [known, duration] = c.gst_element_query_duration(handleOf(this), formatTime);
    return known && Number(duration) >= 0 ? Number(duration) : null;
  }

  /**
   * Seeks to another position (`gst_element_seek_simple`).
   * @param position nanoseconds from the start; a fraction of one is rounded
   * @param options `flags`, see `SeekFlags`; default FLUSH and KEY_UNIT. FLUSH is required: a seek without it waits for data
   *   to flow and blocks all changes of state meanwhile, so a paused stream would be stuck for ever
   */
  async seek(position: number, options: { flags?: number } & WaitOptions = {}): Promise<void> {
    const target = expectTime('position', position);
    const { flags = SeekFlags.FLUSH | SeekFlags.KEY_UNIT, ...waitOptions } = expectOptions('options', options, [
      'flags',
      ...waitOptionNames,
    ]);
    expectSize('options.flags', flags, allSeekFlags);
    // GStreamer logs a critical for SNAP_BEFORE or SNAP_AFTER without KEY_UNIT.
    if (flags & 0x60 && !(flags & SeekFlags.KEY_UNIT))
      throw outOfRange('options.flags', 'with `SeekFlags.KEY_UNIT` where it snaps', flags);
    if (!(flags & SeekFlags.FLUSH)) throw outOfRange('options.flags', 'with `SeekFlags.FLUSH` among them', flags);
    return this.#playback.handled(
      waitFor(checkWait(waitOptions), this.#seek(target, flags), { reason: this.#dataReason }),
    );
  }

  async #seek(position: number, flags: number): Promise<void> {
    const handle = handleOf(this);
    this.#bus.drain();
    // The bus may report the end of the new stream before the seek returns.
    const takeBack = this.#playback.rewind();
    if (!(await this.#changes.seek(handle, flags, position))) {
      takeBack();
      throw new PipelineError(`the pipeline could not seek to ${position} ns`, {
        detail: 'is it paused or playing, and its source seekable?',
      });
    }
    if (!this.isDisposed && !this.#playback.isStopped) await this.#changes.settle(this.#playback.goal, handle);
  }

  /**
   * All messages of the elements from now on. Ends when the pipeline stops, or with the signal. Of unread messages the
   * last 4096 are kept, errors and EOS before others.
   */
  messages(options?: Pick<WaitOptions, 'signal'>): AsyncIterableIterator<Message> {
    handleOf(this);
    return messageStream(this.#bus, this.#playback, options);
  }

  /**
   * Resolves when the stream has ended at all sinks.
   * @throws PipelineError when it fails, or is stopped before that
   */
  finished(options?: WaitOptions): Promise<void> {
    const promise = this.#playback.handled(this.#finished(options));
    // A rejection that the caller no longer awaits must not end the process.
    promise.catch(() => {});
    return promise;
  }

  async #finished(options?: WaitOptions): Promise<void> {
    const checked = checkWait(options);
    handleOf(this);
    const playback = this.#playback;
    await playback.settled(checked, this.#endReason);
    playback.expectEnd();
  }

  #holdUp(asker: Element | null): string | null {
    if (this.isDisposed) return null;
    const handle = handleOf(this);
    const said = unreadSinks(handle, (name) => (this.#isFilters(name) ? null : this.appSink(name)));
    const { goal } = this.#playback;
    if (asker && goal === 'playing') said.push(...withoutData(handle));
    else if (asker) said.push(goal === 'paused' ? 'the pipeline is paused' : 'the pipeline was not told to `play()`');
    return said.join('; ') || null;
  }

  #end(handle: Handle): void {
    try {
      this.#playback.setGoal('null');
      this.#branches.dispose();
      for (const element of this.#elements.all) element.dispose();
    } finally {
      // Even if a callback above throws: nothing else would stop the pipeline.
      this.#bus.dispose();
      this.#changes.end(handle);
      this.#changes.done().then(() => this.#filters.dispose());
    }
    // For a pipeline that never played, waits for its end learn only now that there will be none.
    this.#playback.notify();
  }

  /** Stops and disposes the pipeline. Each call resolves when that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stop();
    } finally {
      this.dispose();
      await this.#changes.done();
    }
  }
}
lock(Pipeline);

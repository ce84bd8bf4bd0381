import { runtime } from '#runtime';
import { GstError, PipelineError } from '../errors.ts';
import { expectOptions, expectSize, expectString, expectTime, nearest, outOfRange } from '../expect.ts';
import { pipelineKind } from '../kinds.ts';
import { type Internal, internal, lock, Native } from '../native.ts';
import type { Handle } from '../runtime/runtime.ts';
import { expectSpareDescriptors } from '../spare-descriptors.ts';
import { checkWait, type WaitOptions, type WaitReason, wait, waitFor, waitOptionNames } from '../wait.ts';
import { AppSink } from './app-sink.ts';
import { AppSrc } from './app-src.ts';
import { defaultToTime } from './app-src-format.ts';
import { Bus } from './bus.ts';
import { Element } from './element.ts';
import { notStopped, unreadSinks, withoutData } from './hold-ups.ts';
import { troubleIn } from './launch-trouble.ts';
import { type Message, type State, states } from './message.ts';
import { messageStream } from './message-stream.ts';
import { remedyFor } from './missing-element.ts';
import type { CheckedDescription, ElementNamed, NameIn, NameOf, NamesIn } from './pipeline-types.ts';
import { Run } from './run.ts';
import { type Composition, StateChanges } from './state-changes.ts';

const { c, references, waiting, wrappers } = runtime;
const { handleOf } = pipelineKind;

const formatTime = 3;

/** How to seek (`GstSeekFlags`). */
export const SeekFlags = Object.freeze({ FLUSH: 1, ACCURATE: 2, KEY_UNIT: 4 } as const);

/**
 * A pipeline (`GstPipeline`). While it plays it keeps the process alive; `await using pipeline = Pipeline.parse(…)`
 * stops it at the end of the block.
 */
export class Pipeline<Names extends object = Record<string, string>> extends Native {
  readonly #bus: Bus;
  readonly #elements = new Map<string, Element>();
  readonly #run: Run;
  readonly #changes: StateChanges;
  readonly #dataReason: WaitReason = {
    what: 'data at every sink',
    why: () => withoutData(handleOf(this)).join('; ') || null,
    warns: true,
  };
  readonly #stopReason: WaitReason = {
    what: 'the elements to stop',
    why: () => notStopped(handleOf(this)),
    warns: true,
  };
  readonly #endReason: WaitReason = {
    what: 'the end of the stream',
    why: () => this.#holdUp(null),
    warns: true,
  };

  static {
    pipelineKind.hook<Pipeline>({
      end: (pipeline, handle) => pipeline.#end(handle),
      // A guess, and no small one: what waits in its queues cannot be asked, and freeing it is most of a collection's cost.
      weigh: () => 2 ** 19,
    });
  }

  /** @internal */
  constructor(key: Internal, handle: Handle) {
    super(key, handle, pipelineKind);
    this.#bus = new Bus(c.gst_element_get_bus(handle) as Handle, handle);
    this.#run = new Run(this.#bus);
    // By way of this object: whoever has the run, and the bus while it is read, keeps the facade.
    this.#bus.listen((message) => this.#run.note(message));
    this.#run.holdUp = (asker) => this.#holdUp(asker);
    this.#changes = new StateChanges(this.#bus, this.#run, this.#prepare(handle));
  }

  /**
   * Builds a pipeline from gst-launch's description (`gst_parse_launch`). The compiler reads a literal text: the pipeline
   * knows the names in it, and a property that an element lacks, or a value that it does not take, does not compile.
   * @throws PipelineError that says what cannot be parsed, or which element is missing
   */
  static parse<const Text extends string>(description: CheckedDescription<Text>): Pipeline<NamesIn<Text>>;
  static parse(description: string): Pipeline {
    expectString('description', description);
    expectSpareDescriptors('a pipeline');
    // GObject writes on stderr about what GStreamer would only leave out.
    const trouble = troubleIn(description, 'silent');
    if (trouble) throw new PipelineError(`"${description}" could not be built`, { detail: trouble });
    let handle: Handle;
    try {
      handle = c.gst_parse_launch(description);
    } catch (error) {
      if (!(error instanceof GstError)) throw error;
      const advice = troubleIn(description, 'all') ?? remedyFor(error.message);
      throw new PipelineError(`"${description}" could not be built`, {
        detail: advice ? `${error.message}; ${advice}` : error.message,
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

  /** Readies its appsinks and appsrcs. */
  #prepare(handle: Handle): Composition {
    let isFed = false;
    let unixFdSinks = 0;
    for (const element of wrappers.elements(handle)) {
      if (wrappers.isA(element, 'GstAppSrc')) {
        isFed = true;
        waiting.prepareSource(element);
        defaultToTime(element);
      }
      if (wrappers.typeName(element) === 'GstUnixFdSink') unixFdSinks++;
      if (wrappers.isA(element, 'GstAppSink')) {
        waiting.prepareSink(element);
        // Its facade sees to the limits that must hold from the first frame on.
        new AppSink(internal, element, this.#run).dispose();
      } else references.drop(element, 'object', 0);
    }
    return { isFed, unixFdSinks };
  }

  /** An element, or the pipeline itself, by its name (`gst_bin_get_by_name`). The same object each time; it is disposed with the pipeline. */
  get<Name extends string>(name: NameIn<Names, Name>): ElementNamed<Names, Name> {
    return this.#get(name) as ElementNamed<Names, Name>;
  }

  #get(name: string): Element {
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
        `no element is named '${name}'; ${near ? `did you mean '${near}'? There` : 'there'} are ${names.join(', ')}`,
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
  appSink<Name extends string>(name: NameOf<'appsink', Names, Name>): AppSink {
    const element = this.#get(name);
    if (element instanceof AppSink) return element;
    throw new TypeError(`expected '${name}' to be an appsink, got ${element.factory}`);
  }

  /** An appsrc by its name. */
  appSrc<Name extends string>(name: NameOf<'appsrc', Names, Name>): AppSrc {
    const element = this.#get(name);
    if (element instanceof AppSrc) return element;
    throw new TypeError(`expected '${name}' to be an appsrc, got ${element.factory}`);
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
    return waitFor(checkWait(options), this.#changes.to('playing', handleOf(this)), { reason: this.#dataReason });
  }

  /** Pauses: everything is ready and the first frame is at the sinks. */
  async pause(options?: WaitOptions): Promise<void> {
    return waitFor(checkWait(options), this.#changes.to('paused', handleOf(this)), { reason: this.#dataReason });
  }

  /**
   * Stops and releases what the elements hold. However often, it resolves when that is done. It returns by itself; whoever gives up
   * waiting for an element that takes its time, even beforehand, leaves it on its way.
   */
  async stop(options?: WaitOptions): Promise<void> {
    // What was disposed may still be on its way there.
    const stopped = this.isDisposed ? this.#changes.done() : this.#changes.to('null', handleOf(this));
    stopped.catch(() => {});
    await waitFor(checkWait(options), stopped, { reason: this.#stopReason });
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
   * @param position nanoseconds from the start; a fraction of one is rounded
   * @param options `flags`, see `SeekFlags`; default FLUSH and KEY_UNIT. Never without FLUSH: such a seek waits for the data
   *   to flow and lets no change of state through meanwhile, so that a stream that is paused would be stuck for ever
   */
  async seek(position: number, options: { flags?: number } & WaitOptions = {}): Promise<void> {
    const target = expectTime('position', position);
    const { flags = SeekFlags.FLUSH | SeekFlags.KEY_UNIT, ...waitOptions } = expectOptions('options', options, [
      'flags',
      ...waitOptionNames,
    ]);
    expectSize('options.flags', flags, 0xffff);
    if (!(flags & SeekFlags.FLUSH)) throw outOfRange('options.flags', 'with `SeekFlags.FLUSH` among them', flags);
    return waitFor(checkWait(waitOptions), this.#seek(target, flags), { reason: this.#dataReason });
  }

  async #seek(position: number, flags: number): Promise<void> {
    const handle = handleOf(this);
    this.#bus.drain();
    // The end of what is played then may be reported before the seek returns.
    const takeBack = this.#run.rewind();
    if (!(await this.#changes.seek(handle, flags, position))) {
      takeBack();
      throw new PipelineError(`the pipeline could not seek to ${position} ns`, {
        detail: 'is it paused or playing, and its source seekable?',
      });
    }
    if (!this.isDisposed && !this.#run.isStopped) await this.#changes.settle(this.#run.goal, handle);
  }

  /**
   * Everything the elements report from now on. Ends when the pipeline stops, or with the signal. Of what is not read the
   * last 4096 messages are kept, and errors and the end before others.
   */
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
    const run = this.#run;
    if (run.outcome === null) {
      await wait<void>(
        checked,
        (resolve) => {
          const unfollow = run.follow(() => run.outcome !== null && resolve());
          return () => void unfollow();
        },
        this.#endReason,
      );
    }
    const { outcome } = run;
    if (outcome !== true) throw outcome;
  }

  #holdUp(asker: Element | null): string | null {
    if (this.isDisposed) return null;
    const handle = handleOf(this);
    const said = unreadSinks(handle, (name) => this.appSink(name));
    const { goal } = this.#run;
    if (asker && goal === 'playing') said.push(...withoutData(handle));
    else if (asker) said.push(goal === 'paused' ? 'the pipeline is paused' : 'the pipeline was not told to `play()`');
    return said.join('; ') || null;
  }

  #end(handle: Handle): void {
    try {
      this.#run.head('null');
      for (const element of this.#elements.values()) element.dispose();
    } finally {
      // Whatever they do who are told: nothing else would stop it.
      this.#bus.dispose();
      this.#changes.end(handle);
    }
    // Who waits for the end of what never played sees only now that there will be none.
    this.#run.tell();
  }

  /** Stops it and disposes it. However often, it resolves when that is done. */
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

import { PipelineError } from '../errors.ts';
import { type WaitOptions, type WaitReason, wait } from '../wait.ts';
import type { Bus } from './bus.ts';
import type { Element } from './element.ts';
import { detailOf, lineOf, type Message, type State } from './message.ts';
import { Unheard } from './unheard.ts';

/** Warnings that an error quotes. */
const mostWarnings = 3;

type Failure = [message: string, options: ConstructorParameters<typeof PipelineError>[1]];

/** Playback state since the pipeline last left NULL: its goal, its end, its failure, and who is notified of them. */
export class Playback {
  readonly #bus: Pick<Bus, 'hold' | 'drain' | 'isDisposed'>;
  readonly #subscribers = new Set<() => void>();
  readonly #unheard: Unheard;
  /** Errors that `failure()` returned. */
  readonly #made = new WeakSet<object>();
  /** The warnings that came last. */
  readonly #warnings: string[] = [];
  /** Causes of errors that this program raised in an element; the bus carries only their text. */
  readonly #causes = new Map<string, unknown>();
  #failure: Failure | null = null;
  #isEnded = false;
  #number = 0;
  #stream = 0;
  #goal: State = 'null';
  /**
   * Sentences about what this program can do so that the stream goes on for `asker`, or reaches its end where `asker` is
   * null; null where nothing holds it up.
   */
  holdUp: (asker: Element | null) => string | null = () => null;

  constructor(bus: Pick<Bus, 'hold' | 'drain' | 'isDisposed'>, unheard = new Unheard()) {
    this.#bus = bus;
    this.#unheard = unheard;
  }

  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Whether appsinks take out the frames they have: their elements are about to stop. */
  get keepsFrames(): boolean {
    return this.hasFailed;
  }

  /**
   * The reason of the failure: a new error for each caller, so that its stack shows that caller. It is reported as
   * unawaited unless `markHandled` gets it.
   */
  failure(): PipelineError {
    const error = new PipelineError(...(this.#failure as Failure));
    this.#made.add(error);
    return error;
  }

  /** The same for a caller that throws it at once, which counts as handled. */
  handledFailure(): PipelineError {
    this.#unheard.hear();
    return this.failure();
  }

  /** The program got this error or message. If it reports the failure, the failure is not reported as unawaited. */
  markHandled(what: unknown): void {
    if (this.#made.has(what as object) || (what as Partial<Message> | null)?.type === 'error') this.#unheard.hear();
  }

  /** Awaits `promise`; a failure that it rejects with counts as handled. */
  async handled<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      this.markHandled(error);
      throw error;
    }
  }

  /** A loop over frames or messages begins: it will get the failure in its next turn. Returns a function that ends it. */
  enterLoop(): () => void {
    return this.#unheard.enter();
  }

  /** The state that was requested last. */
  get goal(): State {
    return this.#goal;
  }

  /** Whether it is in NULL, or going there. */
  get isStopped(): boolean {
    return this.#goal === 'null';
  }

  /** Whether it was stopped; before it first played it is not over. */
  get isOver(): boolean {
    return this.#goal === 'null' && this.#number > 0;
  }

  /** Whether the stream has ended at all sinks. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Counts how often the pipeline left NULL. */
  get number(): number {
    return this.#number;
  }

  /** Counts streams: one begins when the pipeline leaves NULL, and with each seek. */
  get stream(): number {
    return this.#stream;
  }

  /** Whether the stream has ended, failed or was stopped. */
  get isSettled(): boolean {
    return this.hasFailed || this.#isEnded || this.#bus.isDisposed || this.isOver;
  }

  /** Resolves when the stream has ended or was stopped; rejects when it fails. */
  async settled(checked: WaitOptions, reason: WaitReason): Promise<void> {
    if (this.isSettled) return;
    const listen = (resolve: () => void, reject: (error: PipelineError) => void): (() => void) =>
      this.subscribe(() => {
        if (this.hasFailed) reject(this.failure());
        else if (this.isSettled) resolve();
      });
    await wait<void>(checked, listen, reason);
  }

  /** Throws if the settled stream did not end. */
  expectEnd(): void {
    if (this.hasFailed) throw this.failure();
    if (!this.#isEnded) throw new PipelineError('the pipeline was stopped before its stream ended');
  }

  /** Records the state that is requested. */
  setGoal(goal: State): void {
    if (this.isStopped && goal !== 'null') {
      this.#failure = null;
      this.#warnings.length = 0;
      this.#causes.clear();
      this.#isEnded = false;
      this.#number++;
      this.#stream++;
    }
    this.#goal = goal;
    if (goal === 'null') this.notify();
    else this.#hold();
  }

  /** A seek begins another stream. Returns a function that restores the end of the one before. */
  rewind(): () => void {
    const isEnded = this.#isEnded;
    this.#isEnded = false;
    this.#stream++;
    this.#hold();
    return () => {
      this.#isEnded ||= isEnded;
      this.#hold();
    };
  }

  /** Stores the cause of an element's coming error. */
  blame(element: string, cause: unknown): void {
    this.#causes.set(element, cause);
  }

  handleMessage(message: Message): void {
    const { type, source, debug = null } = message;
    if (type === 'error' && !this.#failure) {
      const details = [detailOf(message), this.#warnings.length && `warned before: ${this.#warnings.join('; ')}`];
      const cause = source !== null && this.#causes.has(source) ? { cause: this.#causes.get(source) } : {};
      const detail = 'cause' in cause ? null : details.filter(Boolean).join('; ') || null;
      this.#failure = [lineOf(message), { element: source, debug, detail, ...cause }];
      if (!this.isStopped) this.#unheard.raise(this.failure());
    } else if (type === 'eos') {
      this.noteEnd();
      return;
    } else {
      if (type === 'warning') this.#warnings.push(`${lineOf(message)}: ${detailOf(message)}`);
      if (this.#warnings.length > mostWarnings) this.#warnings.shift();
      return;
    }
    this.#hold();
    this.notify();
  }

  /** The stream has ended at all sinks. */
  noteEnd(): void {
    this.#isEnded = true;
    this.#hold();
    this.notify();
  }

  /** After the end or an error the pipeline does not keep the process alive. */
  #hold(): void {
    this.#bus.hold(!this.#isEnded && !this.hasFailed);
  }

  /** Handles the messages that are on the bus. */
  drainBus(): void {
    this.#bus.drain();
  }

  /** Calls back when it fails, ends or stops. Returns a function that unsubscribes. */
  subscribe(callback: () => void): () => void {
    this.#subscribers.add(callback);
    return () => void this.#subscribers.delete(callback);
  }

  notify(): void {
    for (const notifySubscriber of [...this.#subscribers]) notifySubscriber();
  }
}

import { PipelineError } from '../errors.ts';
import type { Bus } from './bus.ts';
import type { Element } from './element.ts';
import { detailOf, lineOf, type Message, type State } from './message.ts';
import { Unheard } from './unheard.ts';

/** Warnings that an error quotes. */
const mostWarnings = 3;

type Failure = [message: string, options: ConstructorParameters<typeof PipelineError>[1]];

/** How it goes with a pipeline since it last left the null state: what its waits, and its elements, need to know. */
export class Run {
  readonly #bus: Bus;
  readonly #followers = new Set<() => void>();
  readonly #unheard = new Unheard();
  /** The errors that were made of the failure. */
  readonly #made = new WeakSet<object>();
  /** The warnings that came last. */
  readonly #warnings: string[] = [];
  #failure: Failure | null = null;
  #isEnded = false;
  #number = 0;
  #stream = 0;
  #goal: State = 'null';
  /**
   * What keeps the stream from going on for an element, where this program can help; for nobody, what keeps it from its end.
   * In sentences; null for nothing.
   */
  holdUp: (asker: Element | null) => string | null = () => null;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /**
   * Why it failed: an error of its own for whoever is to get it, as its stack tells where that is. `heard` says that it
   * has arrived.
   */
  failure(): PipelineError {
    const error = new PipelineError(...(this.#failure as Failure));
    this.#made.add(error);
    return error;
  }

  /** The same, thrown at once. */
  thrown(): PipelineError {
    this.#unheard.hear();
    return this.failure();
  }

  /** Somebody got this error, or this message. Where it tells of the failure, that needs no reporting any more. */
  heard(what: unknown): void {
    if (this.#made.has(what as object) || (what as Partial<Message> | null)?.type === 'error') this.#unheard.hear();
  }

  /** `promise` for somebody who hears of the failure by it. */
  async told<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      this.heard(error);
      throw error;
    }
  }

  /** Somebody loops over what the pipeline gives, and sees it fail in the next turn. Gives what ends that. */
  enter(): () => void {
    return this.#unheard.enter();
  }

  /** The state that was asked for last. */
  get goal(): State {
    return this.#goal;
  }

  /** Whether it is in the null state, or on its way there. */
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

  /** Counts how often it left the null state. */
  get number(): number {
    return this.#number;
  }

  /** Counts its streams: each run begins one, and each seek. */
  get stream(): number {
    return this.#stream;
  }

  /** Whether it is known that the stream has ended, or will not. */
  get isSettled(): boolean {
    return this.hasFailed || this.#isEnded || this.#bus.isDisposed || this.isOver;
  }

  /** What a settled one came to. Throws where the stream has not ended. */
  expectEnd(): void {
    if (this.hasFailed) throw this.failure();
    if (!this.#isEnded) throw new PipelineError('the pipeline was stopped before its stream ended');
  }

  /** Another state is asked for. */
  head(goal: State): void {
    if (this.isStopped && goal !== 'null') {
      this.#failure = null;
      this.#warnings.length = 0;
      this.#isEnded = false;
      this.#number++;
      this.#stream++;
    }
    this.#goal = goal;
    if (goal === 'null') this.tell();
    else this.#hold();
  }

  /** The stream goes on from elsewhere. Gives what takes that back. */
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

  note(message: Message): void {
    const { type, source, debug = null } = message;
    if (type === 'error' && !this.#failure) {
      const details = [detailOf(message), this.#warnings.length && `warned before: ${this.#warnings.join('; ')}`];
      this.#failure = [lineOf(message), { element: source, debug, detail: details.filter(Boolean).join('; ') || null }];
      if (!this.isStopped) this.#unheard.raise(this.failure());
    } else if (type === 'eos') this.#isEnded = true;
    else {
      if (type === 'warning') this.#warnings.push(`${lineOf(message)}: ${detailOf(message)}`);
      if (this.#warnings.length > mostWarnings) this.#warnings.shift();
      return;
    }
    this.#hold();
    this.tell();
  }

  /** After the end, or an error, there is nothing that the process should stay for. */
  #hold(): void {
    this.#bus.hold(!this.#isEnded && !this.hasFailed);
  }

  /** Reads what is on the bus. */
  look(): void {
    this.#bus.drain();
  }

  /** Calls back when it fails, ends or stops. */
  follow(callback: () => void): () => void {
    this.#followers.add(callback);
    return () => void this.#followers.delete(callback);
  }

  tell(): void {
    for (const follower of [...this.#followers]) follower();
  }
}

import { PipelineError } from '../errors.ts';
import type { Bus } from './bus.ts';
import type { Element } from './element.ts';
import type { Message, State } from './message.ts';

/** How it goes with a pipeline since it last left the null state: what its waits, and its elements, need to know. */
export class Run {
  readonly #bus: Bus;
  readonly #followers = new Set<() => void>();
  #failure: PipelineError | null = null;
  #isEnded = false;
  #number = 0;
  #goal: State = 'null';
  /**
   * What keeps the stream from going on for an element, where this program can help; for nobody, what keeps it from its end.
   * In sentences; null for nothing.
   */
  holdUp: (asker: Element | null) => string | null = () => null;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Why it failed; null while it has not. */
  get failure(): PipelineError | null {
    return this.#failure;
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

  /** True at the end of the stream, the reason where it will not come, null while neither is known. */
  get outcome(): true | PipelineError | null {
    if (this.#failure) return this.#failure;
    if (this.#isEnded) return true;
    if (this.#bus.isDisposed || this.isOver)
      return new PipelineError('the pipeline was stopped before its stream ended');
    return null;
  }

  /** Another state is asked for. */
  head(goal: State): void {
    if (this.isStopped && goal !== 'null') {
      this.#failure = null;
      this.#isEnded = false;
      this.#number++;
    }
    this.#goal = goal;
    if (goal === 'null') this.tell();
  }

  /** The stream goes on from elsewhere. Gives what takes that back. */
  rewind(): () => void {
    const isEnded = this.#isEnded;
    this.#isEnded = false;
    return () => {
      this.#isEnded ||= isEnded;
    };
  }

  note(message: Message): void {
    if (message.type === 'error' && !this.#failure) {
      const { source, text = 'the pipeline failed', debug = null } = message;
      // The debug text begins with the place in GStreamer's source; what went wrong is in its last line.
      const detail = debug?.split('\n').at(-1) ?? null;
      this.#failure = new PipelineError(`${source ? `${source}: ` : ''}${text.replace(/\.$/, '')}`, {
        element: source,
        debug,
        detail,
      });
    } else if (message.type === 'eos') this.#isEnded = true;
    else return;
    this.tell();
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

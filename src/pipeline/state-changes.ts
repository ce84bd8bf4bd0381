import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import type { Handle } from '../runtime/runtime.ts';
import { expectSpareDescriptors } from '../spare-descriptors.ts';
import type { Bus } from './bus.ts';
import { liftLimits } from './full-sinks.ts';
import { type State, states } from './message.ts';
import type { Run } from './run.ts';
import { servingThreads, startOfFailed, untilServing } from './thread-start.ts';

const { c, references, threads, waiting } = runtime;

const changeFailure = 0;
const changeAsync = 2;
/** Milliseconds: of a change, of one that hangs, and for one frame to get through. */
const usualChange = 50;
const longestChange = 0x7fffffff;
const oneFrame = 10;

/** What of a pipeline decides how its state changes. */
export interface Composition {
  /** Whether data comes from this program, so that it cannot be waited for. */
  readonly isFed: boolean;
  /** How many unixfdsinks are in it: they must not be stopped before they have started. */
  readonly unixFdSinks: number;
}

/** Changes a pipeline's state, one change after the other (`gst_element_set_state`). */
export class StateChanges {
  readonly #bus: Bus;
  readonly #run: Run;
  readonly #composition: Composition;
  /** The last one; never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(bus: Bus, run: Run, composition: Composition) {
    this.#bus = bus;
    this.#run = run;
    this.#composition = composition;
  }

  /**
   * Resolves when it has that state; where data comes from this program, when it may come.
   * @throws PipelineError with the reason from the bus
   */
  async to(goal: State, handle: Handle): Promise<void> {
    const run = this.#run;
    if (goal !== 'null') expectSpareDescriptors('a pipeline that runs');
    // What has failed must be stopped before it can play again.
    if (!run.isStopped && goal !== 'null' && run.failure) throw run.failure;
    run.head(goal);
    if (goal !== 'null') this.#bus.open();
    const code = await this.#queue(goal, handle);
    if (this.#bus.isDisposed) return;
    this.#bus.drain();
    if (goal === 'null') {
      if (run.isStopped) this.#bus.close();
      return;
    }
    if (code === changeFailure) await this.#fail(`the pipeline could not go to ${goal}`, handle);
    if (code === changeAsync) await this.settle(goal, handle);
  }

  /** To the null state, in the background, for good: an element must be in it when it goes. */
  end(handle: Handle): void {
    this.#queue('null', handle).catch(() => {});
  }

  /** When all changes asked for are over, however they end. */
  async done(): Promise<void> {
    await this.#last;
  }

  #queue(goal: State, handle: Handle): Promise<number> {
    const kept = references.another(handle, 'object');
    const result = this.#last.then(() => this.#set(kept, goal));
    const drop = () => references.drop(kept, 'object', 0);
    this.#last = result.then(drop, drop);
    return result;
  }

  async #set(handle: Handle, goal: State): Promise<number> {
    const { unixFdSinks } = this.#composition;
    const [, state, next] = c.gst_element_get_state(handle, 0);
    const starts = goal !== 'null' && unixFdSinks > 0 && Math.max(state, next) < states.indexOf('paused');
    const before = starts ? servingThreads() : null;
    if (goal !== 'null' && !starts) threads.stopAtEnd(handle);
    const endRoom = waiting.changesBlock ? liftLimits(handle) : makeRoomSoon(handle, longestChange);
    const code = await waiting.setState(handle, states.indexOf(goal)).finally(endRoom);
    if (starts) {
      const expected = before === null ? null : before + unixFdSinks;
      await (code === changeFailure ? untilServing(expected, startOfFailed) : untilServing(expected));
    }
    if (goal === 'null') threads.stopped(handle);
    // Not before: a unixfdsink that has not started does not bear to be stopped.
    else if (starts) threads.stopAtEnd(handle);
    return code;
  }

  /** `gst_element_seek_simple`, after the changes that were asked for before it: whether it was taken. */
  async seek(handle: Handle, flags: number, position: number): Promise<boolean> {
    await this.#last;
    if (this.#bus.isDisposed) return false;
    const endRoom = waiting.changesBlock ? roomWhileChanging(handle) : makeRoomSoon(handle, longestChange);
    return waiting.seek(handle, flags, position).finally(endRoom);
  }

  /** Stops what failed, and throws the reason. */
  async #fail(otherwise: string, handle: Handle): Promise<never> {
    const failure = this.#run.failure ?? new PipelineError(otherwise);
    if (!this.#bus.isDisposed) await this.to('null', handle);
    throw failure;
  }

  /** Waits until a change, or a seek, is over. */
  async settle(goal: State, handle: Handle): Promise<void> {
    if (this.#composition.isFed) return;
    const run = this.#run;
    const endRoom = makeRoomSoon(handle, oneFrame);
    const reached = await new Promise<boolean>((resolve) => {
      const check = (): void => {
        const isOver = this.#bus.isDisposed || run.goal !== goal || run.failure !== null;
        if (!isOver && !isSettledIn(goal, handle)) return;
        unlisten();
        unfollow();
        endRoom();
        resolve(!isOver);
      };
      const unlisten = this.#bus.listen(check);
      const unfollow = run.follow(check);
      check();
    });
    if (reached || this.#bus.isDisposed) return;
    if (run.failure) await this.#fail('', handle);
    if (run.isStopped) throw new PipelineError(`the pipeline was stopped before it reached ${goal}`);
  }
}

/**
 * Makes room in full appsinks where a change is not over soon. What is paused, played and paused again at once may wait for
 * room, and neither take notice of the change nor give back the lock that playing needs (GStreamer 1.24 to 1.28): where
 * nobody pulls, that holds up every change after it, for ever.
 * @param longest milliseconds: while a sink waits for its first frame, others must not be filled without end
 * @returns what ends it
 */
function makeRoomSoon(pipeline: Handle, longest: number): () => void {
  let putBack: (() => void) | null = null;
  const end = (): void => {
    clearTimeout(timer);
    putBack?.();
    putBack = null;
  };
  let timer = setTimeout(() => {
    putBack = liftLimits(pipeline);
    timer = setTimeout(end, longest);
  }, usualChange);
  return end;
}

/**
 * A seek needs the lock of a change that is under way. Otherwise the limits stay: without them a source may run out before
 * the flush reaches it, and one with `num-buffers` has nothing after that.
 */
const roomWhileChanging = (pipeline: Handle): (() => void) =>
  c.gst_element_get_state(pipeline, 0)[0] === changeAsync ? liftLimits(pipeline) : () => {};

/** In that state, and not on the way to it once more, as after a seek. */
function isSettledIn(goal: State, handle: Handle): boolean {
  const [result, state] = c.gst_element_get_state(handle, 0);
  return result !== changeAsync && states[state] === goal;
}

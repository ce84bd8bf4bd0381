import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import { expectSpareDescriptors } from '../limits.ts';
import { another, owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { pause } from '../wait.ts';
import type { Bus } from './bus.ts';
import type { Filters } from './filters.ts';
import { type State, states } from './message.ts';
import type { Playback } from './playback.ts';
import { lift, liftAll, liftWaitOnEos } from './sink-limits.ts';
import { servingThreads, startOfFailed, untilServing } from './unixfd-threads.ts';

const { blocking, c, threads, wrappers } = runtime;

const changeFailure = 0;
const changeAsync = 2;
const changeNoPreroll = 3;
/** Milliseconds: for a usual change, for one that hangs, and for one frame to get through. */
const usualChange = 50;
const longestChange = 0x7fffffff;
const oneFrame = 10;
/** Milliseconds after which a live pipeline without data counts as playing: its sender may be late. */
const longestSilence = 1000;

/** Properties of a pipeline that decide how its state changes. */
export interface Composition {
  /** Whether data comes from this program: then a change cannot wait for it. */
  readonly isFed: boolean;
  /** Number of its unixfdsinks: they must not be stopped before they have started. */
  readonly unixFdSinks: number;
}

/** Changes a pipeline's state, one change after the other (`gst_element_set_state`). */
export class StateChanges {
  readonly #bus: Bus;
  readonly #playback: Playback;
  readonly #composition: Composition;
  /** The last change; never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  /** Whether it was stopped because it failed. */
  #stoppedItself = false;
  /** Whether the pipeline has played since it left NULL; `#mayBeFull`: whether it had before the last change. */
  #hasPlayed = false;
  #mayBeFull = false;
  /** Whether data comes on its own, from a camera or a sender: what comes, and when, is not known beforehand. */
  #isLive = false;
  /** Has its appsinks wait again until all is read before they pass on EOS. */
  #waitOnEos: (() => void) | null = null;
  readonly #plays: () => void;
  readonly #filters: Filters;
  /** Settles when EOS has been sent to its sources. */
  #sending: Promise<void> | null = null;
  /** The last seek; never rejects. */
  #seeking: Promise<unknown> = Promise.resolve();

  /** @param plays called when the pipeline plays but has no data so far */
  constructor(bus: Bus, playback: Playback, composition: Composition, filters: Filters, plays: () => void) {
    this.#filters = filters;
    this.#plays = plays;
    this.#bus = bus;
    this.#playback = playback;
    this.#composition = composition;
  }

  /**
   * Resolves when the pipeline has reached `goal`; where data comes from this program, when it may be pushed.
   * @throws PipelineError with the reason from the bus
   */
  async to(goal: State, handle: Handle): Promise<void> {
    const playback = this.#playback;
    if (goal !== 'null') expectSpareDescriptors('a pipeline that runs');
    // The program must stop a failed pipeline itself before it can play again.
    if (goal !== 'null' && this.#stoppedItself) throw playback.failure();
    this.#stoppedItself = false;
    playback.setGoal(goal);
    if (goal !== 'null') this.#bus.open();
    const code = await this.#queue(goal, handle);
    if (this.#bus.isDisposed) return;
    this.#bus.drain();
    if (goal === 'null') {
      if (playback.isStopped) this.#bus.close();
      return;
    }
    // An element that fails may end its stream too, and so reach the state.
    if (code === changeFailure || playback.hasFailed) await this.#fail(`the pipeline could not go to ${goal}`, handle);
    if (code === changeAsync) await this.settle(goal, handle);
  }

  /** A failed pipeline stops by itself, and so releases devices and other resources. */
  stopFailed(handle: Handle): void {
    if (!this.#playback.hasFailed || this.#playback.isStopped) return;
    this.to('null', handle).catch(() => {});
    this.#stoppedItself = true;
  }

  /** Goes to NULL in the background, finally: an element must be in NULL when it is freed. */
  end(handle: Handle): void {
    this.#queue('null', handle).catch(() => {});
  }

  /** Resolves when all requested changes are over, whether they succeeded or not. */
  async done(): Promise<void> {
    await this.#last;
  }

  #queue(goal: State, handle: Handle): Promise<number> {
    const kept = another(handle, 'object');
    const result = this.#last.then(() => this.#set(kept.handle, goal));
    const drop = () => kept.dispose();
    this.#last = result.then(drop, drop);
    return result;
  }

  async #set(handle: Handle, goal: State): Promise<number> {
    // `stop()` does not wait, and cancels the changes requested before it.
    while (goal !== 'null' && this.#sending && !this.#playback.isStopped) {
      await Promise.race([this.#sending, this.nextChange()]).catch(() => {});
    }
    if (this.#sending) {
      if (goal !== 'null') return changeAsync;
      // The seek's flush frees a blocked EOS event, and needs the locks of sinks that stop.
      await this.#seeking;
      await stopSinks(handle);
    }
    if (goal !== 'null') await this.#changed(handle);
    const { unixFdSinks } = this.#composition;
    const [, state, next] = c.gst_element_get_state(handle, 0);
    const starts = goal !== 'null' && unixFdSinks > 0 && Math.max(state, next) < states.indexOf('paused');
    const before = starts ? servingThreads() : null;
    if (goal !== 'null' && !starts) threads.stopAtEnd(handle);
    // A pipeline that has not played has no full sink, and its source should not run ahead.
    this.#mayBeFull = this.#hasPlayed;
    this.#hasPlayed = goal === 'playing' || (this.#hasPlayed && goal !== 'null');
    if (goal === 'paused' && this.#mayBeFull) this.#waitOnEos ??= liftWaitOnEos(handle);
    this.#filters.head(goal === 'null');
    const endRoom = this.#mayBeFull ? roomFor(handle) : () => {};
    const code = await this.#change(handle, goal, state).finally(endRoom);
    if (starts) {
      const expected = before === null ? null : before + unixFdSinks;
      await (code === changeFailure ? untilServing(expected, startOfFailed) : untilServing(expected));
    }
    if (goal === 'null') {
      threads.stopped(handle);
      this.#waitOnEos?.();
      this.#waitOnEos = null;
      // Not earlier: a unixfdsink must not be stopped before it has started.
    } else if (starts) threads.stopAtEnd(handle);
    return code;
  }

  /** A change that is given while another one is under way may leave a GstPipeline between two states for ever (1.26). */
  async #changed(handle: Handle): Promise<void> {
    if (this.#composition.isFed) return;
    const begin = performance.now();
    while (isChanging(handle) && !this.#playback.isStopped && performance.now() - begin < usualChange) await pause(1e6);
  }

  /** Goes through PAUSED, whose result says whether the pipeline is live. */
  async #change(handle: Handle, goal: State, state: number): Promise<number> {
    const paused = states.indexOf('paused');
    if (goal !== 'null' && state < paused) {
      const code = await blocking.setState(handle, paused, null);
      this.#isLive = code === changeNoPreroll;
      this.#filters.setLive(this.#isLive);
      if (goal === 'paused' || code === changeFailure) return code;
    }
    return blocking.setState(handle, states.indexOf(goal), this.#mayBeFull ? () => lift(handle) : null);
  }

  /**
   * Calls `end` when the pipeline plays: before that its sources wait for buffers that are blocked downstream, and take no
   * event. Also returns when the pipeline fails or is stopped before.
   */
  async whilePlaying(handle: Handle, end: () => Promise<void>): Promise<void> {
    const playback = this.#playback;
    const plays = (): boolean => playback.goal === 'playing' && (this.#isLive || isSettledIn('playing', handle));
    for (;;) {
      const last = this.#last;
      await last;
      if (playback.isSettled) return;
      if (last !== this.#last) continue;
      if (plays()) break;
      await this.nextChange();
    }
    const endRoom = roomFor(handle, liftAll);
    // A change that pauses the sinks meanwhile would keep the event from the source, and so could not pause the source.
    this.#sending = end().finally(() => {
      endRoom();
      this.#sending = null;
    });
    await this.#sending;
  }

  /** Resolves with the next message, or when the pipeline fails, ends or stops. */
  nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        unlisten();
        unsubscribe();
        resolve();
      };
      const unlisten = this.#bus.listen(end);
      const unsubscribe = this.#playback.subscribe(end);
    });
  }

  /** `gst_element_seek_simple`, after the changes requested before it: whether the seek was taken. */
  async seek(handle: Handle, flags: number, position: number): Promise<boolean> {
    await this.#last;
    // GStreamer asserts that no flush takes back an end that a source is about to act on (1.26).
    for (const begin = performance.now(); this.#sending && performance.now() - begin < usualChange; ) await pause(1e6);
    if (this.#bus.isDisposed) return false;
    // The seek needs the lock of a change in progress. Otherwise the limits stay: without them a source may run out before
    // the flush reaches it, and one with `num-buffers` has nothing after that.
    const endRoom = isChanging(handle) ? roomFor(handle) : () => {};
    const seeking = this.#filters
      .seek(() => blocking.seek(handle, flags, position, () => lift(handle)))
      .finally(endRoom);
    this.#seeking = seeking.catch(() => {});
    return seeking;
  }

  /** Stops the failed pipeline, and throws the reason. */
  async #fail(otherwise: string, handle: Handle): Promise<never> {
    const failure = this.#playback.hasFailed ? this.#playback.failure() : new PipelineError(otherwise);
    if (!this.#bus.isDisposed) await this.to('null', handle);
    throw failure;
  }

  /** Waits until a change or a seek is over. */
  async settle(goal: State, handle: Handle): Promise<void> {
    if (this.#composition.isFed) return;
    const playback = this.#playback;
    const endRoom = this.#mayBeFull ? makeRoomSoon(handle, oneFrame) : () => {};
    let silence: ReturnType<typeof setTimeout> | undefined;
    const reached = await new Promise<boolean>((resolve) => {
      let isSilent = false;
      const check = (): void => {
        const isOver = this.#bus.isDisposed || playback.goal !== goal || playback.hasFailed;
        if (!isOver && !isSilent && !isSettledIn(goal, handle)) return;
        clearTimeout(silence);
        unlisten();
        unsubscribe();
        endRoom();
        resolve(!isOver);
      };
      const unlisten = this.#bus.listen(check);
      const unsubscribe = playback.subscribe(check);
      if (goal === 'playing' && this.#isLive) {
        silence = setTimeout(() => {
          isSilent = true;
          check();
          if (!this.#bus.isDisposed) this.#plays();
        }, longestSilence);
      }
      check();
    });
    if (reached || this.#bus.isDisposed) return;
    if (playback.hasFailed) await this.#fail('', handle);
    if (playback.isStopped) throw new PipelineError(`the pipeline was stopped before it reached ${goal}`);
  }
}

/**
 * Makes room in full appsinks if a change takes long. A sink that is paused, played and paused again at once may wait for
 * room, and neither notice the change nor release the lock that PLAYING needs (GStreamer 1.24 to 1.28): if
 * nobody pulls, that blocks every later change for ever.
 * @param longest milliseconds: while a sink waits for its first frame, others must not be filled without end
 * @returns a function that ends it
 */
function makeRoomSoon(pipeline: Handle, longest: number, liftNow = lift): () => void {
  let putBack: (() => void) | null = null;
  const end = (): void => {
    clearTimeout(timer);
    putBack?.();
    putBack = null;
  };
  let timer = setTimeout(() => {
    putBack = liftNow(pipeline);
    timer = setTimeout(end, longest);
  }, usualChange);
  return end;
}

/**
 * Stops the sinks before the rest. A source that is being sent EOS waits for the buffer that it pushes, and cannot change its
 * state meanwhile; if a paused sink blocks that buffer, neither the source nor, after it, the sink could be stopped.
 */
async function stopSinks(pipeline: Handle): Promise<void> {
  const stop = async (handle: Handle): Promise<number> => {
    using sink = owned(handle, 'object');
    return await blocking.setState(sink.handle, states.indexOf('null'), null);
  };
  await Promise.all(wrappers.ends(pipeline, 'sinks').map(stop));
}

/** Has appsinks not block the call that follows. Returns a function that ends that. */
const roomFor = (pipeline: Handle, liftNow = lift): (() => void) =>
  blocking.changesBlock ? liftNow(pipeline) : makeRoomSoon(pipeline, longestChange, liftNow);

const isChanging = (pipeline: Handle): boolean => c.gst_element_get_state(pipeline, 0)[0] === changeAsync;

/** Whether the pipeline is in that state, and not changing to it again, as after a seek. */
function isSettledIn(goal: State, handle: Handle): boolean {
  const [result, state] = c.gst_element_get_state(handle, 0);
  return result !== changeAsync && states[state] === goal;
}

import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import { expectSpareDescriptors } from '../limits.ts';
import { another, owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
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
/** Milliseconds: of a change, of one that hangs, and for one frame to get through. */
const usualChange = 50;
const longestChange = 0x7fffffff;
const oneFrame = 10;
/** Milliseconds after which what is live counts as playing though no data has come: its sender may be late. */
const longestSilence = 1000;

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
  readonly #playback: Playback;
  readonly #composition: Composition;
  /** The last one; never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  /** Whether it was stopped because it failed. */
  #stoppedItself = false;
  /** Whether it has played since it left the null state; and whether it had before the last change. */
  #hasPlayed = false;
  #mayBeFull = false;
  /** Whether its data comes by itself, from a camera or a sender: whatever comes, and when, is not known beforehand. */
  #isLive = false;
  /** Has its appsinks wait again until what they have is read, before they hand on the end. */
  #waitOnEos: (() => void) | null = null;
  readonly #plays: () => void;
  readonly #filters: Filters;
  /** Events on their way to its sources. */
  #sending: Promise<void> | null = null;
  /** The last seek; never rejects. */
  #seeking: Promise<unknown> = Promise.resolve();

  /** @param plays is told when it plays without data so far */
  constructor(bus: Bus, playback: Playback, composition: Composition, filters: Filters, plays: () => void) {
    this.#filters = filters;
    this.#plays = plays;
    this.#bus = bus;
    this.#playback = playback;
    this.#composition = composition;
  }

  /**
   * Resolves when it has that state; where data comes from this program, when it may come.
   * @throws PipelineError with the reason from the bus
   */
  async to(goal: State, handle: Handle): Promise<void> {
    const playback = this.#playback;
    if (goal !== 'null') expectSpareDescriptors('a pipeline that runs');
    // What has failed must be stopped, by somebody who knows, before it can play again.
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
    // What fails may end its stream as well, and get there by that.
    if (code === changeFailure || playback.hasFailed) await this.#fail(`the pipeline could not go to ${goal}`, handle);
    if (code === changeAsync) await this.settle(goal, handle);
  }

  /** What has failed lets go of its devices, and of what else it holds, by itself. */
  stopFailed(handle: Handle): void {
    if (!this.#playback.hasFailed || this.#playback.isStopped) return;
    this.to('null', handle).catch(() => {});
    this.#stoppedItself = true;
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
    const kept = another(handle, 'object');
    const result = this.#last.then(() => this.#set(kept.handle, goal));
    const drop = () => kept.dispose();
    this.#last = result.then(drop, drop);
    return result;
  }

  async #set(handle: Handle, goal: State): Promise<number> {
    // Whoever stops it meanwhile does not wait, and what was asked for before that need not be done any more.
    while (goal !== 'null' && this.#sending && !this.#playback.isStopped) {
      await Promise.race([this.#sending, this.nextChange()]).catch(() => {});
    }
    if (this.#sending) {
      if (goal !== 'null') return changeAsync;
      // Its flush lets go of what holds the event up, and needs the locks of sinks that stop.
      await this.#seeking;
      await stopSinks(handle);
    }
    const { unixFdSinks } = this.#composition;
    const [, state, next] = c.gst_element_get_state(handle, 0);
    const starts = goal !== 'null' && unixFdSinks > 0 && Math.max(state, next) < states.indexOf('paused');
    const before = starts ? servingThreads() : null;
    if (goal !== 'null' && !starts) threads.stopAtEnd(handle);
    // What has not played yet has no full sink, and a source that should not run ahead.
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
      // Not before: a unixfdsink that has not started does not bear to be stopped.
    } else if (starts) threads.stopAtEnd(handle);
    return code;
  }

  /** By way of paused, which tells whether it is live. */
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
   * Calls `end` when the pipeline plays: before that its sources hand on what is held back downstream, and cannot be told
   * anything meanwhile. Comes back as well where it fails or is stopped before.
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
    // What pauses the sinks meanwhile would keep the source from having the event, and itself from pausing the source.
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

  /** `gst_element_seek_simple`, after the changes that were asked for before it: whether it was taken. */
  async seek(handle: Handle, flags: number, position: number): Promise<boolean> {
    await this.#last;
    if (this.#bus.isDisposed) return false;
    // It needs the lock of a change that is under way. Otherwise the limits stay: without them a source may run out before
    // the flush reaches it, and one with `num-buffers` has nothing after that.
    const endRoom = isChanging(handle) ? roomFor(handle) : () => {};
    const seeking = this.#filters
      .seek(() => blocking.seek(handle, flags, position, () => lift(handle)))
      .finally(endRoom);
    this.#seeking = seeking.catch(() => {});
    return seeking;
  }

  /** Stops what failed, and throws the reason. */
  async #fail(otherwise: string, handle: Handle): Promise<never> {
    const failure = this.#playback.hasFailed ? this.#playback.failure() : new PipelineError(otherwise);
    if (!this.#bus.isDisposed) await this.to('null', handle);
    throw failure;
  }

  /** Waits until a change, or a seek, is over. */
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
 * Makes room in full appsinks where a change is not over soon. What is paused, played and paused again at once may wait for
 * room, and neither take notice of the change nor give back the lock that playing needs (GStreamer 1.24 to 1.28): where
 * nobody pulls, that holds up every change after it, for ever.
 * @param longest milliseconds: while a sink waits for its first frame, others must not be filled without end
 * @returns what ends it
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
 * Stops the sinks ahead of the rest. A source that is being told of the end waits for what it hands on, and keeps its
 * state meanwhile; where a sink that is paused holds that back, the source could not be stopped, nor the sink after it.
 */
async function stopSinks(pipeline: Handle): Promise<void> {
  const stop = async (handle: Handle): Promise<number> => {
    using sink = owned(handle, 'object');
    return await blocking.setState(sink.handle, states.indexOf('null'), null);
  };
  await Promise.all(wrappers.ends(pipeline, 'sinks').map(stop));
}

/** Has appsinks not hold up what is called now. Gives what ends that. */
const roomFor = (pipeline: Handle, liftNow = lift): (() => void) =>
  blocking.changesBlock ? liftNow(pipeline) : makeRoomSoon(pipeline, longestChange, liftNow);

const isChanging = (pipeline: Handle): boolean => c.gst_element_get_state(pipeline, 0)[0] === changeAsync;

/** In that state, and not on the way to it once more, as after a seek. */
function isSettledIn(goal: State, handle: Handle): boolean {
  const [result, state] = c.gst_element_get_state(handle, 0);
  return result !== changeAsync && states[state] === goal;
}

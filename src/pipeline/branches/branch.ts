import { runtime } from '#runtime';
import { PipelineError } from '../../errors.ts';
import { expectBoolean, expectOptions } from '../../expect.ts';
import { Facade, type Internal, lock } from '../../facade.ts';
import { branchKind } from '../../kinds.ts';
import type { Handle } from '../../runtime/port/index.ts';
import { checkWait, pause, type WaitOptions, type WaitReason, waitFor, waitOptionNames } from '../../wait.ts';
import { AppSink, disposeWhenRead } from '../app-sink.ts';
import type { AppSrc } from '../app-src.ts';
import { BinElements, expectAppSink, expectAppSrc, namesIn } from '../bin-elements.ts';
import type { Bus, Owner } from '../bus.ts';
import type { Element } from '../element.ts';
import { type Message, states } from '../message.ts';
import type { ElementNamed, NameIn, NameOf } from '../pipeline-types.ts';
import type { Playback } from '../playback.ts';
import { lift } from '../sink-limits.ts';
import type { StateChanges } from '../state-changes.ts';
import { hasSeen, segmentEvent } from '../sticky-events.ts';
import { type BranchBin, eachElement, hasEnded, isBroken, openFloodgates } from './branch-bin.ts';
import type { BranchRun } from './branch-run.ts';
import type { Junction } from './junction.ts';

const { blocking, c, references, wrappers } = runtime;
const { handleOf } = branchKind;

/** Nanoseconds between two checks for the end. */
const lookInterval = 5e6;
/** How many checks wait for appsinks that do not have EOS. */
const mostLooks = 200;
const stateNull = states.indexOf('null');
const statePlaying = states.indexOf('playing');

/** The parts of a pipeline that a branch uses. */
export interface Trunk {
  readonly bus: Bus;
  readonly run: Playback;
  readonly changes: StateChanges;
  readonly warns: boolean;
  /** A branch has left the pipeline; `isWhole` is null before its stream has ended. */
  left(branch: Branch, isWhole: boolean | null): void;
  /** The pipeline's bus, as a new reference; null once the pipeline is disposed. */
  nativeBus(): Handle | null;
}

export interface DetachOptions extends WaitOptions {
  /** Whether the stream ends for the branch, so that its files are whole. Default true. */
  eos?: boolean;
}

/** Detaches a branch together with the branch that it is attached to; `isWhole`: whether that one had EOS. */
export let detachWith: (branch: Branch, isWhole: boolean) => void;
/** Whether the program reads the branch's appsink of that name. */
export let readsAppSink: (branch: Branch, name: string) => boolean;
/** Whether an element is inside the branch. */
export let contains: (branch: Branch, element: Handle) => boolean;
/** Whether a branch is attached to an element inside another one. */
export let isWithin: (branch: Branch, other: Branch) => boolean;

/**
 * A part of a pipeline that is added and removed while the rest plays (`GstBin`), from `pipeline.attach()`. Its errors stay
 * inside it. It is disposed after `detach()`, when its pipeline stops, or when it fails.
 */
export class Branch<Names extends object = Record<string, string>> extends Facade {
  readonly #trunk: Trunk;
  readonly #made: BranchBin;
  readonly #junction: Junction;
  readonly #run: BranchRun;
  readonly #elements: BinElements;
  readonly #unfollow: () => void;
  readonly #disown: () => void;
  readonly #endReason: WaitReason;
  readonly #detachReason: WaitReason;
  readonly #isFatal: boolean;
  /** Settles when the branch has been removed; never rejects. */
  #leaving: Promise<void> | null = null;
  /** Whether its sinks have EOS, or never had data. */
  #isWhole = false;
  /** Whether `detach()` no longer waits for the end of the stream. */
  #isCut = false;

  static {
    detachWith = (branch, isWhole) => branch.#leaveWith(isWhole);
    readsAppSink = (branch, name) => branch.#elements.reads(name);
    contains = (branch, element) => branch.#contains(element);
    isWithin = (branch, other) => branch !== other && other.#contains(branch.#made.bin);
    branchKind.hook<Branch>({
      end(branch, handle) {
        branch.#isCut = true;
        branch.#leaving ??= branch.#leave(handle, false);
        for (const element of branch.#elements.all) element.dispose();
      },
    });
  }

  /** @internal Takes over `handle` and `made`. */
  constructor(
    key: Internal,
    handle: Handle,
    trunk: Trunk,
    made: BranchBin,
    junction: Junction,
    run: BranchRun,
    isFatal: boolean,
  ) {
    super(key, handle, branchKind);
    this.#trunk = trunk;
    this.#made = made;
    this.#junction = junction;
    this.#run = run;
    this.#elements = new BinElements(run, ' of the branch');
    this.#isFatal = isFatal;
    const { warns } = trunk;
    this.#endReason = { what: 'the end of the branch', why: () => trunk.run.holdUp(null), warns };
    this.#detachReason = { what: 'the sinks of the branch to end', why: () => this.#whyNoEnd(), warns };
    this.#unfollow = trunk.run.subscribe(() => this.#followTrunk());
    const owner: Owner = {
      owns: (source) => this.#contains(source),
      take: (message, source) => this.#take(message, source),
    };
    this.#disown = trunk.bus.own(owner);
    run.setGoal('playing');
  }

  #contains(element: Handle): boolean {
    const { bin } = this.#made;
    return references.identical(element, bin) || c.gst_object_has_as_ancestor(element, bin);
  }

  /** The branch's name in the pipeline (`gst_object_get_name`), such as `branch0`. */
  get name(): string {
    handleOf(this);
    return this.#made.name;
  }

  /** An element of the branch by its name (`gst_bin_get_by_name`). The same object each time; it is disposed with the branch. */
  get<Name extends string>(name: NameIn<Names, Name>): ElementNamed<Names, Name> {
    return this.#get(name) as ElementNamed<Names, Name>;
  }

  #get(name: string): Element {
    const handle = handleOf(this);
    return this.#elements.get(name, () => {
      const found = c.gst_bin_get_by_name(handle, name);
      if (!found) throw this.#elements.unknown(name, handle);
      return found;
    });
  }

  /** Names of the branch's elements; the first two are those that every branch begins with. */
  get elementNames(): string[] {
    return namesIn(handleOf(this));
  }

  /** An appsink of the branch by its name. A loop over its frames still gets those that it has when the branch is detached. */
  appSink<Name extends string>(name: NameOf<'appsink', Names, Name>): AppSink {
    return expectAppSink(name, this.#get(name));
  }

  /** An appsrc of the branch by its name. */
  appSrc<Name extends string>(name: NameOf<'appsrc', Names, Name>): AppSrc {
    return expectAppSrc(name, this.#get(name));
  }

  /**
   * Resolves when the stream has ended at the branch's sinks: by itself, with the pipeline's stream, or by `detach()`. You may
   * still call it after the branch was detached.
   * @throws PipelineError when the branch or its pipeline fails, and when it is detached, or its pipeline stopped, before that
   */
  finished(options?: WaitOptions): Promise<void> {
    const promise = this.#run.handled(this.#finished(options));
    // A rejection that the caller no longer awaits must not end the process.
    promise.catch(() => {});
    return promise;
  }

  async #finished(options?: WaitOptions): Promise<void> {
    const checked = checkWait(options);
    const run = this.#run;
    await run.settled(checked, this.#endReason);
    if (run.hasFailed) throw run.failure();
    if (!run.isEnded) throw new PipelineError('the branch was detached before its stream ended');
  }

  /**
   * Takes the branch out of the pipeline, which plays on. Buffers on their way to the branch still arrive, its stream ends
   * (`gst_pad_send_event` with `gst_event_new_eos`), and it goes to NULL. Resolves after that: files are whole.
   * Detaching goes on while the pipeline is paused, and when it is stopped meanwhile. A second call waits for the same end;
   * `detach({ eos: false })` cuts short an end that does not come. Frames in the branch's appsinks do not hold it up; those
   * that no loop reads are lost. If you give up waiting, detaching goes on.
   * @param options `eos`: whether the stream ends first; without it the branch stops at once. Default true
   * @throws PipelineError when the branch has failed, fails while it ends, or its pipeline was stopped before: files may not
   *   be whole. The branch is detached all the same
   */
  async detach(options: DetachOptions = {}): Promise<void> {
    const { eos = true, ...waitOptions } = expectOptions('options', options, ['eos', ...waitOptionNames]);
    if (!expectBoolean('options.eos', eos)) this.#isCut = true;
    // A disposed branch is being removed, or is gone.
    this.#leaving ??= this.#leave(handleOf(this), eos);
    const left = this.#leaving.then(() => {
      if (this.#run.hasFailedAlone) throw this.#run.failure();
      if (eos && !this.#isWhole) throw new PipelineError(`the stream of the branch did not end: ${this.#whyNotWhole}`);
    });
    left.catch(() => {});
    await this.#run.handled(waitFor(checkWait(waitOptions), left, { reason: this.#detachReason }));
  }

  get #whyNotWhole(): string {
    if (this.#trunk.run.hasFailed) return 'its pipeline failed, and what it wrote may not be whole';
    return 'it was cut, or its pipeline stopped, before that; what it wrote may not be whole';
  }

  #whyNoEnd(): string | null {
    if (this.isDisposed) return null;
    const names: string[] = [];
    eachElement(this.#made.bin, (element) => {
      if (wrappers.isA(element, 'GstBaseSink')) names.push(c.gst_object_get_name(element) ?? '');
    });
    return `the end is on its way to ${names.join(', ')}; \`detach({ eos: false })\` does without`;
  }

  #followTrunk(): void {
    const { run } = this.#trunk;
    if (run.isEnded) this.#end();
    if (run.isStopped && run.isOver) this.#leaveWith(this.#isWhole);
    else if (run.hasFailed) this.#run.notify();
  }

  #leaveWith(isWhole: boolean): void {
    if (this.isDisposed || this.#leaving) return;
    this.#isWhole ||= isWhole;
    this.#leaving = this.#leave(handleOf(this), false);
  }

  /** The branch's sinks have EOS. */
  #end(): void {
    this.#isWhole = true;
    if (!this.#run.isEnded) this.#run.noteEnd();
  }

  #take(message: Message, source: Handle): boolean {
    const { type } = message;
    if (references.identical(source, this.#made.bin)) {
      if (type === 'eos') return true;
      if (message.name === 'GstBinForwarded') {
        void this.#lookForEnd();
        return true;
      }
    }
    if (type !== 'error' || (this.#isFatal && !this.#leaving)) return false;
    this.#run.handleMessage(message);
    this.#leaveWith(false);
    return true;
  }

  /** A sink posts EOS a moment before its pad has the event. */
  async #lookForEnd(): Promise<void> {
    for (let look = 0; look < 4 && !this.#leaving && !this.#run.isEnded; look++) {
      if (hasEnded(this.#made.bin)) return this.#end();
      await pause(lookInterval);
    }
  }

  /** Removes the branch. Everything that affects the rest of the pipeline happens before the first `await`. */
  async #leave(lent: Handle, endsStream: boolean): Promise<void> {
    const bin = references.another(lent, 'object');
    const { bus, run, changes } = this.#trunk;
    const isIdle = run.isStopped && !run.isOver;
    // A segment must precede EOS.
    const mayEnd = endsStream && !run.isStopped && !this.#run.hasFailed && hasSeen(bin, 'sink', segmentEvent);
    openFloodgates(this.#made);
    if (mayEnd) lift(bin);
    this.#junction.unlink();
    c.gst_element_set_locked_state(bin, true);
    this.#junction.leave();
    // From here on its messages do not pass through the pipeline.
    const nativeBus = this.#trunk.nativeBus();
    c.gst_element_set_bus(bin, nativeBus);
    if (nativeBus) references.drop(nativeBus, 'object', 0);
    this.#trunk.left(this, null);
    try {
      if (mayEnd) await this.#drain(bin);
      else if (isIdle || (endsStream && !run.isStopped && !this.#run.hasFailed)) this.#isWhole = true;
      this.#run.keepFrames();
      if (run.isStopped) await changes.done();
      await blocking.setState(bin, stateNull, null);
      bus.drain();
    } finally {
      this.#unfollow();
      this.#disown();
      c.gst_element_set_bus(bin, null);
      this.#trunk.left(this, this.#isWhole);
      if (this.#isWhole) this.#end();
      this.#run.setGoal('null');
      for (const element of this.#elements.all) {
        if (element instanceof AppSink && !element.isDisposed) disposeWhenRead(element);
        else element.dispose();
      }
      this.#elements.clear();
      references.drop(bin, 'object', 0);
      references.drop(this.#made.pad, 'object', 0);
      references.drop(this.#made.bin, 'object', 0);
      this.dispose();
    }
  }

  async #drain(bin: Handle): Promise<void> {
    await blocking.setState(bin, statePlaying, null);
    await blocking.endPad(this.#made.pad);
    // An appsink that has waited for its reader since the rest ended does not notice that it need not wait any more.
    let patience = mostLooks;
    while (!hasEnded(bin, patience-- > 0)) {
      if (this.#isCut || this.#trunk.bus.isDisposed) return;
      this.#trunk.bus.drain();
      if (this.#run.hasFailedAlone) return;
      if (isBroken(this.#made)) {
        this.#run.handleMessage({
          type: 'error',
          source: this.#made.name,
          text: 'what it was given could not flow',
        } as Message);
        return;
      }
      await pause(lookInterval);
    }
    this.#isWhole = true;
  }

  /** Detaches and disposes the branch. Each call resolves when that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#leaving) await this.detach();
    else await this.#leaving;
  }
}
lock(Branch);

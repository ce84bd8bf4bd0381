import { runtime } from '#runtime';
import { PipelineError } from '../../errors.ts';
import { internal } from '../../facade.ts';
import { expectSpareDescriptors } from '../../limits.ts';
import type { Handle } from '../../runtime/port/index.ts';
import { prepareElements } from '../bin-elements.ts';
import { states } from '../message.ts';
import { servingThreads, untilServing } from '../unixfd-threads.ts';
import { Branch, contains, detachWith, isWithin, type Trunk } from './branch.ts';
import { type BranchBin, buildBin } from './branch-bin.ts';
import { BranchRun } from './branch-run.ts';
import { type Junction, junctionAt } from './junction.ts';

const { blocking, c, references } = runtime;

const changeFailure = 0;
const stateNull = states.indexOf('null');

export interface Growth {
  readonly to: string;
  readonly isFatal: boolean;
  readonly drops: boolean;
  /** Whether the caller still waits for the branch. */
  readonly isWanted: () => boolean;
}

/** The branches of a pipeline. */
export class Branches {
  readonly #trunk: Omit<Trunk, 'left'>;
  readonly #all = new Set<Branch>();
  /** Called when a branch has been removed. */
  readonly #gone: () => void;

  constructor(trunk: Omit<Trunk, 'left'>, gone: () => void) {
    this.#trunk = trunk;
    this.#gone = gone;
  }

  [Symbol.iterator](): Iterator<Branch> {
    return this.#all.values();
  }

  /** The innermost branch that an element is in; null for none. */
  around(element: Handle): Branch | null {
    return [...this.#all].reverse().find((branch) => contains(branch, element)) ?? null;
  }

  dispose(): void {
    for (const branch of [...this.#all]) branch.dispose();
  }

  /** Takes over the reference to `element`. */
  async attach(element: Handle, description: string, growth: Growth): Promise<Branch> {
    expectSpareDescriptors('a branch');
    const junction = junctionAt(element, growth.to);
    let made: BranchBin;
    try {
      made = buildBin(description, growth.drops);
    } catch (error) {
      junction.leave();
      throw error;
    }
    const { run, bus } = this.#trunk;
    const branchRun = new BranchRun(made.name, run, bus);
    // Until the branch is attached, its errors reject this call.
    const disown = bus.own({
      owns: (source) => references.identical(source, made.bin) || c.gst_object_has_as_ancestor(source, made.bin),
      take(message) {
        if (message.type === 'error') branchRun.handleMessage(message);
        return message.type === 'error';
      },
    });
    try {
      await this.#start(made, junction, branchRun, growth);
      disown();
      const branch = new Branch(
        internal,
        references.another(made.bin, 'object'),
        { ...this.#trunk, left: (left, isWhole) => this.#left(left, isWhole) },
        made,
        junction,
        branchRun,
        growth.isFatal,
      );
      this.#all.add(branch);
      return branch;
    } catch (caught) {
      const error = branchRun.hasFailedAlone ? branchRun.handledFailure() : caught;
      junction.unlink();
      c.gst_element_set_locked_state(made.bin, true);
      junction.leave();
      await blocking.setState(made.bin, stateNull, null);
      bus.drain();
      disown();
      references.drop(made.pad, 'object', 0);
      references.drop(made.bin, 'object', 0);
      throw error;
    }
  }

  async #start({ bin, pad }: BranchBin, junction: Junction, branchRun: BranchRun, { isWanted }: Growth): Promise<void> {
    const { run, bus } = this.#trunk;
    const { number } = run;
    // The pipeline does not wait for the branch while it changes its state.
    c.gst_element_set_locked_state(bin, true);
    junction.enter(bin);
    const { unixFdSinks } = prepareElements(bin, branchRun);
    let goal = run.goal;
    do {
      goal = run.goal;
      if (goal === 'null') continue;
      const before = unixFdSinks > 0 ? servingThreads() : null;
      const code = await blocking.setState(bin, states.indexOf(goal), null);
      if (unixFdSinks > 0) await untilServing(before === null ? null : before + unixFdSinks);
      bus.drain();
      if (branchRun.hasFailed) throw branchRun.handledFailure();
      if (code === changeFailure) throw new PipelineError(`the branch could not go to ${goal}`);
      if (!isWanted()) throw new PipelineError('nobody waits for the branch any more');
      if (bus.isDisposed || run.isStopped || run.number !== number)
        throw new PipelineError('the pipeline was stopped before the branch was attached');
    } while (goal !== run.goal);
    c.gst_element_set_locked_state(bin, false);
    junction.link(pad);
    if (goal !== 'null') c.gst_bin_recalculate_latency(bin);
  }

  #left(left: Branch, isWhole: boolean | null): void {
    if (isWhole !== null) {
      this.#all.delete(left);
      // Branches that are attached to it leave with it.
      for (const branch of [...this.#all]) if (isWithin(branch, left)) detachWith(branch, isWhole);
    }
    this.#gone();
  }
}

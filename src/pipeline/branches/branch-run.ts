import { runtime } from '#runtime';
import type { PipelineError } from '../../errors.ts';
import type { Bus } from '../bus.ts';
import { Playback } from '../playback.ts';
import { Unheard } from '../unheard.ts';

/** Playback state of a branch. The pipeline's end and failure are the branch's too, but not the other way round. */
export class BranchRun extends Playback {
  readonly #pipeline: Playback;
  #keeps = false;

  constructor(name: string, pipeline: Playback, bus: Bus) {
    const report = (error: Error): void =>
      runtime.diagnostics.warn(
        `the branch ${name} failed, and nobody awaits it: ${error.message}`,
        'GST_ALLOCATORS_BRANCH',
      );
    // The pipeline keeps the process alive.
    super({ hold() {}, drain: () => bus.drain(), isDisposed: false }, new Unheard(report));
    this.#pipeline = pipeline;
    this.holdUp = (asker) => pipeline.holdUp(asker);
  }

  /** Whether the branch itself failed, not its pipeline. */
  get hasFailedAlone(): boolean {
    return super.hasFailed;
  }

  override get hasFailed(): boolean {
    return super.hasFailed || this.#pipeline.hasFailed;
  }

  override failure(): PipelineError {
    return super.hasFailed ? super.failure() : this.#pipeline.failure();
  }

  override handledFailure(): PipelineError {
    return super.hasFailed ? super.handledFailure() : this.#pipeline.handledFailure();
  }

  override markHandled(what: unknown): void {
    super.markHandled(what);
    this.#pipeline.markHandled(what);
  }

  override enterLoop(): () => void {
    const leave = super.enterLoop();
    const leavePipeline = this.#pipeline.enterLoop();
    return () => {
      leave();
      leavePipeline();
    };
  }

  override get keepsFrames(): boolean {
    return this.#keeps || super.keepsFrames;
  }

  /** The appsinks are about to stop: they take out the frames they have. */
  keepFrames(): void {
    this.#keeps = true;
    this.notify();
  }
}

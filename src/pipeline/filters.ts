import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import { internal } from '../facade.ts';
import type { Handle } from '../runtime/port/index.ts';
import { Filter, type FilterBody, type FilterSettings } from './filter.ts';
import { Passing } from './filter-passing.ts';
import { placeBehind } from './filter-place.ts';
import type { Playback } from './playback.ts';

const { references } = runtime;

/** The filters of a pipeline, which follow its state and its seeks. */
export class Filters {
  readonly #playback: Playback;
  readonly #passing = new Map<string, Passing>();

  constructor(playback: Playback) {
    this.#playback = playback;
  }

  /** @param identity a handle; `add` takes it over */
  add(identity: Handle, name: string, body: FilterBody, settings: FilterSettings): Filter {
    try {
      const known = this.#passing.get(name);
      if (known?.owner)
        throw new PipelineError(`${name} has a filter: set the \`body\` of that one, or \`remove()\` it before`);
      const passing = known ?? new Passing(placeBehind(identity, name), name, this.#playback);
      this.#passing.set(name, passing);
      const filter = new Filter(internal, passing, name, body);
      passing.take(filter, body, settings);
      return filter;
    } finally {
      references.drop(identity, 'object', 0);
    }
  }

  /** Whether an element is part of a filter. */
  has(element: Handle): boolean {
    return [...this.#passing.values()].some((passing) => passing.has(element));
  }

  /** Called before the pipeline changes its state. */
  head(isStopping: boolean): void {
    for (const passing of this.#passing.values()) {
      if (isStopping) passing.close();
      else passing.open();
    }
  }

  setLive(isLive: boolean): void {
    for (const passing of this.#passing.values()) passing.setLive(isLive);
  }

  /**
   * Separates frames from before a seek from those after it. A filter's appsrc cannot seek, so the pipeline reports that
   * the seek failed: it was taken if the stream upstream of a filter was flushed.
   */
  async seek(seek: () => Promise<boolean>): Promise<boolean> {
    const all = [...this.#passing.values()];
    for (const passing of all) passing.hold();
    let taken = false;
    try {
      taken = await seek();
    } finally {
      const flushed = await Promise.all(all.map((passing) => passing.resume()));
      taken ||= flushed.includes(true);
    }
    return taken;
  }

  dispose(): void {
    for (const passing of this.#passing.values()) passing.dispose();
    this.#passing.clear();
  }
}

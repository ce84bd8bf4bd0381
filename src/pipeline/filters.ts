import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import { internal } from '../facade.ts';
import type { Handle } from '../runtime/port/index.ts';
import { Filter, type FilterBody, type FilterSettings } from './filter.ts';
import { Passing } from './filter-passing.ts';
import { placeBehind } from './filter-place.ts';
import type { Playback } from './playback.ts';

const { references } = runtime;

/** The filters of a pipeline, which are told of what it does. */
export class Filters {
  readonly #playback: Playback;
  readonly #passing = new Map<string, Passing>();

  constructor(playback: Playback) {
    this.#playback = playback;
  }

  /** @param identity a handle, which is taken over */
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

  /** Whether an element is a part of one. */
  has(element: Handle): boolean {
    return [...this.#passing.values()].some((passing) => passing.has(element));
  }

  /** Before the pipeline goes to another state. */
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
   * Keeps frames of before a seek from those behind it. A filter's appsrc cannot seek, so that a pipeline says it could not:
   * whether the stream before a filter was flushed tells.
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

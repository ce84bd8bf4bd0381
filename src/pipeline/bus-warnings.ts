import { runtime } from '#runtime';
import { detailOf, lineOf, type Message } from './message.ts';

/** Different texts that are remembered: what gets worse and worse must not fill the memory. */
const mostTexts = 100;

/** Passes on what the elements of a pipeline warn of, each text once; texts that differ in numbers alone are one. */
export class BusWarnings {
  readonly #seen = new Set<string>();

  handleMessage(message: Message): void {
    if (message.type !== 'warning') return;
    const what = `${lineOf(message)}: ${detailOf(message)}`;
    const key = what.replace(/\d+/g, '#');
    if (this.#seen.has(key) || this.#seen.size === mostTexts) return;
    this.#seen.add(key);
    runtime.diagnostics.warn(what, 'GST_ALLOCATORS_BUS', message.debug ?? undefined);
  }
}

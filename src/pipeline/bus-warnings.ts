import { runtime } from '#runtime';
import { detailOf, lineOf, type Message } from './message.ts';

/** How many different texts are remembered: their number must not grow without limit. */
const mostTexts = 100;

/** Reports the warnings of a pipeline's elements, each text once; texts that differ only in numbers count as one. */
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

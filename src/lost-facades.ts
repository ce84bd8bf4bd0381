import { runtime } from '#runtime';

/** A collection is followed by none for this many times as long as it took, and for some milliseconds at least. */
const share = 10;
const leastInterval = 20;

let lastEnd = Number.NEGATIVE_INFINITY;
let lastCost = 0;

/**
 * Collects facades that were lost without `dispose()`, for somebody who waits for what they keep. Runs the engine's
 * collector, unless it took more than a part in ten of the time since it last ran for this.
 */
export function collectLost(): void {
  const begin = performance.now();
  if (begin - lastEnd < Math.max(leastInterval, lastCost * share)) return;
  runtime.references.collectLost();
  lastEnd = performance.now();
  lastCost = lastEnd - begin;
}

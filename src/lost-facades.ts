import { runtime } from '#runtime';

/** After a collection none runs for this many times its duration, and for some milliseconds at least. */
const share = 10;
const leastInterval = 20;

let lastEnd = Number.NEGATIVE_INFINITY;
let lastCost = 0;

/**
 * Collects facades that were lost without `dispose()`, for a wait that needs what they keep. Runs the engine's
 * collector, unless it has taken more than a tenth of the time since its last run for this purpose.
 */
export function collectLost(): void {
  const begin = performance.now();
  if (begin - lastEnd < Math.max(leastInterval, lastCost * share)) return;
  runtime.references.collectLost();
  lastEnd = performance.now();
  lastCost = lastEnd - begin;
}

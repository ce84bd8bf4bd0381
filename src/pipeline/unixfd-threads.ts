import { runtime } from '#runtime';
import { pause } from '../wait.ts';

/** Name of the thread in which a `unixfdsink` serves its clients. */
const servingThread = 'unixfdsink';
const lookInterval = 1e6;
/** Nanoseconds for a thread to start, on a machine that is busy. */
const longestStart = 2e9;
/** Nanoseconds for one that may have begun to start in a pipeline that failed. */
export const startOfFailed = 100e6;
/** Nanoseconds where the kernel does not tell what threads do. */
const usualStart = 50e6;

/** How many unixfdsinks of this process serve; null where the kernel does not tell. */
export const servingThreads = (): number | null => runtime.threads.polling(servingThread);

/**
 * Waits until `count` unixfdsinks serve. The element (1.24 to 1.28) tells its thread to end by quitting a main loop;
 * when that has not been entered yet the thread misses it, and going to the null state waits for it for ever.
 */
export async function untilServing(count: number | null, longest = longestStart): Promise<void> {
  if (count === null) return pause(usualStart);
  for (let waited = 0; waited < longest && (servingThreads() ?? count) < count; waited += lookInterval) {
    await pause(lookInterval);
  }
}

import { runtime } from '#runtime';
import { pause } from '../wait.ts';

/** Name of the thread in which a `unixfdsink` serves its clients. */
const servingThread = 'unixfdsink';
const lookInterval = 1e6;
/** Nanoseconds for a thread to start on a busy machine. */
const longestStart = 2e9;
/** Nanoseconds for a thread that may have begun to start in a pipeline that failed. */
export const startOfFailed = 100e6;
/** Nanoseconds to wait where the kernel does not show what threads do. */
const usualStart = 50e6;

/** Number of unixfdsinks in this process that serve clients; null where the kernel does not show it. */
export const servingThreads = (): number | null => runtime.threads.polling(servingThread);

/**
 * Waits until `count` unixfdsinks serve clients. The element (1.24 to 1.28) ends its thread by quitting a main loop. If
 * the thread has not entered that loop yet, it misses this, and going to NULL waits for it for ever.
 */
export async function untilServing(count: number | null, longest = longestStart): Promise<void> {
  if (count === null) return pause(usualStart);
  for (let waited = 0; waited < longest && (servingThreads() ?? count) < count; waited += lookInterval) {
    await pause(lookInterval);
  }
}

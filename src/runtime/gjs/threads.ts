import type { Threads } from '../port/index.ts';
import { proc } from './proc.ts';

export const threads: Threads = {
  // Nothing can be posted to another thread.
  keepHere() {},
  stopAtEnd() {},
  stopped() {},
  polling: proc.threadsInPoll,
};

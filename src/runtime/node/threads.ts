import workerThreads from 'node:worker_threads';
import type { Threads } from '../port/index.ts';
import { address } from './marshal.ts';
import { proc } from './proc.ts';
import { stoppedInThread, stopWithThread } from './worker-exit.ts';

// Node.js has it from 22.10 on.
const { markAsUncloneable } = workerThreads;

export const threads: Threads = {
  keepHere: markAsUncloneable ?? (() => {}),
  stopAtEnd: (pipeline) => stopWithThread(address(pipeline)),
  stopped: (pipeline) => stoppedInThread(address(pipeline)),
  polling: proc.threadsInPoll,
};

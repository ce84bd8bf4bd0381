import { readdirSync, readFileSync } from 'node:fs';
import workerThreads from 'node:worker_threads';
import type { Threads } from '../port/index.ts';
import { isPolling } from '../thread-state.ts';
import { address } from './marshal.ts';
import { stoppedInThread, stopWithThread } from './worker-exit.ts';

// Before Node.js 22.10 there is no such function.
const { markAsUncloneable } = workerThreads;

export const threads: Threads = {
  keepHere: markAsUncloneable ?? (() => {}),
  stopAtEnd: (pipeline) => stopWithThread(address(pipeline)),
  stopped: (pipeline) => stoppedInThread(address(pipeline)),
  polling(name) {
    try {
      return readdirSync('/proc/self/task').filter((thread) => {
        const isNamed = readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim() === name;
        return isNamed && isPolling(readFileSync(`/proc/self/task/${thread}/syscall`, 'utf8'));
      }).length;
    } catch {
      return null;
    }
  },
};

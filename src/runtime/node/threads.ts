import { readdirSync, readFileSync } from 'node:fs';
import type { Threads } from '../runtime.ts';
import { isPolling } from '../thread-state.ts';
import { address } from './functions.ts';
import { stoppedInThread, stopWithThread } from './thread-end.ts';

export const threads: Threads = {
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

import type { Processes } from '../port/index.ts';

const exits = new Set<() => void>();
const runExits = (): void => {
  for (const callback of exits) callback();
};

export const processes: Processes = {
  id: process.pid,
  isAlive(id) {
    try {
      process.kill(id, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  atExit(callback) {
    if (exits.size === 0) process.on('exit', runExits);
    exits.add(callback);
    return () => {
      exits.delete(callback);
      if (exits.size === 0) process.off('exit', runExits);
    };
  },
};

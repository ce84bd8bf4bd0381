import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { GstError } from '../../errors.ts';
import { endDead } from '../dead-connections.ts';
import type { Sockets } from '../port/index.ts';
import { connections } from './dead-connections.ts';
import { proc } from './proc.ts';
import { relay } from './relay.ts';

const pathOnly = 0o10000000; // O_PATH
const sticky = 0o1000;

function openFile(path: string): number {
  try {
    return openSync(path, pathOnly | constants.O_NOFOLLOW);
  } catch (cause) {
    throw new GstError(`expected a socket, got ${path}, which is none`, { cause, detail: (cause as Error).message });
  }
}

export const sockets: Sockets = {
  async probe(path) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) return 'absent';
    if (!stat.isSocket()) return 'not a socket';
    if (sockets.listener(path) !== null) return 'live';
    return new Promise((resolve) => {
      const socket = connect(path);
      socket.on('connect', () => {
        socket.destroy();
        resolve('live');
      });
      socket.on('error', ({ code }: NodeJS.ErrnoException) => {
        resolve(code === 'ECONNREFUSED' ? 'stale' : code === 'ENOENT' ? 'absent' : 'live');
      });
    });
  },
  listener: (path) => proc.listenerAt(path),
  relay,
  endDead: (path) => endDead(path, proc, connections),
  remove(path) {
    try {
      rmSync(path, { force: true });
    } catch (cause) {
      throw new GstError(`${path} could not be removed`, { cause, detail: (cause as Error).message });
    }
  },
  isOpenToAll(path) {
    const mode = statSync(dirname(path), { throwIfNoEntry: false })?.mode ?? 0;
    return (mode & (constants.S_IWOTH | sticky)) === constants.S_IWOTH;
  },
  setMode(path, mode) {
    const fd = openFile(path);
    try {
      if (!fstatSync(fd).isSocket()) throw new GstError(`expected a socket, got ${path}, which is none`);
      chmodSync(`/proc/self/fd/${fd}`, mode);
    } finally {
      closeSync(fd);
    }
  },
};

import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Sockets } from '../runtime.ts';
import { isListenedAt } from '../unix-sockets.ts';

export const sockets: Sockets = {
  async probe(path) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) return 'absent';
    if (!stat.isSocket()) return 'not a socket';
    if (isListenedAt(path, readFileSync('/proc/net/unix', 'utf8'))) return 'live';
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
  remove: (path) => rmSync(path, { force: true }),
};

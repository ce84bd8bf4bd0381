import { closeSync, openSync, readlinkSync } from 'node:fs';
import type { Connections } from '../dead-connections.ts';
import { libcFunction } from './ffi.ts';

const peek = 0x02 | 0x40; // MSG_PEEK | MSG_DONTWAIT
const closeOnExec = 0o2000000; // O_CLOEXEC

const receive = libcFunction('long recv(int fd, void *bytes, size_t size, int flags)');
const duplicate = libcFunction('int dup3(int from, int to, int flags)');

export const connections: Connections = {
  link(fd) {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return null;
    }
  },
  isAtEnd: (fd) => receive(fd, new Uint8Array(1), 1, peek) === 0,
  replace(fd) {
    const nothing = openSync('/dev/null', 'r');
    duplicate(nothing, fd, closeOnExec);
    closeSync(nothing);
  },
};

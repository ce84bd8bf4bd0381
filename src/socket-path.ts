/** Paths of sockets. */
import { expectString, outOfRange } from './expect.ts';
import type { Sockets } from './runtime/port/index.ts';

/** Bytes of `sun_path` in `struct sockaddr_un`, without the NUL at its end. */
const longest = 107;

const bytesOf = (path: string): number => new TextEncoder().encode(path).length;

/** Whether the address of a socket has room for a path. */
export const fitsAddress = (path: string): boolean => bytesOf(path) <= longest;

export function expectSocketPath(path: string): string {
  expectString('path', path);
  if (path === '' || !fitsAddress(path)) throw outOfRange('path', `from 1 to ${longest} bytes long`, path);
  return path;
}

/** Only the user who makes a socket may connect to it. */
export const socketMode = 0o600;

/**
 * Why a socket must not be made at a path; null if it may. In a folder that everybody can write to, another user can
 * replace it.
 */
export function objectionTo(path: string, sockets: Sockets): string | null {
  return sockets.isOpenToAll(path)
    ? `expected a folder in which nobody can remove other users' files, got ${path} in one that is writable for all and not sticky`
    : null;
}

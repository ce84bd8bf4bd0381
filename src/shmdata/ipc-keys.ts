/** Derives the keys of memory and semaphores from a path: the socket does not carry them. */
import { runtime } from '#runtime';
import { UnavailableError } from '../errors.ts';
import type { PathIdentity, SystemV } from '../runtime/port/index.ts';

const memoryProject = 0x6e; // 'n'
const semaphoresProject = 0x6d; // 'm'

/** Returns SysV IPC, or throws the reason why there is none. */
export function needSystemV(): SystemV {
  if (runtime.systemV) return runtime.systemV;
  throw new UnavailableError('this engine has no way to SysV shared memory');
}

export interface Keys {
  memory: number;
  semaphores: number;
}

/** `ftok(path, 'n')` and `ftok(path, 'm')` */
export function keysOf({ device, inode }: PathIdentity): Keys {
  const low = Number(((device & 0xffn) << 16n) | (inode & 0xffffn));
  return { memory: (memoryProject << 24) | low, semaphores: (semaphoresProject << 24) | low };
}

export const isSame = (a: PathIdentity | null, b: PathIdentity): boolean =>
  a !== null && a.device === b.device && a.inode === b.inode;

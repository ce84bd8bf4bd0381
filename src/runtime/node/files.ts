import { linkSync, lstatSync, readdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import type { Files } from '../port/index.ts';

/** 0, or −errno of the error that a file function threw. */
function attempt(change: () => void): number {
  try {
    change();
    return 0;
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    return errno;
  }
}

export const files: Files = {
  identify(path, followLinks) {
    try {
      const found = (followLinks ? statSync : lstatSync)(path, { bigint: true });
      return { device: found.dev, inode: found.ino, isSocket: found.isSocket() };
    } catch {
      return null;
    }
  },
  link: (path, name) => attempt(() => linkSync(path, name)),
  rename: (path, name) => attempt(() => renameSync(path, name)),
  unlink: (path) => attempt(() => unlinkSync(path)),
  list(folder) {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
};

import { accessSync, closeSync, constants, existsSync, fstatSync, ftruncateSync, statfsSync, statSync } from 'node:fs';
import { GstError } from '../../errors.ts';
import { type Descriptors, forbidden } from '../port/descriptors.ts';
import { libcFunction } from './ffi.ts';
import koffi from './koffi.ts';
import { proc } from './proc.ts';

const duplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
const closeOnExec = 1; // MFD_CLOEXEC
const allowSealing = 2; // MFD_ALLOW_SEALING
const fcntl = libcFunction('int fcntl(int fd, int command, int argument)');
const create = libcFunction('int memfd_create(const char *name, unsigned int flags)');

export const descriptors: Descriptors = {
  inspect(fd) {
    try {
      const stat = fstatSync(fd);
      if (stat.isFile()) return proc.dmaBuf(fd) ?? { kind: 'file', size: stat.size };
      if (stat.isFIFO()) return { kind: 'pipe', size: null };
      if (stat.isSocket()) return { kind: 'socket', size: null };
      if (stat.isDirectory()) return { kind: 'directory', size: null };
      if (stat.isCharacterDevice()) return { kind: 'character device', size: null };
      if (stat.isBlockDevice()) return { kind: 'block device', size: null };
      return proc.dmaBuf(fd) ?? { kind: 'other', size: null };
    } catch {
      return null;
    }
  },
  freeSpace(folder) {
    try {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  },
  spare: () => proc.spareFiles(),
  size(fd) {
    try {
      return fstatSync(fd).size;
    } catch {
      return null;
    }
  },
  duplicate(fd) {
    const copy = fcntl(fd, duplicateCloseOnExec, 0) as number;
    if (copy < 0) throw new GstError(`fd ${fd} could not be duplicated`, { detail: errnoName(koffi.errno()) });
    return copy;
  },
  memory(name, size) {
    const fd = create(name, closeOnExec | allowSealing) as number;
    if (fd < 0) throw new GstError(`the memfd ${name} could not be made`, { detail: errnoName(koffi.errno()) });
    try {
      ftruncateSync(fd, size);
    } catch (cause) {
      closeSync(fd);
      throw new GstError(`the memfd ${name} could not have ${size} bytes`, { cause, detail: (cause as Error).message });
    }
    return fd;
  },
  close(fd) {
    try {
      closeSync(fd);
    } catch (cause) {
      throw new GstError(`fd ${fd} is not open`, { cause, detail: (cause as Error).message });
    }
  },
  access(path) {
    if (!existsSync(path)) return { usable: false, found: 'missing' };
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
      return { usable: true, found: 'usable' };
    } catch {
      return { usable: false, found: forbidden(statSync(path)) };
    }
  },
};

export function errnoName(errno: number): string {
  const found = Object.entries(koffi.os.errno).find(([, value]) => value === errno);
  return found ? `${found[0]} (errno ${errno})` : `errno ${errno}`;
}

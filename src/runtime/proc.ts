/** Reads `/proc` about this process, for both engines; each brings its own access to files. */
import type { DescriptorInfo } from './port/index.ts';

/** How an engine reads files. */
export interface ProcFiles {
  /** The text of a file. Throws if there is none, or if no fd is left to open it. */
  read(path: string): string;
  /** The names in a folder. Throws as `read` does. */
  names(folder: string): string[];
  exists(path: string): boolean;
}

/** A socket that is bound to a path, or was accepted there. */
export interface SocketRow {
  isListening: boolean;
  /** Its inode number. */
  inode: string;
}

/** Flag of a socket that listens (`__SO_ACCEPTCON`). */
const listening = 0x10000;
/** Numbers of poll and ppoll on x86-64, and of ppoll on arm64. */
const pollCalls = new Set([7, 271, 73]);
/** Bytes of address space that are reserved for other threads. */
const reserve = 64 * 2 ** 20;

const infinite = Number.POSITIVE_INFINITY;

export type Proc = ReturnType<typeof procOf>;

export function procOf({ read, names, exists }: ProcFiles) {
  const textOf = (path: string): string => {
    try {
      return read(path);
    } catch {
      return '';
    }
  };
  const limit = (name: string, limits: string): number =>
    Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(limits)?.[1] ?? infinite);
  let addressSpace: number | undefined;

  return {
    /** How many more files this process may open; infinite if the kernel does not report it. */
    spareFiles(): number {
      try {
        return limit('Max open files', read('/proc/self/limits')) - names('/proc/self/fd').length;
      } catch {
        // Without a free fd, this file cannot be read either.
        return exists('/proc/self/limits') ? 0 : infinite;
      }
    },

    /** Bytes of address space that this process may still take (`ulimit -v`). */
    addressSpaceLeft(): number {
      addressSpace ??= limit('Max address space', textOf('/proc/self/limits'));
      if (addressSpace === infinite) return infinite;
      const [, used = '0'] = /^VmSize:\s+(\d+) kB/m.exec(textOf('/proc/self/status')) ?? [];
      return Math.max(0, addressSpace - Number(used) * 1024 - reserve);
    },

    /** Bytes of memory of the machine, or of its control group if that has less. */
    machineMemory: (): number =>
      Math.min(
        (Number(/^MemTotal:\s*(\d+)/m.exec(textOf('/proc/meminfo'))?.[1]) || infinite) * 1024,
        Number.parseInt(textOf('/sys/fs/cgroup/memory.max'), 10) || infinite,
      ),

    /** A dma-buf by its fd: only newer kernels report its size by `stat`. Null for anything else. */
    dmaBuf(fd: number): DescriptorInfo | null {
      const text = read(`/proc/self/fdinfo/${fd}`);
      const exporter = /^exp_name:\s*(.*)$/m.exec(text)?.[1];
      if (exporter === undefined) return null;
      const size = /^size:\s*(\d+)/m.exec(text)?.[1];
      return { kind: 'dmabuf', size: size === undefined ? null : Number(size), exporter };
    },

    /** Number of threads of a name that sleep in `poll`; null if the kernel does not report it. */
    threadsInPoll(name: string): number | null {
      try {
        return names('/proc/self/task').filter(
          (thread) =>
            read(`/proc/self/task/${thread}/comm`).trim() === name &&
            pollCalls.has(Number.parseInt(read(`/proc/self/task/${thread}/syscall`), 10)),
        ).length;
      } catch {
        return null;
      }
    },

    /** The sockets of a path in this network namespace. */
    *socketsAt(path: string): Generator<SocketRow> {
      for (const line of read('/proc/net/unix').split('\n')) {
        if (!line.endsWith(` ${path}`)) continue;
        // Num RefCount Protocol Flags Type State Inode Path
        const [, , , flags = '', , , inode = ''] = line.trim().split(/\s+/);
        yield { isListening: (Number.parseInt(flags, 16) & listening) !== 0, inode };
      }
    },

    /**
     * The socket that listens at a path; null for none. The listener does not notice, unlike a connection: `shmsink`
     * fails when a client leaves at once.
     */
    listenerAt(path: string): string | null {
      for (const { isListening, inode } of this.socketsAt(path)) if (isListening) return inode;
      return null;
    },

    /** The numbers of this process's open fds. */
    openFiles: (): number[] => names('/proc/self/fd').map(Number),
  };
}

/** What the kernel says of file descriptors and device nodes, read and worded for both engines alike. */
import type { DescriptorInfo } from './port/index.ts';

/** `/proc/self/fdinfo` describes a dma-buf, its size included: `stat` gives that on newer kernels only. */
export function dmaBufInfo(fdinfo: string): DescriptorInfo | null {
  const exporter = /^exp_name:\s*(.*)$/m.exec(fdinfo)?.[1];
  if (exporter === undefined) return null;
  const size = /^size:\s*(\d+)/m.exec(fdinfo)?.[1];
  return { kind: 'dmabuf', size: size === undefined ? null : Number(size), exporter };
}

/** Of a node that this user may not open. */
export function forbidden({ mode, uid, gid }: { mode: number; uid: number; gid: number }): string {
  return `forbidden to this user (mode ${(mode & 0o7777).toString(8).padStart(4, '0')}, owner ${uid}, group ${gid})`;
}

/** How many files a process may have open at once, by what `/proc/self/limits` says. */
export const openLimit = (limits: string): number =>
  Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);

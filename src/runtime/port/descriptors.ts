export interface DescriptorInfo {
  kind: 'file' | 'directory' | 'character device' | 'block device' | 'pipe' | 'socket' | 'dmabuf' | 'other';
  /** Bytes that can be mapped; null if the kernel does not report it. */
  size: number | null;
  /** The driver that exported a dma-buf. */
  exporter?: string;
}

/** File descriptors. */
export interface Descriptors {
  /** Kind and size of the file behind the fd; null when it is not open. */
  inspect(fd: number): DescriptorInfo | null;
  /** Free bytes in the file system of a folder; infinite if it does not report them. */
  freeSpace(folder: string): number;
  /**
   * How many more fds this process may open; infinite if the system does not report it. If they are fewer than
   * `wanted`, references that wait for a collector are freed first.
   */
  spare(wanted: number): number;
  /** The size by `fstat`, 0 for a file without one; null when the fd is not open. */
  size(fd: number): number | null;
  /** A duplicate with close-on-exec. @throws GstError for an fd that is not open, and when no fd is left */
  duplicate(fd: number): number;
  /**
   * An anonymous file of `size` bytes (`memfd_create`); in GJS without the name, and a few bytes larger.
   * @throws GstError when it cannot be made
   */
  memory(name: string, size: number): number;
  /** @throws GstError for an fd that is not open */
  close(fd: number): void;
  /** Whether a device can be opened for reading and writing; `found` completes "it is …". */
  access(path: string): { usable: boolean; found: string };
}

/** Completes "it is …" for a device that this user may not open. */
export function forbidden({ mode, uid, gid }: { mode: number; uid: number; gid: number }): string {
  return `forbidden to this user (mode ${(mode & 0o7777).toString(8).padStart(4, '0')}, owner ${uid}, group ${gid})`;
}

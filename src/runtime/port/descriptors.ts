export interface DescriptorInfo {
  kind: 'file' | 'directory' | 'character device' | 'block device' | 'pipe' | 'socket' | 'dmabuf' | 'other';
  /** Bytes that can be mapped; null where the kernel does not tell. */
  size: number | null;
  /** Of a dma-buf: the driver it comes from. */
  exporter?: string;
}

/** File descriptors. */
export interface Descriptors {
  /** What the fd is; null when it is not open. */
  inspect(fd: number): DescriptorInfo | null;
  /** Bytes that are free in the file system of a folder; infinite where it does not tell. */
  freeSpace(folder: string): number;
  /**
   * How many more this process may open; infinite where the system does not tell. Where they are fewer than `wanted`, what
   * waits for a collector is freed first.
   */
  spare(wanted: number): number;
  /** The size as `fstat` gives it, 0 for what has none; null when it is not open. */
  size(fd: number): number | null;
  /** A duplicate with close-on-exec. @throws GstError for an fd that is not open, and when no fd is left */
  duplicate(fd: number): number;
  /**
   * A file in memory alone (`memfd_create`) of that many bytes; in GJS, without a name of its own and a few bytes larger.
   * @throws GstError when it cannot be made
   */
  memory(name: string, size: number): number;
  /** @throws GstError for an fd that is not open */
  close(fd: number): void;
  /** Whether a device can be opened for reading and writing; `found` completes a sentence: it is … */
  access(path: string): { usable: boolean; found: string };
}

/** Completes "it is …" for a device that this user may not open. */
export function forbidden({ mode, uid, gid }: { mode: number; uid: number; gid: number }): string {
  return `forbidden to this user (mode ${(mode & 0o7777).toString(8).padStart(4, '0')}, owner ${uid}, group ${gid})`;
}

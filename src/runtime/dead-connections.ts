/**
 * Ends connections whose peers are gone, for elements that do not notice: when a peer dies in the middle of a message,
 * `unixfdsink` of GStreamer 1.28 reads in an endless loop, holds its lock meanwhile, and cannot be stopped.
 */
import type { Proc } from './proc.ts';

/** The engine's part. */
export interface Connections {
  /** The link of the fd in `/proc`; null when it is closed. */
  link(fd: number): string | null;
  /** Whether the peer of a socket is gone, and nothing is left to read. */
  isAtEnd(fd: number): boolean;
  /** Replaces a socket with `/dev/null`, from which receiving fails. The owner of the fd closes it as before. */
  replace(fd: number): void;
}

/**
 * By path, the connections that were at EOF at the last call, as `fd inode`: an element that notices closes them at
 * once.
 */
const suspects = new Map<string, Set<string>>();

/** Makes reads fail on connections at a path that were also at EOF at the previous call. */
export function endDead(path: string, proc: Proc, connections: Connections): void {
  const accepted = new Set<string>();
  for (const { isListening, inode } of proc.socketsAt(path)) if (!isListening) accepted.add(`socket:[${inode}]`);
  const found = new Set<string>();
  for (const fd of proc.openFiles()) {
    const link = connections.link(fd);
    if (link === null || !accepted.has(link) || !connections.isAtEnd(fd)) continue;
    const dead = `${fd} ${link}`;
    if (suspects.get(path)?.has(dead)) connections.replace(fd);
    else found.add(dead);
  }
  if (found.size > 0) suspects.set(path, found);
  else suspects.delete(path);
}

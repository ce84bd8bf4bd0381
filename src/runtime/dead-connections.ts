/**
 * Connections whose peers are gone, for elements that do not notice: of a peer that dies in the midst of a message
 * `unixfdsink` of GStreamer 1.28 asks for the rest without end, holds its lock meanwhile, and cannot be stopped.
 */
import { socketsAt } from './unix-sockets.ts';

/** What the engine has for it. */
export interface Connections {
  /** `/proc/net/unix`. */
  table(): string;
  /** The numbers of this process's open fds. */
  open(): number[];
  /** What `/proc` says the fd is of; null when it is closed. */
  link(fd: number): string | null;
  /** Whether the peer of a socket is gone, and nothing of it is left to be read. */
  isAtEnd(fd: number): boolean;
  /** Puts what is no socket, and so cannot be received from, in the place of one. Whoever has the fd closes it as before. */
  replace(fd: number): void;
}

/** By path, those that were at their end at the last look, as `fd inode`: an element that notices lets them go at once. */
const suspects = new Map<string, Set<string>>();

/** Lets receiving fail from connections at a path that were at their end at the look before, too. */
export function endDead(path: string, connections: Connections): void {
  const accepted = new Set<string>();
  for (const { isListening, inode } of socketsAt(path, connections.table()))
    if (!isListening) accepted.add(`socket:[${inode}]`);
  const found = new Set<string>();
  for (const fd of connections.open()) {
    const link = connections.link(fd);
    if (link === null || !accepted.has(link) || !connections.isAtEnd(fd)) continue;
    const dead = `${fd} ${link}`;
    if (suspects.get(path)?.has(dead)) connections.replace(fd);
    else found.add(dead);
  }
  if (found.size > 0) suspects.set(path, found);
  else suspects.delete(path);
}

/**
 * Connections whose peers are gone, for elements that do not notice: of a peer that dies in the midst of a message
 * `unixfdsink` of GStreamer 1.28 asks for the rest without end, holds its lock meanwhile, and cannot be stopped.
 */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { socketsAt } from '../unix-sockets.ts';
import { libcFunction } from './library.ts';

const peek = 0x02 | 0x40; // MSG_PEEK | MSG_DONTWAIT
const closeOnExec = 0o2000000; // O_CLOEXEC

const receive = libcFunction('long recv(int fd, void *bytes, size_t size, int flags)');
const replace = libcFunction('int dup3(int from, int to, int flags)');

/** By path, those that were at their end at the last look, as `fd inode`: an element that notices lets them go at once. */
const suspects = new Map<string, Set<string>>();

export function endDead(path: string): void {
  const accepted = new Set<string>();
  for (const { isListening, inode } of socketsAt(path, readFileSync('/proc/net/unix', 'utf8')))
    if (!isListening) accepted.add(inode);
  const found = new Set<string>();
  for (const name of readdirSync('/proc/self/fd')) {
    const inode = inodeOf(name);
    if (inode === null || !accepted.has(inode) || receive(Number(name), new Uint8Array(1), 1, peek) !== 0) continue;
    const dead = `${name} ${inode}`;
    if (suspects.get(path)?.has(dead)) makeFail(Number(name));
    else found.add(dead);
  }
  if (found.size > 0) suspects.set(path, found);
  else suspects.delete(path);
}

/** Of a socket; null for another fd, or none any more. */
function inodeOf(fd: string): string | null {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** What is no socket cannot be received from. Whoever has the fd closes it as before. */
function makeFail(fd: number): void {
  const nothing = openSync('/dev/null', 'r');
  replace(nothing, fd, closeOnExec);
  closeSync(nothing);
}

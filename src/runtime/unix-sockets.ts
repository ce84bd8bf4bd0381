/** Flag of a socket that listens (`__SO_ACCEPTCON`), in the kernel's table. */
const listening = 0x10000;

interface Row {
  isListening: boolean;
  /** The socket's number. */
  inode: string;
}

/** What is bound to a path, or was accepted there. */
export function* socketsAt(path: string, table: string): Generator<Row> {
  for (const line of table.split('\n')) {
    if (!line.endsWith(` ${path}`)) continue;
    // Num RefCount Protocol Flags Type State Inode Path
    const [, , , flags = '', , , inode = ''] = line.trim().split(/\s+/);
    yield { isListening: (Number.parseInt(flags, 16) & listening) !== 0, inode };
  }
}

/**
 * Which socket listens at a path, by its number in the kernel's table of unix sockets (`/proc/net/unix`); null for none.
 * Unlike connecting, that goes unnoticed: `shmsink` fails when a client leaves at once. Only this network namespace's
 * sockets are in it.
 */
export function listenerAt(path: string, table: string): string | null {
  for (const { isListening, inode } of socketsAt(path, table)) if (isListening) return inode;
  return null;
}

/** Where relays wait, each in a folder of its own: there where frames are shared without fds, and short enough for an address. */
export const relayFolder = '/dev/shm/gst-allocators-relay-';

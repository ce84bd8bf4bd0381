/** Flag of a socket that listens (`__SO_ACCEPTCON`), in the kernel's table. */
const listening = 0x10000;

/**
 * Whether the kernel's table of unix sockets (`/proc/net/unix`) has one that listens at a path. Unlike connecting, that
 * goes unnoticed: `shmsink` fails when a client leaves at once. Only this network namespace's sockets are in it.
 */
export function isListenedAt(path: string, table: string): boolean {
  for (const line of table.split('\n')) {
    // Num RefCount Protocol Flags Type State Inode Path
    if (!line.endsWith(` ${path}`)) continue;
    if (Number.parseInt(line.trim().split(/\s+/)[3] ?? '', 16) & listening) return true;
  }
  return false;
}

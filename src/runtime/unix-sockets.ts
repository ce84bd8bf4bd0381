/** Flag of a socket that listens (`__SO_ACCEPTCON`), in the kernel's table. */
const listening = 0x10000;

/**
 * Which socket listens at a path, by its number in the kernel's table of unix sockets (`/proc/net/unix`); null for none.
 * Unlike connecting, that goes unnoticed: `shmsink` fails when a client leaves at once. Only this network namespace's
 * sockets are in it.
 */
export function listenerAt(path: string, table: string): string | null {
  for (const line of table.split('\n')) {
    if (!line.endsWith(` ${path}`)) continue;
    // Num RefCount Protocol Flags Type State Inode Path
    const columns = line.trim().split(/\s+/);
    if (Number.parseInt(columns[3] ?? '', 16) & listening) return columns[6] ?? null;
  }
  return null;
}

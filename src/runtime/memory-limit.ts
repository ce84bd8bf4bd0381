/** Bytes that other threads may need meanwhile. */
const reserve = 64 * 2 ** 20;

/** Bytes of address space this process may have, by what `/proc/self/limits` says (`ulimit -v`). */
export const addressSpaceLimit = (limits: string): number =>
  Number(/^Max address space\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);

/** What is left of it, by `/proc/self/status`, which counts kibibytes whatever the size of a page is. */
export const addressSpaceLeft = (limit: number, status: string): number =>
  Math.max(0, limit - Number(/^VmSize:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024 - reserve);

/** Bytes that other threads may need meanwhile. */
const reserve = 64 * 2 ** 20;

/** Bytes of address space this process may have, by what `/proc/self/limits` says (`ulimit -v`). */
export const addressSpaceLimit = (limits: string): number =>
  Number(/^Max address space\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);

/** What is left of it, by `/proc/self/statm`, whose first number counts pages. */
export const addressSpaceLeft = (limit: number, statm: string): number =>
  Math.max(0, limit - Number.parseInt(statm, 10) * pageSize - reserve);

/** Larger where the kernel was built for that; the limit is then met later, by the system itself. */
const pageSize = 4096;

/** Numbers of poll and ppoll on x86-64, and of ppoll on arm64. */
const pollCalls = new Set([7, 271, 73]);

/** Whether a thread is in `poll`, by the text of its `/proc/self/task/…/syscall`. */
export const isPolling = (syscall: string): boolean => pollCalls.has(Number.parseInt(syscall, 10));

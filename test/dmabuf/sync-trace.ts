/** What the kernel noted of `DMA_BUF_IOCTL_SYNC`. */
import { host } from '#host';
import { readText } from './open-dma-bufs.ts';

export const tracing = '/sys/kernel/debug/tracing';
const request = '0x40086200';

/** Flags of all that this process has asked for, in their order: 1 read, 2 write, and 4 for the end. */
function noted(): number[] {
  const line = new RegExp(`-${host.processId} .* sync: .*request=${request} flags=(0x[0-9a-f]+)`, 'g');
  return [...readText(`${tracing}/trace`).matchAll(line)].map(([, flags]) => Number(flags));
}

/** What `action` has the drivers told. */
export function syncsOf(action: () => void): number[] {
  const before = noted().length;
  action();
  return noted().slice(before);
}

export function isTraced(): boolean {
  try {
    return readText(`${tracing}/events/gst_allocators/sync/enable`).startsWith('1');
  } catch {
    return false;
  }
}

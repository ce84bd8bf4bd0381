/** Dma-bufs of the kernel's own making for the specs of this folder, which inherit them from `run.ts`. */
import { host } from '#host';

/** Where they come from: the pages of a memfd, and the system heap. */
export const sources = ['udmabuf', 'system'] as const;
export type Source = (typeof sources)[number];

/** Bytes of each. */
export const dmaBufSize = 256 * 1024;
/** How many there are of each source. */
export const copies = 4;

/** In the environment: the fd of the first; the others follow it, by source. */
export const dmaBufVariable = 'GST_ALLOCATORS_DMABUFS';
export const firstDmaBuf = 3;

/** One of them, `index` below `copies`; the fd is the test's to close. What it holds is what the last test left there. */
export function takeDmaBuf(source: Source, index = 0): number {
  const first = Number(host.environment(dmaBufVariable));
  if (!first) throw new Error('expected inherited dma-bufs: these specs run through `npm run test:dmabuf`');
  return host.duplicate(first + sources.indexOf(source) * copies + index);
}

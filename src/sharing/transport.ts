import { expectString, outOfRange } from '../expect.ts';

/** How frames get to another process. */
export interface Transport {
  /** gst-launch names of the two ends. */
  sink: string;
  source: string;
  /** Whether frames arrive in the memory they were written to; else in a copy. */
  isShared: boolean;
  /** Whether caps travel with the frames; else the reader has to know them. */
  carriesCaps: boolean;
}

export type TransportName = 'unixfd' | 'shm';

/**
 * `unixfd` (`unixfdsink`, `unixfdsrc`) passes the fd of each frame, with caps and timestamps.
 * `shm` (`shmsink`, `shmsrc`) copies bytes into one area; older and simpler, for programs that support nothing else.
 */
const transports: Record<TransportName, Transport> = {
  unixfd: { sink: 'unixfdsink', source: 'unixfdsrc', isShared: true, carriesCaps: true },
  shm: { sink: 'shmsink', source: 'shmsrc', isShared: false, carriesCaps: false },
};

export function transportOf(name: TransportName): Transport {
  const found = Object.hasOwn(transports, expectString('transport', name)) && transports[name];
  if (!found) throw outOfRange('transport', `one of ${Object.keys(transports).join(', ')}`, name);
  return found;
}

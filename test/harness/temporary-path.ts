import { host } from '#host';

let count = 0;

/** A path that no other spec has, for a socket or a file; whoever makes it takes it away. */
export const temporaryPath = (name: string): string =>
  `${host.temporaryFolder}/gst-allocators-${host.processId}-${count++}-${name}`;

import { host } from '#host';

let count = 0;

/** A path that no other spec uses, for a socket or a file. The spec that creates the file removes it. */
export const temporaryPath = (name: string): string =>
  `${host.temporaryFolder}/gst-allocators-${host.processId}-${count++}-${name}`;

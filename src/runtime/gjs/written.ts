/** Memories that a mapping of ours writes, by their addresses: GStreamer does not say, and complains where they are to be shared. */

/** Whether no buffer had it when it was mapped; none gets it as long as it is. */
const standalone = new Map<string, boolean>();

export const isWritten = (address: string): boolean => standalone.has(address);
export const isAnyWritten = (): boolean => standalone.size > 0;
/** Undefined for one that is not written. */
export const isWrittenAlone = (address: string): boolean | undefined => standalone.get(address);

export function beginWriting(address: string, isStandalone: boolean): void {
  standalone.set(address, isStandalone);
}

export function endWriting(address: string): void {
  standalone.delete(address);
}

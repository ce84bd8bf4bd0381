/**
 * The open mappings of this program, by address: introspection does not offer them, and GStreamer warns when memory
 * that is mapped for writing is shared.
 */

/** Memories that are mapped for writing, and whether one was in no buffer then; it is put into none meanwhile. */
const standalone = new Map<string, boolean>();
/** Memories and buffers that are mapped for reading, and how often. */
const reading = new Map<string, number>();

export const isWritten = (address: string): boolean => standalone.has(address);
export const isAnyWritten = (): boolean => standalone.size > 0;
/** Undefined for memory that is not mapped for writing. */
export const isWrittenAlone = (address: string): boolean | undefined => standalone.get(address);

export function beginWriting(address: string, isStandalone: boolean): void {
  standalone.set(address, isStandalone);
}

export function endWriting(address: string): void {
  standalone.delete(address);
}

export const isRead = (address: string): boolean => reading.has(address);

export function beginReading(address: string): void {
  reading.set(address, (reading.get(address) ?? 0) + 1);
}

export function endReading(address: string): void {
  const count = reading.get(address) ?? 0;
  if (count > 1) reading.set(address, count - 1);
  else reading.delete(address);
}

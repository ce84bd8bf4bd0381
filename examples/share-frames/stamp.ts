/** The stamp that the producer writes at the start of each frame, and the consumer checks. */

export const stampBytes = 16;
const magic = 0x47535441; // "GSTA"
/** Index of the frames that only test whether the consumer listens. */
export const greeting = 0xffffffff;

export function writeStamp(bytes: Uint8Array, index: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, stampBytes);
  view.setUint32(0, magic);
  view.setUint32(4, index);
  view.setUint32(8, index ^ magic);
  view.setUint32(12, Math.imul(index, 2654435761));
}

/** The index of the frame; null when the stamp is damaged. */
export function readStamp(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, stampBytes);
  const index = view.getUint32(4);
  const whole =
    view.getUint32(0) === magic &&
    view.getUint32(8) === (index ^ magic) >>> 0 &&
    view.getUint32(12) === Math.imul(index, 2654435761) >>> 0;
  return whole ? index : null;
}

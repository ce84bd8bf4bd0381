/** Frames carry their number, at their first bytes and again at the last ones. */
export function stamp(bytes: Uint8Array, number: number): void {
  for (const at of [0, bytes.length - 4]) {
    bytes[at] = number;
    bytes[at + 1] = number >> 8;
    bytes[at + 2] = number >> 16;
  }
}

/** Throws for a frame that is not the next one, or not whole. */
export function expectStamp(bytes: Uint8Array, number: number): void {
  for (const at of [0, bytes.length - 4]) {
    const found = (bytes[at] as number) + ((bytes[at + 1] as number) << 8) + ((bytes[at + 2] as number) << 16);
    if (found !== number) throw new Error(`expected frame ${number}, got ${found}`);
  }
}

/** Value of the bytes of an unpainted frame. */
export const unpainted = 1;
const page = 4096;

/** Throws for a frame whose pages are neither all painted with its number nor all as they were before. */
export function expectPainted(bytes: Uint8Array): void {
  const wanted = bytes[page] === unpainted ? unpainted : bytes[0];
  for (let at = page; at < bytes.length; at += page) {
    if (bytes[at] !== wanted) throw new Error(`expected ${wanted} at ${at}, got ${bytes[at]}`);
  }
}

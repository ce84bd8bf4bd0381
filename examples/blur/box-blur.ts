/** A box blur in place: each value becomes the mean of those around it, along the rows, then along the columns. */
import type { VideoPlane } from '../../src/index.ts';

/** Two box blurs approximate a Gaussian blur. */
const rounds = 2;

/** Copy of the line: later values still need the old ones. */
let before = new Uint8Array(0);

function blurLine(data: Uint8Array | Uint16Array, start: number, step: number, count: number, radius: number): void {
  for (let index = 0, at = start; index < count; index++, at += step) before[index] = data[at] as number;
  const last = count - 1;
  const size = 2 * radius + 1;
  // Beyond its ends the line repeats its last value.
  let sum = (before[0] as number) * (radius + 1);
  for (let index = 1; index <= radius; index++) sum += before[Math.min(index, last)] as number;
  for (let index = 0, at = start; index < count; index++, at += step) {
    data[at] = (sum / size) | 0;
    sum += (before[Math.min(index + radius + 1, last)] as number) - (before[Math.max(index - radius, 0)] as number);
  }
}

/** @param part a plane of one component a pixel, or a part of one */
export function boxBlur({ data, width, height, rowStep, pixelStep }: VideoPlane, radius: number): void {
  if (before.length < Math.max(width, height)) before = new Uint8Array(Math.max(width, height));
  for (let round = 0; round < rounds; round++) {
    for (let y = 0; y < height; y++) blurLine(data, y * rowStep, pixelStep, width, radius);
    for (let x = 0; x < width; x++) blurLine(data, x * pixelStep, rowStep, height, radius);
  }
}

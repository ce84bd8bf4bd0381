/** A histogram as columns of characters. */

/** Values of a byte. */
export const levels = 256;
const eighths = ' ▁▂▃▄▅▆▇█';

/** Heights of the columns, from 0 to 1; a column stands for several levels. */
export function columnsOf(histogram: Uint32Array, count: number): number[] {
  const columns = new Array<number>(count).fill(0);
  histogram.forEach((pixels, level) => {
    const column = Math.floor((level * count) / levels);
    columns[column] = (columns[column] ?? 0) + pixels;
  });
  const most = Math.max(...columns, 1);
  return columns.map((pixels) => pixels / most);
}

/** The part of a column that lies in one row of characters, row 0 at the bottom. */
export function cell(height: number, row: number, rowCount: number): string {
  const filled = Math.round(height * rowCount * 8) - row * 8;
  // A value above 0 is always visible.
  if (row === 0 && height > 0 && filled < 1) return eighths[1] ?? '';
  return eighths[Math.max(0, Math.min(8, filled))] ?? '';
}

/** The result as a table. */
import type { Result } from './result.ts';

export function duration(nanoseconds: number): string {
  const [value, unit] = nanoseconds < 1e6 ? [nanoseconds / 1e3, 'µs'] : [nanoseconds / 1e6, 'ms'];
  return `${value < 100 ? value.toPrecision(3) : Math.round(value)} ${unit}`;
}

export const times = (ratio: number): string => `${ratio < 10 ? ratio.toPrecision(2) : Math.round(ratio)}×`;

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

export function table({ contestants, works }: Result): string {
  const header = ['', 'median', '±', '÷ C', '÷ gst-python', 'peak'];
  const blocks = works.map((work) => ({
    title: work.title,
    rows: contestants.map(({ name, title, absent }) => {
      const cell = work.cells[name];
      if (!cell || 'cannot' in cell) return [title, (cell && 'cannot' in cell ? cell.cannot : absent) ?? 'not asked'];
      const { c, python } = cell.ratios;
      return [
        title,
        duration(cell.median),
        `${Math.round(cell.spread * 100)} %`,
        c === undefined || name === 'c' ? '' : times(c),
        python === undefined || name === 'python' ? '' : times(python),
        cell.peak ? mebibytes(cell.peak) : '',
      ];
    }),
  }));
  // A row of two cells has the reason for missing figures, and does not affect the widths.
  const rows = [header, ...blocks.flatMap((block) => block.rows.filter((row) => row.length > 2))];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  widths[0] = Math.max(...contestants.map(({ title }) => title.length));
  const line = (row: string[]): string =>
    row
      .map((cell, column) =>
        column === 0 || row.length === 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return blocks
    .map(({ title, rows }) => [title, ...[header, ...rows].map((row) => `  ${line(row)}`), ''].join('\n'))
    .join('\n');
}

const sharingHeader = ['', 'frames/s', 'writer CPU', 'reader CPU', 'writer peak', 'reader peak'];

/** CPU is in seconds for 1,000 frames. */
export function sharingRows({ ways }: Result['sharing'][number]): string[][] {
  return [
    sharingHeader,
    ...ways.map(({ title, figures }) => [
      title,
      String(Math.round(figures.framesPerSecond)),
      `${figures.writerCpu.toFixed(3)} s`,
      figures.readerPeak ? `${figures.readerCpu.toFixed(3)} s` : '',
      mebibytes(figures.writerPeak),
      figures.readerPeak ? mebibytes(figures.readerPeak) : '',
    ]),
  ];
}

export function sharingTable({ sharing }: Result): string {
  return sharing
    .map((one) => {
      const rows = sharingRows(one);
      const widths = sharingHeader.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
      const lines = rows.map((row) =>
        row
          .map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0)))
          .join('  ')
          .trimEnd(),
      );
      return [
        `two processes share frames of RGBA, ${one.title}; CPU for 1,000 frames`,
        ...lines.map((line) => `  ${line}`),
        '',
      ].join('\n');
    })
    .join('\n');
}

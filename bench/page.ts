/** Updates the figures in the performance page, between two marks; the text around them is written by hand. */
import { readFileSync, writeFileSync } from 'node:fs';
import { duration, sharingRows, times } from './report.ts';
import type { Cell, Result } from './result.ts';

const marks = ['<!-- figures: written by `npm run bench -- --keep` -->', '<!-- end of figures -->'] as const;

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
const markdown = ([header, ...rows]: readonly string[][]): string =>
  [row(header ?? []), `|${'---|'.repeat(header?.length ?? 0)}`, ...rows.map(row)].join('\n');

export function renewPage(file: string, result: Result): void {
  const text = readFileSync(file, 'utf8');
  const [before, after] = [text.indexOf(marks[0]), text.indexOf(marks[1])];
  if (before < 0 || after < before) throw new Error(`${file} has no place for the figures`);
  writeFileSync(file, `${text.slice(0, before)}${marks[0]}\n\n${figures(result)}\n${text.slice(after)}`);
}

function figures(result: Result): string {
  const { contestants, works, sharing, date, mode, machine } = result;
  const reasons: string[] = [];
  const written = (cell: Cell | undefined, absent: string | undefined): string => {
    if (cell && 'median' in cell) return `${duration(cell.median)}${cell.ratios.c ? ` (${times(cell.ratios.c)})` : ''}`;
    const reason = cell?.cannot ?? absent ?? 'not asked';
    if (!reasons.includes(reason)) reasons.push(reason);
    return `cannot ${reasons.indexOf(reason) + 1}`;
  };
  const name = `${date.slice(0, 10)}-${mode}`;
  const versions = contestants.map(({ title, versions, absent }) =>
    [
      title,
      absent ??
        Object.entries(versions)
          .map((pair) => pair.join(' '))
          .join(', '),
    ].join(': '),
  );
  return [
    `${date.slice(0, 10)}, ${Object.entries(machine)
      .map((pair) => pair.join(' '))
      .join(', ')}.`,
    `Versions: ${versions.join('; ')}.`,
    '',
    `![chart](../bench/results/${name}.svg)`,
    '',
    'Median time for one; in brackets the ratio to C, the median of the ratios round by round.',
    '',
    markdown([
      ['', ...contestants.map(({ title }) => title)],
      ...works.map(({ title, cells }) => [
        title,
        ...contestants.map(({ name, absent }) => written(cells[name], absent)),
      ]),
    ]),
    '',
    'Cannot, because:',
    '',
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
    '',
    ...sharing.flatMap((one) => [
      `Two processes share frames of RGBA, ${one.title}; CPU for 1,000 frames:`,
      '',
      markdown(sharingRows(one)),
      '',
    ]),
  ].join('\n');
}

/** The result as a chart: a row of bars for each work, on a logarithmic scale. */
import { duration } from './report.ts';
import type { Result } from './result.ts';

const colours = ['#1f6feb', '#0b3d91', '#57606a', '#bf8700', '#8250df', '#cf222e', '#1a7f37', '#953800'];
const labelWidth = 420;
const scaleWidth = 560;
const barHeight = 9;
const gap = 10;
const top = 70;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

export function chart({ works, contestants, date, machine }: Result): string {
  const all = works.flatMap(({ cells }) =>
    Object.values(cells).flatMap((cell) => ('median' in cell ? cell.median : [])),
  );
  const least = Math.floor(Math.log10(Math.min(...all)));
  const decades = Math.ceil(Math.log10(Math.max(...all))) - least;
  const x = (nanoseconds: number): number => ((Math.log10(nanoseconds) - least) / decades) * scaleWidth;
  const parts: string[] = [];
  let y = top;
  for (const { title, cells } of works) {
    const shown = contestants.flatMap(({ name }, index) => {
      const cell = cells[name];
      return cell && 'median' in cell ? [{ median: cell.median, index }] : [];
    });
    const middle = y + (shown.length * barHeight) / 2 + 4;
    parts.push(`<text x="${labelWidth - 10}" y="${middle}" text-anchor="end">${escaped(title)}</text>`);
    for (const { median, index } of shown) {
      const width = Math.max(1, x(median)).toFixed(1);
      parts.push(
        `<rect x="${labelWidth}" y="${y}" width="${width}" height="${barHeight - 1}" fill="${colours[index]}"/>`,
        `<text class="value" x="${labelWidth + Number(width) + 4}" y="${y + 7.5}">${duration(median)}</text>`,
      );
      y += barHeight;
    }
    y += gap;
  }
  const lines = Array.from({ length: decades + 1 }, (_, decade) => {
    const at = labelWidth + (decade / decades) * scaleWidth;
    const name = duration(10 ** (least + decade)).replace(/\.0+(?= )/, '');
    return `<line x1="${at}" x2="${at}" y1="${top - 8}" y2="${y - gap}"/><text class="value" x="${at}" y="${top - 12}" text-anchor="middle">${name}</text>`;
  });
  const legend = contestants.map(({ title }, index) => {
    const at = 10 + index * 130;
    return `<rect x="${at}" y="30" width="10" height="10" fill="${colours[index]}"/><text x="${at + 14}" y="39">${escaped(title)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${labelWidth + scaleWidth + 90}" height="${y + 10}" font-family="sans-serif" font-size="11">
<title>Time for one of each work, by contestant</title>
<style>.value { font-size: 8px; fill: #57606a } line { stroke: #d0d7de; stroke-width: 0.5 }</style>
<rect width="100%" height="100%" fill="white"/>
<text x="10" y="18">Time for one, median; shorter is better, each line is ten times the one before. ${date.slice(0, 10)}, ${escaped(machine.processor ?? '')}</text>
${[...legend, ...lines, ...parts].join('\n')}
</svg>
`;
}

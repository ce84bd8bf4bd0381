/** docs/waiting.md, held against the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'wait.ts')
  .map((name) => ({ name, text: readFileSync(join(root, 'src', name), 'utf8') }));

/** The arguments of a call whose parenthesis opens at `open`. */
function argumentsAt(text: string, open: number): string[] {
  const found: string[] = [];
  let depth = 0;
  let begin = open + 1;
  for (let index = open; index < text.length; index++) {
    const sign = text[index] as string;
    if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign)) depth--;
    if (depth === 0 || (depth === 1 && sign === ',')) {
      found.push(text.slice(begin, index).trim());
      begin = index + 1;
    }
    if (depth === 0) break;
  }
  return found.filter(Boolean);
}

/** What is put into a text, or stands for it, as `…`. */
const plain = (text: string): string => text.replace(/\$\{[^}]*\}/g, '…');

describe('The table of every wait in docs/waiting.md', () => {
  const table = readFileSync(join(root, 'docs/waiting.md'), 'utf8');
  const rows = [...table.matchAll(/^\| `.*? \| (.*?) \|/gm)].map(([, what = '']) => what);
  const reasons = sources.flatMap(({ name, text }) =>
    [...text.matchAll(/\bwhat: (['`])(.*?)\1/g)].map(([, , what = '']) => ({ name, what: plain(what) })),
  );

  it('has what each wait of the source says it is for', () => {
    assert.isAbove(reasons.length, 10);
    const missing = reasons.filter(({ what }) => !rows.includes(what));
    assert.deepEqual(missing, []);
  });

  it('is of waits that all have a reason', () => {
    let calls = 0;
    const silent = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/(?<![\w.])(wait|waitFor)(?:<\w+>)?\(/g)].flatMap((match) => {
        const given = argumentsAt(text, match.index + match[0].length - 1);
        calls++;
        const hasReason = match[1] === 'wait' ? given.length >= 3 : /\breason\b/.test(given[2] ?? '');
        return hasReason ? [] : [`${name}: ${match[0]}${given[0]}, …)`];
      }),
    );
    assert.isAbove(calls, 10);
    assert.deepEqual(silent, []);
  });
});

/** What the shipped declarations say of the package's names. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';
import { namespaces } from '../../gir/namespaces.ts';
import { compareVersions, Repository } from '../../gir/repository.ts';

/** The shipped declarations, in one file. */
const path = fileURLToPath(new URL('../../../package/gst-allocators.d.ts', import.meta.url));
const declarations = readFileSync(path, 'utf8');

/** What its export lists name. */
const exported = new Set(
  [...declarations.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    names.split(/,\s*/).map((name) => name.trim()),
  ),
);
const isExempt = /^(protected |private |#|constructor\(|(async )?\[Symbol\.)/;

describe('The documentation in the declarations', () => {
  it('has a word on every member of every class', () => {
    let members = 0;
    const bare: string[] = [];
    for (const [, name = '', body = ''] of declarations.matchAll(
      /^declare (?:abstract )?class (\w+)[^\n]*\{\n([\s\S]*?)^\}/gm,
    )) {
      if (!exported.has(name)) continue;
      const lines = body.split('\n');
      const documented = new Set<string>();
      for (const [at, line] of lines.entries()) {
        const member = /^ {4}(\w.*)$/.exec(line)?.[1];
        if (!member || isExempt.test(member)) continue;
        members++;
        const key = /^(?:static |readonly |abstract |get |set )*(\w+)/.exec(member)?.[1] ?? member;
        if (lines[at - 1]?.endsWith('*/')) documented.add(key);
        else if (!documented.has(key)) bare.push(`${name}.${key}`);
      }
    }
    assert.isAbove(members, 150);
    assert.deepEqual(bare, []);
  });

  it('has nothing of the inside', () => {
    assert.deepEqual(
      declarations.match(/@internal|\b(Handle|Internal|handleOf|internal|rawType)\b|runtime\/.*/g) ?? [],
      [],
    );
  });

  it('says since when, where the GIR does', () => {
    const { functions } = new Repository(Object.keys(namespaces));
    let found = 0;
    const wrong: string[] = [];
    for (const [comment] of declarations.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
      const versions = (comment.match(/\bgst_\w+/g) ?? []).flatMap((symbol) => functions.get(symbol)?.since ?? []);
      const newest = versions.sort(compareVersions).at(-1);
      if (!newest) continue;
      found++;
      if (!new RegExp(`@since ${newest.replace('.', '\\.')}\\b`).test(comment)) wrong.push(`${newest}: ${comment}`);
    }
    assert.isAbove(found, 40);
    assert.deepEqual(wrong, []);
  });
});

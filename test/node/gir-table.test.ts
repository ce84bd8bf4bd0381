import { assert } from 'chai';
import { namespaces } from '../../gir/namespaces.ts';
import { compareVersions, Repository } from '../../gir/repository.ts';
import { buildTable, type Table } from '../../gir/symbol-table.ts';
import * as wanted from '../../gir/wanted.ts';
import * as committed from '../../src/generated/symbols.ts';
import { version } from '../../src/index.ts';
import { lack } from '../../src/runtime/node/ffi.ts';
import { correctionOf } from './gir-corrections.ts';

const { string: description, ...numbers } = version();
const installed = `${numbers.major}.${numbers.minor}.${numbers.micro}`;

/** Which versions annotate as nullable differs; what is passed does not. */
const withoutNull = (word: string): string => word.replace('?', '');

describe(`The symbol table, with the GIR of ${description}`, function () {
  this.timeout(30_000);
  let table: Table;
  let missing: string[];
  let glib: string;
  before(() => {
    const repository = new Repository(Object.keys(namespaces));
    ({ table, missing } = buildTable(repository));
    glib = repository.newest.get('GLib') ?? '0';
  });

  it('has what gir/wanted.ts names and nothing else', () => {
    assert.sameMembers(Object.keys(committed.functions), [...wanted.functions, ...wanted.nativeFunctions]);
    assert.sameMembers(Object.keys(committed.fields), [...wanted.fields]);
    assert.sameMembers(Object.keys(committed.structs), [...wanted.structs]);
  });

  it('agrees on every function: path, arguments, ownership, errors, version', () => {
    assert.isAbove(Object.keys(table.functions).length, 200);
    for (const [symbol, theirs] of Object.entries(table.functions)) {
      const ours = committed.functions[symbol];
      assert.isDefined(ours, symbol);
      const known = correctionOf(symbol, { GLib: glib, Gst: installed });
      assert.equal(
        withoutNull(theirs.returns),
        known?.returns ?? withoutNull(ours?.returns ?? ''),
        `result of ${symbol}`,
      );
      assert.deepEqual(theirs.takes.map(withoutNull), known?.takes ?? ours?.takes.map(withoutNull), `of ${symbol}`);
      const { returns: _, takes: __, ...rest } = theirs;
      const { returns: ___, takes: ____, ...ourRest } = ours as typeof theirs;
      assert.deepEqual(rest, ourRest, symbol);
    }
  });

  it('lacks only functions newer than what is installed', () => {
    for (const symbol of missing) {
      const since = committed.functions[symbol]?.since;
      assert.isTrue(since !== undefined && compareVersions(since, installed) > 0, `${symbol} (since ${since})`);
    }
  });

  it('agrees on every field, struct and library', () => {
    assert.deepEqual(table.fields, { ...committed.fields } as unknown as Table['fields']);
    assert.deepEqual(table.structs, { ...committed.structs });
    assert.deepEqual(table.libraries, committed.libraries);
  });

  it('has only functions that the libraries really export', () => {
    const absent = Object.keys(committed.functions).filter(lack);
    assert.sameMembers(absent, missing);
  });
});

import { assert } from 'chai';
import { namespaces } from '../../gir/namespaces.ts';
import { compareVersions, Repository } from '../../gir/repository.ts';
import { buildTable, readWord, type Table, valuesOf } from '../../gir/symbol-table.ts';
import * as wanted from '../../gir/wanted.ts';
import * as committed from '../../src/generated/symbols.ts';
import { version } from '../../src/index.ts';
import { keeps } from '../../src/runtime/gjs/kept-arguments.ts';
import { lack } from '../../src/runtime/node/ffi.ts';
import { mayCallBack } from '../../src/runtime/node/may-call-back.ts';
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
      assert.deepEqual(rest, known?.hidden ? { ...ourRest, hidden: true } : ourRest, symbol);
    }
  });

  it('lacks only functions newer than what is installed', () => {
    for (const symbol of missing) {
      const since = committed.functions[symbol]?.since;
      assert.isTrue(since !== undefined && compareVersions(since, installed) > 0, `${symbol} (since ${since})`);
    }
  });

  it('has every word of its functions, read', () => {
    assert.deepEqual(committed.values, valuesOf(committed.functions as Table['functions']));
    assert.deepEqual(readWord('out mini+?'), { kind: 'mini', direction: 'out', owned: true, nullable: true });
  });

  it('knows the functions of lists that are kept by hand: what may call back fits the trampoline', () => {
    for (const symbol of mayCallBack) {
      const { returns, takes } = table.functions[symbol] ?? assert.fail(`${symbol} is in no table`);
      assert.isAtMost(takes.length, 8, symbol);
      for (const { kind } of [returns, ...takes].map(readWord)) assert.notInclude(['float', 'double'], kind, symbol);
    }
  });

  it('knows the functions of lists that are kept by hand: what is kept is a mini-object that GIR calls lent', () => {
    for (const [symbol, places] of Object.entries(keeps)) {
      const takes = table.functions[symbol]?.takes ?? assert.fail(`${symbol} is in no table`);
      for (const place of places) {
        const { kind, direction, owned } = readWord(takes[place] ?? '');
        assert.deepEqual({ kind, direction, owned }, { kind: 'mini', direction: 'in', owned: false }, symbol);
      }
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

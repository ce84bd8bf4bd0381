import { assert } from 'chai';
import { constants, flags, ledger, newer, withheld } from '../../gir/ledger.ts';
import { namespaces } from '../../gir/namespaces.ts';
import { compareVersions, Repository } from '../../gir/repository.ts';
import * as gst from '../../src/index.ts';

const { string: description, ...numbers } = gst.version();
const installed = `${numbers.major}.${numbers.minor}.${numbers.micro}`;
const isInstalled = (version: string): boolean => compareVersions(installed, version) >= 0;

/** Whether the module has what a path like `FdAllocator.prototype.allocFd` names; getters are not called. */
function exports(path: string): boolean {
  let at: unknown = gst;
  const names = path.split('.');
  for (const [index, name] of names.entries()) {
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || !(name in at)) return false;
    if (index < names.length - 1) at = (at as Record<string, unknown>)[name];
  }
  return true;
}

describe(`The ledger of GstAllocators, with ${description}`, function () {
  this.timeout(30_000);
  let repository: Repository;
  let symbols: ReadonlySet<string>;
  before(() => {
    repository = new Repository(Object.keys(namespaces));
    symbols = new Set(repository.symbols.get('GstAllocators'));
  });

  it('has every public symbol of the installed GIR', () => {
    assert.isAbove(symbols.size, 50);
    assert.deepEqual(
      [...symbols].filter((symbol) => !(symbol in ledger)),
      [],
    );
  });

  it('has no symbol that the installed GIR lacks, unless it is of a newer version', () => {
    assert.deepEqual(
      Object.keys(ledger).filter((symbol) => !symbols.has(symbol) && isInstalled(newer[symbol] ?? '0')),
      [],
    );
    assert.deepEqual(
      Object.keys(newer).filter((symbol) => !(symbol in ledger)),
      [],
    );
  });

  it('gives new symbols the version that the GIR gives them', () => {
    for (const [symbol, version] of Object.entries(newer)) {
      const since = repository.functions.get(symbol)?.since;
      if (since) assert.equal(since, version, symbol);
      else if (!isInstalled(version)) assert.isFalse(symbols.has(symbol), symbol);
    }
  });

  it('names only what the package exports', () => {
    for (const [symbol, names] of Object.entries(ledger)) {
      if ('reason' in names) continue;
      assert.isNotEmpty(names, symbol);
      for (const name of names) assert.isTrue(exports(name), `${symbol} is said to be ${name}`);
    }
    assert.isFalse(exports('FdAllocator.prototype.allocfd'));
    assert.isFalse(exports('FdMemoryFlags.NO'));
  });

  it('has a reason where it has no name', () => {
    for (const [symbol, names] of Object.entries(ledger)) {
      if ('reason' in names) assert.isAbove(names.reason.length, 10, symbol);
    }
  });
});

describe('Numbers and texts taken over from C', function () {
  this.timeout(30_000);
  let repository: Repository;
  before(() => {
    repository = new Repository(Object.keys(namespaces));
  });

  for (const [name, prefix] of Object.entries(flags)) {
    it(`${name} equals ${prefix}*`, () => {
      const theirs = [...repository.values]
        .filter(([symbol]) => symbol.startsWith(prefix) && !symbol.endsWith('LAST') && !(symbol in withheld))
        .map(([symbol, value]) => [symbol.slice(prefix.length), value] as const);
      const wanted = Object.fromEntries(theirs);
      // C has it as a macro, which GIR does not list.
      if (name === 'MapFlags') wanted.READWRITE = (wanted.READ ?? 0) | (wanted.WRITE ?? 0);
      const ours: Record<string, number> = { ...(gst as unknown as Record<string, object>)[name] };
      assert.isNotEmpty(theirs);
      assert.deepEqual(ours, wanted);
    });
  }

  for (const name of constants) {
    it(`${name} equals GST_${name}`, function () {
      const text = repository.constants.get(`GST_${name}`);
      if (text === undefined && !isInstalled(newer[`GST_${name}`] ?? '0')) this.skip();
      assert.equal((gst as unknown as Record<string, string>)[name], text);
    });
  }
});

import { assert } from 'chai';
import { named, newer, reasoned, rooms } from '../../gir/core-ledger.ts';
import { flags } from '../../gir/ledger.ts';
import { namespaces } from '../../gir/namespaces.ts';
import { Repository } from '../../gir/repository.ts';
import * as gst from '../../src/index.ts';

/** Objects with the fields that paths like `VideoInfo#width` name. */
const examples: Record<string, object> = {
  VideoInfo: gst.VideoInfo.of('I420', 4, 4),
  AudioInfo: gst.AudioInfo.fromCaps('audio/x-raw, format=S8, rate=1, channels=1, layout=interleaved'),
  Caps: new gst.Caps('ANY'),
};

function exports(path: string): boolean {
  const [kind = '', field] = path.split('#');
  if (field !== undefined) return field in (examples[kind] ?? {});
  let at: unknown = gst;
  for (const [index, name] of path.split('.').entries()) {
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || !(name in at)) return false;
    // A getter is not called: it is the last one.
    at = index < path.split('.').length - 1 ? (at as Record<string, unknown>)[name] : null;
  }
  return true;
}

const symbolsOf = (names: typeof named): string[] => Object.values(names).flatMap((symbols) => symbols.split(' '));
const byName = new Set([...symbolsOf(named), ...symbolsOf(newer)]);
const isFlag = (symbol: string): boolean =>
  Object.entries(flags).some(
    ([name, prefix]) => symbol.startsWith(prefix) && exports(`${name}.${symbol.slice(prefix.length)}`),
  );
const reasonOf = (symbol: string): string | undefined =>
  Object.keys(reasoned).find((reason) => reasoned[reason]?.test(symbol));
const { major, minor } = gst.version();
/** Older ones lack some symbols. */
const isRecent = major > 1 || minor >= 26;
const isNewer = major > 1 || minor >= 28;

describe('The ledger of memory, buffers, samples, caps, metas, video and audio', function () {
  this.timeout(30_000);
  let symbols: string[];
  before(() => {
    examples.AllocationQuery = new gst.AllocationQuery(null);
    const repository = new Repository(Object.keys(namespaces));
    symbols = Object.entries(rooms).flatMap(([namespace, room]) =>
      (repository.symbols.get(namespace) ?? []).filter((symbol) => room.test(symbol)),
    );
    symbols = [...new Set(symbols)];
  });
  after(() => (examples.AllocationQuery as gst.AllocationQuery).dispose());

  it('has a name of ours or a reason for every public symbol of the installed GIR', () => {
    const isNamed = (symbol: string): boolean => byName.has(symbol) || isFlag(symbol);
    const names = symbols.filter(isNamed);
    const reasons = symbols.filter((symbol) => !isNamed(symbol) && reasonOf(symbol));
    if (process.env.GST_ALLOCATORS_FIGURES)
      console.log(`      ${symbols.length} symbols: ${names.length} named, ${reasons.length} reasoned`);
    assert.isAbove(symbols.length, 700);
    assert.deepEqual(
      symbols.filter((symbol) => !isNamed(symbol) && !reasonOf(symbol)),
      [],
    );
  });

  it('has no reason that no symbol needs', function () {
    if (!isRecent) this.skip();
    const needed = new Set(symbols.filter((symbol) => !byName.has(symbol)).map(reasonOf));
    assert.deepEqual(
      Object.keys(reasoned).filter((reason) => !needed.has(reason)),
      [],
    );
  });

  it('names only what the package exports, and only symbols that GStreamer has', () => {
    assert.deepEqual(
      Object.keys({ ...named, ...newer }).filter((path) => !exports(path)),
      [],
    );
    assert.isFalse(exports('Buffer.prototype.nothing'));
    assert.isFalse(exports('VideoInfo#nothing'));
    assert.deepEqual(
      [...(isRecent ? symbolsOf(named) : []), ...(isNewer ? symbolsOf(newer) : [])].filter(
        (symbol) => !symbols.includes(symbol),
      ),
      [],
    );
  });
});

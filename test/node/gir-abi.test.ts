/** The compiler's word on what GIR was read to say: argument by argument, offset by offset. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from 'chai';
import { namespaces } from '../../gir/namespaces.ts';
import { type CRecord, Repository } from '../../gir/repository.ts';
import { buildTable, type TableEntry } from '../../gir/symbol-table.ts';
import { functions as committed } from '../../src/generated/symbols.ts';
import { version } from '../../src/index.ts';
import { correctionOf } from './gir-corrections.ts';

const headers = [
  'gst/gst.h',
  'gst/base/base.h',
  'gst/allocators/allocators.h',
  'gst/app/app.h',
  'gst/video/video.h',
  'gst/audio/audio.h',
];
const packages = [
  'gstreamer-1.0',
  'gstreamer-base-1.0',
  'gstreamer-allocators-1.0',
  'gstreamer-app-1.0',
  'gstreamer-video-1.0',
  'gstreamer-audio-1.0',
];

/** C++ that writes `name: result arguments…` of functions and `name offset` of fields. An enum has no sign of its own. */
const prelude = `
#define GST_USE_UNSTABLE_API
${headers.map((header) => `#include <${header}>`).join('\n')}
#include <cstddef>
#include <cstdio>
#include <type_traits>
template <class T> void word() {
  if constexpr (std::is_void_v<T>) printf(" void");
  else if constexpr (std::is_pointer_v<T>) printf(" pointer");
  else if constexpr (std::is_enum_v<T>) printf(" enum%zu", sizeof(T) * 8);
  else if constexpr (std::is_floating_point_v<T>) printf(" float%zu", sizeof(T) * 8);
  else if constexpr (std::is_integral_v<T>) printf(" %s%zu", std::is_signed_v<T> ? "int" : "uint", sizeof(T) * 8);
  else printf(" other");
}
template <class R, class... A> void function(const char *name, R (*)(A...)) {
  printf("%s:", name); word<R>(); (word<A>(), ...); printf("\\n");
}
#define FUNCTION(name) function(#name, &name);
#define FIELD(type, name) printf("%s.%s: %zu\\n", #type, #name, offsetof(type, name));
#define SIZE(type) printf("%s: %zu\\n", #type, sizeof(type));
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
int main() {
`;

function compiled(lines: string[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-abi-'));
  try {
    const source = join(folder, 'abi.cc');
    const program = join(folder, 'abi');
    writeFileSync(source, `${prelude}${lines.join('\n')}\n}\n`);
    const flags = execFileSync('pkg-config', ['--cflags', '--libs', ...packages], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    execFileSync('g++', ['-std=c++17', '-O0', source, '-o', program, ...flags], { encoding: 'utf8', stdio: 'pipe' });
    const output = execFileSync(program, { encoding: 'utf8' });
    return new Map(
      output
        .trim()
        .split('\n')
        .map((line) => line.split(': ') as [string, string]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** GIR takes their inline arrays for pointers. */
const misdescribed = ['GstVideoAncillary'];

const words: Record<string, string> = {
  bool: 'int32',
  size: 'uint64',
  length: 'uint64',
  float: 'float32',
  double: 'float64',
};

/** A word of the table as the compiler says it. */
function expected(word: string): string {
  const kind = word.replace(/[+?]/g, '');
  if (/^(out|into) |^(mini|object|struct|string|bytes|pointer)$/.test(kind)) return 'pointer';
  return words[kind] ?? kind;
}

const signature = ({ returns, takes, throws }: TableEntry): string =>
  [returns, ...takes, ...(throws ? ['pointer'] : [])].map(expected).join(' ');

describe('What the C compiler says', function () {
  this.timeout(60_000);
  let repository: Repository;
  before(function () {
    repository = new Repository(Object.keys(namespaces));
    if (process.arch !== 'x64' && process.arch !== 'arm64') this.skip(); // LP64 is all the package runs on
  });

  it('of every function in the table', () => {
    const functions: Record<string, TableEntry> = { ...buildTable(repository).table.functions };
    const { major, minor } = version();
    const symbols = Object.keys(functions);
    for (const symbol of symbols)
      if (correctionOf(symbol, { GLib: repository.newest.get('GLib') ?? '0', Gst: `${major}.${minor}` }))
        functions[symbol] = committed[symbol] as TableEntry;
    const found = compiled(symbols.map((symbol) => `FUNCTION(${symbol})`));
    for (const symbol of symbols) {
      const theirs = (found.get(symbol) ?? '').trim().split(' ');
      const ours = signature(functions[symbol] as TableEntry).split(' ');
      const enumsAs32 = theirs.map((word, index) =>
        word === 'enum32' && /^u?int32$/.test(ours[index] ?? '') ? ours[index] : word,
      );
      assert.deepEqual(ours, enumsAs32 as string[], symbol);
    }
  });

  it('of every field and struct in the table', () => {
    const { fields, structs } = buildTable(repository).table;
    const found = compiled([
      ...Object.keys(fields).map((name) => `FIELD(${name.replace('.', ', ')})`),
      ...Object.keys(structs).map((name) => `SIZE(${name})`),
    ]);
    for (const [name, [, offset]] of Object.entries(fields)) assert.equal(Number(found.get(name)), offset, name);
    for (const [name, size] of Object.entries(structs)) assert.equal(Number(found.get(name)), size, name);
  });

  it('of every struct of GStreamer that GIR describes in full', () => {
    const records: CRecord[] = [...repository.records.values()].filter(
      ({ complete, cName, fields }) =>
        complete && fields.length > 0 && /^Gst/.test(cName) && !misdescribed.includes(cName),
    );
    assert.isAbove(records.length, 150);
    const found = compiled(records.map(({ cName }) => `SIZE(${cName})`));
    const wrong = records.filter(({ cName, size }) => Number(found.get(cName)) !== size);
    assert.deepEqual(
      wrong.map(({ cName, size }) => `${cName} is ${found.get(cName)}, not ${size}`),
      [],
    );
  });
});

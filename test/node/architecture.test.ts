/**
 * The rules of docs/architecture.md that imports and declarations can break. The floors are read there, and so are the
 * exceptions: an arrow between two files, with its reason.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const source = join(root, 'src');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const rules = /\n## The floors\n([\s\S]*?)\n## /.exec(read('docs/architecture.md'))?.[1] ?? '';
/** The ground first. A folder, with a slash at its end, stands for all its files that no longer path names. */
const floors = [...rules.matchAll(/^\d+\. (.*?) — /gm)].map(([, rooms = '']) =>
  [...rooms.matchAll(/`([^`]+)`/g)].map(([, room = '']) => room),
);
const exceptions = new Set([...rules.matchAll(/^- `(\S+)` → `(\S+)`: /gm)].map(([, from, to]) => `${from} → ${to}`));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
  /** As `#runtime`: whichever engine it is. */
  readonly isPort: boolean;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const texts = new Map(files.map((file) => [file, read(`src/${file}`)]));

/** Imports and re-exports between our files; `verbatimModuleSyntax` has types say that they are. */
const imports: Import[] = files.flatMap((from) =>
  [...(texts.get(from) ?? '').matchAll(/^(?:import|export)\s+(type\s)?[^;']*?(?:from\s+)?'([.#][^']+)'/gm)].flatMap(
    ([, type, path = '']) => {
      if (path.startsWith('#types/')) return [];
      const isPort = path === '#runtime';
      const to = isPort ? ['runtime/node/index.ts', 'runtime/gjs/index.ts'] : [normalize(join(dirname(from), path))];
      return to.map((to) => ({ from, to, isType: type !== undefined, isPort }));
    },
  ),
);

interface Place {
  readonly floor: number;
  readonly room: string;
}

function placeOf(file: string): Place {
  const places = floors
    .flatMap((rooms, floor) => rooms.map((room) => ({ floor, room })))
    .filter(({ room }) => file === room || (room.endsWith('/') && file.startsWith(room)));
  const place = places.sort((a, b) => b.room.length - a.room.length)[0];
  return place ?? assert.fail(`src/${file} is on no floor: docs/architecture.md is to say on which`);
}

const arrows = (found: readonly Import[]): string[] =>
  found.map(({ from, to }) => `${from} → ${to}`).filter((arrow) => !exceptions.has(arrow));

/** The imports that lead from a file back to it, if any do. */
function circleFrom(start: string, next: ReadonlyMap<string, readonly string[]>): string[] | null {
  const seen = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | null => {
    for (const to of next.get(file) ?? []) {
      if (to === start) return [...path, file, to];
      if (seen.has(to)) continue;
      seen.add(to);
      const found = walk(to, [...path, file]);
      if (found) return found;
    }
    return null;
  };
  return walk(start, []);
}

/** Programs for a terminal, which run on Node.js alone. */
const isProgram = /^(?:command\/|shmdata\/command\.ts$)/;

describe('The architecture', () => {
  it('is read right: each import leads to a file, and each exception is one that is needed', () => {
    assert.deepEqual(
      imports.filter(({ to }) => !files.includes(to)),
      [],
    );
    assert.isAbove(imports.length, 500);
    assert.isAbove(floors.length, 10);
    const known = new Set(imports.map(({ from, to }) => `${from} → ${to}`));
    assert.deepEqual(
      [...exceptions].filter((arrow) => !known.has(arrow)),
      [],
    );
    const rooms = floors.flat().filter((room) => !files.some((file) => placeOf(file).room === room));
    assert.deepEqual(rooms, [], 'rooms without files');
  });

  it('is written down with files that are there', () => {
    const paths = [...read('docs/architecture.md').matchAll(/`([\w.-]+(?:\/[\w.-]+)*(?:\.ts|\/))`/g)];
    const missing = paths.map(([, path = '']) => path).filter((path) => !existsSync(join(source, path)));
    assert.deepEqual(
      missing.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it('has no import that runs up, or to another folder on the same floor', () => {
    const wrong = imports.filter(({ from, to, isType }) => {
      const [here, there] = [placeOf(from), placeOf(to)];
      const isAside = here.floor === there.floor && here.room !== there.room && there.room.endsWith('/');
      return !isType && (there.floor > here.floor || isAside);
    });
    assert.deepEqual(arrows(wrong), []);
  });

  it('has no circle of files, types aside', () => {
    const next = new Map<string, string[]>();
    for (const { from, to, isType } of imports) if (!isType) next.set(from, [...(next.get(from) ?? []), to]);
    const circles = files.flatMap((file) => circleFrom(file, next)?.join(' → ') ?? []);
    assert.deepEqual(circles, []);
  });

  it('asks in runtime/ alone which engine it runs on', () => {
    const isOutside = (file: string): boolean => !file.startsWith('runtime/');
    const reaching = imports.filter(
      ({ from, to, isPort }) => isOutside(from) && !isPort && /^runtime\/(?!port\/)/.test(to),
    );
    assert.deepEqual(arrows(reaching), []);

    const asks =
      /\b(?:runtime|port)\.name\b|from '(?:node:\w+|koffi|node-gtk|gi\b|gi:\/\/\w+|system)|\bisMainThread\b|\btypeof (?:process|imports)\b/g;
    const asking = files
      .filter((file) => isOutside(file) && !isProgram.test(file))
      .flatMap((file) => [...(texts.get(file) ?? '').matchAll(asks)].map(([words]) => `${file}: ${words}`));
    assert.deepEqual(asking, ['index.ts: port.name']);
  });

  it('ships no name of the inside in its declarations', () => {
    const names = new Set(['Handle', 'Internal', 'internal', 'handleOf', 'rawType']);
    for (const file of ['facade.ts', 'kinds.ts', 'memory/allocator-registry.ts'])
      for (const [, name = ''] of (texts.get(file) ?? '').matchAll(/^export (?:let|const|function|type) (\w+)/gm))
        names.add(name);
    names.delete('allocationCounters'); // public
    assert.isAbove(names.size, 20);
    const inside = new RegExp(`@internal|runtime/|\\b(?:${[...names].join('|')})\\b`, 'g');
    const shipped = ['dist/package/gst-allocators.d.ts', 'dist/gjs/gst-allocators.d.ts'];
    const code = (text: string): string => text.replace(/\/\*\*(?:(?!@internal)[\s\S])*?\*\//g, '');
    assert.deepEqual(
      shipped.flatMap((path) => [...code(read(path)).matchAll(inside)].map(([word]) => `${path}: ${word}`)),
      [],
    );
  });
});

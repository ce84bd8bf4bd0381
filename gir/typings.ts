/**
 * Writes `types/generated/`: the raw namespaces as each engine's bindings have them, from the installed introspection
 * data. ts-for-gir generates those for GJS, node-gtk its own; the output is converted to plain modules that import each
 * other by relative path, so that no ambient declaration collides with a user's program.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publicNamespaces } from './namespaces.ts';
import { findGir, girDirectories } from './repository.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const packageFolder = (name: string): string => join(root, 'node_modules', name);

/** Whether it wrote; false if the files are up to date. */
export function writeTypings(target = join(root, 'types/generated')): boolean {
  const stamp = fingerprint();
  const stampFile = join(target, 'stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  mkdirSync(target, { recursive: true });
  const work = mkdtempSync(join(target, '.work-'));
  try {
    forGjs(join(work, 'from-ts-for-gir'), join(work, 'gjs'));
    forNode(join(work, 'from-node-gtk'), join(work, 'node'));
    rmSync(stampFile, { force: true });
    for (const engine of ['gjs', 'node']) {
      rmSync(join(target, engine), { recursive: true, force: true });
      renameSync(join(work, engine), join(target, engine));
    }
    writeFileSync(stampFile, stamp);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return true;
}

/** Hash of the inputs: the introspection data, both generators, this file. */
function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of ['@ts-for-gir/cli', 'node-gtk']) {
    hash.update(readFileSync(join(packageFolder(name), 'package.json')));
  }
  for (const name of [...publicNamespaces, 'GstBase-1.0', 'GObject-2.0', 'GLib-2.0', 'GModule-2.0']) {
    const path = findGir(name);
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return `${hash.digest('hex')}\n`;
}

function forGjs(work: string, target: string): void {
  run(join(packageFolder('@ts-for-gir/cli'), 'bin/ts-for-gir'), [
    ...['generate', ...publicNamespaces, '--package', '--ignoreVersionConflicts', '--outdir', work],
    ...girDirectories().flatMap((directory) => ['--girDirectories', directory]),
  ]);
  take(
    publicNamespaces.map((name) => name.toLowerCase()),
    (name) => join(work, name, `${name}.d.ts`),
    target,
    // GJS's globals (`console`, `TextDecoder` …) would collide with those of the DOM and of Node.
    (text) => text.replace("import '@girs/gjs';\n", '').replaceAll(/(from|import) '@girs\/([\w.-]+)'/g, "$1 './$2.js'"),
  );
}

function forNode(work: string, target: string): void {
  run(join(packageFolder('node-gtk'), 'bin/node-gtk.js'), ['generate-types', ...publicNamespaces, '--outdir', work]);
  take(
    publicNamespaces,
    (name) => join(work, `${name}.d.ts`),
    target,
    // node-gtk lists an enumeration's aliases twice, and gives a few virtual methods types that conflict with the
    // parent class.
    (text) => `// @ts-nocheck\n${text}`,
  );
}

/** Copies modules and their imports. */
function take(
  names: readonly string[],
  source: (name: string) => string,
  target: string,
  rewrite: (text: string) => string,
): void {
  mkdirSync(target);
  const wanted = new Set(names);
  for (const name of wanted) {
    const text = rewrite(readFileSync(source(name), 'utf8'));
    for (const [, imported] of text.matchAll(/^import [^'\n]*'\.\/([\w.-]+)\.js'/gm)) wanted.add(imported as string);
    writeFileSync(join(target, `${name}.d.ts`), text);
  }
}

/** Runs a generator; shows its output only if it fails. */
function run(script: string, options: string[]): void {
  try {
    execFileSync(process.execPath, [script, ...options], { encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 28 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    const end = `${stdout ?? ''}${stderr ?? ''}`.split('\n').slice(-30).join('\n');
    throw new Error(`${script} failed; the end of what it wrote:\n${end}`, { cause: error });
  }
}

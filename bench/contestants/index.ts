/** Who takes part. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Entry } from '../contestant.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** The checkout: C and Python are not compiled into `dist`. */
export const root = findRoot(here);
const sources = join(root, 'bench/contestants');

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from));
}

const libraries = ['gstreamer-1.0', 'gstreamer-allocators-1.0'];

function compile(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'contestant');
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', ...libraries], { encoding: 'utf8' });
  execFileSync('cc', ['-O3', '-Wall', '-o', program, join(sources, file), ...flags.trim().split(/\s+/)]);
  return program;
}

function ours(): Entry['command'] {
  return [process.execPath, join(here, 'ours-node.js')];
}

function oursInGjs(): Entry['command'] {
  const bundle = join(root, 'dist/gjs/gst-allocators.js');
  return existsSync(bundle) ? ['gjs', '-m', join(here, 'ours-gjs.js'), bundle] : { absent: 'no dist/gjs' };
}

/** In the order in which they are shown. */
export const entries = (): Entry[] => [
  { name: 'node', title: 'ours, Node', command: ours() },
  { name: 'gjs', title: 'ours, GJS', command: oursInGjs() },
  { name: 'c', title: 'C', command: [compile('plain.c')] },
  { name: 'python', title: 'gst-python', command: ['python3', join(sources, 'python.py')] },
];

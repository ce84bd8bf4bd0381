/** The contestants. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Entry } from '../contestant.ts';
import { readyCommands } from '../ready.ts';
import { superficial } from './build-superficial.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** The checkout: C and Python are not compiled into `dist`. */
export const root = findRoot(here);
const sources = join(root, 'bench/contestants');

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from));
}

const bundle = join(root, 'dist/gjs/gst-allocators.js');
const libraries = ['gstreamer-1.0', 'gstreamer-allocators-1.0', 'gstreamer-app-1.0'];

function compile(...files: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'contestant');
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', ...libraries], { encoding: 'utf8' });
  execFileSync('cc', [
    '-O3',
    '-Wall',
    '-o',
    program,
    ...files.map((file) => join(sources, file)),
    ...flags.trim().split(/\s+/),
  ]);
  return program;
}

/**
 * In display order; and for each the command that reports that GStreamer is ready.
 * @param before the checkout of an older version, built, which takes part on both engines
 */
export function entries(before?: string): { entries: Entry[]; ready: Record<string, readonly string[]> } {
  const node = process.execPath;
  const c = compile('plain.c', 'plain-live.c');
  const built = superficial(root);
  const older = (engine: string, command: readonly string[]): Entry[] =>
    before === undefined ? [] : [{ name: `${engine}-before`, title: `ours, ${engine}, before`, command }];
  const superficialCommand = typeof built === 'string' ? [node, join(sources, 'superficial.cjs'), built] : built;
  return {
    entries: [
      { name: 'node', title: 'ours, Node', command: [node, join(here, 'ours-node.js')] },
      ...older('node', [node, join(`${before}`, 'dist/node/bench/contestants/ours-node.js')]),
      { name: 'gjs', title: 'ours, GJS', command: ['gjs', '-m', join(here, 'ours-gjs.js'), bundle] },
      ...older('gjs', ['gjs', '-m', join(here, 'ours-gjs.js'), join(`${before}`, 'dist/gjs/gst-allocators.js')]),
      { name: 'c', title: 'C', command: [c] },
      { name: 'python', title: 'gst-python', command: ['python3', join(sources, 'python.py')] },
      { name: 'node-gtk', title: 'raw node-gtk', command: [node, join(sources, 'raw-node-gtk.cjs')] },
      { name: 'raw-gjs', title: 'raw GJS', command: ['gjs', '-m', join(sources, 'raw-gjs.js')] },
      { name: 'superficial', title: 'gstreamer-superficial', command: superficialCommand },
      { name: 'pipe', title: 'gst-launch | node', command: [node, join(sources, 'pipe.mjs')] },
    ],
    ready: readyCommands(root, typeof built === 'string' ? built : null, c),
  };
}

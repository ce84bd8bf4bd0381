/** One scenario of the soak on one engine, with its peers, and what is wrong about how it ended. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grayCaps } from '../harness/caps.ts';
import { type Engine, inChild, type Look } from '../node/child.ts';
import type { Figures, Options } from './figures.ts';
import {
  branches,
  type Course,
  endlessReader,
  endlessWriter,
  faultsOfFilms,
  frames,
  losses,
  pipelines,
  reader,
  type Work,
  writer,
} from './scenarios.ts';

const scenarios = { frames, reader, writer, pipelines, losses, branches };
const peers: Partial<Record<Name, typeof endlessReader>> = { reader: endlessWriter, writer: endlessReader };
export type Name = keyof typeof scenarios;

/** How often, in the whole of it. */
export const counts: Record<Name, number> = {
  frames: 1_000_000,
  reader: 50_000,
  writer: 50_000,
  pipelines: 10_000,
  losses: 10_000,
  branches: 1000,
};

const caps = grayCaps(64, 64);
/** Films of the branches that are looked at. */
const leastFilms = 15;
/** MiB that may come once, while V8 compiles and malloc settles. */
const warmUp: Record<Engine, number> = { node: 24, gjs: 16 };
/** GObjects that may be alive at the end: what GJS's stack seems to refer to, its collector keeps. That is one pipeline at most. */
const mostAlive: Record<Engine, number> = { node: 0, gjs: 8 };
/** Milliseconds that a peer lives at most. */
const longestLife = 1500;
/** Else V8's young generation would grow with the garbage it has seen, by some 60 MiB, and hide what grows besides. */
const tight = { NODE_OPTIONS: '--max-semi-space-size=1' };
const tracer = { GST_TRACERS: 'leaks(filters=GstObject)', GST_DEBUG: 'GST_TRACER:7', GST_DEBUG_NO_COLOR: '1' };

export async function soak(
  name: Name,
  engine: Engine,
  count: number,
  { abort, progress = () => {} }: Partial<Options> = {},
): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-soak-'));
  const argument = { count, early: Math.max(100, Math.floor(count / 20)), path: join(folder, 'socket'), caps };
  const over = new AbortController();
  const peer = peers[name];
  const begin = performance.now();
  const killing = peer ? killInTurn(engine, peer, argument, over.signal) : Promise.resolve(0);
  try {
    const { code, signal, hung, value, stderr } = await inChild(engine, scenarios[name], {
      argument,
      limit: 3_600_000,
      environment: { ...tight, ...tracer },
      heard: (line) => progress(`${(line as { done: number }).done} of ${count}`),
      ...(abort ? { abort } : {}),
    });
    over.abort();
    const kills = await killing;
    const seconds = (performance.now() - begin) / 1000;
    const course = value as Course | undefined;
    // All that is traced goes to stderr; what else is there should not be.
    const lines = stderr.split('\n').filter((line) => line && !line.includes('GST_TRACER'));
    const objects = [...stderr.matchAll(/object-alive, type-name=\(string\)(\w+)/g)].map(([, type = '']) => type);
    const faults = course ? faultsOf(course, count, engine) : [`it ended with ${signal ?? `status ${code}`}`];
    if (objects.length > mostAlive[engine])
      faults.push(`${objects.length} GObjects are alive: ${[...new Set(objects)].join(', ')}`);
    if (hung) faults.push('it hung');
    if (name === 'branches') faults.push(...(await faultyFilms(folder)));
    if (lines.length) faults.push(`it said ${lines.slice(0, 3).join(' / ')}`);
    if (peer && kills === 0) faults.push('no peer was killed');
    const { begin: first = null, end = null, done = 0 } = course ?? {};
    return { name, engine, done, seconds, kills, begin: first, end, faults };
  } finally {
    over.abort();
    await killing;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is wrong with the films that were kept. */
async function faultyFilms(folder: string): Promise<string[]> {
  const films = readdirSync(folder)
    .filter((name) => name.endsWith('.mov'))
    .map((name) => join(folder, name));
  const { value, stderr } = await inChild('node', faultsOfFilms, { argument: films, limit: 600_000 });
  if (!value) return [`the films could not be decoded: ${stderr}`];
  return films.length < leastFilms ? [`only ${films.length} films were kept`] : (value as string[]);
}

/** Peers, each killed at a random moment of its life; gives how many. */
async function killInTurn(
  engine: Engine,
  peer: typeof endlessReader,
  argument: Work,
  over: AbortSignal,
): Promise<number> {
  let kills = 0;
  while (!over.aborted) {
    const life = AbortSignal.timeout(Math.round(300 + Math.random() * (longestLife - 300)));
    await inChild(engine, peer, { argument, abort: AbortSignal.any([life, over]) });
    kills++;
  }
  return kills;
}

function faultsOf({ done, begin, end, left }: Course, count: number, engine: Engine): string[] {
  const faults: string[] = [];
  const most = (what: keyof Look, limit: number) => {
    if (end[what] > limit)
      faults.push(
        `${what} grew from ${begin[what].toFixed(0)} to ${end[what].toFixed(0)} (at most ${limit.toFixed(0)})`,
      );
  };
  if (done !== count) faults.push(`${done} of ${count} were done`);
  most('rss', begin.rss * 1.1 + warmUp[engine]);
  // The pool may have grown to its buffers meanwhile, and workers may have been started.
  most('fds', begin.fds + 8);
  most('threads', begin.threads + 4);
  most('mappings', begin.mappings * 1.1 + 40);
  if (Object.keys(left).length) faults.push(`left: ${JSON.stringify(left)}`);
  return faults;
}

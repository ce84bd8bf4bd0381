/** Two processes share frames: how many a second, at what cost, and that every one arrived. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { root } from './contestants/index.ts';
import { median } from './statistics.ts';

const here = join(dirname(fileURLToPath(import.meta.url)), 'sharing');

export interface Way {
  name: string;
  title: string;
  /** What the writer is told, and the readers too. */
  transport: 'unixfd' | 'shm' | 'shmdata' | 'pipe' | 'copy';
  /** The reader's command; null where there is none. */
  reader(path: string, caps: string, frames: number): string[] | null;
  /** Bytes a second that can be expected, to size a round by. */
  pace: number;
}

const onNode = (transport: string) => (path: string, caps: string, frames: number) => [
  process.execPath,
  join(here, 'reader.js'),
  transport,
  path,
  caps,
  String(frames),
];

export const ways: readonly Way[] = [
  { name: 'unixfd', title: 'ours over unixfd, Node → Node', transport: 'unixfd', pace: 1e11, reader: onNode('unixfd') },
  {
    name: 'unixfd-gjs',
    title: 'ours over unixfd, Node → GJS',
    transport: 'unixfd',
    pace: 5e9,
    reader: (path, caps, frames) => [
      ...['gjs', '-m', join(here, 'reader-gjs.js'), join(root, 'dist/gjs/gst-allocators.js')],
      ...['unixfd', path, caps, String(frames)],
    ],
  },
  {
    name: 'unixfd-launch',
    title: 'ours over unixfd, Node → gst-launch unixfdsrc ! fakesink',
    transport: 'unixfd',
    pace: 1e11,
    reader: (path) => [
      'gst-launch-1.0',
      '-q',
      'unixfdsrc',
      `socket-path=${path}`,
      '!',
      'fakesink',
      'sync=false',
      'enable-last-sample=false',
    ],
  },
  { name: 'shm', title: 'ours over shmsink, shmsrc, Node → Node', transport: 'shm', pace: 3e9, reader: onNode('shm') },
  {
    name: 'shmdata',
    title: 'ours over shmdata, Node → Node',
    transport: 'shmdata',
    pace: 5e9,
    reader: onNode('shmdata'),
  },
  { name: 'pipe', title: 'a pipe, Node → Node', transport: 'pipe', pace: 2e9, reader: onNode('pipe') },
  { name: 'memcpy', title: 'memcpy alone, in one process', transport: 'copy', pace: 8e9, reader: () => null },
];

export interface Figures {
  framesPerSecond: number;
  /** CPU seconds for 1,000 frames. */
  writerCpu: number;
  readerCpu: number;
  /** Bytes. */
  writerPeak: number;
  readerPeak: number;
}

/** CPU seconds and peak memory of a live process. */
function spent({ pid }: ChildProcess): { cpu: number; peak: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number) as [number, number];
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpu: (user + system) / ticks, peak: Number(peak) * 1024 };
}

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const soon = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Milliseconds for a reader to start and connect: what is written before is nobody's, and the stamps tell. */
const settling = 3000;
/** Milliseconds after which nothing more will come. */
const patience = 40_000;

export interface Scene {
  name: string;
  title: string;
  width: number;
  height: number;
  /** Whether every byte of each frame is written; else only its number, and what is left is the handing over. */
  painted: boolean;
}

export const scenes: readonly Scene[] = [
  { name: 'share-1080', title: '1920×1080, each painted', width: 1920, height: 1080, painted: true },
  { name: 'share-4k', title: '3840×2160, each painted', width: 3840, height: 2160, painted: true },
  { name: 'hand-over-4k', title: '3840×2160, handed over alone', width: 3840, height: 2160, painted: false },
];

/** Bytes a second that a frame can be painted at. */
const painting = 2e10;

export async function share(way: Way, scene: Scene, seconds: number): Promise<Figures> {
  const { width, height, painted } = scene;
  const pace = painted ? 1 / (1 / way.pace + 1 / painting) : way.pace;
  const frames = Math.max(20, Math.min(20_000, Math.round((pace * seconds) / (width * height * 4))));
  const caps = `video/x-raw, format=RGBA, width=${width}, height=${height}, framerate=60/1`;
  const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-sharing-'));
  const path = join(folder, 'frames');
  const children: ChildProcess[] = [];
  const start = (command: string[]): { child: ChildProcess; says(word: string): Promise<void> } => {
    const child = spawn(command[0] as string, command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    children.push(child);
    let said = '';
    child.stderr?.on('data', (text) => {
      said = (said + text).slice(-2000);
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    const says = async (word: string): Promise<void> => {
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      const { value } = await lines.next();
      clearTimeout(timer);
      if (value !== word) throw new Error(`${way.title}: ${command.join(' ')} did not say ${word}\n${said}`);
    };
    return { child, says };
  };
  try {
    if (way.transport === 'pipe') execFileSync('mkfifo', [path]);
    const numbers = [width, height, frames, painted ? 1 : 0].map(String);
    const writer = start([process.execPath, join(here, 'writer.js'), way.transport, path, ...numbers]);
    await writer.says('ready');
    const command = way.reader(path, caps, frames);
    const reader = command && start(command);
    const isOurs = command?.[0] !== 'gst-launch-1.0';
    if (reader) await soon(settling);
    const before = [writer, reader].map((one) => one && spent(one.child));
    for (const child of children) writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    const begin = performance.now();
    writer.child.stdin?.write('\n');
    await Promise.all([writer.says('done'), isOurs ? reader?.says('done') : null]);
    const time = (performance.now() - begin) / 1000;
    const after = [writer, reader].map((one) => one && spent(one.child));
    const cpu = (index: number) => (((after[index]?.cpu ?? 0) - (before[index]?.cpu ?? 0)) / frames) * 1000;
    return {
      framesPerSecond: frames / time,
      writerCpu: cpu(0),
      readerCpu: cpu(1),
      writerPeak: after[0]?.peak ?? 0,
      readerPeak: after[1]?.peak ?? 0,
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface SharingResult {
  name: string;
  title: string;
  ways: { name: string; title: string; figures: Figures; rounds: Figures[] }[];
}

/** All ways in turns. */
export async function shareAll(
  scene: Scene,
  rounds: number,
  seconds: number,
  progress: (title: string) => void,
): Promise<SharingResult> {
  const found = ways.map(({ name, title }) => ({ name, title, rounds: [] as Figures[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, way] of ways.entries()) {
      progress(`${way.title} · ${scene.title}`);
      found[index]?.rounds.push(await share(way, scene, seconds));
    }
  }
  const middle = (all: Figures[]): Figures => {
    const of = (key: keyof Figures) => median(all.map((each) => each[key]));
    return {
      framesPerSecond: of('framesPerSecond'),
      writerCpu: of('writerCpu'),
      readerCpu: of('readerCpu'),
      writerPeak: of('writerPeak'),
      readerPeak: of('readerPeak'),
    };
  };
  return {
    name: scene.name,
    title: scene.title,
    ways: found.map((each) => ({ ...each, figures: middle(each.rounds) })),
  };
}

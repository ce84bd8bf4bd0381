/** Two processes share frames: measures frames a second and their cost, and verifies that every frame arrived. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { root } from './contestants/index.ts';
import type { Reading, Use } from './sharing/reading.ts';
import { median } from './statistics.ts';

const here = join(dirname(fileURLToPath(import.meta.url)), 'sharing');

type Transport = 'unixfd' | 'shm' | 'shmdata' | 'pipe' | 'copy';

export interface Way {
  name: string;
  title: string;
  /** Argument of the writer and the readers. */
  transport: Transport;
  /** The reader's command; null if there is none. It prints `done` after all frames. */
  reader(path: string, caps: string, frames: number): string[] | null;
  /** Expected bytes a second, from which the size of a round follows. */
  pace: number;
}

const onNode =
  (transport: Transport, use: Use = 'look'): Way['reader'] =>
  (path, caps, frames) => {
    const reading: Reading = { transport, path, caps, frames, use };
    return [process.execPath, join(here, 'reader.js'), JSON.stringify(reading)];
  };

const onGjs: Way['reader'] = (path, caps, frames) => {
  const reading: Reading = { transport: 'unixfd', path, caps, frames, use: 'look' };
  const bundle = join(root, 'dist/gjs/gst-allocators.js');
  return ['gjs', '-m', join(here, 'reader-gjs.js'), bundle, JSON.stringify(reading)];
};

/** The sink takes exactly `frames` frames: its successful exit proves that they arrived. */
const onLaunch: Way['reader'] = (path, _caps, frames) => {
  const sink = `fakesink sync=false enable-last-sample=false num-buffers=${frames}`;
  const script = `gst-launch-1.0 -q unixfdsrc socket-path="$0" ! ${sink} && echo done; exec sleep 60`;
  return ['sh', '-c', script, path];
};

export const ways: readonly Way[] = [
  {
    name: 'unixfd-take',
    title: 'ours over unixfd, Node → Node, taken and let go',
    transport: 'unixfd',
    pace: 1e11,
    reader: onNode('unixfd', 'take'),
  },
  {
    name: 'unixfd-launch',
    title: 'ours over unixfd, Node → gst-launch unixfdsrc ! fakesink, the same',
    transport: 'unixfd',
    pace: 1e11,
    reader: onLaunch,
  },
  {
    name: 'unixfd',
    title: 'ours over unixfd, Node → Node, mapped, both ends looked at',
    transport: 'unixfd',
    pace: 1e11,
    reader: onNode('unixfd'),
  },
  {
    name: 'unixfd-touch',
    title: 'ours over unixfd, Node → Node, mapped, each page looked at',
    transport: 'unixfd',
    pace: 5e10,
    reader: onNode('unixfd', 'touch'),
  },
  { name: 'unixfd-gjs', title: 'ours over unixfd, Node → GJS, mapped', transport: 'unixfd', pace: 2e9, reader: onGjs },
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

/** CPU seconds of a process and its children, including dead ones, and the peak memory of one of them. */
function spent(pid: number | undefined): { cpu: number; peak: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const times = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  const own = {
    cpu: times.reduce((sum, time) => sum + time, 0) / ticks,
    peak: Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
  };
  return childrenOf(pid)
    .map(spent)
    .reduce((all, child) => ({ cpu: all.cpu + child.cpu, peak: Math.max(all.peak, child.peak) }), own);
}

const childrenOf = (pid: number | undefined): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** With its children, which would keep its stdout open. */
function kill(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  for (const pid of childrenOf(child.pid)) process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
}

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const soon = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Resolves when a process has connected to a socket in that folder. */
async function connection(folder: string): Promise<void> {
  const begin = performance.now();
  // Type, state and number of a socket, and the path it was bound to, which may have been another one; state 3 is connected.
  const isConnected = (line: string): boolean => line.includes(` ${folder}/`) && / 0001 03 +\d+ /.test(line);
  while (!readFileSync('/proc/net/unix', 'utf8').split('\n').some(isConnected)) {
    if (performance.now() - begin > patience) throw new Error(`nobody has connected to a socket in ${folder}`);
    await soon(5);
  }
}

/** Milliseconds for a writer to notice a connected reader: earlier frames would be lost, and the proofs fail. */
const settling = 300;
/** Milliseconds after which nothing more will come. */
const patience = 40_000;

export interface Scene {
  name: string;
  title: string;
  width: number;
  height: number;
  /** Whether every byte of each frame is written; else only its number, so that only the transfer is measured. */
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
  const start = (command: string[]): { pid: number | undefined; says(word: string): Promise<void>; go(): void } => {
    const child = spawn(command[0] as string, command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    children.push(child);
    let said = '';
    child.stderr.on('data', (text) => {
      said = (said + text).slice(-2000);
    });
    child.stdin.on('error', () => {}); // it died: the missing line reports that
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const says = async (word: string): Promise<void> => {
      const timer = setTimeout(kill, patience, child);
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${way.title}: ${command.join(' ')} did not say ${word}\n${said}`);
        if (value === word) return clearTimeout(timer);
      }
    };
    return { pid: child.pid, says, go: () => child.stdin.write('\n') };
  };
  try {
    if (way.transport === 'pipe') execFileSync('mkfifo', [path]);
    const numbers = [width, height, frames, painted ? 1 : 0].map(String);
    const writer = start([process.execPath, join(here, 'writer.js'), way.transport, path, ...numbers]);
    await writer.says('ready');
    const command = way.reader(path, caps, frames);
    const reader = command && start(command);
    if (reader && way.transport !== 'pipe') await connection(folder);
    if (reader) await soon(settling);
    const all = [writer, ...(reader ? [reader] : [])];
    for (const pid of all.flatMap(({ pid }) => [pid, ...childrenOf(pid)]))
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    const before = all.map(({ pid }) => spent(pid));
    const begin = performance.now();
    writer.go();
    const ends = await Promise.all(all.map(({ says }) => says('done').then(() => performance.now())));
    // Over unixfd the writer is done when all frames have come back; the reader's own exit does not count.
    const time = ((way.transport === 'unixfd' ? ends[0] : Math.max(...ends)) as number) - begin;
    const after = all.map(({ pid }) => spent(pid));
    const cpu = (index: number) => (((after[index]?.cpu ?? 0) - (before[index]?.cpu ?? 0)) / frames) * 1000;
    return {
      framesPerSecond: (frames / time) * 1000,
      writerCpu: cpu(0),
      readerCpu: cpu(1),
      writerPeak: after[0]?.peak ?? 0,
      // The peak of a reader that has ended can no longer be read.
      readerPeak: Math.max(before[1]?.peak ?? 0, after[1]?.peak ?? 0),
    };
  } finally {
    for (const child of children) kill(child);
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

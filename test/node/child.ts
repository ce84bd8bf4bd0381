/** Runs a program of the specs in a process of its own, on either engine, with a time limit. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Package } from '../harness/host.ts';

export type Engine = 'node' | 'gjs';
export const engines: readonly Engine[] = ['node', 'gjs'];

/** What such a program gets beside the globals. It sees nothing of the file it is written in. */
export interface Tools {
  sleep(milliseconds: number): Promise<void>;
  /** Keeps the main thread busy. */
  block(milliseconds: number): void;
  status(): string;
  /** What this process uses of the system now. */
  look(): Look;
  /** Sends a line to the spec before the program ends; the option `heard` gets it. */
  tell(line: object): void;
  openFds(): number;
  /** Whether a file exists: a spec makes one to signal the program. */
  exists(path: string): boolean;
  /** Runs the collector, finalizers included. */
  collect(): Promise<void>;
  /** `gst_deinit`: the leaks tracer then reports what is alive. Nothing of GStreamer may be used any more. */
  deinit(): void;
}

export interface Look {
  /** MiB. */
  rss: number;
  fds: number;
  threads: number;
  /** Lines of `/proc/self/maps`. */
  mappings: number;
}

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  value: unknown;
  stderr: string;
  /** Milliseconds from the program's last output to the exit of its process. */
  exitTime: number;
  /** Whether the program returned; its process may still hang. */
  finished: boolean;
  hung: boolean;
}

const here = (path: string) => new URL(path, import.meta.url).href;

const grounds: Record<Engine, string> = {
  node: `
    import { readFileSync, readdirSync } from 'node:fs';
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    import { createRequire } from 'node:module';
    const koffi = createRequire(${JSON.stringify(import.meta.url)})('koffi'); // the one that the package has
    import * as gst from ${JSON.stringify(here('../../src/index.js'))};
    const read = (path) => readFileSync(path, 'utf8');
    const list = (path) => readdirSync(path).length - 1;
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    const deinit = () => koffi.load('libgstreamer-1.0.so.0').func('void gst_deinit()')();
    const say = (text) => process.stdout.write(text + '\\n');`,
  gjs: `
    import GLib from 'gi://GLib';
    import System from 'system';
    import * as gst from ${JSON.stringify(here('../../../gjs/gst-allocators.js'))};
    const read = (path) => new TextDecoder().decode(GLib.file_get_contents(path)[1]);
    const list = (path) => {
      const directory = GLib.Dir.open(path, 0);
      let count = -1;
      while (directory.read_name() !== null) count++;
      directory.close();
      return count;
    };
    const gc = () => System.gc();
    const deinit = () => gst.gi.Gst.deinit();
    const say = (text) => print(text);`,
};

const tools = `
  const tools = {
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    block: (milliseconds) => {
      for (const end = Date.now() + milliseconds; Date.now() < end; );
    },
    status: () => read('/proc/self/status'),
    openFds: () => list('/proc/self/fd'),
    look: () => ({
      rss: Number(/VmRSS:\\s+(\\d+)/.exec(tools.status())[1]) / 1024,
      fds: list('/proc/self/fd'),
      threads: list('/proc/self/task') + 1,
      mappings: read('/proc/self/maps').split('\\n').length,
    }),
    exists(path) {
      try {
        read(path);
        return true;
      } catch {
        return false;
      }
    },
    tell: (line) => say(JSON.stringify(line)),
    deinit,
    async collect() {
      for (let round = 0; round < 5; round++) {
        gc();
        await tools.sleep(20);
      }
    },
  };`;

/**
 * @param options `within`: a command that runs the one that follows it; `heard`: gets what the program tells before its
 *   end; `abort`: kills it
 */
export async function inChild<T>(
  engine: Engine,
  program: (gst: Package, tools: Tools, argument: T) => unknown,
  {
    limit = 20_000,
    environment = {},
    argument,
    within = [],
    heard,
    abort,
  }: {
    limit?: number;
    environment?: object;
    argument?: T;
    within?: readonly string[];
    heard?: (line: unknown) => void;
    abort?: AbortSignal;
  } = {},
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-'));
  const script = join(folder, 'program.mjs');
  writeFileSync(
    script,
    `${grounds[engine]}
    ${tools}
    const value = await (${program})(gst, tools, ${JSON.stringify(argument)});
    say(JSON.stringify({ value }));`,
  );
  const command = [...within, ...(engine === 'node' ? [process.execPath, script] : ['gjs', '-m', script])];
  const child = spawn(command[0] as string, command.slice(1), {
    env: { ...process.env, G_DEBUG: 'fatal-criticals', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let lastWord = Date.now();
  child.stdout.on('data', (text) => {
    stdout += text;
    lastWord = Date.now();
    if (!heard) return;
    const lines = stdout.split('\n');
    // The last line is not whole yet, or empty.
    for (const line of lines.splice(0, lines.length - 1)) {
      const said = JSON.parse(line);
      if ('value' in said) lines.unshift(line);
      else heard(said);
    }
    stdout = lines.join('\n');
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, limit);
  const kill = (): void => void child.kill('SIGKILL');
  abort?.addEventListener('abort', kill);
  if (abort?.aborted) kill();
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...end) => resolve(end));
    });
    const exitTime = Date.now() - lastWord;
    const finished = stdout.includes('{');
    return { code, signal, value: finished ? JSON.parse(stdout).value : undefined, stderr, exitTime, finished, hung };
  } finally {
    clearTimeout(timer);
    abort?.removeEventListener('abort', kill);
    rmSync(folder, { recursive: true });
  }
}

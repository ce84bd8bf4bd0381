/** Starts the raw clients of `peer.py`, and our own reader or writer in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  ShmdataReader,
  type ShmdataReaderOptions,
  ShmdataWriter,
  type ShmdataWriterOptions,
} from '../../../src/index.ts';
import { sleep } from '../../harness/sleep.ts';

const script = fileURLToPath(new URL('../../../../../test/node/shmdata/peer.py', import.meta.url));
const index = new URL('../../../src/index.js', import.meta.url).href;

export interface Said {
  event: string;
  [name: string]: unknown;
}

/** Everything a test has begun, to be ended after it even where it failed: an open one would keep the run from ending. */
const begun = new Set<() => unknown>();

export async function endAll(): Promise<void> {
  for (const end of begun) await end();
  begun.clear();
}

export async function open(path: string, options: ShmdataWriterOptions): Promise<ShmdataWriter> {
  const writer = await ShmdataWriter.open(path, options);
  begun.add(() => writer.close());
  return writer;
}

/** Ends with the signal given, or else with the test. */
export function follow(path: string, options: ShmdataReaderOptions = {}): ShmdataReader {
  const abort = new AbortController();
  begun.add(() => abort.abort());
  return ShmdataReader.follow(path, { signal: abort.signal, ...options });
}

export class Peer {
  readonly said: Said[] = [];
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #exited: Promise<unknown>;
  #wake: (() => void) | null = null;
  #isOver = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, 'exit');
    begun.add(() => child.kill('SIGKILL'));
    this.#lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> });
    this.#lines.on('line', (line) => {
      this.said.push(JSON.parse(line));
      this.#wake?.();
    });
    this.#lines.on('close', () => {
      this.#isOver = true;
      this.#wake?.();
    });
  }

  /** @param user whom it runs as, where that is not this process's own; only root may */
  static python(
    role: 'reader' | 'writer' | 'misbehave' | 'pretend',
    path: string,
    options: object,
    user?: number,
    /** A process whose IPC namespace it shares. */
    neighbour?: number,
  ): Peer {
    // Another user may not be let into the folder of the script.
    const program = user === undefined ? [script] : ['-c', readFileSync(script, 'utf8')];
    const who = user === undefined ? {} : { uid: user, gid: user, cwd: '/' };
    const where = neighbour === undefined ? [] : ['nsenter', '--ipc', `--target=${neighbour}`];
    const [command = '', ...words] = [...where, 'python3', ...program, role, path, JSON.stringify(options)];
    return new Peer(
      spawn(command, words, {
        stdio: ['ignore', 'pipe', 'inherit'],
        ...who,
      }),
    );
  }

  get process(): number | undefined {
    return this.#child.pid;
  }

  /**
   * A program that sees `gst`, `path` and `say(event, more)`.
   * @param within what runs it
   */
  static node(path: string, program: string, within: readonly string[] = []): Peer {
    const source = `import * as gst from ${JSON.stringify(index)};
      const path = ${JSON.stringify(path)};
      const say = (event, more) => console.log(JSON.stringify({ event, ...more }));
      ${program}`;
    const [command = '', ...words] = [...within, process.execPath, '--input-type=module', '--eval', source];
    return new Peer(spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] }));
  }

  /** What it says next of this event. */
  async says(event: string): Promise<Said> {
    let seen = 0;
    for (;;) {
      for (; seen < this.said.length; seen++) if (this.said[seen]?.event === event) return this.said[seen] as Said;
      if (this.#isOver) throw new Error(`the peer ended without "${event}"; it said ${JSON.stringify(this.said)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async ended(): Promise<void> {
    await this.#exited;
    while (!this.#isOver) await sleep(1);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }
}

interface Entry {
  key: number;
  id: number;
  /** Process that made it; semaphores do not tell. */
  creator: number | null;
}

function table(kind: 'shm' | 'sem'): Entry[] {
  const [, ...lines] = readFileSync(`/proc/sysvipc/${kind}`, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const words = line.trim().split(/\s+/).map(Number);
    return { key: words[0] as number, id: words[1] as number, creator: kind === 'shm' ? (words[4] as number) : null };
  });
}

/** Identifiers of all shared memory and semaphores there is. */
export const interprocess = (): Set<string> => new Set(entries().map(({ name }) => name));

function entries(): { name: string; key: number; creator: number | null }[] {
  return (['shm', 'sem'] as const).flatMap((kind) =>
    table(kind).map(({ key, id, creator }) => ({ name: `${kind} ${id}`, key, creator })),
  );
}

const isAlive = (process_: number): boolean => existsSync(`/proc/${process_}`);

/**
 * What has been added since and is of no other process that lives. A second test run on the same machine may have
 * killed a writer just now, and takes its remains over in a moment: that is waited for.
 */
export async function leftSince(before: Set<string>): Promise<string[]> {
  const end = performance.now() + 3000;
  for (;;) {
    const left = addedSince(before);
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(50);
  }
}

function addedSince(before: Set<string>): string[] {
  const found = entries();
  const others = new Set(
    found
      .filter(({ creator }) => creator !== null && creator !== process.pid && isAlive(creator))
      .map(({ key }) => key & 0xffffff),
  );
  return found.filter(({ name, key }) => !before.has(name) && !others.has(key & 0xffffff)).map(({ name }) => name);
}

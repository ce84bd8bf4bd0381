/**
 * A contestant is a process that stays warm and runs rounds on request. Both sides exchange lines of JSON: it starts
 * with `{"versions": …}`, reads a `Round` per line on stdin, and writes an `Answer` per line on stdout.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Answer, Round } from './work.ts';

export interface Entry {
  name: string;
  title: string;
  /** The command that runs it; or the reason why it does not take part. */
  command: readonly string[] | { absent: string };
}

/** Longest time for one answer, in milliseconds: a contestant that hangs must not hang the bench. */
const patience = 120_000;
/** Added for each repetition in a round, in milliseconds. */
const patienceForOne = 0.5;

export class Contestant {
  readonly name: string;
  readonly versions: Record<string, string>;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #stderr: () => string;

  private constructor(
    name: string,
    versions: Record<string, string>,
    process: ChildProcess,
    lines: AsyncIterator<string>,
    stderr: () => string,
  ) {
    this.name = name;
    this.versions = versions;
    this.#process = process;
    this.#lines = lines;
    this.#stderr = stderr;
  }

  static async start(name: string, [command = '', ...values]: readonly string[]): Promise<Contestant> {
    const child = spawn(command, values, { stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (text) => {
      said = (said + text).slice(-4000);
    });
    child.stdin.on('error', () => {}); // it died: the missing answer reports that
    child.on('error', (error) => {
      said += error.message;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const contestant = new Contestant(name, {}, child, lines, () => said);
    const greeting = (await contestant.#line('start', patience)) as { versions?: Record<string, string> };
    if (!greeting.versions) throw new Error(`${name} did not greet with its versions`);
    Object.assign(contestant.versions, greeting.versions);
    return contestant;
  }

  async round(round: Round): Promise<Answer> {
    this.#forgetPeak();
    this.#process.stdin?.write(`${JSON.stringify(round)}\n`);
    const answer = (await this.#line(round.verb, patience + round.count * patienceForOne)) as Partial<
      Record<'nanoseconds' | 'check' | 'peak', number>
    > & {
      cannot?: string;
    };
    if (typeof answer.cannot === 'string') return { cannot: answer.cannot };
    const { nanoseconds, check } = answer;
    if (typeof nanoseconds === 'number' && nanoseconds > 0 && typeof check === 'number') {
      return { nanoseconds, check, peak: this.#peak() };
    }
    throw new Error(`${this.name} gave no time or no proof for ${round.verb}: ${JSON.stringify(answer)}`);
  }

  #forgetPeak(): void {
    writeFileSync(`/proc/${this.#process.pid}/clear_refs`, '5');
  }

  /** The most memory the process had since `#forgetPeak`, in bytes. */
  #peak(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
  }

  async #line(purpose: string, longest: number): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#failure(`no answer to ${purpose} in ${longest / 1000} s`)), longest);
    });
    try {
      const { value, done } = await Promise.race([this.#lines.next(), timeout]);
      if (done) throw this.#failure(`ended instead of answering to ${purpose}`);
      try {
        return JSON.parse(value);
      } catch {
        throw this.#failure(`answered to ${purpose} with ${JSON.stringify(value)}`);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #failure(what: string): Error {
    const { exitCode, signalCode } = this.#process;
    return new Error(`${this.name}: ${what} (exit ${exitCode ?? signalCode ?? 'none'})\n${this.#stderr()}`.trimEnd());
  }

  stop(): void {
    this.#process.stdin?.end();
    this.#process.kill();
  }
}

/**
 * C calls off the main thread. libuv's pool, four threads unless UV_THREADPOOL_SIZE says otherwise, is shared with the
 * program's `fs` and `dns` calls. So slow calls, and calls that wait for a stream, queue here: enough threads stay free
 * for the program, and for `stop()`, which does not queue.
 */
import type { Handle } from '../../generated/symbols.ts';
import { native } from './ffi.ts';
import { address } from './marshal.ts';
import { refObject, unrefObject } from './references.ts';
import { thread } from './thread-rules.ts';

const threads = Number.parseInt(process.env.UV_THREADPOOL_SIZE ?? '', 10) || 4;
const most = Math.max(1, threads - 1);
const half = Math.max(1, Math.floor(threads / 2));

/** A kind of calls: the number that runs, and the queue. */
interface Kind {
  readonly most: number;
  running: number;
  readonly line: (() => void)[];
}

const kind = (most: number): Kind => ({ most, running: 0, line: [] });

/** In order of precedence. Calls that may wait for a stream until it is stopped never take all threads. */
const kinds = {
  start: kind(Number.POSITIVE_INFINITY),
  seek: kind(half),
  query: kind(1),
  conversion: kind(half),
  end: kind(half),
  // Waits for peers, of any number: never all threads, even if there is only one.
  peer: kind(Math.floor(threads / 2)),
};
export type KindOfCall = keyof typeof kinds;

let running = 0;

function next(): void {
  for (const each of Object.values(kinds)) {
    while (running < most && each.running < each.most) {
      const begin = each.line.shift();
      if (!begin) break;
      running++;
      each.running++;
      begin();
    }
  }
}

/** Calls `use` when it is its turn. */
export async function inTurn<T>(name: KindOfCall, use: () => Promise<T>): Promise<T> {
  const { [name]: mine } = kinds;
  await new Promise<void>((resolve) => {
    mine.line.push(resolve);
    next();
  });
  return finish(mine, use);
}

/** Calls `use` if a thread is free; else returns null, and the caller polls instead. */
export function ifFree<T>(name: KindOfCall, use: () => Promise<T>): Promise<T> | null {
  const { [name]: mine } = kinds;
  if (running >= most || mine.running >= mine.most) return null;
  running++;
  mine.running++;
  return finish(mine, use);
}

async function finish<T>(mine: Kind, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    running--;
    mine.running--;
    next();
  }
}

/** Calls a function on a thread of libuv's pool; the objects in `kept` stay alive meanwhile. */
export function offThread(symbol: string, kept: readonly Handle[], ...values: unknown[]): Promise<number> {
  if (!thread.callsBack) return new Promise((resolve) => resolve(native(symbol)(...values) as number));
  for (const object of kept) refObject(address(object));
  return new Promise((resolve, reject) => {
    native(symbol).async(...values, (error: Error | null, result: number) => {
      for (const object of kept) unrefObject(address(object));
      if (error) reject(error);
      else resolve(result);
    });
  });
}

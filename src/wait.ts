/** Every wait takes a signal and a timeout, and can report what it waits for when it takes long. */
import { runtime } from '#runtime';
import { CallSite } from './call-site.ts';
import { expectOptions, expectSize, wrongType } from './expect.ts';
import type { Watch } from './runtime/port/index.ts';
import { nanosecondsPerMillisecond, timeText } from './time.ts';

/** A `Gio.Cancellable`, which GJS programs use where others use an `AbortSignal`. */
export interface Cancellable {
  is_cancelled(): boolean;
  /** `g_cancellable_connect`, which hides the `connect` of other objects. */
  connect(callback: () => void): number;
  disconnect(id: number): void;
}

export interface WaitOptions {
  /** Ends the wait; the promise rejects with the signal's reason. */
  signal?: AbortSignal | Cancellable | null;
  /**
   * Nanoseconds to wait at most; the promise then rejects with a `TimeoutError` (a `DOMException` where there is one).
   * Null (`GST_CLOCK_TIME_NONE`) and `Infinity` wait as long as it takes, like none.
   */
  timeout?: number | null;
}

/**
 * What a wait is for. All waits for the same thing, such as a buffer of one pool, share one object: it warns once a
 * minute at most, however many waits there are.
 */
export interface WaitReason {
  /** Completes "waiting for …". */
  readonly what: string;
  /**
   * Why it takes long: cause and remedy, in sentences. Called only for a warning or an error, and at most once a
   * second. Null while no cause is known: then there is no warning, and the next call comes a second later.
   */
  why?(): string | null;
  /** Whether a wait of more than a second is a warning (`runtime.diagnostics.warn`). */
  readonly warns?: boolean;
  /** Called each second, after any warning: may end the wait. */
  late?(): void;
  /** The warning's code. Default `GST_ALLOCATORS_WAIT`. */
  readonly code?: string;
}

export const waitOptionNames = ['signal', 'timeout'] as const;

/** Longest delay of a timer, in milliseconds. */
const longestDelay = 0x7fffffff;

function namedError(name: string, message: string): Error {
  if (typeof DOMException === 'function') return new DOMException(message, name);
  const error = new Error(message);
  error.name = name;
  return error;
}

/** The reason in words; null if its object was disposed meanwhile. */
function whyOf(reason: WaitReason): string | null {
  try {
    return reason.why?.() ?? null;
  } catch {
    return null;
  }
}

function timeoutError(timeout: number, reason: WaitReason | undefined): Error {
  const why = reason && whyOf(reason);
  const what = reason ? ` while waiting for ${reason.what}` : '';
  return namedError('TimeoutError', `timed out after ${timeText(timeout)}${what}${why ? `: ${why}` : ''}`);
}

/** A wait that may warn, and how often it was checked. */
interface Watched {
  readonly reason: WaitReason;
  looks: number;
}

/**
 * All current waits that may warn. One timer checks them, as one timer for each would cost more than most waits. It
 * runs until there are none, and does not keep the process alive.
 */
const underway = new Set<Watched>();
let watching: Watch | null = null;
/** Milliseconds between checks. */
const lookInterval = 250;
const looksPerSecond = 1000 / lookInterval;
/** When each reason last warned. */
const warned = new WeakMap<WaitReason, number>();
/** Milliseconds in which a reason warns once. */
const warningInterval = 60_000;

function watch(reason: WaitReason, since: number): Watched {
  const watched = { reason, looks: Math.floor((performance.now() - since) / lookInterval) - 1 };
  underway.add(watched);
  watching ??= runtime.loop.every(lookInterval, look);
  return watched;
}

function look(): void {
  if (underway.size === 0) {
    watching?.close();
    watching = null;
  }
  for (const watched of underway) {
    watched.looks++;
    if (watched.looks === 0 || watched.looks % looksPerSecond !== 0) continue;
    warnOf(watched);
    watched.reason.late?.();
  }
}

function warnOf({ reason, looks }: Watched): void {
  const now = performance.now();
  if (now - (warned.get(reason) ?? Number.NEGATIVE_INFINITY) < warningInterval) return;
  const why = whyOf(reason);
  if (why === null && reason.why) return;
  warned.set(reason, now);
  const time = `${Math.round(looks / looksPerSecond)} s`;
  runtime.diagnostics.warn(
    `still waiting for ${reason.what} after ${time}${why === null ? '' : `: ${why}`}`,
    reason.code ?? 'GST_ALLOCATORS_WAIT',
  );
}

interface Signal {
  aborted(): boolean;
  reason(): unknown;
  listen(callback: () => void): () => void;
}

/** False for objects that only inherit from a signal, whose getters throw. */
function isAbortSignal(value: unknown): value is AbortSignal {
  const signal = value as AbortSignal;
  try {
    return (
      typeof signal === 'object' && typeof signal.aborted === 'boolean' && typeof signal.addEventListener === 'function'
    );
  } catch {
    return false;
  }
}

function signalOf(value: unknown): Signal | null {
  if (value === undefined || value === null) return null;
  if (isAbortSignal(value)) {
    return {
      aborted: () => value.aborted,
      reason: () => value.reason ?? namedError('AbortError', 'the wait was aborted'),
      listen: (callback) => {
        value.addEventListener('abort', callback);
        return () => value.removeEventListener('abort', callback);
      },
    };
  }
  const cancellable = value as Cancellable;
  if (typeof cancellable === 'object' && typeof cancellable.is_cancelled === 'function') {
    return {
      aborted: () => cancellable.is_cancelled(),
      reason: () => namedError('AbortError', 'the wait was cancelled'),
      listen: (callback) => {
        const id = cancellable.connect(callback);
        // Disconnecting from inside the emission would deadlock in Gio.
        return () => void Promise.resolve().then(() => cancellable.disconnect(id));
      },
    };
  }
  throw wrongType('signal', 'an AbortSignal or a Gio.Cancellable', value);
}

/** Checks the options of a wait, and throws at once if its signal is already aborted. */
export function checkWait(options: WaitOptions | undefined, known: readonly string[] = waitOptionNames): WaitOptions {
  const checked = expectOptions('options', options, known);
  if (checked.timeout === null || checked.timeout === Infinity) delete checked.timeout;
  if (checked.timeout !== undefined) expectSize('options.timeout', checked.timeout);
  const signal = signalOf(checked.signal);
  if (signal?.aborted()) throw signal.reason();
  return checked;
}

/**
 * A promise that `start` settles, or that the options end. `start` returns a function that stops its side of the wait,
 * which is called once, however the wait ends. A wait that is already aborted does not start.
 * @param since when the caller began to wait (`performance.now()`), if this wait is not its first one
 */
export function wait<T>(
  options: WaitOptions,
  start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
  reason?: WaitReason,
  since = performance.now(),
): Promise<T> {
  const signal = signalOf(options.signal);
  if (signal?.aborted()) return Promise.reject(signal.reason());
  const site = new CallSite(wait);
  return new Promise((resolve, fail) => {
    const reject = (error: unknown): void => {
      site.lead(error);
      fail(error);
    };
    let over = false;
    let stop: (() => void) | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let unlisten: (() => void) | undefined;
    let watched: Watched | null = null;
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      if (timer !== null) clearTimeout(timer);
      if (watched) underway.delete(watched);
      unlisten?.();
      stop?.();
      settle();
    };
    unlisten = signal?.listen(() => end(() => fail(signal.reason())));
    // A cancellable that another thread has just cancelled calls back immediately.
    if (over) return unlisten?.();
    const { timeout } = options;
    if (typeof timeout === 'number') {
      timer = setTimeout(
        () => end(() => reject(timeoutError(timeout, reason))),
        Math.min(Math.max(0, Math.ceil(timeout / nanosecondsPerMillisecond - performance.now() + since)), longestDelay),
      );
    }
    if (reason?.warns) watched = watch(reason, since);
    stop = start(
      (value) => end(() => resolve(value)),
      (error) => end(() => reject(error)),
    );
    if (over) stop();
  });
}

/** Waits for an operation that cannot be stopped; when the wait ends early, `dispose` gets the later result. */
export function waitFor<T>(
  options: WaitOptions,
  promise: Promise<T>,
  { reason, dispose }: { reason?: WaitReason; dispose?: (value: T) => void } = {},
): Promise<T> {
  let over = false;
  return wait(
    options,
    (resolve, reject) => {
      promise.then((value) => (over ? dispose?.(value) : resolve(value)), reject);
      return () => {
        over = true;
      };
    },
    reason,
  );
}

/** Whether the signal is aborted. */
export function isAborted(options: Pick<WaitOptions, 'signal'>): boolean {
  return signalOf(options.signal)?.aborted() ?? false;
}

/** Waits for a time in nanoseconds; the signal ends it early, without an error. */
export async function pause(time: number, options: Pick<WaitOptions, 'signal'> = {}): Promise<void> {
  await wait<void>({ ...options, timeout: time }, () => () => {}).catch(() => {});
}

/**
 * A generator that ends at once on `return()` while its next value is awaited; a plain generator would wait for that
 * value.
 * @param end cancels the wait for the next value
 */
export function endable<T>(
  generator: AsyncGenerator<T, void, undefined>,
  end: () => void,
): AsyncGenerator<T, void, undefined> {
  return {
    next: () => generator.next(),
    return(value) {
      end();
      return generator.return(value);
    },
    throw(reason) {
      end();
      return generator.throw(reason);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return();
    },
  };
}

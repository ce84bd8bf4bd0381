/** Waits can be given up: every one takes a signal and a timeout. */
import { expectOptions, expectSize, wrongType } from './expect.ts';

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

export const waitOptionNames = ['signal', 'timeout'] as const;

const nanosecondsPerMillisecond = 1e6;
/** Longest delay of a timer. */
const longestDelay = 0x7fffffff;

function namedError(name: string, message: string): Error {
  if (typeof DOMException === 'function') return new DOMException(message, name);
  const error = new Error(message);
  error.name = name;
  return error;
}

interface Signal {
  aborted(): boolean;
  reason(): unknown;
  listen(callback: () => void): () => void;
}

/** What only inherits from a signal throws when it is asked. */
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

/** Checks the options of a wait and throws at once when it was given up before it began. */
export function checkWait(options: WaitOptions | undefined, known: readonly string[] = waitOptionNames): WaitOptions {
  const checked = expectOptions('options', options, known);
  if (checked.timeout === null || checked.timeout === Infinity) delete checked.timeout;
  if (checked.timeout !== undefined) expectSize('options.timeout', checked.timeout);
  const signal = signalOf(checked.signal);
  if (signal?.aborted()) throw signal.reason();
  return checked;
}

/**
 * A promise that `start` settles, or that the options end. `start` gives what stops its side of the wait; it is called
 * once, however the wait ends. A wait that is over before it begins does not start.
 */
export function wait<T>(
  options: WaitOptions,
  start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
): Promise<T> {
  const signal = signalOf(options.signal);
  if (signal?.aborted()) return Promise.reject(signal.reason());
  return new Promise((resolve, reject) => {
    let over = false;
    let stop: (() => void) | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let unlisten: (() => void) | undefined;
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      if (timer !== null) clearTimeout(timer);
      unlisten?.();
      stop?.();
      settle();
    };
    unlisten = signal?.listen(() => end(() => reject(signal.reason())));
    // A cancellable that another thread has just cancelled calls back at once.
    if (over) return unlisten?.();
    const { timeout } = options;
    if (typeof timeout === 'number') {
      timer = setTimeout(
        () => end(() => reject(namedError('TimeoutError', `waited ${timeout} ns in vain`))),
        Math.min(Math.ceil(timeout / nanosecondsPerMillisecond), longestDelay),
      );
    }
    stop = start(
      (value) => end(() => resolve(value)),
      (reason) => end(() => reject(reason)),
    );
    if (over) stop();
  });
}

/** Waits for what goes on by itself; when that is given up, `dispose` gets what comes of it later. */
export function waitFor<T>(options: WaitOptions, promise: Promise<T>, dispose?: (value: T) => void): Promise<T> {
  let over = false;
  return wait(options, (resolve, reject) => {
    promise.then((value) => (over ? dispose?.(value) : resolve(value)), reject);
    return () => {
      over = true;
    };
  });
}

/** Whether the signal has ended the waiting. */
export function isAborted(options: Pick<WaitOptions, 'signal'>): boolean {
  return signalOf(options.signal)?.aborted() ?? false;
}

/** Lets a time in nanoseconds pass; the signal ends it early, without an error. */
export async function pause(time: number, options: Pick<WaitOptions, 'signal'> = {}): Promise<void> {
  await wait<void>({ ...options, timeout: time }, () => () => {}).catch(() => {});
}

/**
 * A generator that ends at once on `return()` while its next value is awaited; by itself it would wait for that value.
 * @param end has what it waits for come to nothing
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

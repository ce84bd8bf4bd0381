/** Features of the language or the web platform that GJS lacks. Each is added only if it is missing. */

function provide(owner: object, name: PropertyKey, value: unknown): void {
  if (name in owner) return;
  Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
}

// esbuild's lowering of `using` uses the same registered symbols.
provide(Symbol, 'dispose', Symbol.for('Symbol.dispose'));
provide(Symbol, 'asyncDispose', Symbol.for('Symbol.asyncDispose'));

const start = Date.now();
provide(globalThis, 'performance', { timeOrigin: start, now: () => Date.now() - start });

provide(globalThis, 'queueMicrotask', (callback: () => void) => {
  // Its error becomes an unhandled rejection, which GJS reports.
  void Promise.resolve().then(callback);
});

type Listener = ((event: AbortEvent) => void) | { handleEvent(event: AbortEvent): void };

interface AbortEvent {
  readonly type: 'abort';
  readonly target: SmallAbortSignal;
}

class AbortFailure extends Error {
  readonly code: number;

  constructor(name: 'AbortError' | 'TimeoutError', message: string, code: number) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

class SmallAbortSignal {
  aborted = false;
  reason: unknown = undefined;
  onabort: ((event: AbortEvent) => void) | null = null;
  readonly #listeners = new Map<Listener, boolean>();

  static abort(reason?: unknown): SmallAbortSignal {
    const controller = new SmallAbortController();
    controller.abort(reason);
    return controller.signal;
  }

  static timeout(milliseconds: number): SmallAbortSignal {
    const controller = new SmallAbortController();
    setTimeout(() => {
      controller.abort(new AbortFailure('TimeoutError', 'The operation was aborted due to timeout', 23));
    }, milliseconds);
    return controller.signal;
  }

  static any(signals: Iterable<SmallAbortSignal>): SmallAbortSignal {
    const controller = new SmallAbortController();
    const all = [...signals];
    const follow = (event: AbortEvent) => {
      for (const signal of all) signal.removeEventListener('abort', follow);
      controller.abort(event.target.reason);
    };
    const first = all.find((signal) => signal.aborted);
    if (first) controller.abort(first.reason);
    else for (const signal of all) signal.addEventListener('abort', follow);
    return controller.signal;
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(type: string, listener: Listener | null, options?: boolean | { once?: boolean }): void {
    if (type !== 'abort' || !listener || this.#listeners.has(listener)) return;
    this.#listeners.set(listener, typeof options === 'object' && options.once === true);
  }

  removeEventListener(type: string, listener: Listener | null): void {
    if (type === 'abort' && listener) this.#listeners.delete(listener);
  }

  dispatchEvent(event: AbortEvent): boolean {
    for (const [listener, once] of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      if (once) this.#listeners.delete(listener);
      report(() => (typeof listener === 'function' ? listener.call(this, event) : listener.handleEvent(event)));
    }
    if (this.onabort) report(() => this.onabort?.(event));
    return true;
  }
}

/** An error of one listener must not stop the others. */
function report(call: () => void): void {
  try {
    call();
  } catch (error) {
    console.error(error);
  }
}

class SmallAbortController {
  readonly signal = new SmallAbortSignal();

  abort(reason: unknown = new AbortFailure('AbortError', 'This operation was aborted', 20)): void {
    if (this.signal.aborted) return;
    this.signal.aborted = true;
    this.signal.reason = reason;
    this.signal.dispatchEvent({ type: 'abort', target: this.signal });
  }
}

provide(globalThis, 'AbortController', SmallAbortController);
provide(globalThis, 'AbortSignal', SmallAbortSignal);

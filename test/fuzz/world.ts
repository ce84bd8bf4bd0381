/** Where calls are made: the objects there are so far, what values become, and what is thought of how a call ends. */
import { host } from '#host';
import * as gst from '../../src/index.ts';
import { sleep } from '../harness/sleep.ts';
import type { Call, Value } from './call.ts';
import { HostileError, hostileValue } from './hostile.ts';
import { makers, parts } from './stock.ts';
import { type Any, classes, kindOf, targets } from './targets.ts';

const byName = new Map(targets.map((target) => [target.name, target]));
const mostOfAKind = 6;
/** Milliseconds to wait for what a call promises. */
const patience = 20;
const longPatience = 1000;

const derives = (kind: string, from: string): boolean =>
  kind === from || (classes.has(from) && classes.get(kind)?.prototype instanceof classes.get(from));

const isLive = ({ isDisposed }: Any): boolean => isDisposed !== true;

export interface Verdict {
  target: string;
  complaint: string;
}

export class World {
  /** Whether something waits on, as it was told to: without a signal, and without a time. */
  waits = false;
  readonly complaints: Verdict[] = [];
  readonly called = new Set<string>();
  readonly worked = new Set<string>();
  readonly #objects = new Map<string, Any[]>();
  readonly #pending = new Map<Promise<unknown>, string>();
  readonly #end = new AbortController();
  /** By the call that they came from. */
  readonly #named = new Map<string, Any>();
  readonly #ids = new Map<Any, string>();
  #made = 0;
  #current = '';
  #fds: number[] = [];
  #over = false;

  async make(call: Call): Promise<void> {
    const promise = this.#make(call);
    if (call.after === 'breathe') await sleep(0);
    if (call.after === 'await' && promise) await Promise.race([promise, sleep(call.onNew ? longPatience : patience)]);
  }

  #make(call: Call): Promise<unknown> | null {
    const target = byName.get(call.target);
    if (!target) throw new Error(`no target ${call.target}`);
    this.called.add(target.name);
    this.#current = call.id ?? `inside ${this.#made++} of ${this.#current}`;
    const id = this.#current;
    this.#fds = [];
    let fds = this.#fds;
    let isOdd = false;
    try {
      const receiver = target.on === null ? undefined : this.#receiver(target.on, call.on, call.onId);
      isOdd = target.on !== null && !this.#of(target.on).includes(receiver);
      const values = call.with.map((value) => this.#resolve(value));
      fds = this.#fds;
      const result = target.run(receiver, values) as Any;
      if (typeof result?.then !== 'function' || !(result instanceof Promise)) {
        this.worked.add(target.name);
        if (!isOdd) this.#keep(result, id);
        return null;
      }
      const promise = result.then((value) => {
        this.worked.add(target.name);
        this.#keep(value, id);
      });
      return this.#follow(target.name, promise, isOdd);
    } catch (error) {
      this.#judge(target.name, error, isOdd);
      for (const fd of fds) {
        if (host.isOpen(fd)) host.close(fd);
        else this.#complain(target.name, 'a failed call closed the fd it was given');
      }
      return null;
    }
  }

  #complain(target: string, complaint: string): void {
    this.complaints.push({ target, complaint });
  }

  #judge(target: string, error: Any, isOdd = false): void {
    // What it was given comes back: it may be a proxy, of which nothing can be asked.
    if (target === 'Iterator#throw') return;
    if (error instanceof gst.GstError || error instanceof HostileError) return;
    if (isOdd && error instanceof TypeError) return;
    // The reason of a signal that was given.
    if (error === 5) return;
    // Nothing can be asked of one.
    if (error instanceof TypeError && /revoked/.test(error.message)) return;
    const name = error?.name;
    if (name === 'AbortError' || name === 'TimeoutError') return;
    if ((error instanceof TypeError || error instanceof RangeError) && isOurs(error.message, target)) return;
    this.#complain(target, error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error));
  }

  #of(kind: string): Any[] {
    return [...this.#objects].flatMap(([each, objects]) => (derives(each, kind) || kind === 'any' ? objects : []));
  }

  /** The call with the objects it is about by name, as far as they are known before it is made. */
  pin(call: Call): Call {
    const { on } = byName.get(call.target) ?? {};
    if (call.onNew && on) {
      for (const object of this.#objects.get(on)?.splice(0) ?? []) discard(object);
      disposeParts();
    }
    const onId = call.onId ?? this.#nameOf(on ?? null, call.on);
    return { ...call, with: call.with.map((value) => this.#pinned(value)), ...(onId === undefined ? {} : { onId }) };
  }

  #pinned(value: Value): Value {
    if ('a' in value && value.id === undefined) {
      const id = this.#nameOf(value.a, value.at);
      return id === undefined ? value : { ...value, id };
    }
    if ('list' in value) return { list: value.list.map((each) => this.#pinned(each)) };
    if ('proxy' in value) return { ...value, proxy: this.#pinned(value.proxy) };
    const pinAll = (record: Record<string, Value>) =>
      Object.fromEntries(Object.entries(record).map(([key, each]) => [key, this.#pinned(each)]));
    if ('record' in value) return { record: pinAll(value.record) };
    if ('getters' in value) return { ...value, getters: pinAll(value.getters) };
    return value;
  }

  #nameOf(kind: string | null, at: number): string | undefined {
    const object = kind === null ? null : this.#object(kind, at);
    return object === null ? undefined : this.#ids.get(object);
  }

  /** One in eight may be disposed; where none is live, one is made. */
  #object(kind: string, at: number, id?: string): Any {
    if (id !== undefined && this.#named.has(id)) return this.#named.get(id);
    const objects = this.#of(kind);
    if (id === undefined) {
      if (at % 8 === 0 && objects.length) return objects[at % objects.length];
      const live = objects.filter(isLive);
      if (live.length) return live[at % live.length];
    }
    try {
      const name = id ?? `${kind} ${this.#made++}`;
      const made = makers[kind]?.();
      if (made instanceof Promise) {
        this.#follow(
          `a ${kind}`,
          made.then((value) => this.#keep(value, name)),
        );
        return objects[0];
      }
      this.#keep(made, name);
      return made ?? objects[0];
    } catch (error) {
      this.#judge(`a ${kind}`, error);
      return objects[0];
    }
  }

  #follow(target: string, promise: Promise<unknown>, isOdd = false): Promise<unknown> {
    const followed = promise.catch((error) => this.#judge(target, error, isOdd));
    this.#pending.set(followed, target);
    followed.finally(() => this.#pending.delete(followed));
    return followed;
  }

  #receiver(kind: string, at: number, id?: string): unknown {
    const { prototype } = classes.get(kind) ?? {};
    if (at % 40 === 2) return this.#object('any', at);
    if (at % 40 === 1) return [undefined, {}, prototype, Object.create(prototype ?? null), null, 5][at % 6];
    return this.#object(kind, at, id) ?? prototype ?? {};
  }

  #resolve(value: Value): unknown {
    if ('json' in value) return value.json;
    if ('hostile' in value) return value.hostile === 'end signal' ? this.#end.signal : hostileValue(value.hostile);
    if ('a' in value) {
      const object = this.#object(value.a, value.at, value.id);
      if (!value.raw) return object;
      try {
        return object?.gi;
      } catch {
        return undefined;
      }
    }
    if ('file' in value) {
      const fd = gst.memfd('fuzz', value.file);
      this.#fds.push(fd);
      return fd;
    }
    if ('bytes' in value) return new Uint8Array(value.bytes).fill(value.bytes);
    if ('list' in value) return value.list.map((each) => this.#resolve(each));
    if ('record' in value)
      return Object.fromEntries(Object.entries(value.record).map(([key, each]) => [key, this.#resolve(each)]));
    if ('getters' in value) {
      const object = {};
      for (const [key, each] of Object.entries(value.getters)) {
        const resolved = this.#resolve(each);
        Object.defineProperty(object, key, { enumerable: true, get: () => this.#reenter(value.calls, resolved) });
      }
      return object;
    }
    if ('proxy' in value) {
      const behind = this.#resolve(value.proxy) as object;
      return new Proxy(behind, { get: (object, key) => this.#reenter(value.calls, Reflect.get(object, key)) });
    }
    const given = this.#resolve(value.gives);
    return () => this.#reenter(value.does, given);
  }

  #reenter<T>(calls: readonly Call[], result: T): T {
    const fds = this.#fds;
    if (!this.#over) for (const call of calls) void this.#make(call);
    this.#fds = fds;
    return result;
  }

  /** Objects that came back are used from now on; those they crowd out are disposed. */
  #keep(value: Any, id: string): void {
    // The global object of GJS has things in it that load a module for whatever they are asked.
    if (value === null || typeof value !== 'object' || value === globalThis) return;
    const kind = kindOf(value);
    if (kind === null) {
      const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
      if (isPlain) for (const [key, each] of Object.entries(value)) if (kindOf(each)) this.#keep(each, `${id}.${key}`);
      return;
    }
    if (this.#over) {
      void discard(value);
      return;
    }
    const objects = this.#objects.get(kind) ?? [];
    this.#objects.set(kind, objects);
    if (objects.includes(value)) return;
    objects.push(value);
    this.#ids.set(value, id);
    this.#named.set(id, value);
    if (objects.length <= mostOfAKind) return;
    const crowdedOut = objects.shift();
    this.#named.delete(this.#ids.get(crowdedOut) ?? '');
    this.#ids.delete(crowdedOut);
    const ended = discard(crowdedOut);
    if (ended) this.#follow('the end of an object', ended);
  }

  /** Gives everything back, and sees whether everything ends. */
  async finish(): Promise<void> {
    this.#over = true;
    this.#end.abort();
    // The other way round than they came: what is inside before what it is inside of.
    for (const [, objects] of [...this.#objects].reverse()) {
      for (const object of objects) {
        try {
          const ended = discard(object);
          if (ended) this.#follow('the end of an object', ended);
        } catch (error) {
          this.#judge('dispose()', error);
        }
      }
    }
    disposeParts();
    const start = Date.now();
    while (this.#pending.size && Date.now() - start < 5000) await sleep(10);
    for (const target of new Set(this.#pending.values())) {
      // What waits without a signal and a time waits on.
      if (/^(Iterator#|shmdataToAppSrc)/.test(target)) this.waits = true;
      else this.#complain(target, 'never came to an end, though all was disposed');
    }
    for (const each of [this.#objects, this.#named, this.#ids]) each.clear();
    await sleep(50);
    await host.collect();
    const left = gst.allocationCounters();
    if (Object.keys(left).length) this.#complain('allocationCounters', `left at the end: ${JSON.stringify(left)}`);
  }
}

function disposeParts(): void {
  for (const part of parts.splice(0)) part[Symbol.dispose]();
}

/** Returns what resolves when it has ended, where that takes a while. */
function discard(object: Any): Promise<void> | null {
  const end = object[Symbol.dispose] ?? object.close ?? object.return;
  const ended = end?.call(object);
  if (!(ended instanceof Promise)) return null;
  const done = ended.catch(() => {});
  return object instanceof gst.Recording ? done : null;
}

/** Our own phrases, not the engine's about something that was not checked. Errors are plain classes, and theirs count. */
const isOurs = (message: string, target: string): boolean =>
  /^(expected |unknown key |\w+ is not made with `new`)/.test(message) || /^new \w*Error$/.test(target);

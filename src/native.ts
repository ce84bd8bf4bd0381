/** The one place that owns native references: every facade extends `Native`, and nobody else drops a handle. */
import { runtime } from '#runtime';
import { DisposedError } from './errors.ts';
import { wrongType } from './expect.ts';
import type { Family, Handle, MappingLock } from './runtime/runtime.ts';

/** Facades are made by the package alone: an address somebody made up must not get in. */
export const internal: unique symbol = Symbol('gst-allocators');
export type Internal = typeof internal;

/** Refuses `new` by anybody else; what makes something of its own must ask before it does. */
export function expectInternal(key: unknown, name: string): void {
  if (key === internal) return;
  throw new TypeError(`${name} is not made with \`new\` and these arguments; see its static functions`);
}

/** A kind of facade, and how many of it are live. */
interface Kind {
  readonly name: string;
  live: number;
}

const kinds = new Map<string, Kind>();

function kindNamed(name: string): Kind {
  let kind = kinds.get(name);
  if (!kind) {
    kind = { name, live: 0 };
    kinds.set(name, kind);
  }
  return kind;
}

/** What is left of a facade that somebody lost: nothing in here may lead back to it. */
interface Holding {
  /** Null once disposed: where a collector frees what is dropped, nothing may keep it. */
  handle: Handle | null;
  readonly family: Family;
  readonly kind: Kind;
  site: string | null;
  /** Locks of the open mappings, in their order; null as long as nothing was mapped. */
  locks: (MappingLock | null)[] | null;
}

const reportLeaks = /\bleaks\b/.test(runtime.environment('GST_ALLOCATORS_DEBUG') ?? '');

/** All that is live, where it is to be said who made it. */
const holdings: Set<Holding> | null = reportLeaks ? new Set() : null;

/** Where the caller is, where it is to be said who made a facade. */
export function siteHere(): string | null {
  return reportLeaks ? (new Error().stack?.split('\n').slice(2).join('\n') ?? null) : null;
}

/** Where live facades of these kinds were made, and how many at each place; null where that is not noted. */
export function sitesOf(names: readonly string[]): Map<string, number> | null {
  if (!holdings) return null;
  const sites = new Map<string, number>();
  for (const { kind, site } of holdings) {
    const text = `${kind.name} made ${site?.trim() ?? 'elsewhere'}`;
    if (names.includes(kind.name)) sites.set(text, (sites.get(text) ?? 0) + 1);
  }
  return sites;
}

/** Says that a facade was made for a call of a turn before. */
export let madeAt: (facade: Native, site: string) => void;

/** The net under forgotten `dispose()` calls. */
const net = new FinalizationRegistry<Holding>((holding) => {
  const { handle, family, kind, site, locks } = holding;
  holdings?.delete(holding);
  kind.live--;
  for (const lock of locks ?? []) lock?.release();
  if (handle !== null) runtime.references.drop(handle, family, 0);
  if (reportLeaks)
    console.warn(`gst-allocators: a ${kind.name} was lost without dispose(); it was made ${site ?? 'elsewhere'}`);
});

/** Live handles of ours by kind: for leak tests. */
export function allocationCounters(): Record<string, number> {
  return Object.fromEntries([...kinds.values()].filter(({ live }) => live !== 0).map(({ name, live }) => [name, live]));
}

/**
 * Facades that are not in the net yet, and may be disposed already. The way into the net and out of it costs as much as
 * all the rest of a facade, and what is in it survives V8's scavenges, which lets the young generation grow. Most are
 * disposed before the main loop's next turn: only what is left then goes in.
 */
let young: Native[] = [];
/** Programs that do not give the main loop its turn must not keep more than this alive. */
const mostYoung = 256;
let spreading = false;

/** Of what is being disposed. */
let ending: Handle | null = null;

export abstract class Native {
  readonly #holding: Holding;
  #inNet = false;
  #raw: WeakRef<object> | null = null;

  static {
    madeAt = (facade, site) => {
      facade.#holding.site = site;
    };
  }

  protected constructor(key: Internal, handle: Handle, family: Family, kind: string) {
    if (key !== internal) expectInternal(key, new.target.name);
    this.#holding = { handle, family, kind: kindNamed(kind), site: siteHere(), locks: null };
    holdings?.add(this.#holding);
    this.#holding.kind.live++;
    runtime.references.noteUse();
    if (young.push(this) === mostYoung) Native.#spreadNet();
    else if (!spreading) {
      spreading = true;
      runtime.waiting.breathe().then(() => {
        spreading = false;
        Native.#spreadNet();
      });
    }
  }

  static #spreadNet(): void {
    const facades = young;
    young = [];
    for (const facade of facades) {
      if (facade.#holding.handle === null) continue;
      facade.#inNet = true;
      net.register(facade, facade.#holding, facade);
    }
  }

  /** The handle, lent. Throws `DisposedError` after `dispose()`. */
  static handleOf(native: Native): Handle {
    const { handle } = native.#holding;
    if (handle === null) throw new DisposedError(`the ${native.#holding.kind.name} was disposed before`);
    return handle;
  }

  /** For what takes the handle over or swaps it (`makeWritable`). */
  protected static replaceHandle(native: Native, handle: Handle): void {
    native.#holding.handle = handle;
    native.#raw = null;
  }

  /** The locks of what is mapped, for the net under lost facades. */
  static locksOf(native: Native): (MappingLock | null)[] {
    native.#holding.locks ??= [];
    return native.#holding.locks;
  }

  /** How the reference is counted: as a GstMiniObject's or a GObject's. */
  static familyOf(native: Native): Family {
    return native.#holding.family;
  }

  /** Whether the reference was given back. */
  get isDisposed(): boolean {
    return this.#holding.handle === null;
  }

  /**
   * The raw object of the engine's own bindings, the same one as long as somebody has it. It keeps a reference of its own
   * until it is collected.
   */
  get gi(): unknown {
    const handle = Native.handleOf(this);
    const known = this.#raw?.deref();
    if (known) return known;
    const raw = runtime.wrappers.toRaw(handle, this.#holding.family, this.rawType) as object;
    // In GJS it is the handle itself, which is to be let go of with the facade.
    if (raw !== handle) this.#raw = new WeakRef(raw);
    return raw;
  }

  /** GType name of what is wrapped. */
  protected abstract get rawType(): string;

  /** Bytes that hang on the reference: what a collector is told. */
  protected get weight(): number {
    return 0;
  }

  /** Gives the reference back now. Idempotent; afterwards everything else throws `DisposedError`. */
  dispose(): void {
    const { handle, kind, family } = this.#holding;
    if (handle === null) return;
    const bytes = runtime.references.collects ? this.weight : 0;
    // Before anything else: whoever is told of the end, a signal of somebody's own too, finds it disposed.
    this.#holding.handle = null;
    const outer = ending;
    ending = handle;
    try {
      this.disposeChildren();
    } finally {
      ending = outer;
      holdings?.delete(this.#holding);
      if (this.#inNet) net.unregister(this);
      kind.live--;
      runtime.references.drop(handle, family, bytes);
    }
  }

  /** Views and the like that must not outlive the object, which counts as disposed already. */
  protected disposeChildren(): void {}

  /** In `disposeChildren`, before anything else is called: the handle, lent a last time. */
  protected static lastHandle(): Handle {
    return ending as Handle;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

export const handleOf = Native.handleOf;

/** Facades of every copy of this package that the process has loaded. */
const facadeMark = Symbol.for('gst-allocators facade');
Object.defineProperty(Native.prototype, facadeMark, { value: true });

function isForeign(value: unknown): boolean {
  try {
    return typeof value === 'object' && value !== null && facadeMark in value;
  } catch {
    return false;
  }
}

/** A class of facades, and the GType of the raw objects that are taken in its place. */
export interface FacadeClass<T extends Native> {
  // biome-ignore lint/suspicious/noExplicitAny: constructors differ in what follows the handle
  readonly prototype: T & any;
  readonly name: string;
  readonly rawType: string;
  readonly family: Family;
}

/** Lends the handle of a facade, or of a raw object given in its place, to `use`. */
export function lend<T extends Native, R>(
  name: string,
  value: T | unknown,
  facade: FacadeClass<T>,
  use: (handle: Handle) => R,
): R {
  if (value instanceof Native) {
    if (Object.prototype.isPrototypeOf.call(facade.prototype, value)) return use(handleOf(value));
  } else {
    const handle = runtime.wrappers.fromRaw(value, facade.family, facade.rawType);
    if (handle) {
      try {
        return use(handle);
      } finally {
        runtime.references.drop(handle, facade.family, 0);
      }
    }
  }
  if (!(value instanceof Native) && isForeign(value)) {
    throw wrongType(name, `a ${facade.name} of this copy of the package (of another one it takes the \`.gi\`)`, value);
  }
  throw wrongType(name, `a ${facade.name}`, value);
}

/** Owns the native references of facades: every facade extends `Facade`, and no other file drops its handle. */
import { runtime } from '#runtime';
import { DisposedError } from './errors.ts';
import { wrongType } from './expect.ts';
import { owned } from './owned.ts';
import type { Family, Handle, MappingLock } from './runtime/port/index.ts';

const { keepHere } = runtime.threads;

/** Only the package constructs facades: a made-up address must not become a handle. */
export const internal: unique symbol = Symbol('gst-allocators');
export type Internal = typeof internal;

const notMade = (name: string): TypeError =>
  new TypeError(`${name} is not made with \`new\` and these arguments; see its static functions`);

/** Refuses `new` from outside; a constructor that allocates calls this first. */
export function expectInternal(key: unknown, name: string): void {
  if (key !== internal) throw notMade(name);
}

/** How the objects of a class end. */
interface Hooks<T> {
  /**
   * Ends views and the like that must not outlive the object. The object already counts as disposed; the handle is
   * valid until the return.
   */
  readonly end?: (facade: T, handle: Handle) => void;
  /** Bytes that the reference keeps alive, for the collector's accounting. */
  readonly weigh?: (facade: T, handle: Handle) => number;
}

const kinds: Kind[] = [];

/**
 * What a class of facades wraps. The kind of an object is fixed when it is constructed: replacing a prototype, a
 * property or a receiver does not change it.
 */
export class Kind {
  readonly name: string;
  /** GType of the wrapped object, and of the raw objects that are accepted in its place. */
  readonly rawType: string;
  /** How the reference is counted: as a GstMiniObject's or a GObject's. */
  readonly family: Family;
  readonly #base: Kind | null;
  hooks: Hooks<Facade> = {};
  /** Number of live facades. */
  live = 0;

  /** @param base the kind of the class that it extends */
  constructor(name: string, rawType: string, family: Family, base: Kind | null = null) {
    this.name = name;
    this.rawType = rawType;
    this.family = family;
    this.#base = base;
    kinds.push(this);
  }

  /** Sets how the objects of a class end; called in its static block. */
  hook<T extends Facade>(hooks: Hooks<T>): void {
    this.hooks = hooks as Hooks<Facade>;
  }

  /** Whether this is `kind`, or extends it. */
  is(kind: Kind): boolean {
    return this === kind || (this.#base?.is(kind) ?? false);
  }

  /** The handle, lent. Throws `DisposedError` after `dispose()`. */
  readonly handleOf = (facade: Facade): Handle => {
    const { handle, kind } = holdingOf(facade);
    if (kind !== this && !kind.is(this)) throw wrongType('this', `a ${this.name}`, facade);
    if (handle === null) throw new DisposedError(`the ${kind.name} was disposed before`);
    return handle;
  };
}

/**
 * Locks a class that extends another one: the super constructor receives the handle, and must not be replaced.
 */
export function lock(facade: object): void {
  Object.preventExtensions(facade);
}

/** State for the finalizer; must not reference the facade, or it would never be collected. */
interface Holding {
  /** Null once disposed: in GJS the collector frees dropped handles, so nothing may keep them. */
  handle: Handle | null;
  readonly kind: Kind;
  site: string | null;
  isInNet: boolean;
  /** The raw object that `.gi` returned. */
  raw: WeakRef<object> | null;
  /** Locks of the open mappings, in order; null until the first mapping. */
  locks: (MappingLock | null)[] | null;
}

const reportLeaks = /\bleaks\b/.test(runtime.environment('GST_ALLOCATORS_DEBUG') ?? '');

/** All live facades; null unless leaks are reported. */
const holdings: Set<Holding> | null = reportLeaks ? new Set() : null;

/** The caller's stack; null unless leaks are reported. */
export function siteHere(): string | null {
  return reportLeaks ? (new Error().stack?.split('\n').slice(2).join('\n') ?? null) : null;
}

/** Where live facades of these kinds were made, and how many at each place; null unless leaks are reported. */
export function sitesOf(names: readonly string[]): Map<string, number> | null {
  if (!holdings) return null;
  const sites = new Map<string, number>();
  for (const { kind, site } of holdings) {
    const text = `${kind.name} made ${site?.trim() ?? 'elsewhere'}`;
    if (names.includes(kind.name)) sites.set(text, (sites.get(text) ?? 0) + 1);
  }
  return sites;
}

/** Records the call, in an earlier turn, for which a facade was made. */
export let madeAt: (facade: Facade, site: string) => void;

/** The net under forgotten `dispose()` calls. */
const net = new FinalizationRegistry<Holding>((holding) => {
  const { handle, kind, site, locks } = holding;
  holdings?.delete(holding);
  kind.live--;
  for (const lock of locks ?? []) lock?.release();
  if (handle !== null) runtime.references.drop(handle, kind.family, 0);
  if (reportLeaks)
    console.warn(`gst-allocators: a ${kind.name} was lost without dispose(); it was made ${site ?? 'elsewhere'}`);
});

/** Live facades by kind, for leak tests. */
export function allocationCounters(): Record<string, number> {
  return Object.fromEntries(kinds.filter(({ live }) => live !== 0).map(({ name, live }) => [name, live]));
}

/**
 * Facades that are not in the net yet, and may be disposed already. Entering and leaving the net costs as much as all
 * the rest of a facade, and its entries survive V8's scavenges, which lets the young generation grow. Most facades are
 * disposed before the main loop's next turn; only the remaining ones enter.
 */
let young: Facade[] = [];
/** Limit for programs that do not let the main loop run. */
const mostYoung = 256;
let spreading = false;

let holdingOf: (facade: Facade) => Holding;
/** Whether the value is a facade, whatever its prototypes are. */
let isFacade: (value: object) => value is Facade;
/** The kind with which an object was constructed. */
export let kindOf: (facade: Facade) => Kind;
/** For calls that replace the handle (`makeWritable`). */
export let replaceHandle: (facade: Facade, handle: Handle) => void;
/** The locks of the open mappings, which the net releases when the facade was lost. */
export let locksOf: (facade: Facade) => (MappingLock | null)[];

export abstract class Facade {
  readonly #holding: Holding;

  static {
    holdingOf = (facade) => facade.#holding;
    isFacade = (value): value is Facade => #holding in value;
    kindOf = (facade) => facade.#holding.kind;
    replaceHandle = (facade, handle) => {
      facade.#holding.handle = handle;
      facade.#holding.raw = null;
    };
    locksOf = (facade) => {
      facade.#holding.locks ??= [];
      return facade.#holding.locks;
    };
    madeAt = (facade, site) => {
      facade.#holding.site = site;
    };
  }

  /** Objects come from static functions and methods. */
  constructor(none: never);
  /** @internal */
  constructor(key: Internal, handle: Handle, kind: Kind);
  constructor(key: Internal, handle?: Handle, kind?: Kind) {
    if (key !== internal || !kind) throw notMade(new.target.name);
    this.#holding = { handle: handle as Handle, kind, site: siteHere(), isInNet: false, raw: null, locks: null };
    keepHere(this);
    holdings?.add(this.#holding);
    kind.live++;
    runtime.references.noteUse();
    if (young.push(this) === mostYoung) Facade.#spreadNet();
    else if (!spreading) {
      spreading = true;
      runtime.loop.breathe().then(() => {
        spreading = false;
        Facade.#spreadNet();
      });
    }
  }

  static #spreadNet(): void {
    const facades = young;
    young = [];
    for (const facade of facades) {
      if (facade.#holding.handle === null) continue;
      facade.#holding.isInNet = true;
      net.register(facade, facade.#holding, facade);
    }
  }

  /** Whether `dispose()` was called. */
  get isDisposed(): boolean {
    return this.#holding.handle === null;
  }

  /**
   * The raw object of the engine's own bindings, the same one as long as the program holds it. It keeps a reference of
   * its own until it is collected.
   */
  get gi(): unknown {
    const { kind } = this.#holding;
    const handle = kind.handleOf(this);
    const known = this.#holding.raw?.deref();
    if (known) return known;
    const raw = runtime.wrappers.toRaw(handle, kind.family, kind.rawType) as object;
    // In GJS it is the handle itself, which must be released with the facade.
    if (raw !== handle) this.#holding.raw = new WeakRef(raw);
    return raw;
  }

  /**
   * Whether another facade, or a raw object, wraps the same native object: getters such as `memory.allocator` return a
   * new facade each time.
   * @throws TypeError for what is neither
   */
  isSame(other: unknown): boolean {
    const { kind } = this.#holding;
    const handle = kind.handleOf(this);
    const { identical } = runtime.references;
    if (typeof other === 'object' && other !== null && isFacade(other))
      return identical(handle, kindOf(other).handleOf(other));
    return lend('other', other, kind, (native) => identical(handle, native));
  }

  /** Drops the reference now. Idempotent; afterwards everything else throws `DisposedError`. */
  dispose(): void {
    const { handle, kind } = this.#holding;
    if (handle === null) return;
    const { end, weigh } = kind.hooks;
    const bytes = weigh && runtime.references.collects ? weigh(this, handle) : 0;
    // First of all, so that callbacks and signal handlers find the object disposed.
    this.#holding.handle = null;
    try {
      end?.(this, handle);
    } finally {
      holdings?.delete(this.#holding);
      if (this.#holding.isInNet) net.unregister(this);
      kind.live--;
      runtime.references.drop(handle, kind.family, bytes);
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Facades of every copy of this package that the process has loaded. */
const facadeMark = Symbol.for('gst-allocators facade');
Object.defineProperty(Facade.prototype, facadeMark, { value: true });

function isForeign(value: unknown): boolean {
  try {
    return typeof value === 'object' && value !== null && facadeMark in value;
  } catch {
    return false;
  }
}

/** Lends the handle of a facade, or of a raw object given in its place, to `use`. */
export function lend<R>(name: string, value: unknown, kind: Kind, use: (handle: Handle) => R): R {
  if (typeof value === 'object' && value !== null && isFacade(value)) {
    if (kindOf(value).is(kind)) return use(kind.handleOf(value));
    throw wrongType(name, `a ${kind.name}`, value);
  }
  return lendRaw(name, value, kind, use);
}

/** Apart from `lend`: a block with `using` takes its time also where it is left before. */
function lendRaw<R>(name: string, value: unknown, kind: Kind, use: (handle: Handle) => R): R {
  using raw = owned(runtime.wrappers.fromRaw(value, kind.family, kind.rawType), kind.family);
  if (raw) return use(raw.handle);
  const what = isForeign(value) ? 'of this copy of the package (of another one it takes the `.gi`)' : '';
  throw wrongType(name, `a ${kind.name} ${what}`.trimEnd(), value);
}

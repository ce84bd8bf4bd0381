/** The one place that owns native references: every facade extends `Facade`, and nobody else drops a handle. */
import { runtime } from '#runtime';
import { DisposedError } from './errors.ts';
import { wrongType } from './expect.ts';
import { owned } from './owned.ts';
import type { Family, Handle, MappingLock } from './runtime/port/index.ts';

const { keepHere } = runtime.threads;

/** Facades are made by the package alone: an address somebody made up must not get in. */
export const internal: unique symbol = Symbol('gst-allocators');
export type Internal = typeof internal;

const notMade = (name: string): TypeError =>
  new TypeError(`${name} is not made with \`new\` and these arguments; see its static functions`);

/** Refuses `new` by anybody else; what makes something of its own must ask before it does. */
export function expectInternal(key: unknown, name: string): void {
  if (key !== internal) throw notMade(name);
}

/** How the objects of a class end. */
interface Hooks<T> {
  /** Views and the like that must not outlive the object, which counts as disposed already; the handle is lent a last time. */
  readonly end?: (facade: T, handle: Handle) => void;
  /** Bytes that hang on the reference: what a collector is told. */
  readonly weigh?: (facade: T, handle: Handle) => number;
}

const kinds: Kind[] = [];

/**
 * What a class of facades wraps. What an object was made as stays with it: no prototype, property or receiver that
 * somebody puts in the place of another makes one thing out of another.
 */
export class Kind {
  readonly name: string;
  /** GType of what is wrapped, and of the raw objects that are taken in its place. */
  readonly rawType: string;
  /** How the reference is counted: as a GstMiniObject's or a GObject's. */
  readonly family: Family;
  readonly #base: Kind | null;
  hooks: Hooks<Facade> = {};
  /** How many are live. */
  live = 0;

  /** @param base that of the class it extends */
  constructor(name: string, rawType: string, family: Family, base: Kind | null = null) {
    this.name = name;
    this.rawType = rawType;
    this.family = family;
    this.#base = base;
    kinds.push(this);
  }

  /** For a static block of the class: how its objects end. */
  hook<T extends Facade>(hooks: Hooks<T>): void {
    this.hooks = hooks as Hooks<Facade>;
  }

  /** Whether it is that one, or one that extends it. */
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
 * For each class that extends another one: nobody puts another constructor in the place of the one it calls, which is given
 * the handle.
 */
export function lock(facade: object): void {
  Object.preventExtensions(facade);
}

/** State for the finalizer; must not reference the facade, or it would never be collected. */
interface Holding {
  /** Null once disposed: where a collector frees what is dropped, nothing may keep it. */
  handle: Handle | null;
  readonly kind: Kind;
  site: string | null;
  isInNet: boolean;
  /** What `.gi` gave. */
  raw: WeakRef<object> | null;
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

/** Live handles of ours by kind: for leak tests. */
export function allocationCounters(): Record<string, number> {
  return Object.fromEntries(kinds.filter(({ live }) => live !== 0).map(({ name, live }) => [name, live]));
}

/**
 * Facades that are not in the net yet, and may be disposed already. The way into the net and out of it costs as much as
 * all the rest of a facade, and what is in it survives V8's scavenges, which lets the young generation grow. Most are
 * disposed before the main loop's next turn: only what is left then goes in.
 */
let young: Facade[] = [];
/** Programs that do not give the main loop its turn must not keep more than this alive. */
const mostYoung = 256;
let spreading = false;

let holdingOf: (facade: Facade) => Holding;
/** Whether it is one, whatever its prototypes say. */
let isFacade: (value: object) => value is Facade;
/** What an object was made as. */
export let kindOf: (facade: Facade) => Kind;
/** For what takes the handle over or swaps it (`makeWritable`). */
export let replaceHandle: (facade: Facade, handle: Handle) => void;
/** The locks of what is mapped, for the net under lost facades. */
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

  /** Whether the reference was given back. */
  get isDisposed(): boolean {
    return this.#holding.handle === null;
  }

  /**
   * The raw object of the engine's own bindings, the same one as long as somebody has it. It keeps a reference of its own
   * until it is collected.
   */
  get gi(): unknown {
    const { kind } = this.#holding;
    const handle = kind.handleOf(this);
    const known = this.#holding.raw?.deref();
    if (known) return known;
    const raw = runtime.wrappers.toRaw(handle, kind.family, kind.rawType) as object;
    // In GJS it is the handle itself, which is to be let go of with the facade.
    if (raw !== handle) this.#holding.raw = new WeakRef(raw);
    return raw;
  }

  /**
   * Whether another facade, or a raw object, is of the same native object: what gives an object makes a facade of its own each
   * time, as `memory.allocator` does.
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

  /** Gives the reference back now. Idempotent; afterwards everything else throws `DisposedError`. */
  dispose(): void {
    const { handle, kind } = this.#holding;
    if (handle === null) return;
    const { end, weigh } = kind.hooks;
    const bytes = weigh && runtime.references.collects ? weigh(this, handle) : 0;
    // Before anything else: whoever is told of the end, a signal of somebody's own too, finds it disposed.
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

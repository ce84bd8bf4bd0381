import { runtime } from '#runtime';
import { expectInternal, type Facade, type Internal, internal, locksOf } from '../facade.ts';
import type { MapFlags } from '../map-flags.ts';
import type { RawMapping } from '../runtime/port/index.ts';

const empty = new Uint8Array(0);
/** Key under which an ArrayBuffer keeps its mapping. */
const mappingOf = Symbol('gst-allocators mapping');

/**
 * A mapped memory or buffer (`GstMapInfo`; `gst_memory_unmap`, `gst_buffer_unmap`), from `map()`.
 *
 * On Node `bytes` **is** the memory, and is detached (length 0) at `dispose()`. Where the engine must copy
 * (`zeroCopy` false: GJS, Electron), a READ mapping copies the bytes in, and `dispose()` copies written bytes back, once each.
 */
export class Mapping {
  /** See `MapFlags`. */
  readonly flags: MapFlags;
  /** Number of bytes mapped. */
  readonly size: number;
  /** Whether `bytes` is GStreamer's memory itself. */
  readonly zeroCopy: boolean;
  #raw: RawMapping | null;
  /** Also keeps the mapped object alive. */
  #mappings: Mappings;

  /** @internal */
  constructor(key: Internal, raw: RawMapping, flags: MapFlags, mappings: Mappings) {
    expectInternal(key, 'Mapping');
    runtime.threads.keepHere(this);
    this.#raw = raw;
    this.flags = flags;
    this.size = raw.bytes.length;
    this.zeroCopy = raw.zeroCopy;
    this.#mappings = mappings;
    // A view on the bytes refers to their ArrayBuffer, and so keeps this object and the memory alive.
    (raw.bytes.buffer as { [mappingOf]?: Mapping })[mappingOf] = this;
  }

  /** The mapped bytes; empty once disposed. */
  get bytes(): Uint8Array {
    return this.#raw ? this.#raw.bytes : empty;
  }

  /** Whether the mapping has ended, by itself or with its memory or buffer. */
  get isDisposed(): boolean {
    return this.#raw === null;
  }

  /** Ends the mapping; every view on its bytes is empty from then on. Idempotent. */
  dispose(): void {
    const raw = this.#raw;
    if (!raw) return;
    this.#raw = null;
    this.#mappings.remove(this);
    raw.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Runs `use` on the bytes and ends the mapping afterwards, or when the promise that `use` returns has settled. */
export function withMapping<T>(mapping: Mapping, use: (bytes: Uint8Array) => T): T {
  let isPromise = false;
  try {
    const result = use(mapping.bytes);
    isPromise = result instanceof Promise;
    return isPromise ? (whenSettled(result, mapping) as T) : result;
  } finally {
    if (!isPromise) mapping.dispose();
  }
}

async function whenSettled<T>(result: T, mapping: Mapping): Promise<Awaited<T>> {
  try {
    return await result;
  } finally {
    mapping.dispose();
  }
}

/** The open mappings of one object: they end before the object does. */
export class Mappings {
  readonly #owner: Facade;
  readonly #open: Mapping[] = [];

  constructor(owner: Facade) {
    this.#owner = owner;
  }

  add(raw: RawMapping, flags: MapFlags): Mapping {
    const mapping = new Mapping(internal, raw, flags, this);
    this.#open.push(mapping);
    locksOf(this.#owner).push(raw.lock ?? null);
    return mapping;
  }

  remove(mapping: Mapping): void {
    const locks = locksOf(this.#owner);
    if (this.#open.at(-1) === mapping) {
      this.#open.pop();
      locks.pop();
      return;
    }
    const index = this.#open.indexOf(mapping);
    this.#open.splice(index, 1);
    locks.splice(index, 1);
  }

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  disposeAll(): void {
    disposeAll(this.#open.toReversed());
  }
}

/** Disposes all mappings, and throws the first error afterwards. */
export function disposeAll(mappings: Iterable<Mapping>): void {
  const errors: unknown[] = [];
  for (const mapping of mappings) {
    try {
      mapping.dispose();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length) throw errors[0];
}

import type { RawMapping } from '../runtime/runtime.ts';

/** How a mapping may be used (`GstMapFlags`). */
export const MapFlags = { READ: 1, WRITE: 2, READWRITE: 3 } as const;
export type MapFlags = (typeof MapFlags)[keyof typeof MapFlags];

const empty = new Uint8Array(0);

/**
 * A mapped memory or buffer (`GstMapInfo`; `gst_memory_unmap`, `gst_buffer_unmap`), from `map()`.
 *
 * On Node `bytes` **is** the memory, and is detached (length 0) at `dispose()`. Where the engine must copy
 * (`zeroCopy` false: GJS, Electron) reading copied in once, and what was written is copied back once at `dispose()`.
 */
export class Mapping {
  readonly flags: MapFlags;
  /** Number of bytes mapped. */
  readonly size: number;
  /** Whether `bytes` is GStreamer's memory itself. */
  readonly zeroCopy: boolean;
  #raw: RawMapping | null;
  #siblings: Set<Mapping>;

  /** @internal */
  constructor(raw: RawMapping, flags: MapFlags, siblings: Set<Mapping>) {
    this.#raw = raw;
    this.flags = flags;
    this.size = raw.bytes.length;
    this.zeroCopy = raw.zeroCopy;
    this.#siblings = siblings;
    siblings.add(this);
  }

  /** The mapped bytes; empty once disposed. */
  get bytes(): Uint8Array {
    return this.#raw ? this.#raw.bytes : empty;
  }

  get isDisposed(): boolean {
    return this.#raw === null;
  }

  /** Ends the mapping; every view on its bytes is empty from then on. Idempotent. */
  dispose(): void {
    const raw = this.#raw;
    if (!raw) return;
    this.#raw = null;
    this.#siblings.delete(this);
    raw.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Runs `use` on the bytes and ends the mapping, whatever happens. */
export function withMapping<T>(mapping: Mapping, use: (bytes: Uint8Array) => T): T {
  try {
    return use(mapping.bytes);
  } finally {
    mapping.dispose();
  }
}

/** The mappings of one object: they end before it does. */
export class Mappings {
  #open: Set<Mapping> | null = null;

  add(raw: RawMapping, flags: MapFlags): Mapping {
    this.#open ??= new Set();
    return new Mapping(raw, flags, this.#open);
  }

  disposeAll(): void {
    if (this.#open) for (const mapping of this.#open) mapping.dispose();
  }
}

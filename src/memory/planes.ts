/** Maps the planes of a buffer: each of its memories once, and without a merge unless `merge` is set. */
import { runtime } from '#runtime';
import { DisposedError, MapError } from '../errors.ts';
import { expectInteger, expectOptions } from '../expect.ts';
import { expectInternal, type Internal } from '../facade.ts';
import { bufferKind } from '../kinds.ts';
import type { MapFlags } from '../map-flags.ts';
import type { RawBuffer } from '../raw-types.ts';
import { Buffer } from './buffer.ts';
import { disposeAll, type Mapping } from './mapping.ts';

const { c } = runtime;

/** Options of `VideoFrame.map` and `AudioBuffer.map`. */
export interface MapPlanesOptions {
  /** Lets GStreamer copy the memories into one if a plane lies across several of them. Default: false */
  merge?: boolean;
}

export interface PlaneRange {
  /** Bytes from the start of the buffer. */
  readonly offset: number;
  /** Bytes that the plane needs. */
  readonly size: number;
  /** Bytes to show, as far as the buffer has them. */
  readonly length: number;
}

/** A buffer whose planes are mapped. */
export interface MappedBuffer {
  readonly buffer: Buffer;
  /** The facade made for a raw buffer; it ends with the mapping. */
  readonly made: Buffer | null;
  readonly flags: MapFlags;
  /** The bytes of each plane. */
  readonly bytes: readonly Uint8Array[];
  readonly mappings: readonly Mapping[];
}

/**
 * Maps planes of a buffer or a raw buffer, and returns the result of `make`.
 * @param rangesOf where the planes are in this buffer
 */
export function mapPlanesAs<T>(
  buffer: Buffer | RawBuffer,
  flags: MapFlags,
  options: MapPlanesOptions,
  rangesOf: (buffer: Buffer) => readonly PlaneRange[],
  make: (mapped: MappedBuffer) => T,
): T {
  expectInteger('flags', flags, 1, 3);
  const { merge = false } = expectOptions('options', options, ['merge']);
  const facade = buffer instanceof Buffer ? buffer : Buffer.wrap(buffer);
  const made = facade === buffer ? null : facade;
  const mapped = new Map<Part, Mapping>();
  try {
    const bytes = mapPlanes(facade, rangesOf(facade), flags, merge, mapped);
    return make({ buffer: facade, made, flags, bytes, mappings: [...mapped.values()] });
  } catch (error) {
    try {
      disposeAll(mapped.values());
    } finally {
      made?.dispose();
    }
    throw error;
  }
}

/** A memory of the buffer, and the range of the buffer's bytes in it. */
interface Part {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** The bytes of each plane. Adds to `mapped`. */
function mapPlanes(
  buffer: Buffer,
  planes: readonly PlaneRange[],
  flags: MapFlags,
  merge: boolean,
  mapped: Map<Part, Mapping>,
): Uint8Array[] {
  const { size: available } = buffer;
  for (const [index, { offset, size }] of planes.entries()) {
    if (offset + size > available)
      throw new MapError(`plane ${index} needs ${size} bytes from ${offset} on, the buffer has ${available}`);
  }
  const parts = merge || buffer.memoryCount < 2 ? [{ index: 0, start: 0, end: available }] : partsOf(buffer);
  return planes.map((plane, index) => {
    const part = partWith(parts, index, plane);
    const mapping = mapped.get(part) ?? (parts.length > 1 ? buffer.mapRange(part.index, 1, flags) : buffer.map(flags));
    mapped.set(part, mapping);
    const start = plane.offset - part.start;
    return mapping.bytes.subarray(start, start + plane.length);
  });
}

function partsOf(buffer: Buffer): Part[] {
  const { memoryCount } = buffer;
  const handle = bufferKind.handleOf(buffer);
  const parts: Part[] = [];
  let start = 0;
  for (let index = 0; index < memoryCount; index++) {
    const [size] = c.gst_buffer_get_sizes_range(handle, index, 1);
    parts.push({ index, start, end: start + size });
    start += size;
  }
  return parts;
}

function partWith(parts: readonly Part[], index: number, { offset, size }: PlaneRange): Part {
  const part = parts.find(({ start, end }) => offset >= start && offset + size <= end);
  if (part) return part;
  throw new MapError(
    `plane ${index} lies across several of the ${parts.length} memories; \`{ merge: true }\` copies them into one`,
  );
}

/** Planes of a buffer, until they or the buffer are disposed. */
export abstract class MappedPlanes<Plane> {
  readonly flags: MapFlags;
  readonly #name: string;
  #mapped: MappedBuffer | null;
  #planes: readonly Plane[];

  /** @internal */
  protected constructor(
    key: Internal,
    name: string,
    mapped: MappedBuffer,
    planeOf: (bytes: Uint8Array, index: number) => Plane,
  ) {
    expectInternal(key, new.target.name);
    runtime.threads.keepHere(this);
    this.#name = name;
    this.flags = mapped.flags;
    this.#mapped = mapped;
    this.#planes = Object.freeze(mapped.bytes.map(planeOf));
  }

  /** @throws DisposedError after its end @internal */
  protected get mapped(): MappedBuffer {
    if (!this.#mapped || this.isDisposed) throw new DisposedError(`the ${this.#name} was disposed before`);
    return this.#mapped;
  }

  get isDisposed(): boolean {
    return this.#mapped?.mappings.some(({ isDisposed }) => isDisposed) ?? true;
  }

  /** All planes, in GStreamer's order (`GST_VIDEO_FRAME_PLANE_DATA`, `GST_AUDIO_BUFFER_PLANE_DATA`). */
  get planes(): readonly Plane[] {
    return this.mapped && this.#planes;
  }

  /** Whether the planes are GStreamer's memory itself. */
  get zeroCopy(): boolean {
    return this.mapped.mappings.every(({ zeroCopy }) => zeroCopy);
  }

  /** Unmaps the planes; all views on them are empty from then on. Idempotent. */
  dispose(): void {
    const mapped = this.#mapped;
    if (!mapped) return;
    this.#mapped = null;
    this.#planes = [];
    try {
      disposeAll(mapped.mappings);
    } finally {
      mapped.made?.dispose();
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

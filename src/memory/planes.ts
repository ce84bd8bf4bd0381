import { runtime } from '#runtime';
import { DisposedError } from '../errors.ts';
import { expectInteger, expectOptions } from '../expect.ts';
import { expectInternal, type Internal } from '../facade.ts';
import type { RawBuffer } from '../raw-types.ts';
import { Buffer } from './buffer.ts';
import type { MapFlags } from './mapping.ts';
import { mapPlanes, type PlaneMappings, type PlaneRange } from './plane-mappings.ts';

/** Options of `VideoFrame.map` and `AudioBuffer.map`. */
export interface MapPlanesOptions {
  /** Lets GStreamer copy the memories into one where a plane lies across several of them. Default: false */
  merge?: boolean;
}

/** A buffer whose planes are mapped. */
export interface MappedBuffer {
  readonly buffer: Buffer;
  /** A facade made for a raw buffer, which ends with the mapping. */
  readonly made: Buffer | null;
  readonly flags: MapFlags;
  readonly mappings: PlaneMappings;
}

/**
 * Maps planes of a buffer, a raw one too, and gives what is made of them.
 * @param rangesOf where the planes are in this very buffer
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
  let mappings: PlaneMappings | null = null;
  try {
    mappings = mapPlanes(facade, rangesOf(facade), flags, merge);
    return make({ buffer: facade, made, flags, mappings });
  } catch (error) {
    try {
      mappings?.dispose();
    } finally {
      made?.dispose();
    }
    throw error;
  }
}

/** Planes of a buffer, until they are disposed, or the buffer is. */
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
    this.#planes = Object.freeze(mapped.mappings.bytes.map(planeOf));
  }

  /** @throws DisposedError when it is over */
  protected get mapped(): MappedBuffer {
    if (!this.#mapped || this.#mapped.mappings.isDisposed)
      throw new DisposedError(`the ${this.#name} was disposed before`);
    return this.#mapped;
  }

  get isDisposed(): boolean {
    return this.#mapped === null || this.#mapped.mappings.isDisposed;
  }

  /** All of them, in GStreamer's order (`GST_VIDEO_FRAME_PLANE_DATA`, `GST_AUDIO_BUFFER_PLANE_DATA`). */
  get planes(): readonly Plane[] {
    return this.mapped && this.#planes;
  }

  /** Whether they are GStreamer's memory itself. */
  get zeroCopy(): boolean {
    return this.mapped.mappings.zeroCopy;
  }

  /** Unmaps them; all views on them are empty from then on. Idempotent. */
  dispose(): void {
    const mapped = this.#mapped;
    if (!mapped) return;
    this.#mapped = null;
    this.#planes = [];
    try {
      mapped.mappings.dispose();
    } finally {
      mapped.made?.dispose();
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** The memories of a buffer, each mapped once, and the planes in them: nothing is merged behind anybody's back. */
import { runtime } from '#runtime';
import { MapError } from '../errors.ts';
import { bufferKind } from '../kinds.ts';
import type { Buffer } from './buffer.ts';
import { disposeAll, type MapFlags, type Mapping } from './mapping.ts';

const { c } = runtime;

export interface PlaneRange {
  /** Bytes from the start of the buffer. */
  readonly offset: number;
  /** Bytes that must be there. */
  readonly size: number;
  /** Bytes that are to be seen, as far as they are there. */
  readonly length: number;
}

/** A memory of the buffer: which bytes of the whole are in it. */
interface Part {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

export class PlaneMappings {
  /** The bytes of each plane. */
  readonly bytes: readonly Uint8Array[];
  readonly #mappings: readonly Mapping[];

  constructor(bytes: readonly Uint8Array[], mappings: readonly Mapping[]) {
    this.bytes = bytes;
    this.#mappings = mappings;
  }

  get isDisposed(): boolean {
    return this.#mappings.some(({ isDisposed }) => isDisposed);
  }

  get zeroCopy(): boolean {
    return this.#mappings.every(({ zeroCopy }) => zeroCopy);
  }

  dispose(): void {
    disposeAll(this.#mappings);
  }
}

/** @param merge whether GStreamer may copy all memories into one */
export function mapPlanes(
  buffer: Buffer,
  planes: readonly PlaneRange[],
  flags: MapFlags,
  merge: boolean,
): PlaneMappings {
  const { size: available } = buffer;
  for (const [index, { offset, size }] of planes.entries()) {
    if (offset + size > available)
      throw new MapError(`plane ${index} needs ${size} bytes from ${offset} on, the buffer has ${available}`);
  }
  const parts = merge || buffer.memoryCount < 2 ? [{ index: 0, start: 0, end: available }] : partsOf(buffer);
  const mapped = new Map<Part, Mapping>();
  try {
    const bytes = planes.map((plane, index) => {
      const part = partWith(parts, index, plane);
      const mapping =
        mapped.get(part) ?? (parts.length > 1 ? buffer.mapRange(part.index, 1, flags) : buffer.map(flags));
      mapped.set(part, mapping);
      const start = plane.offset - part.start;
      return mapping.bytes.subarray(start, start + plane.length);
    });
    return new PlaneMappings(bytes, [...mapped.values()]);
  } catch (error) {
    disposeAll(mapped.values());
    throw error;
  }
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

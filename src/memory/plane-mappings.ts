/** The memories of a buffer, each mapped once, and where the planes are in them. */
import { runtime } from '#runtime';
import { MapError } from '../errors.ts';
import type { Buffer } from '../memory/buffer.ts';
import type { MapFlags, Mapping } from '../memory/mapping.ts';
import { handleOf } from '../native.ts';
import type { VideoPlaneInfo } from './video-info.ts';

const { c } = runtime;

/** A memory of the buffer: which bytes of the whole are in it. */
interface Part {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

export class PlaneMappings {
  readonly planes: readonly VideoPlaneInfo[];
  readonly #mappings: readonly Mapping[];
  readonly #bytes: readonly Uint8Array[];

  constructor(planes: readonly VideoPlaneInfo[], mappings: readonly Mapping[], bytes: readonly Uint8Array[]) {
    this.planes = planes;
    this.#mappings = mappings;
    this.#bytes = bytes;
  }

  bytesOf(plane: number): Uint8Array {
    return this.#bytes[plane] as Uint8Array;
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

/** All of them, whatever happens; the first error is the one to be told. */
function disposeAll(mappings: readonly Mapping[]): void {
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

export function mapPlanes(
  buffer: Buffer,
  planes: readonly VideoPlaneInfo[],
  flags: MapFlags,
  merge: boolean,
): PlaneMappings {
  const { size } = buffer;
  for (const [index, plane] of planes.entries()) expectPlane(index, plane, size);
  const parts = merge ? [] : partsOf(buffer);
  const mapped = new Map<number, Mapping>();
  try {
    const bytes = planes.map((plane, index) => {
      if (parts.length < 2) {
        const mapping = mapped.get(0) ?? buffer.map(flags);
        mapped.set(0, mapping);
        return bytesOf(mapping, plane, plane.offset);
      }
      const part = partWith(parts, index, plane);
      const mapping = mapped.get(part.index) ?? buffer.mapRange(part.index, 1, flags);
      mapped.set(part.index, mapping);
      return bytesOf(mapping, plane, plane.offset - part.start);
    });
    return new PlaneMappings(planes, [...mapped.values()], bytes);
  } catch (error) {
    disposeAll([...mapped.values()]);
    throw error;
  }
}

function expectPlane(index: number, { offset, stride, size, tile }: VideoPlaneInfo, available: number): void {
  if (stride < 0) throw new MapError(`plane ${index} has its rows from bottom to top (a stride of ${stride} bytes)`);
  if (offset + size > available) {
    throw new MapError(
      `plane ${index} needs ${size} bytes from ${offset} on, the buffer has ${available}${tile ? ' (in tiles)' : ''}`,
    );
  }
}

function partsOf(buffer: Buffer): Part[] {
  const { memoryCount } = buffer;
  if (memoryCount < 2) return [];
  const handle = handleOf(buffer);
  const parts: Part[] = [];
  let start = 0;
  for (let index = 0; index < memoryCount; index++) {
    const [size] = c.gst_buffer_get_sizes_range(handle, index, 1);
    parts.push({ index, start, end: start + size });
    start += size;
  }
  return parts;
}

function partWith(parts: readonly Part[], index: number, { offset, size }: VideoPlaneInfo): Part {
  const part = parts.find(({ start, end }) => offset >= start && offset < end);
  if (part && offset + size <= part.end) return part;
  throw new MapError(
    `plane ${index} lies across several of the ${parts.length} memories; \`{ merge: true }\` copies them into one`,
  );
}

/** Whole rows, as far as there are bytes: behind the last pixel there may be none. */
function bytesOf(mapping: Mapping, { stride, height, size, tile }: VideoPlaneInfo, offset: number): Uint8Array {
  const whole = tile ? size : Math.max(size, stride * height);
  return mapping.bytes.subarray(offset, Math.min(offset + whole, mapping.size));
}

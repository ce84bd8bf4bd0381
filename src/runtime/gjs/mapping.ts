/**
 * Introspection returns mapped bytes as a copy, and cannot write to them. So a mapping here is a lock and a copy:
 * GStreamer's map is held until release, as in C, and a mapping for writing is then written back through a buffer,
 * because only `gst_buffer_fill` accepts bytes.
 */

import { GstError, NotWritableError, UnavailableError } from '../../errors.ts';
import { MapFlags } from '../../map-flags.ts';
import type { MappingLock, MappingPort, RawMapping } from '../port/index.ts';
import { detach, detachable } from './detachable.ts';
import { gst } from './namespaces.ts';
import { addressOf, canMap, indexIn, isStandalone, isWritable } from './references.ts';
import { beginReading, beginWriting, endReading, endWriting, isAnyWritten, isWritten } from './write-mappings.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

const readFlag = 1;

/** The way by which bytes reach the memory itself. */
interface Route {
  /** Its address. */
  readonly memory: string;
  readonly isStandalone: boolean;
  write(bytes: Uint8Array): void;
}

/**
 * Whether a copy of one of these memories is still to be written back. In C two mappings show the same bytes; here a
 * second one would show old bytes, and of two that are written back one would be lost.
 */
function isAhead(buffer: Wrapper, index: number, length: number): boolean {
  if (!isAnyWritten()) return false;
  const count: number = buffer.n_memory();
  const end = length < 0 ? count : Math.min(count, index + length);
  for (let at = index; at < end; at++) if (isWritten(addressOf(buffer.peek_memory(at)))) return true;
  return false;
}

class CopiedMapping implements RawMapping {
  readonly zeroCopy = false;
  readonly bytes: Uint8Array;
  readonly lock: MappingLock;
  readonly #route: Route | null;

  constructor(owner: Wrapper, info: Wrapper, route: Route | null) {
    const address = route ? route.memory : addressOf(owner);
    if (route) beginWriting(address, route.isStandalone);
    else beginReading(address);
    this.lock = {
      release() {
        if (route) endWriting(address);
        else endReading(address);
        owner.unmap(info);
      },
    };
    this.#route = route;
    // Each read of `data` returns a new copy. A mapping for writing alone shows no content, as in C.
    this.bytes = detachable((info.flags & readFlag && info.data) || null, info.size);
  }

  release(): void {
    // `gst_buffer_fill` takes the lock that this mapping holds.
    this.lock.release();
    try {
      if (this.bytes.length) this.#route?.write(this.bytes);
    } finally {
      detach(this.bytes.buffer as ArrayBuffer);
    }
  }
}

/** Bytes that GJS copies at a time: larger blocks are allocated from the kernel and freed, page by page, each time. */
const partBytes = 2 ** 18;

/** `gst_buffer_fill`, repeated until all is written. Returns the number of bytes written. */
export function fill(buffer: Wrapper, offset: number, bytes: Uint8Array): number {
  let written = 0;
  while (written < bytes.length) {
    const part = bytes.subarray(written, written + partBytes);
    const count: number = buffer.fill(offset + written, part);
    written += count;
    if (count < part.length) break;
  }
  return written;
}

function expectWritten(written: number, size: number): void {
  if (written !== size) throw new GstError(`${size} bytes were to be written back, GStreamer took ${written}`);
}

function expectIn(buffer: Wrapper, memory: string, hint: number): number {
  const index = indexIn(buffer, memory, hint);
  if (index < 0) throw new NotWritableError('the memory was taken out of its buffer while it was mapped');
  return index;
}

const offsetOf = (buffer: Wrapper, index: number): number => (index > 0 ? buffer.get_sizes_range(0, index)[0] : 0);

const becameShared = (what: string): NotWritableError =>
  new NotWritableError(`the ${what} became shared while it was mapped; what was written is lost`);

/**
 * Writes to the mapped place, `offset` bytes from the start of the whole memory, even if it was resized since. Fails if
 * the bytes would reach a copy that GStreamer makes of a shared memory.
 */
function writeThrough(buffer: Wrapper, index: number, memory: string, offset: number, bytes: Uint8Array): void {
  const target = buffer.peek_memory(index);
  const { offset: nowOffset, size: nowSize } = target;
  const isMoved = nowOffset !== offset || nowSize !== bytes.length;
  if (isMoved) target.resize(offset - nowOffset, bytes.length);
  let written: number;
  try {
    written = fill(buffer, offsetOf(buffer, index), bytes);
  } finally {
    if (isMoved) target.resize(nowOffset - offset, nowSize);
  }
  if (addressOf(buffer.peek_memory(index)) !== memory) throw becameShared('memory');
  expectWritten(written, bytes.length);
}

/** Null if the bytes would reach a copy. */
function routeTo(memory: Wrapper, buffer: Wrapper | null): Route | null {
  const address = addressOf(memory);
  const { offset } = memory;
  const index = buffer ? indexIn(buffer, address, 0) : -1;
  if (index >= 0) {
    if (!buffer.is_memory_range_writable(index, 1)) return null;
    return {
      memory: address,
      isStandalone: false,
      write(bytes) {
        const now = expectIn(buffer, address, index);
        if (!buffer.is_memory_range_writable(now, 1)) throw becameShared('memory');
        writeThrough(buffer, now, address, offset, bytes);
      },
    };
  }
  if (!isStandalone(memory)) return null;
  return {
    memory: address,
    isStandalone: true,
    write(bytes) {
      const carrier = gst().Buffer.new();
      carrier.append_memory(memory);
      try {
        writeThrough(carrier, 0, address, offset, bytes);
      } finally {
        // Otherwise the memory would count as shared until the carrier is collected.
        carrier.remove_all_memory();
      }
    },
  };
}

export const mapping: MappingPort = {
  zeroCopy: { available: false, found: 'GJS: introspection gives mapped bytes as a copy' },
  mapMemory(memory, flags, buffer) {
    const wrapper = memory as Wrapper;
    if (isAnyWritten() && isWritten(addressOf(memory))) return null;
    // Found before mapping: GStreamer puts a copy into a buffer while the memory itself is mapped for writing.
    const route = flags & MapFlags.WRITE ? routeTo(wrapper, buffer) : null;
    const [mapped, info] = wrapper.map(flags);
    if (!mapped) return null;
    if (flags & MapFlags.WRITE && !route) {
      wrapper.unmap(info);
      throw new NotWritableError(
        'in GJS a memory inside a buffer can be written only through that buffer, and only while nobody shares either',
      );
    }
    return new CopiedMapping(wrapper, info, route);
  },

  mapBuffer(buffer, index, length, flags) {
    const wrapper = buffer as Wrapper;
    if ((flags & MapFlags.WRITE && !isWritable(wrapper)) || isAhead(wrapper, index, length)) return null;
    const [mapped, info] = wrapper.map_range(index, length, flags);
    if (!mapped) return null;
    // Several memories have been merged by now; without any there is nothing to write.
    if (!(flags & MapFlags.WRITE) || index >= wrapper.n_memory()) return new CopiedMapping(wrapper, info, null);
    const target = wrapper.peek_memory(index);
    const memory = addressOf(target);
    const { offset } = target;
    return new CopiedMapping(wrapper, info, {
      memory,
      isStandalone: false,
      write(bytes) {
        if (!isWritable(wrapper)) throw becameShared('buffer');
        writeThrough(wrapper, expectIn(wrapper, memory, index), memory, offset, bytes);
      },
    });
  },

  resizeMemory(memory, buffer, offset, size) {
    // GStreamer asserts that the buffer around it has one owner, which the memory does not reveal.
    if (!(buffer && indexIn(buffer, addressOf(memory), 0) >= 0) && !isStandalone(memory))
      throw new UnavailableError(
        'in GJS memory inside a buffer can be resized as `memory(index)` of that buffer alone, or with the buffer',
      );
    (memory as Wrapper).resize(offset, size);
  },

  mapFile: () => null,

  // Introspection does not show it.
  mayNeedCopy: () => true,
  isBeingWritten: (memory) => isWritten(addressOf(memory)),
  isAnyBeingWritten: isAnyWritten,

  canMap,

  canMapAll(buffer, flags) {
    const wrapper = buffer as Wrapper;
    if (isAhead(wrapper, 0, -1)) return false;
    const count = wrapper.n_memory();
    for (let index = 0; index < count; index++) {
      const [mapped, info] = wrapper.map_range(index, 1, flags);
      if (!mapped) return false;
      wrapper.unmap(info);
    }
    return true;
  },

  extract(buffer, offset, size) {
    // An empty result would be null.
    return size === 0 ? new Uint8Array(0) : (buffer as Wrapper).extract_dup(offset, size);
  },
};

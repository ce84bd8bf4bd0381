/** Maps by pointer: the bytes are GStreamer's own memory, and are detached when the mapping ends. */

import { Buffer as NodeBuffer } from 'node:buffer';
import { fields, structs } from '../../generated/symbols.ts';
import { MapFlags } from '../../map-flags.ts';
import type { MappingLock, MappingPort, RawMapping } from '../port/index.ts';
import { detach, endView, viewOf, viewsAllowed } from './external-buffers.ts';
import { type NativeFunction, native } from './ffi.ts';
import koffi from './koffi.ts';
import { address } from './marshal.ts';
import { lockFile } from './memfd-cache.ts';
import { refMini } from './references.ts';

const memoryWord = fields['GstMapInfo.memory'][1] / 4;
const dataWord = fields['GstMapInfo.data'][1] / 4;
const sizeWord = fields['GstMapInfo.size'][1] / 4;
/** Size in bytes up to which zeroing is negligible. */
const smallSize = 2 ** 16;
const readFlag = 1;
const readOnlyFlag = 2; // GST_MEMORY_FLAG_READONLY
/** Each buffer that holds a memory adds this to its lock state; the lower half says how it is mapped. */
const oneHolder = 1 << 16;

/** A GstMapInfo, by halves of words: a BigInt would cost an allocation each time one is read. */
class Info {
  readonly #words = new Uint32Array(new ArrayBuffer(structs.GstMapInfo));
  /** Its address: koffi passes a number in half the time of an array. */
  readonly address = Number(koffi.address(this.#words));

  get memory(): number {
    return this.#at(memoryWord);
  }

  get data(): number {
    return this.#at(dataWord);
  }

  get size(): number {
    return this.#at(sizeWord);
  }

  #at(index: number): number {
    return (this.#words[index] as number) + (this.#words[index + 1] as number) * 2 ** 32;
  }
}

/** Those that no mapping uses. */
const spare: Info[] = [];
/** For mappings that end at once. */
const probe = new Info();

let mapMemory: NativeFunction | undefined;
let unmapMemory: NativeFunction | undefined;
let resizeMemory: NativeFunction | undefined;
let mapBufferRange: NativeFunction | undefined;
let unmapBuffer: NativeFunction | undefined;
let extract: NativeFunction | undefined;
let countMemories: NativeFunction | undefined;

/** Mappings for writing that are open, or were never released. */
let writing = 0;

/** The lock of a mapping, and the address of its bytes. */
interface Lock extends MappingLock {
  readonly data: number;
  readonly size: number;
  /** Leaks the memory: another thread got its bytes by transfer, and may read them at any time. */
  leak(): void;
}

class NativeLock implements Lock {
  readonly owner: number;
  readonly info: Info;
  readonly unmap: NativeFunction;

  constructor(owner: number, info: Info, unmap: NativeFunction) {
    this.owner = owner;
    this.info = info;
    this.unmap = unmap;
  }

  get data(): number {
    return this.info.data;
  }

  get size(): number {
    return this.info.size;
  }

  leak(): void {
    refMini(this.info.memory);
  }

  release(): void {
    this.unmap(this.owner, this.info.address);
    spare.push(this.info);
  }
}

class NativeMapping implements RawMapping {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly zeroCopy: boolean;
  readonly lock: Lock;
  readonly #flags: number;

  constructor(lock: Lock, flags: number) {
    this.lock = lock;
    const { data, size } = lock;
    const view = viewOf(data, size);
    this.zeroCopy = view !== null;
    this.#flags = flags;
    if (flags & MapFlags.WRITE) writing++;
    this.bytes = new Uint8Array(view ?? copyOf(data, size));
  }

  release(): void {
    const { data, size } = this.lock;
    if (this.#flags & MapFlags.WRITE) writing--;
    if (this.zeroCopy) {
      // Bytes that were transferred to another thread are leaked: the alternative is a crash.
      if (!endView(data, this.bytes.buffer, size)) this.lock.leak();
    } else {
      if (this.#flags & MapFlags.WRITE) koffi.encode(data, 'uint8', this.bytes, this.bytes.length);
      detach(this.bytes.buffer);
    }
    this.lock.release();
  }
}

function copyOf(pointer: number, size: number): ArrayBuffer {
  const bytes = koffi.decode(pointer, koffi.array('uint8', size, 'Typed')) as Uint8Array<ArrayBuffer>;
  return bytes.buffer;
}

/**
 * A mapping of bytes outside GStreamer: without a copy if the engine allows that, detached at release.
 */
export function viewBytes(pointer: number, size: number): RawMapping {
  const view = viewOf(pointer, size);
  const bytes = new Uint8Array(view ?? copyOf(pointer, size));
  return {
    bytes,
    zeroCopy: view !== null,
    release: () => void (view ? endView(pointer, view, size) : detach(bytes.buffer)),
  };
}

export const mapping: MappingPort = {
  get zeroCopy() {
    const available = viewsAllowed();
    return {
      available,
      found: available ? 'views on native memory' : 'this engine forbids views on native memory; mappings copy',
    };
  },
  mapMemory(memory, flags) {
    mapMemory ??= native('gst_memory_map', 'uintptr');
    unmapMemory ??= native('gst_memory_unmap', 'uintptr');
    const info = spare.pop() ?? new Info();
    if (mapMemory(memory, info.address, flags))
      return new NativeMapping(new NativeLock(address(memory), info, unmapMemory), flags);
    spare.push(info);
    return null;
  },
  resizeMemory(memory, _buffer, offset, size) {
    resizeMemory ??= native('gst_memory_resize');
    resizeMemory(memory, offset, size);
  },
  mapBuffer(buffer, index, length, flags) {
    mapBufferRange ??= native('gst_buffer_map_range', 'uintptr');
    unmapBuffer ??= native('gst_buffer_unmap', 'uintptr');
    const info = spare.pop() ?? new Info();
    if (mapBufferRange(buffer, index, length, info.address, flags)) {
      return new NativeMapping(new NativeLock(address(buffer), info, unmapBuffer), flags);
    }
    spare.push(info);
    return null;
  },
  mapFile(memory) {
    const lock = lockFile(memory);
    return lock && new NativeMapping(lock, readFlag);
  },
  mayNeedCopy(memory) {
    const pointer = address(memory);
    if (koffi.decode.uint32(pointer + fields['GstMiniObject.flags'][1]) & readOnlyFlag) return true;
    // Not mapped, and in one buffer at most.
    const state = koffi.decode.uint32(pointer + fields['GstMiniObject.lockstate'][1]);
    return state !== 0 && state !== oneHolder;
  },
  isBeingWritten(memory) {
    const state = koffi.decode.uint32(address(memory) + fields['GstMiniObject.lockstate'][1]);
    return (state & MapFlags.WRITE) !== 0 && state >= oneHolder;
  },
  isAnyBeingWritten: () => writing > 0,
  canMap(memory, flags) {
    mapMemory ??= native('gst_memory_map', 'uintptr');
    unmapMemory ??= native('gst_memory_unmap', 'uintptr');
    if (!mapMemory(memory, probe.address, flags)) return false;
    unmapMemory(memory, probe.address);
    return true;
  },
  canMapAll(buffer, flags) {
    countMemories ??= native('gst_buffer_n_memory');
    mapBufferRange ??= native('gst_buffer_map_range');
    unmapBuffer ??= native('gst_buffer_unmap');
    const count = countMemories(buffer) as number;
    for (let index = 0; index < count; index++) {
      if (!mapBufferRange(buffer, index, 1, probe.address, flags)) return false;
      unmapBuffer(buffer, probe.address);
    }
    return true;
  },
  extract(buffer, offset, size) {
    extract ??= native('gst_buffer_extract');
    const bytes = size > smallSize ? new Uint8Array(NodeBuffer.allocUnsafeSlow(size).buffer) : new Uint8Array(size);
    // Bytes that were not written must not show their old content.
    if (size > 0 && Number(extract(buffer, offset, bytes, size)) !== size) bytes.fill(0);
    return bytes;
  },
};

/** Maps by pointer: the bytes are GStreamer's memory itself, and are taken away when the mapping ends. */
import koffi from 'koffi';
import type { MappingLock, MappingPort, RawMapping } from '../runtime.ts';
import { fields, structs } from '../symbols.ts';
import { detach } from './detach.ts';
import { address } from './functions.ts';
import { type NativeFunction, native } from './library.ts';

const dataWord = fields['GstMapInfo.data'][1] / 4;
const sizeWord = fields['GstMapInfo.size'][1] / 4;
const infoWords = structs.GstMapInfo / 4;
const writeFlag = 2;

/** A GstMapInfo, by halves of words: a BigInt would cost an allocation each time one is read. */
type Info = Uint32Array;

const wordAt = (info: Info, index: number): number => (info[index] as number) + (info[index + 1] as number) * 2 ** 32;

/** GstMapInfos that no mapping uses. */
const spare: Info[] = [];

let mapMemory: NativeFunction | undefined;
let unmapMemory: NativeFunction | undefined;
let mapBufferRange: NativeFunction | undefined;
let unmapBuffer: NativeFunction | undefined;
let extract: NativeFunction | undefined;

class NativeLock implements MappingLock {
  readonly owner: number;
  readonly info: Info;
  readonly unmap: NativeFunction;

  constructor(owner: number, info: Info, unmap: NativeFunction) {
    this.owner = owner;
    this.info = info;
    this.unmap = unmap;
  }

  release(): void {
    this.unmap(this.owner, this.info);
    spare.push(this.info);
  }
}

class NativeMapping implements RawMapping {
  readonly bytes: Uint8Array;
  readonly zeroCopy: boolean;
  readonly lock: NativeLock;
  #writeBack: boolean;

  constructor(owner: number, info: Info, unmap: NativeFunction, flags: number) {
    this.lock = new NativeLock(owner, info, unmap);
    const pointer = wordAt(info, dataWord);
    const size = wordAt(info, sizeWord);
    const view = viewOf(pointer, size);
    this.zeroCopy = view !== null;
    this.#writeBack = view === null && (flags & writeFlag) !== 0;
    this.bytes = new Uint8Array(view ?? copyOf(pointer, size));
  }

  release(): void {
    if (this.#writeBack) koffi.encode(wordAt(this.lock.info, dataWord), 'uint8', this.bytes, this.bytes.length);
    detach(this.bytes.buffer as ArrayBuffer);
    this.lock.release();
  }
}

let viewsAllowed = true;

/** Null where the engine forbids views on foreign memory, as Electron does. */
function viewOf(pointer: number, size: number): ArrayBuffer | null {
  if (size === 0) return new ArrayBuffer(0);
  if (!viewsAllowed) return null;
  try {
    return koffi.view(pointer, size);
  } catch {
    viewsAllowed = false;
    return null;
  }
}

function copyOf(pointer: number, size: number): ArrayBuffer {
  const bytes = koffi.decode(pointer, koffi.array('uint8', size, 'Typed')) as Uint8Array<ArrayBuffer>;
  return bytes.buffer;
}

/** Bytes that are not GStreamer's, as a mapping is: without a copy where the engine allows that, and taken away at release. */
export function viewBytes(pointer: number, size: number): RawMapping {
  const view = viewOf(pointer, size);
  const bytes = new Uint8Array(view ?? copyOf(pointer, size));
  return { bytes, zeroCopy: view !== null, release: () => detach(bytes.buffer) };
}

export const mapping: MappingPort = {
  get zeroCopy() {
    return {
      available: viewsAllowed,
      found: viewsAllowed ? 'views on native memory' : 'this engine forbids views on native memory; mappings copy',
    };
  },
  mapMemory(memory, flags) {
    mapMemory ??= native('gst_memory_map');
    unmapMemory ??= native('gst_memory_unmap');
    const info = spare.pop() ?? new Uint32Array(infoWords);
    if (mapMemory(memory, info, flags)) return new NativeMapping(address(memory), info, unmapMemory, flags);
    spare.push(info);
    return null;
  },
  mapBuffer(buffer, index, length, flags) {
    mapBufferRange ??= native('gst_buffer_map_range');
    unmapBuffer ??= native('gst_buffer_unmap');
    const info = spare.pop() ?? new Uint32Array(infoWords);
    if (mapBufferRange(buffer, index, length, info, flags)) {
      return new NativeMapping(address(buffer), info, unmapBuffer, flags);
    }
    spare.push(info);
    return null;
  },
  extract(buffer, offset, size) {
    extract ??= native('gst_buffer_extract');
    const bytes = new Uint8Array(size);
    if (size > 0) extract(buffer, offset, bytes, size);
    return bytes;
  },
};

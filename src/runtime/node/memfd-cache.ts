/**
 * A cache of mapped memfds. A peer process sends the same few memfds in turn, each time as a new GstMemory. Mapping each of
 * them anew costs the page tables of the whole frame: at 4K some 2,000 page faults, and an interrupt to the other processors
 * when it is unmapped. So a memfd that arrives a second time stays mapped for as long as it keeps arriving.
 *
 * Only read-only memory (`GST_MEMORY_FLAG_READONLY`, which unixfdsrc sets) is read in this way, as it needs no lock of
 * GStreamer's. The size of the file is checked before each mapping, as for any other memory.
 */
import { closeSync, fstatSync } from 'node:fs';
import { fields, type Handle, structs } from '../../generated/symbols.ts';
import { descriptors } from './descriptors.ts';
import { libcFunction, native } from './ffi.ts';
import koffi from './koffi.ts';
import { address } from './marshal.ts';
import { refMini, unrefMini } from './references.ts';
import { thread } from './thread-rules.ts';

/** Limits: bytes of address space that stay mapped, and files that are tracked. */
const mostBytes = 2 ** 30;
const mostFiles = 256;
/** Milliseconds after which a file that has not arrived again is unmapped: the peer may have freed it. */
const patience = 1000;

const readable = 1; // PROT_READ
const shared = 1; // MAP_SHARED
const readOnly = 2; // GST_MEMORY_FLAG_READONLY
const mapPrivate = 2; // GST_FD_MEMORY_FLAG_MAP_PRIVATE
const notMappable = 1 << 8; // GST_MEMORY_FLAG_NOT_MAPPABLE

const mmap = libcFunction('uintptr mmap(uintptr address, size_t size, int protection, int flags, int fd, long offset)');
const munmap = libcFunction('int munmap(uintptr address, size_t size)');

/** A file that has arrived, mapped from the second time on. */
class KeptFile {
  start = 0;
  length = 0;
  /** Open mappings. */
  users = 0;
  isRecent = true;

  /** Whether `length` bytes are mapped now. */
  holds(fd: number, length: number): boolean {
    if (this.length >= length) return true;
    if (this.users > 0 || mappedBytes - this.length + length > mostBytes) return false;
    this.drop();
    const start = mmap(0, length, readable, shared, fd, 0) as number | bigint;
    if (typeof start === 'bigint') return false; // MAP_FAILED, all ones
    this.start = start;
    this.length = length;
    mappedBytes += length;
    return true;
  }

  drop(): void {
    if (this.length === 0) return;
    munmap(this.start, this.length);
    mappedBytes -= this.length;
    this.length = 0;
  }
}

/** By inode: memfds never reuse an inode while the machine runs. */
const files = new Map<number, KeptFile>();
let mappedBytes = 0;

function sweep(): void {
  for (const [inode, file] of files) {
    if (file.users === 0 && !file.isRecent) {
      file.drop();
      files.delete(inode);
    }
    file.isRecent = false;
  }
  if (files.size > 0) setTimeout(sweep, patience).unref();
}

function remember(inode: number): void {
  if (files.size === mostFiles) return;
  if (files.size === 0) setTimeout(sweep, patience).unref();
  files.set(inode, new KeptFile());
}

let memfds: number | undefined;

/** The device of all memfds. */
function deviceOfMemfds(): number {
  if (memfds === undefined) {
    const fd = descriptors.memory('gst-allocators', 1);
    memfds = fstatSync(fd).dev;
    closeSync(fd);
  }
  return memfds;
}

/** Null if the fd is no memfd. */
function inodeOf(fd: number): number | null {
  try {
    const { dev, ino } = fstatSync(fd);
    return dev === deviceOfMemfds() ? ino : null;
  } catch {
    return null; // closed: mapping it reports the error
  }
}

/**
 * The lock of a mapping of a kept file: holds the memory, so that its sender does not change the bytes, and the file.
 */
export class FileLock {
  readonly #file: KeptFile;
  readonly #memory: number;
  readonly data: number;
  readonly size: number;

  constructor(file: KeptFile, memory: number, data: number, size: number) {
    this.#file = file;
    this.#memory = memory;
    this.data = data;
    this.size = size;
    file.users++;
    refMini(memory);
  }

  /** For bytes that were transferred elsewhere and cannot be revoked. */
  leak(): void {
    this.#file.users++;
    refMini(this.#memory);
  }

  release(): void {
    this.#file.users--;
    unrefMini(this.#memory);
  }
}

const number = (
  memory: number,
  field: 'GstMemory.size' | 'GstMemory.maxsize' | 'GstMemory.offset' | 'GstMemory.parent',
) => Number(koffi.decode.uint64(memory + fields[field][1]));

/**
 * Whether the memory may have content that its file lacks. GStreamer has no getter for these flags: they are read in
 * place, behind the GstMemory and before the fd.
 */
function mayBePrivate(memory: number, fd: number): boolean {
  const flags = memory + structs.GstMemory;
  return koffi.decode.int32(flags + 4) !== fd || (koffi.decode.uint32(flags) & mapPrivate) !== 0;
}

/** Null for a memory whose file has not arrived before, and for one whose file is not kept. */
export function lockFile(handle: Handle): FileLock | null {
  if (!thread.mayHold) return null;
  const memory = address(handle);
  const flags = koffi.decode.uint32(memory + fields['GstMiniObject.flags'][1]);
  if ((flags & (readOnly | notMappable)) !== readOnly || number(memory, 'GstMemory.parent') !== 0) return null;
  // Not derived classes: the driver of a dma-buf must see each mapping.
  if (!native('gst_memory_is_type')(memory, 'fd')) return null;
  const fd = native('gst_fd_memory_get_fd')(memory) as number;
  if (mayBePrivate(memory, fd)) return null;
  const inode = inodeOf(fd);
  if (inode === null) return null;
  const file = files.get(inode);
  if (!file) {
    remember(inode);
    return null;
  }
  file.isRecent = true;
  if (!file.holds(fd, number(memory, 'GstMemory.maxsize'))) return null;
  return new FileLock(file, memory, file.start + number(memory, 'GstMemory.offset'), number(memory, 'GstMemory.size'));
}

/**
 * Bytes of JavaScript as GStreamer's memory. Their ArrayBuffer stays pinned until GStreamer has freed the memory, which may
 * happen on any thread. The destroy notify runs no JavaScript there: it is `g_atomic_int_inc`, and counts up a word that
 * belongs to the memory. The words are looked at when more bytes are wrapped, and by a timer.
 */
import { markAsUntransferable } from 'node:worker_threads';
import { AllocationError } from '../../errors.ts';
import type { Handle, WrappedBytes } from '../port/index.ts';
import { libcFunction, libraryOf, native } from './ffi.ts';
import koffi, { libc } from './koffi.ts';
import { toHandle } from './marshal.ts';
import { thread } from './thread-rules.ts';

const readOnlyFlag = 2; // GST_MEMORY_FLAG_READONLY

const malloc = libcFunction('uintptr malloc(size_t size)');
const memcpy = libcFunction('uintptr memcpy(uintptr into, void *from, size_t size)');
const calloc = libcFunction('uintptr calloc(size_t count, size_t size)');
/** Words that are allocated at once. They are never freed: C may count them up at any time. */
const wordsAtOnce = 1024;
let spareWords: number[] = [];

/** By the address of their word. */
const pinned = new Map<number, ArrayBuffer>();
/** Limits after which the words are looked at: memories, and bytes, that were wrapped since the last time. */
const mostNew = 64;
const mostNewBytes = 2 ** 24;
let newMemories = 0;
let newBytes = 0;
/** Milliseconds between two looks of the timer. */
const interval = 100;
let timer: NodeJS.Timeout | null = null;

function refuse(): never {
  throw new TypeError('expected an ArrayBuffer that may be detached, got one whose bytes were wrapped as memory');
}

/** Keeps the bytes where they are, for good: Node.js has no way back from `markAsUntransferable`. */
function guard(buffer: ArrayBuffer): void {
  if (guarded.has(buffer)) return;
  // Node.js 22 only keeps such a buffer from being posted.
  for (const name of ['transfer', 'transferToFixedLength'])
    if (!Reflect.defineProperty(buffer, name, { value: refuse }))
      throw new TypeError('expected `bytes` of an ArrayBuffer that can be kept from transfers, got one that is frozen');
  markAsUntransferable(buffer);
  guarded.add(buffer);
}
const guarded = new WeakSet<ArrayBuffer>();

/** Unpins the bytes whose memory was freed. */
function look(): void {
  newMemories = 0;
  newBytes = 0;
  for (const word of pinned.keys()) {
    if (koffi.decode.int32(word) === 0) continue;
    koffi.encode(word, 'int32', 0);
    pinned.delete(word);
    spareWords.push(word);
  }
  if (pinned.size === 0 && timer) {
    clearInterval(timer);
    timer = null;
  }
}

function takeWord(): number {
  if (spareWords.length === 0) {
    const start = calloc(wordsAtOnce, 4) as number;
    if (start === 0) throw new AllocationError('no memory was left to wrap bytes');
    spareWords = Array.from({ length: wordsAtOnce }, (_, index) => start + index * 4);
  }
  return spareWords.pop() as number;
}

/** For a worker, which may be terminated, and its bytes freed, while GStreamer reads them. */
function copyOf(bytes: Uint8Array): number {
  const start = malloc(bytes.length) as number;
  if (start === 0) throw new AllocationError(`${bytes.length} bytes could not be allocated`);
  memcpy(start, bytes, bytes.length);
  return start;
}

export const wrappedBytes: WrappedBytes = {
  zeroCopy: thread.mayHold
    ? { available: true, found: 'the bytes themselves' }
    : { available: false, found: 'a copy, as a worker may end while GStreamer reads its bytes' },
  wrap(bytes, readOnly) {
    const { length } = bytes;
    const make = (data: unknown, freed: number, notify: unknown): Handle =>
      toHandle(
        native('gst_memory_new_wrapped')(readOnly ? readOnlyFlag : 0, data, length, 0, length, freed, notify) as number,
      );
    if (!this.zeroCopy.available) {
      const copy = copyOf(bytes);
      return make(copy, copy, libc.symbol('free'));
    }
    newBytes += length;
    if (++newMemories >= mostNew || newBytes >= mostNewBytes) look();
    guard(bytes.buffer);
    const word = takeWord();
    pinned.set(word, bytes.buffer);
    timer ??= setInterval(look, interval).unref();
    return make(bytes, word, libraryOf('g_atomic_int_inc').symbol('g_atomic_int_inc'));
  },
};

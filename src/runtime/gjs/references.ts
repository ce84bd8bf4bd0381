/**
 * GJS has no unref: a reference is dropped when the collector finalizes its wrapper. So the collector is run whenever
 * dropped wrappers hold enough bytes or file descriptors, and soon after the last drop, because they may hold the only
 * buffers of a pool.
 */
import System from 'system';
import { UnavailableError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import type { References } from '../port/index.ts';
import { GLib, gst } from './namespaces.ts';
import { proc } from './proc.ts';
import { isRead, isWritten, isWrittenAlone } from './write-mappings.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

const mebibyte = 2 ** 20;
const leastBudget = 32 * mebibyte;
const mostBudget = 64 * mebibyte;
/** Bytes of a wrapper and the struct behind it. */
const wrapperBytes = 512;
/**
 * Collections may take one part in `share` of the time; the budget grows, within its limits, to stay below that.
 */
const share = 10;
/** Milliseconds that dropped wrappers wait if collections are short. */
const patience = 10;
/** Milliseconds that they wait at most, at any cost: another stream may be stalled without them. */
const longestPatience = 250;

let budget = leastBudget;
let waiting = 0;
/** Collections that may still find something: a wrapper can survive one on the stack of its last user. */
let useful = 0;
let lastEnd = 0;
/** Microseconds that the last collection took. */
let lastCost = 0;
let timer = 0;

/** Collects; returns whether there was anything to find. */
function collect(): boolean {
  if (useful === 0) return false;
  useful--;
  waiting = 0;
  pooled = 0;
  const start: number = GLib.get_monotonic_time();
  System.gc();
  lastEnd = GLib.get_monotonic_time();
  lastCost = lastEnd - start;
  return true;
}

/** Handles made and dropped since the last count of free file descriptors: each may hold one, or be lost. */
let handled = 0;
/** Handles until the next count. */
let stride = 64;
const leastStride = 32;
/** Known maximum of free file descriptors when nothing waits for the collector. */
let mostSpare = 0;

/**
 * Collects if an eighth of the file descriptors was used since the last time. Counts them only every `stride` handles.
 */
function countForFiles(): void {
  if (++handled < stride) return;
  handled = 0;
  let spare = proc.spareFiles();
  if (spare <= mostSpare - mostSpare / 8) {
    useful ||= 1;
    collect();
    spare = proc.spareFiles();
    mostSpare = spare;
  }
  mostSpare = Math.max(mostSpare, spare);
  stride = Math.max(leastStride, mostSpare / 4);
}

/** Buffers that were taken from pools since the last collection. */
let pooled = 0;
const leastPooled = 32;
/** At this number, collects at any cost. */
const mostPooled = 256;

/** Call before taking a buffer from a pool, which allocates a new one if its buffers wait for the collector. */
export function notePooled(): void {
  if (++pooled < leastPooled) return;
  if (pooled >= mostPooled || GLib.get_monotonic_time() - lastEnd >= lastCost * share) collect();
}

/** Calls again after a failure, as dropped wrappers may have held what was missing. */
export function withRetry<A extends unknown[], R>(
  call: (...values: A) => R,
  hasFailed: (result: R) => boolean,
): (...values: A) => R {
  return (...values) => {
    const result = call(...values);
    return hasFailed(result) && collect() ? call(...values) : result;
  };
}

function collectForBytes(): void {
  const between = GLib.get_monotonic_time() - lastEnd;
  collect();
  if (lastCost * share > between) budget = Math.min(budget * 2, mostBudget);
  else if (lastCost * share * 4 < between) budget = Math.max(budget / 2, leastBudget);
}

function collectSoon(): void {
  if (timer) return;
  const delay = Math.min(Math.max(patience, Math.ceil((lastCost * share) / 1000)), longestPatience);
  timer = GLib.timeout_add(GLib.PRIORITY_DEFAULT, delay, () => {
    timer = 0;
    collect();
    return GLib.SOURCE_REMOVE;
  });
}

/**
 * The rule of writability. GJS cannot read a reference count, but two facts replace it:
 *
 * - A mini-object that a call of ours made, and that was passed to nothing else since, belongs to its caller alone:
 *   `owned`. That ends when it is passed to a function that keeps it, and when its raw wrapper is returned.
 * - GStreamer calls a memory writable only when the buffer around it is, so a buffer with one writable memory has one
 *   reference: so a buffer of a sample becomes writable when the sample is gone.
 *
 * Without either, an object is assumed to be shared, and `makeWritable` copies it, except its bytes, which stay shared
 * until one side writes.
 */
const owned = new WeakSet<object>();
/** Number of handles of a wrapper, if it is more than one. */
const handles = new WeakMap<object, number>();

export function own(wrapper: unknown): void {
  if (typeof wrapper === 'object' && wrapper !== null) owned.add(wrapper);
}

export function borrow(wrapper: unknown): void {
  if (typeof wrapper === 'object' && wrapper !== null) owned.delete(wrapper);
}

export function isWritable(wrapper: Wrapper, around: Wrapper | null = null): boolean {
  const { Buffer, Memory } = gst();
  if (wrapper instanceof Memory) return isMemoryWritable(wrapper, around);
  if ((handles.get(wrapper) ?? 1) > 1) return false;
  if (owned.has(wrapper)) return true;
  if (!(wrapper instanceof Buffer)) return false;
  const count = wrapper.n_memory();
  for (let index = 0; index < count; index++) if (wrapper.is_memory_range_writable(index, 1)) return true;
  return false;
}

/**
 * A memory uses locks, not its reference count: it is writable unless several buffers share it, or its buffer is
 * shared.
 */
function isMemoryWritable(memory: Wrapper, around: Wrapper | null): boolean {
  const index = around ? indexIn(around, addressOf(memory), 0) : -1;
  if (index >= 0) return around.is_memory_range_writable(index, 1);
  const isAlone = () => isStandalone(memory) || canMap(memory, gst().MapFlags.WRITE);
  // The other owner may be waiting for the collector.
  return isAlone() || (collect() && isAlone());
}

export function canMap(memory: Wrapper, flags: number): boolean {
  const [mapped, info] = memory.map(flags);
  if (mapped) memory.unmap(info);
  return mapped;
}

/**
 * Introspection does not offer the flag; memory that can be mapped for reading but not for writing has it, or is being
 * read.
 */
function isReadOnly(memory: Wrapper, around: Wrapper | null): boolean {
  const { MapFlags } = gst();
  const address = addressOf(memory);
  if (isWritten(address) || canMap(memory, MapFlags.WRITE)) return false;
  // Most allocators make parts of a memory read-only.
  if (memory.parent !== null) return true;
  return !isRead(address) && !(around && isRead(addressOf(around))) && canMap(memory, MapFlags.READ);
}

/** Index of a memory in a buffer, by its address; −1 if the buffer does not have it. */
export function indexIn(buffer: Wrapper, memory: string, hint: number): number {
  const count = buffer.n_memory();
  const at = (index: number) => index >= 0 && index < count && addressOf(buffer.peek_memory(index)) === memory;
  if (at(hint)) return hint;
  for (let index = 0; index < count; index++) if (index !== hint && at(index)) return index;
  return -1;
}

/** Whether no buffer holds the memory, which is then writable inside a new one. */
export function isStandalone(memory: Wrapper): boolean {
  const known = isWrittenAlone(addressOf(memory));
  if (known !== undefined) return known;
  const probe = gst().Buffer.new();
  probe.append_memory(memory);
  const writable = probe.is_all_memory_writable();
  // Otherwise it would count as shared until the probe is collected.
  probe.remove_all_memory();
  return writable;
}

/** The text of a wrapper contains the address; two wrappers of one mini-object have nothing else in common. */
export const addressOf = (wrapper: unknown): string => /native@(0x[0-9a-f]+)/.exec(String(wrapper))?.[1] ?? '';

export function identical(a: Handle, b: Handle): boolean {
  if (a === b) return true;
  const address = addressOf(a);
  return address !== '' && address === addressOf(b);
}

const copyMemory = 8; // GST_BUFFER_COPY_MEMORY

/** Copying empty memory shows nothing: it is tested while resized to one byte. */
function mayShareEmpty(memory: Wrapper): boolean {
  if (!isStandalone(memory) || memory.maxsize === 0)
    throw new UnavailableError(
      'empty memory inside a buffer cannot be shared in GJS, which cannot tell whether it may be',
    );
  const step = memory.offset < memory.maxsize ? 0 : -1;
  memory.resize(step, 1);
  try {
    return references.mayShare(memory);
  } finally {
    memory.resize(-step, 0);
  }
}

export const references: References = {
  collects: true,
  another(handle) {
    handles.set(handle, (handles.get(handle) ?? 1) + 1);
    return handle;
  },
  drop(handle, _family, bytes) {
    // Not all callers pass the size, and the last one need not.
    waiting += bytes;
    const count = handles.get(handle) ?? 1;
    if (count > 1) {
      handles.set(handle, count - 1);
      return;
    }
    owned.delete(handle);
    useful = 2;
    waiting += wrapperBytes;
    if (waiting >= budget) collectForBytes();
    countForFiles();
    // These find everything that is not on the caller's stack.
    if (useful > 0) collectSoon();
  },
  noteUse: countForFiles,
  identical,
  isWritable,
  isReadOnly: (memory, around) => isReadOnly(memory, around),
  mayShare(memory) {
    if ((memory as Wrapper).size === 0) return mayShareEmpty(memory);
    // A copy of a buffer shares the memories that may be shared, and copies the others: here a single byte.
    const carrier = gst().Buffer.new();
    carrier.append_memory(memory);
    try {
      const part = carrier.copy_region(copyMemory, 0, 1)?.peek_memory(0);
      return part ? part.parent !== null || identical(part, memory) : true;
    } finally {
      // Otherwise it would count as shared until the carrier is collected.
      carrier.remove_all_memory();
    }
  },
  collect,
  collectLost: () => System.gc(),
};

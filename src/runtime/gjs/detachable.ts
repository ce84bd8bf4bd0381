/**
 * Bytes that can be detached from every view. GJS 1.80 (SpiderMonkey 115) has no `ArrayBuffer.prototype.transfer`, but
 * growing a WebAssembly memory, even by 0, detaches its ArrayBuffer: there, mappings keep their bytes in such a memory,
 * which costs one copy more.
 */

type Transfer = (this: ArrayBuffer, length: number) => ArrayBuffer;
const transfer = (ArrayBuffer.prototype as { transfer?: Transfer }).transfer;

interface Growing {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const pageBytes = 65536;
/**
 * Each reserves gigabytes of address space, so the engine can have some thousand at most: few are kept, and no large
 * ones.
 */
const mostKept = 4;
const largestKept = 32 * 2 ** 20;
const kept: Growing[] = [];
const memories = new WeakMap<ArrayBuffer, Growing>();

/** Null if there is no address space left. */
function memoryFor(size: number): Growing | null {
  const index = kept.findIndex(({ buffer }) => buffer.byteLength >= size);
  if (index >= 0) return kept.splice(index, 1)[0] as Growing;
  try {
    // biome-ignore lint/suspicious/noExplicitAny: not among the types of a program without a browser
    return new (globalThis as any).WebAssembly.Memory({ initial: Math.ceil(size / pageBytes) });
  } catch {
    return null;
  }
}

/** `size` bytes with this content, or zeroes. They cannot be detached if the engine supports neither way. */
export function detachable(content: Uint8Array | null, size: number): Uint8Array {
  const memory = transfer || size === 0 ? null : memoryFor(size);
  if (!memory) return content ?? new Uint8Array(size);
  const { buffer } = memory;
  memories.set(buffer, memory);
  const bytes = new Uint8Array(buffer, 0, size);
  if (content) bytes.set(content);
  else bytes.fill(0);
  return bytes;
}

/** Detaches them at once, without waiting for the collector. */
export function detach(bytes: ArrayBuffer): void {
  // Detaching twice would throw.
  if (bytes.byteLength === 0) return;
  if (transfer) {
    transfer.call(bytes, 0);
    return;
  }
  const memory = memories.get(bytes);
  if (!memory) return;
  memory.grow(0);
  if (kept.length < mostKept && memory.buffer.byteLength <= largestKept) kept.push(memory);
}

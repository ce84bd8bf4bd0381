/** Where dma-bufs come from when no driver or element makes them. */
import { runtime } from '#runtime';
import { AllocationError, UnavailableError } from '../errors.ts';
import { expectOptions, expectSize, expectString, outOfRange } from '../expect.ts';
import { checkAllocation } from '../limits.ts';
import type { SystemCalls } from '../runtime/port/index.ts';
import { checkDescriptor, inspectDescriptor } from './inspect.ts';
import { sealAgainstShrinking, sealsOf } from './seals.ts';

const readWriteCloseOnExec = 0o2000002; // O_RDWR | O_CLOEXEC
const allocateFromHeap = 0xc0184800; // DMA_HEAP_IOCTL_ALLOC
const createUdmabuf = 0x40187542; // UDMABUF_CREATE
const closeOnExec = 1; // UDMABUF_FLAGS_CLOEXEC
const sealWrite = 8; // F_SEAL_WRITE

export const askingNeeds = 'this engine cannot call ioctl(2); import a dma-buf fd from elsewhere';

/** The system calls of the engine. @throws UnavailableError without them, or without access to the device */
function calls(feature: string, path: string): SystemCalls {
  const { systemCalls, descriptors } = runtime;
  if (!systemCalls) throw new UnavailableError(`${feature} needs ${path}, and ${askingNeeds}`);
  const { usable, found } = descriptors.access(path);
  if (usable) return systemCalls;
  const remedy =
    found === 'missing'
      ? 'it takes a kernel with that driver, and in a container the device passed in'
      : 'a udev rule can give it to a group of yours';
  throw new UnavailableError(`${feature} needs ${path} for reading and writing, and it is ${found}: ${remedy}`);
}

/**
 * A dma-buf of one of the kernel's heaps (`DMA_HEAP_IOCTL_ALLOC`), all zero. The fd is yours: it closes with the memory
 * that a `DmaBufAllocator` makes of it, or close it. Not in GJS: `UnavailableError`.
 * @param heap a name in `/dev/dma_heap`, such as `'system'`; ones of contiguous memory are named by their system
 * @param size bytes; what you get is rounded up to whole pages
 * @throws UnavailableError without the device, or the right to it; AllocationError when the heap has not enough
 */
function fromHeap(heap: string, size: number): number {
  if (!/^[^/]+$/.test(expectString('heap', heap)) || /^\.+$/.test(heap))
    throw outOfRange('heap', 'a name in /dev/dma_heap', heap);
  expectSize('size', size, Number.MAX_SAFE_INTEGER, 1);
  const path = `/dev/dma_heap/${heap}`;
  const system = calls('dmaBuf.fromHeap', path);
  checkAllocation(size);
  const argument = new DataView(new ArrayBuffer(24)); // struct dma_heap_allocation_data
  argument.setBigUint64(0, BigInt(size), true);
  argument.setUint32(12, readWriteCloseOnExec, true);
  const result = system.askDevice(path, allocateFromHeap, new Uint8Array(argument.buffer));
  if (result < 0)
    throw new AllocationError(`${path} gave no dma-buf of ${size} bytes`, { detail: system.errorName(result) });
  return argument.getUint32(8, true);
}

/**
 * A dma-buf of the pages of a memfd (`UDMABUF_CREATE`): both show the same bytes. The fd is yours: it closes with the
 * memory that a `DmaBufAllocator` makes of it, or close it. The memfd stays yours too, is needed no longer, and is sealed
 * against shrinking permanently, as the kernel requires. Not in GJS: `UnavailableError`.
 * @param fd a memfd that may be sealed (as `memfd` makes them) and is not sealed against writing
 * @param range `offset` (default 0) and `size` (default: all the rest) in bytes, multiples of the page size
 * @throws UnavailableError without `/dev/udmabuf`, or the right to it; AllocationError for what is no such memfd, or is
 *   larger than the driver allows
 */
function fromMemfd(fd: number, range?: { offset?: number; size?: number }): number {
  const holds = inspectDescriptor(fd).size ?? 0;
  const { offset = 0, size = holds - offset } = expectOptions('range', range, ['offset', 'size']);
  expectSize('range.offset', offset);
  expectSize('range.size', size, Number.MAX_SAFE_INTEGER, 1);
  checkDescriptor(fd, offset + size);
  const system = calls('dmaBuf.fromMemfd', '/dev/udmabuf');
  for (const [name, value] of Object.entries({ 'range.offset': offset, 'range.size': size }))
    if (value % system.pageSize) throw outOfRange(name, `a multiple of the page size, ${system.pageSize}`, value);
  seal(fd);
  const argument = new DataView(new ArrayBuffer(24)); // struct udmabuf_create
  argument.setUint32(0, fd, true);
  argument.setUint32(4, closeOnExec, true);
  argument.setBigUint64(8, BigInt(offset), true);
  argument.setBigUint64(16, BigInt(size), true);
  const made = system.askDevice('/dev/udmabuf', createUdmabuf, new Uint8Array(argument.buffer));
  if (made >= 0) return made;
  throw new AllocationError(
    `/dev/udmabuf gave no dma-buf of ${size} bytes; its limits are in /sys/module/udmabuf/parameters`,
    { detail: system.errorName(made) },
  );
}

/** Sets the seals that the driver requires. */
function seal(fd: number): void {
  const seals = sealsOf(fd);
  if (seals < 0) throw new AllocationError(`expected \`fd\` to be a memfd, got ${fd}, which is not one`);
  if (seals & sealWrite)
    throw new AllocationError(`expected fd ${fd} to be writable, got one that is sealed against writing`);
  sealAgainstShrinking(fd);
}

/**
 * What the kernel says of a dma-buf: its bytes, and the driver it comes from (`exp_name` of its fdinfo).
 * @returns null for any other open fd, whatever a memory of it claims to be
 */
function inspect(fd: number): { size: number | null; exporter: string } | null {
  const { exporter, size } = inspectDescriptor(fd);
  return exporter === undefined ? null : { size, exporter };
}

/** Makes dma-bufs, and tells them from other fds. */
export const dmaBuf = { fromHeap, fromMemfd, inspect } as const;

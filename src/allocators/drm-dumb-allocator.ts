import { runtime } from '#runtime';
import { AllocationError, UnavailableError } from '../errors.ts';
import { expectFlags, expectInteger, expectOptions, expectSize, expectString, largestInt } from '../expect.ts';
import { type Internal, internal, Kind, lend, lock } from '../facade.ts';
import { allocatorKind, memoryKind } from '../kinds.ts';
import { Allocator } from '../memory/allocator.ts';
import { facadeFor } from '../memory/allocator-registry.ts';
import { Memory } from '../memory/memory.ts';
import type { RawMemory } from '../raw-types.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c } = runtime;

const drmDumbAllocatorKind = new Kind('DrmDumbAllocator', 'GstDRMDumbAllocator', 'object', allocatorKind);
const { handleOf } = drmDumbAllocatorKind;

const largestSide = 65535;
const drmFd = { name: 'drm-fd', type: 'gint', readable: true, writable: false, constructOnly: false };
const setDescriptorFlags = 2; // F_SETFD
const closeOnExec = 1; // FD_CLOEXEC

/** Makes dumb buffers on a DRM device: memory a display controller can scan out (`GstDRMDumbAllocator`). @since 1.24 */
export class DrmDumbAllocator extends Allocator {
  /** @internal */
  constructor(key: Internal, handle: Handle) {
    super(key, handle, drmDumbAllocatorKind);
  }

  /**
   * `gst_drm_dumb_allocator_new_with_device_path`.
   * @param path a primary node such as `/dev/dri/card0`
   * @throws UnavailableError when there is no such device, no permission, or it has no dumb buffers
   * @since 1.24
   */
  static newWithDevicePath(path: string): DrmDumbAllocator {
    expectString('path', path);
    const handle = c.gst_drm_dumb_allocator_new_with_device_path(path);
    if (handle) return new DrmDumbAllocator(internal, handle);
    const { usable, found } = runtime.descriptors.access(path);
    throw new UnavailableError(
      `DrmDumbAllocator needs a DRM device with dumb buffers, for reading and writing; ${path} is ${usable ? 'none' : found}`,
    );
  }

  /**
   * `gst_drm_dumb_allocator_new_with_fd`. The fd is duplicated; yours stays open. In GJS child processes inherit the
   * duplicate.
   * @throws UnavailableError for anything but a DRM device with dumb buffers; AllocationError for a closed fd
   * @since 1.24
   */
  static newWithFd(fd: number): DrmDumbAllocator {
    expectInteger('fd', fd, 0, largestInt);
    const found = runtime.descriptors.inspect(fd);
    if (!found) throw new AllocationError(`expected \`fd\` to be an open file descriptor, got ${fd}, which is closed`);
    const handle = found.kind === 'character device' ? c.gst_drm_dumb_allocator_new_with_fd(fd) : null;
    if (handle) {
      // C (1.28) makes a duplicate that children of this process would inherit.
      const own = runtime.properties.get(handle, drmFd) as number;
      runtime.systemCalls?.fcntl(own, setDescriptorFlags, closeOnExec);
      return new DrmDumbAllocator(internal, handle);
    }
    throw new UnavailableError(
      `DrmDumbAllocator needs a DRM device with dumb buffers; fd ${fd} is ${found.kind === 'other' ? 'something else' : `a ${found.kind}`}`,
    );
  }

  protected override get howToAllocate(): string | null {
    return 'it makes dumb buffers: use `allocDumb`';
  }

  /** Whether its buffers can become dma-bufs (`gst_drm_dumb_allocator_has_prime_export`). @since 1.24 */
  get hasPrimeExport(): boolean {
    return c.gst_drm_dumb_allocator_has_prime_export(handleOf(this));
  }

  /**
   * A dumb buffer (`gst_drm_dumb_allocator_alloc`).
   * @param options `drmFourcc` the pixel format, `width` and `height` in pixels
   * @returns the memory, and its bytes per row
   * @throws AllocationError where the device makes none of that format or size; render nodes make none at all
   * @since 1.24
   */
  allocDumb(options: { drmFourcc: number; width: number; height: number }): { memory: Memory; pitch: number } {
    const handle = handleOf(this);
    const { drmFourcc, width, height } = expectOptions('options', options, ['drmFourcc', 'width', 'height']);
    const fourcc = expectFlags('options.drmFourcc', drmFourcc);
    const columns = expectSize('options.width', width, largestSide, 1);
    const rows = expectSize('options.height', height, largestSide, 1);
    const [memory, pitch] = c.gst_drm_dumb_allocator_alloc(handle, fourcc, columns, rows) as [Handle | null, number];
    if (!memory)
      throw new AllocationError(
        `the device made no dumb buffer of ${columns}×${rows} in format 0x${fourcc.toString(16)}`,
        { detail: 'is it a render node, or a device of 32 bits a pixel only?' },
      );
    return { memory: new Memory(internal, memory), pitch };
  }
}
lock(DrmDumbAllocator);
facadeFor(drmDumbAllocatorKind, (handle) => new DrmDumbAllocator(internal, handle), {
  symbol: 'gst_drm_dumb_allocator_new_with_device_path',
  since: '1.24',
  // A card's number is the order in which its driver came; the kernel numbers 64 at most.
  devices: Array.from({ length: 64 }, (_, number) => `/dev/dri/card${number}`),
  noDevice: '/dev/dri has no card: no driver of a display made one',
});

/** `gst_is_drm_dumb_memory`. @since 1.24 */
export function isDrmDumbMemory(memory: Memory | RawMemory): boolean {
  return lend('memory', memory, memoryKind, (handle) => c.gst_is_drm_dumb_memory(handle));
}

const dumb = <T>(memory: Memory | RawMemory, use: (handle: Handle) => T): T =>
  lend('memory', memory, memoryKind, (handle) => {
    if (!c.gst_is_drm_dumb_memory(handle))
      throw new TypeError('expected `memory` to be DRM dumb memory, got another kind');
    return use(handle);
  });

/** The GEM handle (`gst_drm_dumb_memory_get_handle`): a number on the device, not an fd. @since 1.24 */
export function drmDumbMemoryGetHandle(memory: Memory | RawMemory): number {
  return dumb(memory, (handle) => c.gst_drm_dumb_memory_get_handle(handle));
}

/** The same buffer as dma-buf memory (`gst_drm_dumb_memory_export_dmabuf`). @since 1.24 */
export function drmDumbMemoryExportDmaBuf(memory: Memory | RawMemory): Memory {
  return dumb(memory, (handle) => {
    const exported = c.gst_drm_dumb_memory_export_dmabuf(handle) as Handle | null;
    if (!exported) throw new AllocationError('the device could not export the buffer as a dma-buf');
    return new Memory(internal, exported);
  });
}

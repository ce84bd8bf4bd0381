import * as gst from '../../src/index.ts';

/** One of each class of allocators: null, or an `UnavailableError`, where this machine has none. */
export const allocatorMakers: Record<string, () => gst.Allocator | null> = {
  Allocator: () => gst.Allocator.find('SystemMemory'),
  ShmAllocator() {
    gst.ShmAllocator.initOnce();
    return gst.ShmAllocator.get();
  },
  FdAllocator: () => new gst.FdAllocator(),
  DmaBufAllocator: () => new gst.DmaBufAllocator(),
  UdmabufAllocator() {
    gst.UdmabufAllocator.initOnce();
    return gst.UdmabufAllocator.get();
  },
  DrmDumbAllocator: () => gst.DrmDumbAllocator.newWithDevicePath('/dev/dri/card0'),
};

/** Whether this machine has one. */
export function isThere(name: string): boolean {
  try {
    using made = allocatorMakers[name]?.() ?? null;
    return made !== null;
  } catch (error) {
    if (error instanceof gst.UnavailableError) return false;
    throw error;
  }
}

/**
 * Every public symbol of GstAllocators-1.0, with its names in `src/index.ts`, or the reason for none.
 * `test/node/gir-ledger.test.ts` fails when the installed GIR has a symbol that is not here.
 */

export interface NotWrapped {
  readonly reason: string;
}

const instead = (reason: string): NotWrapped => ({ reason });

const cast = instead('a C cast: in JavaScript an object is what it is; `instanceof` asks');
const classStruct = instead(
  'a C class struct, for deriving in C: `class … extends CustomAllocator` derives in TypeScript',
);

/** Names are paths from the module: `FdAllocator.alloc` is a static, `FdAllocator.prototype.allocFd` a method. */
export const ledger: Readonly<Record<string, readonly string[] | NotWrapped>> = {
  // fds of memory
  GstFdAllocator: ['FdAllocator'],
  gst_fd_allocator_new: ['FdAllocator'],
  gst_fd_allocator_alloc: ['FdAllocator.alloc', 'FdAllocator.prototype.allocFd'],
  gst_fd_allocator_alloc_full: ['FdAllocator.prototype.allocFdRange'],
  gst_is_fd_memory: ['isFdMemory'],
  gst_fd_memory_get_fd: ['fdMemoryGetFd', 'Memory.prototype.fd'],
  GST_ALLOCATOR_FD: ['ALLOCATOR_FD'],
  GstFdMemoryFlags: ['FdMemoryFlags'],
  GST_FD_MEMORY_FLAG_NONE: ['FdMemoryFlags.NONE'],
  GST_FD_MEMORY_FLAG_KEEP_MAPPED: ['FdMemoryFlags.KEEP_MAPPED'],
  GST_FD_MEMORY_FLAG_MAP_PRIVATE: ['FdMemoryFlags.MAP_PRIVATE'],
  GST_FD_MEMORY_FLAG_DONT_CLOSE: ['FdMemoryFlags.DONT_CLOSE'],
  GST_FD_ALLOCATOR: cast,
  GST_FD_ALLOCATOR_CAST: cast,
  GST_IS_FD_ALLOCATOR: instead('`instanceof FdAllocator`'),
  GST_FD_ALLOCATOR_CLASS: classStruct,
  GST_FD_ALLOCATOR_GET_CLASS: classStruct,
  GST_IS_FD_ALLOCATOR_CLASS: classStruct,
  GstFdAllocatorClass: classStruct,

  // shared memory
  GstShmAllocator: ['ShmAllocator'],
  gst_shm_allocator_init_once: ['ShmAllocator.initOnce'],
  gst_shm_allocator_get: ['ShmAllocator.get'],
  GST_ALLOCATOR_SHM: ['ALLOCATOR_SHM'],
  GstShmAllocatorClass: classStruct,

  // dma-bufs
  GstDmaBufAllocator: ['DmaBufAllocator'],
  gst_dmabuf_allocator_new: ['DmaBufAllocator'],
  gst_dmabuf_allocator_alloc: ['DmaBufAllocator.alloc', 'DmaBufAllocator.prototype.allocDmaBuf'],
  gst_dmabuf_allocator_alloc_with_flags: ['DmaBufAllocator.allocWithFlags', 'DmaBufAllocator.prototype.allocDmaBuf'],
  gst_is_dmabuf_memory: ['isDmaBufMemory'],
  gst_dmabuf_memory_get_fd: ['dmaBufMemoryGetFd'],
  GST_ALLOCATOR_DMABUF: ['ALLOCATOR_DMABUF'],
  GST_CAPS_FEATURE_MEMORY_DMABUF: ['CAPS_FEATURE_MEMORY_DMABUF'],
  GST_DMABUF_ALLOCATOR: cast,
  GST_DMABUF_ALLOCATOR_CAST: cast,
  GST_IS_DMABUF_ALLOCATOR: instead('`instanceof DmaBufAllocator`'),
  GST_DMABUF_ALLOCATOR_CLASS: classStruct,
  GST_DMABUF_ALLOCATOR_GET_CLASS: classStruct,
  GST_IS_DMABUF_ALLOCATOR_CLASS: classStruct,
  GstDmaBufAllocatorClass: classStruct,

  // dma-bufs made of shared memory
  GstUdmabufAllocator: ['UdmabufAllocator'],
  gst_udmabuf_allocator_init_once: ['UdmabufAllocator.initOnce'],
  gst_udmabuf_allocator_get: ['UdmabufAllocator.get'],
  GST_ALLOCATOR_UDMABUF: ['ALLOCATOR_UDMABUF'],
  GstUdmabufAllocatorClass: classStruct,

  // dumb buffers of a graphics card
  GstDRMDumbAllocator: ['DrmDumbAllocator'],
  gst_drm_dumb_allocator_new_with_device_path: ['DrmDumbAllocator.newWithDevicePath'],
  gst_drm_dumb_allocator_new_with_fd: ['DrmDumbAllocator.newWithFd'],
  'GstDRMDumbAllocator:drm-device-path': ['DrmDumbAllocator.newWithDevicePath'],
  'GstDRMDumbAllocator:drm-fd': ['DrmDumbAllocator.newWithFd'],
  gst_drm_dumb_allocator_alloc: ['DrmDumbAllocator.prototype.allocDumb'],
  gst_drm_dumb_allocator_has_prime_export: ['DrmDumbAllocator.prototype.hasPrimeExport'],
  gst_is_drm_dumb_memory: ['isDrmDumbMemory'],
  gst_drm_dumb_memory_get_handle: ['drmDumbMemoryGetHandle'],
  gst_drm_dumb_memory_export_dmabuf: ['drmDumbMemoryExportDmaBuf'],
  GstDRMDumbAllocatorClass: classStruct,

  // memory with a physical address
  gst_is_phys_memory: ['isPhysMemory'],
  gst_phys_memory_get_phys_addr: ['physMemoryGetPhysAddr'],
  GstPhysMemoryAllocator: instead('an interface for allocators written in C; `isPhysMemory` tells their memory'),
  'GstPhysMemoryAllocator.get_phys_addr': ['physMemoryGetPhysAddr'],
  GST_PHYS_MEMORY_ALLOCATOR_CAST: cast,
  GST_PHYS_MEMORY_ALLOCATOR_GET_INTERFACE: instead('the C struct of an interface that allocators implement in C'),
  GstPhysMemoryAllocatorInterface: instead('the C struct of an interface that allocators implement in C'),
};

/** The C functions that the package calls, for the symbol table. */
export const wrapped = Object.keys(ledger).filter((name) => /^gst_/.test(name) && !('reason' in (ledger[name] ?? {})));

/** The oldest version of GStreamer with the symbol, if it is newer than the oldest supported version. */
export const newer: Readonly<Record<string, string>> = {
  gst_fd_allocator_alloc_full: '1.28',
  GstUdmabufAllocator: '1.28',
  gst_udmabuf_allocator_init_once: '1.28',
  gst_udmabuf_allocator_get: '1.28',
  GST_ALLOCATOR_UDMABUF: '1.28',
  GstUdmabufAllocatorClass: '1.28',
};

/** Flags whose numbers are written in the source: our name, and the prefix of the C names. */
export const flags: Readonly<Record<string, string>> = {
  FdMemoryFlags: 'GST_FD_MEMORY_FLAG_',
  MapFlags: 'GST_MAP_',
  MemoryFlags: 'GST_MEMORY_FLAG_',
  BufferFlags: 'GST_BUFFER_FLAG_',
  AllocatorFlags: 'GST_ALLOCATOR_FLAG_',
};

/** Members of these flags that the package does not offer. */
export const withheld: Readonly<Record<string, NotWrapped>> = {
  GST_MAP_REF_MEMORY: instead('a mapping keeps its memory in any case (C, since 1.28: `GST_MAP_REF_MEMORY`)'),
};

/** Constants whose text is written in the source: they are `GST_` and our name. */
export const constants = [
  'ALLOCATOR_SYSMEM',
  'ALLOCATOR_FD',
  'ALLOCATOR_SHM',
  'ALLOCATOR_DMABUF',
  'ALLOCATOR_UDMABUF',
  'CAPS_FEATURE_MEMORY_DMABUF',
  'CAPS_FEATURE_MEMORY_SYSTEM_MEMORY',
] as const;

/** Flags of a memory (`GstMemoryFlags`). */
export const MemoryFlags = Object.freeze({
  READONLY: 2,
  NO_SHARE: 16,
  ZERO_PREFIXED: 32,
  ZERO_PADDED: 64,
  PHYSICALLY_CONTIGUOUS: 128,
  NOT_MAPPABLE: 256,
} as const);

/** Flags of a buffer (`GstBufferFlags`). */
export const BufferFlags = Object.freeze({
  LIVE: 16,
  DECODE_ONLY: 32,
  DISCONT: 64,
  RESYNC: 128,
  CORRUPTED: 256,
  MARKER: 512,
  HEADER: 1024,
  GAP: 2048,
  DROPPABLE: 4096,
  DELTA_UNIT: 8192,
  TAG_MEMORY: 16384,
  SYNC_AFTER: 32768,
  NON_DROPPABLE: 65536,
} as const);

/** Flags of an allocator (`GstAllocatorFlags`). */
export const AllocatorFlags = Object.freeze({
  /** It allocates in its own way only (fds, dumb buffers): `alloc(size)` is not for it. */
  CUSTOM_ALLOC: 16,
  /** Its memory should not be copied (since GStreamer 1.24). */
  NO_COPY: 32,
} as const);

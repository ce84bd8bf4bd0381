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

/**
 * Additional flags of video buffers (`GstVideoBufferFlags`), for `Buffer.flags`; GJS cannot read those of a buffer.
 * Two bits say which field a buffer holds: compare `flags & VideoBufferFlags.TOP_FIELD` with all of `TOP_FIELD`.
 */
export const VideoBufferFlags = Object.freeze({
  /** The frame is interlaced; with `interlace-mode=mixed` in the caps, frames without this flag are progressive. */
  INTERLACED: 0x100000,
  /** The top field is displayed first. */
  TFF: 0x200000,
  /** The first field is repeated. */
  RFF: 0x400000,
  /** There is one field in the buffer. */
  ONEFIELD: 0x800000,
  /** There are several views in the buffer. */
  MULTIPLE_VIEW: 0x1000000,
  /** It is the first buffer of a group that belongs together, such as the views of one moment. */
  FIRST_IN_BUNDLE: 0x2000000,
  /** TFF and ONEFIELD: the top field alone. */
  TOP_FIELD: 0xa00000,
  /** ONEFIELD without TFF: the bottom field alone. */
  BOTTOM_FIELD: 0x800000,
  /** `BufferFlags.MARKER`: the last buffer of a frame. */
  MARKER: 0x200,
} as const);

/** Flags of an allocator (`GstAllocatorFlags`). */
export const AllocatorFlags = Object.freeze({
  /**
   * It allocates by a method of its own: `allocFd`, `allocDumb`, `allocate`. Most such allocators refuse `alloc`, and elements do
   * not use them for their own buffers. `ShmAllocator` inherits the flag from `FdAllocator`, but supports `alloc`.
   */
  CUSTOM_ALLOC: 16,
  /** Its memory should not be copied (since GStreamer 1.24). */
  NO_COPY: 32,
} as const);

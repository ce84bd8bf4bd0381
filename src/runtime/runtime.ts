/**
 * The port: what the package needs of an engine. `src/runtime/node/` and `src/runtime/gjs/` implement it, one is
 * chosen at import through the `#runtime` condition, and no file outside this folder asks which one it is.
 *
 * One rule of ownership holds for everything here: **arguments are lent, results are owned.** A `Handle` that comes
 * back is the caller's to `drop`, whatever the C function's transfer is; one that is passed in stays the caller's.
 */
import type { FieldName, Functions, Handle, StructName } from './symbols.ts';

export type { FieldName, Functions, Handle, StructName } from './symbols.ts';

/** How a reference is counted: GstMiniObject or GObject. */
export type Family = 'mini' | 'object';

/** The raw namespaces as the engine's own bindings have them. */
export interface RawNamespaces {
  // biome-ignore lint/suspicious/noExplicitAny: the raw bindings are typed by the engine, not by us
  readonly [namespace: string]: any;
}

export interface Runtime {
  readonly name: 'node' | 'gjs';
  /** C functions by their symbol; the first use initialises GStreamer. One that is missing throws `UnavailableError`. */
  readonly c: Functions;
  readonly gi: RawNamespaces;
  /** Initialises GStreamer; later calls do nothing. */
  init(argv?: readonly string[]): void;
  /** Whether the installed libraries have this C function and the engine can call it. */
  has(symbol: string): boolean;
  /** A zero-filled struct that lives until `freeStruct`. */
  newStruct(name: StructName): Handle;
  freeStruct(handle: Handle): void;
  environment(name: string): string | null;
  /**
   * Bytes that can be had at most: of the machine, of its control group, of the address space this process may have. More
   * than this is never asked of GLib, which would end the process.
   */
  readonly availableMemory: number;

  readonly fields: Fields;
  readonly references: References;
  readonly mapping: MappingPort;
  readonly descriptors: Descriptors;
  readonly wrappers: Wrappers;
  readonly metas: Metas;
  readonly messages: Messages;
  readonly properties: Properties;
  readonly waiting: Waiting;
  readonly sockets: Sockets;
  readonly threads: Threads;
  /** Null where the engine has no way to libc. */
  readonly systemV: SystemV | null;
  /** Null where the engine has no way to libc. */
  readonly systemCalls: SystemCalls | null;
}

/** Struct fields, read and written in place. */
export interface Fields {
  number(handle: Handle, field: FieldName): number;
  /** The first `count` of an array inside the struct. */
  numbers(handle: Handle, field: FieldName, count: number): number[];
  /** A 64-bit time or offset; all ones (`GST_CLOCK_TIME_NONE`) is null. */
  time(handle: Handle, field: FieldName): number | null;
  text(handle: Handle, field: FieldName): string | null;
  /** What a pointer field points to. */
  reference(handle: Handle, field: FieldName, family: Family): Handle | null;
  setNumber(handle: Handle, field: FieldName, value: number): void;
  setTime(handle: Handle, field: FieldName, value: number | null): void;
  /**
   * Flags of a buffer past those of GStreamer's core, which each kind of media has for itself (`GstVideoBufferFlags`).
   */
  mediaFlags(buffer: Handle): number;
  /** Replaces all flags of a buffer, those of its media too, but for the lowest four, which are those of mini-objects. */
  setBufferFlags(buffer: Handle, flags: number): void;
  /** The flag word of a mini-object or a GstObject. Throws `UnavailableError` where the engine cannot read it. */
  flags(handle: Handle, family: Family): number;
}

export interface References {
  /** Whether dropped references wait for a collector, so that `drop` should be told their bytes. */
  readonly collects: boolean;
  /** One more reference, as a handle of its own. */
  another(handle: Handle, family: Family): Handle;
  /**
   * Gives a reference back. On Node that is at once; in GJS the wrapper is left to the collector, which is
   * driven by `bytes`, the size of what hangs on the reference.
   */
  drop(handle: Handle, family: Family, bytes: number): void;
  identical(a: Handle, b: Handle): boolean;
  /** Whether the caller's reference is the only one (`gst_mini_object_is_writable`). */
  isWritable(mini: Handle): boolean;
  /** Whether parts of a memory may be memories of their own (no `GST_MEMORY_FLAG_NO_SHARE`). */
  mayShare(memory: Handle): boolean;
  /** Takes the handle over and gives a writable buffer: the same when it is, else a copy that shares the memories. */
  makeWritable(buffer: Handle): Handle;
  /** Frees now whatever was dropped but still waits for a collector. Does nothing on Node. */
  collect(): void;
}

export interface RawMapping {
  /** Length 0 once released, where the engine can detach. */
  readonly bytes: Uint8Array;
  /** The bytes are GStreamer's memory itself; false: a copy, written back at release where mapped for writing. */
  readonly zeroCopy: boolean;
  /** What the mapping holds, without its bytes: all that is left to let go of when somebody lost it. */
  readonly lock?: MappingLock;
  release(): void;
}

export interface MappingLock {
  /** Unmaps. Once, and not after the mapping's own `release`. */
  release(): void;
}

export interface MappingPort {
  /** Whether mappings are views, and why not. */
  readonly zeroCopy: { available: boolean; found: string };
  /**
   * `gst_memory_map`; null when it fails. `buffer` and `index` name the buffer the memory was taken from, if any:
   * a copying engine can write to a memory only through a buffer.
   */
  mapMemory(memory: Handle, flags: number, buffer: Handle | null, index: number): RawMapping | null;
  /** `gst_buffer_map_range`; `length` −1 maps all memories from `index` on. */
  mapBuffer(buffer: Handle, index: number, length: number, flags: number): RawMapping | null;
  /**
   * Whether the memory is mapped for writing and somebody else's too, a buffer's or a part's: no one can share it then.
   * GJS knows only of mappings of this program, and takes what they map to be somebody else's too.
   */
  isBeingWritten(memory: Handle): boolean;
  /** Whether each memory of the buffer can be mapped now: C loses those that cannot when it is to read or write bytes. */
  canMapAll(buffer: Handle, flags: number): boolean;
  /** `gst_buffer_extract` into fresh bytes. */
  extract(buffer: Handle, offset: number, size: number): Uint8Array<ArrayBuffer>;
}

export interface DescriptorInfo {
  kind: 'file' | 'directory' | 'character device' | 'block device' | 'pipe' | 'socket' | 'dmabuf' | 'other';
  /** Bytes that can be mapped; null where the kernel does not tell. */
  size: number | null;
  /** Of a dma-buf: the driver it comes from. */
  exporter?: string;
}

/** File descriptors. */
export interface Descriptors {
  /** What the fd is; null when it is not open. */
  inspect(fd: number): DescriptorInfo | null;
  /** Bytes that are free in the file system of a folder; infinite where it does not tell. */
  freeSpace(folder: string): number;
  /** How many more this process may open; infinite where the system does not tell. */
  spare(): number;
  /** The size as `fstat` gives it, 0 for what has none; null when it is not open. */
  size(fd: number): number | null;
  /** A duplicate with close-on-exec. */
  duplicate(fd: number): number;
  /** A file of that many bytes, in memory alone. */
  memory(name: string, size: number): number;
  close(fd: number): void;
  /** Whether a device can be opened for reading and writing; `found` completes a sentence: it is … */
  access(path: string): { usable: boolean; found: string };
}

/** What no library wraps. Results below 0 are −errno. */
export interface SystemCalls {
  /** Bytes. */
  readonly pageSize: number;
  /** Opens a device, asks one thing of it (`ioctl`, which may write to the argument), and closes it. */
  askDevice(path: string, request: number, argument: Uint8Array): number;
  fcntl(fd: number, command: number, argument: number): number;
  /** Name of the errno in a result below 0. */
  errorName(result: number): string;
}

/** Threads of this process that are not ours. */
export interface Threads {
  /** How many threads of a name (of at most 15 characters) sleep in `poll`; null where the kernel does not tell. */
  polling(name: string): number | null;
}

/** Unix sockets by their path. */
export interface Sockets {
  /**
   * Who is there: nobody, something that is no socket, a socket that no process listens at any more, or a process.
   * The process notices nothing, as long as it is in the same network namespace.
   * A socket whose listener cannot be asked (no permission, no room) counts as live.
   */
  probe(path: string): Promise<'absent' | 'not a socket' | 'stale' | 'live'>;
  /** Removes a path; one that is not there is no mistake. */
  remove(path: string): void;
  /** Whether everybody may move and remove everybody's files in the folder of a path: writable for all, and not sticky. */
  isOpenToAll(path: string): boolean;
  /** Sets the permissions of a socket. Throws where the path names anything else, a symbolic link included. */
  setMode(path: string, mode: number): void;
}

/** Between handles and the objects of the engine's own bindings. */
export interface Wrappers {
  /** The engine's wrapper; `typeName` is the GType's name (`GstBuffer`). It holds a reference of its own. */
  toRaw(handle: Handle, family: Family, typeName: string): unknown;
  /** A handle for a raw object of that type or a derived one; null for anything else. */
  fromRaw(raw: unknown, family: Family, typeName: string): Handle | null;
  /** GType name of an object (`GstShmAllocator`). */
  typeName(object: Handle): string;
  isA(object: Handle, typeName: string): boolean;
  /** All elements of a bin, those of bins inside it included. */
  elements(bin: Handle): Handle[];
}

/** What a `GstVideoMeta` says of a frame. */
export interface VideoMetaFields extends VideoLayout {
  /** `GstVideoFrameFlags`. */
  flags: number;
  /** Tells several in one buffer apart; null where the engine cannot read it. */
  id: number | null;
  /** Pixels around the picture (`GstVideoAlignment`). */
  padding: { top: number; bottom: number; left: number; right: number };
}

/** Where a picture is in a buffer. */
export interface VideoLayout {
  /** `GstVideoFormat`, a number. */
  format: number;
  width: number;
  height: number;
  /** Where each plane begins, in bytes from the start of the buffer. */
  offsets: number[];
  /** Bytes from one row to the next, for each plane. */
  strides: number[];
}

/** What a `GstAudioMeta` says of samples. */
export interface AudioMetaFields {
  /** Samples of each channel. */
  samples: number;
  /** Where each channel begins, in bytes from the start of the buffer; empty where channels are interleaved. */
  offsets: number[];
}

/** A meta of a buffer. */
export interface MetaName {
  /** GType name of its API (`GstVideoMetaAPI`). */
  api: string;
  /** GType name of its implementation (`GstVideoMeta`). */
  type: string;
  /** What its content depends on (`video`, `size`, `memory`): elements drop it where they change that. */
  tags: string[];
}

/** Pixels of a frame that are to be shown. */
export interface CropFields {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Metas, by the GType names of their APIs: GTypes themselves differ from engine to engine. Buffers that get one must be
 * writable, which is not asked here.
 */
export interface Metas {
  list(buffer: Handle): MetaName[];
  /** `gst_meta_register_custom`; false when the name is taken. Not to be asked twice with one name. */
  registerCustom(name: string, tags: readonly string[]): boolean;
  /** Adds a custom meta with the fields of a structure of its name; false when no such meta is registered. */
  addCustom(buffer: Handle, name: string, fields: Handle): boolean;
  /** The text of a custom meta's structure; null when the buffer has none. */
  custom(buffer: Handle, name: string): string | null;
  /** `gst_buffer_add_video_meta_full`; the padding is noted as it is, whatever the strides are. */
  addVideo(
    buffer: Handle,
    fields: VideoLayout & { flags: number; padding: VideoMetaFields['padding'] | null },
  ): boolean;
  /** Throws `UnavailableError` where the engine cannot. */
  addCrop(buffer: Handle, fields: CropFields): boolean;
  crop(buffer: Handle): CropFields | null;
  /** Lets the metas on a buffer outlive its stay outside its pool (`GST_META_FLAG_POOLED`), where the engine can. */
  keepInPool(buffer: Handle): void;
  /** The buffer's `GstVideoMeta`, that with the lowest id; null when it has none. */
  video(buffer: Handle): VideoMetaFields | null;
  /** The buffer's `GstAudioMeta`; null when it has none. */
  audio(buffer: Handle, channels: number): AudioMetaFields | null;
  /** API of the meta at `index` of an allocation query. */
  offered(query: Handle, index: number): string;
  /** Adds a meta's API to an allocation query; false when no such API is registered. */
  offer(query: Handle, api: string): boolean;
}

/** What of a message cannot be had through plain functions. */
export interface Messages {
  /** Text and debug text (`gst_message_parse_error`, `gst_message_parse_warning`, `gst_message_parse_info`). */
  text(message: Handle, type: 'error' | 'warning' | 'info'): { text: string; debug: string | null };
}

export interface PropertyInfo {
  name: string;
  /** GType name of the value (`gint`, `GstCaps`, `GstVideoTestSrcPattern`). */
  type: string;
  readable: boolean;
  writable: boolean;
}

/** GObject properties. */
export interface Properties {
  list(object: Handle): PropertyInfo[];
  get(object: Handle, property: PropertyInfo): unknown;
  /** Throws a `TypeError` that says what the property takes. */
  set(object: Handle, property: PropertyInfo, value: unknown): void;
}

/** Something that calls back on the main thread until it is closed. Idempotent. */
export interface Watch {
  close(): void;
}

/**
 * A watch that can be told to listen, and not to: listening costs the streaming thread something for each frame, and
 * keeps the process alive. It does not listen at first, and who tells it to must look once more before waiting.
 */
export interface FlowWatch extends Watch {
  listen(listening: boolean): void;
}

export interface Waiting {
  /** Calls `wake` whenever the bus has messages to pop. */
  watchBus(bus: Handle, wake: () => void): Watch;
  /** Readies an appsink, before it runs, for `watchSink`. */
  prepareSink(sink: Handle): void;
  /** Readies an appsrc, before it runs, for `watchSource`. */
  prepareSource(source: Handle): void;
  /** Calls `wake` when the appsink has a sample to pull or has ended. Spurious calls are possible. */
  watchSink(sink: Handle, wake: () => void): FlowWatch;
  /** Calls `wake` when the appsrc runs low. Spurious calls are possible. */
  watchSource(source: Handle, wake: () => void): FlowWatch;
  /**
   * Lets `answer` answer the allocation queries that reach the appsink. Each one waits for the main thread.
   * Throws `UnavailableError` where the engine has no way to answer.
   */
  watchAllocation(sink: Handle, answer: (query: Handle) => boolean): Watch;
  /** `gst_pad_peer_query` off the main thread where the engine can: a serialized query waits for the data flow. */
  peerQuery(pad: Handle, query: Handle): Promise<boolean>;
  /** `gst_video_convert_sample` off the main thread where the engine can. Rejects with `GstError`. */
  convertSample(sample: Handle, caps: Handle, timeout: number): Promise<Handle>;
  /** `gst_element_seek_simple` in time, off the main thread where the engine can. */
  seek(element: Handle, flags: number, position: number): Promise<boolean>;
  /** Lets everything else on the main thread have its turn. */
  breathe(): Promise<void>;
  /** `gst_element_set_state` without blocking the main thread where the engine can; gives the GstStateChangeReturn. */
  setState(element: Handle, state: number): Promise<number>;
}

/** A connected unix stream socket. */
export interface StreamSocket {
  /** Sends what fits at once: the number of bytes taken, or −errno. Never waits, never raises SIGPIPE. */
  send(bytes: Uint8Array): number;
  /** Closes it now; `closed` is not called any more. Idempotent. */
  close(): void;
}

/** What a stream socket tells, on the main thread. */
export interface StreamListener {
  data(bytes: Uint8Array): void;
  /** The peer is gone. `failed`: not by an orderly end, or with bytes of ours unread. */
  closed(failed: boolean): void;
}

/** What a path names. */
export interface PathIdentity {
  device: bigint;
  inode: bigint;
  isSocket: boolean;
}

/** A shared memory segment's state (`struct shmid_ds`). */
export interface SegmentStatus {
  size: number;
  /** Processes' attachments. */
  attached: number;
  /** Process that made it; 0 when it is of another PID namespace. */
  creator: number;
  mode: number;
}

/** SysV IPC, and what goes with it. Numbers below 0 are −errno. */
export interface SystemV {
  /** What a path names; null for nothing. `followLinks`: what a symbolic link points to, else the link itself. */
  identify(path: string, followLinks: boolean): PathIdentity | null;
  /** Another name for a file (`link`), which must be free; 0 or −errno. */
  link(path: string, name: string): number;
  rename(path: string, name: string): number;
  /** Removes a name; 0 or −errno. */
  unlink(path: string): number;
  list(folder: string): string[];
  isAlive(process: number): boolean;
  /** This process's id. */
  readonly process: number;
  /** Calls back while the process exits in an orderly way, where nothing can be awaited any more. Gives what ends that. */
  atExit(callback: () => void): () => void;

  /** `shmget` */
  getSegment(key: number, size: number, flags: number): number;
  /** `shmat`: the address. */
  attachSegment(id: number): number;
  /** `shmdt` */
  detachSegment(address: number): void;
  /** Has the kernel provide the pages of a segment (`madvise`), off the main thread; where it cannot, nothing happens. */
  populate(address: number, size: number): Promise<void>;
  segmentStatus(id: number): SegmentStatus | null;
  /** `shmctl(IPC_RMID)` */
  removeSegment(id: number): void;
  /** Copies bytes to an address; the caller has seen to it that they fit. */
  copy(bytes: Uint8Array, address: number): void;
  /** The bytes at an address, without a copy where the engine can; they are taken away at `release`. */
  view(address: number, size: number): RawMapping;

  /** `semget` of a set of two */
  getSet(key: number, flags: number): number;
  /** `semop`: 0 or −errno. Every operation that could wait must have IPC_NOWAIT. */
  operate(id: number, operations: Uint8Array): number;
  /** Comes back when a semaphore is 0, the set is gone, or the milliseconds are over; off the main thread. */
  whenZero(id: number, semaphore: number, milliseconds: number): Promise<void>;
  /** `semctl(GETVAL)` */
  value(id: number, semaphore: number): number;
  /** `semctl(IPC_RMID)` */
  removeSet(id: number): void;

  /** Rejects with an error whose `code` is errno's name. */
  connect(path: string, listener: StreamListener): Promise<StreamSocket>;
  /** Listens at a new name with that mode. Closing leaves the name to the caller. */
  listen(path: string, mode: number, accept: (socket: StreamSocket) => StreamListener): Promise<Watch>;
}

import { runtime } from '#runtime';
import { ShmAllocator } from '../allocators/shm-allocator.ts';
import { AllocationError, DisposedError, PipelineError, UnavailableError } from '../errors.ts';
import { type Bytes, expectBytes, expectOptions, expectSize, expectString, outOfRange } from '../expect.ts';
import { expectInternal, type Internal, internal } from '../facade.ts';
import { version } from '../init.ts';
import { MapFlags } from '../map-flags.ts';
import { Buffer, facadeOfRaw } from '../memory/buffer.ts';
import { type AppSrc, pushesFor } from '../pipeline/app-src.ts';
import { elementExists } from '../pipeline/element-factory.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { BufferPool, buffersAre } from '../pool/buffer-pool.ts';
import type { RawBuffer } from '../raw-types.ts';
import { expectSocketPath, objectionTo, socketMode } from '../socket-path.ts';
import { checkWait, type WaitOptions, waitOptionNames } from '../wait.ts';
import { describeLike, stamped } from './frame-copy.ts';
import { isSentAsIs } from './sent-as-is.ts';
import { type Transport, type TransportName, transportOf } from './transport.ts';

const { sockets } = runtime;

const defaultBuffers = 8;
/** Milliseconds without a finished wait before connections of dead readers are ended. */
const patience = 300;
const mostBuffers = 1024;
/** Size of the area that `shmsink` copies into, in frames. */
const shmFrames = 4;
/** Folder of the area of `shmsink`. */
const sharedFolder = '/dev/shm';

export interface FrameWriterOptions {
  /** Fixed caps of the frames. */
  caps: string;
  /** Default `unixfd`. */
  transport?: TransportName;
  /** Frames that readers may hold at once; `acquire` and `write` wait until one is returned. Default 8. */
  buffers?: number;
}

export interface WriteOptions extends WaitOptions {
  /** Presentation time in nanoseconds. */
  pts?: number;
}

/**
 * Sends frames to other processes: any number of readers may connect and leave, on either engine or in any GStreamer
 * program (`unixfdsrc`, `shmsrc`). Frames are dropped while there is no reader.
 */
export class FrameWriter {
  /** Path of the socket. */
  readonly path: string;
  readonly #transport: Transport;
  readonly #pipeline: Pipeline;
  readonly #source: AppSrc;
  readonly #buffers: number;
  readonly #version = version();
  #pool: BufferPool | null = null;
  #poolSize = 0;
  /** Size of the frames that the area of `shm` is made for, in bytes. */
  #areaSize = 0;
  #closing: Promise<void> | null = null;
  /** Numbers of waits in progress and of finished waits. */
  #underway = 0;
  #done = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  private constructor(key: Internal, path: string, transport: Transport, pipeline: Pipeline, buffers: number) {
    expectInternal(key, 'FrameWriter');
    runtime.threads.keepHere(this);
    this.path = path;
    this.#transport = transport;
    this.#pipeline = pipeline;
    this.#source = pipeline.appSrc('source');
    this.#buffers = buffers;
    pushesFor(this.#source, {
      what: `the readers of ${path}`,
      why: () =>
        'the frame before is not with all of them: one that is connected takes nothing, as it is stopped or busy',
      warns: true,
    });
  }

  /** Counts a wait while it is in progress. A reader that dies in the middle of a message may block it forever. */
  async #attended<T>(waiting: Promise<T>): Promise<T> {
    this.#underway++;
    if (this.#transport.isShared) this.#timer ??= this.#lookAfterReaders();
    try {
      return await waiting;
    } finally {
      this.#underway--;
      this.#done++;
    }
  }

  /** Ends connections of dead readers while waits are in progress. */
  #lookAfterReaders(): ReturnType<typeof setInterval> {
    let seen = this.#done;
    return setInterval(() => {
      if (this.#underway === 0) return this.#rest();
      const isStuck = this.#done === seen;
      seen = this.#done;
      try {
        if (isStuck) sockets.endDead(this.path);
      } catch {
        // No fd is left for the check: the next interval may succeed.
      }
    }, patience);
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /**
   * Listens at a path, for readers of this user. The socket of a dead process is replaced.
   * @throws PipelineError when another process listens there, something else is in the way, or the folder is writable for
   *   all and not sticky
   */
  static async open(path: string, options: FrameWriterOptions): Promise<FrameWriter> {
    expectSocketPath(path);
    const given = expectOptions('options', options, ['caps', 'transport', 'buffers']);
    const caps = expectString('options.caps', given.caps);
    const buffers = expectSize('options.buffers', given.buffers ?? defaultBuffers, mostBuffers, 1);
    const transport = transportOf(given.transport ?? 'unixfd');
    needElement(transport.sink);
    // The elements report a missing folder on stderr.
    const folder = path.includes('/') ? path.replace(/[^/]*$/, '.') : '.';
    if ((await sockets.probe(folder)) === 'absent')
      throw new PipelineError(`expected a path in a folder that is there, got ${path}`);
    const found = await sockets.probe(path);
    if (found === 'live') throw new PipelineError(`expected a free path, got ${path}, where another process listens`);
    if (found === 'not a socket')
      throw new PipelineError(`expected a free path, got ${path}, which is no socket; it is left alone`);
    const objection = objectionTo(path, runtime.sockets);
    if (objection) throw new PipelineError(objection);
    if (found === 'stale') removeRemains(path);
    const pipeline = Pipeline.parse(
      `appsrc name=source format=time max-bytes=1 ! ${transport.sink} name=sink sync=false async=false enable-last-sample=false`,
    );
    try {
      const writer = new FrameWriter(internal, path, transport, pipeline, buffers);
      pipeline.get('sink').set('socket-path', path);
      if (!transport.isShared) pipeline.get('sink').set('wait-for-connection', false).set('perms', socketMode);
      writer.caps = caps;
      await pipeline.play();
      keepToUser(path);
      return writer;
    } catch (error) {
      await pipeline.stop();
      pipeline.dispose();
      throw error;
    }
  }

  /** Caps of the frames that follow; readers see the change between two frames. */
  get caps(): string | null {
    return this.#source.caps;
  }
  set caps(value: string | null) {
    this.#source.caps = value;
  }

  /**
   * A buffer in memory that readers map directly: fill it with the frame, then pass it to `write`.
   * @param size bytes of the frame
   */
  async acquire(size: number, options?: WaitOptions): Promise<Buffer> {
    expectSize('size', size, Number.MAX_SAFE_INTEGER, 1);
    return this.#attended(this.#poolFor(size).acquire(options));
  }

  /** The pool for frames of this size; a pool of another size is freed as its buffers return. */
  #poolFor(size: number): BufferPool {
    this.#check();
    this.#makeRoom(size);
    if (this.#pool && this.#poolSize === size) return this.#pool;
    ShmAllocator.initOnce();
    using allocator = ShmAllocator.get();
    const pool = BufferPool.create({ size, max: this.#buffers, allocator });
    buffersAre(
      pool,
      `a frame of the FrameWriter at ${this.path}`,
      'readers, which keep a frame until they dispose it, and the last one until the next',
    );
    this.#dropPool();
    this.#pool = pool;
    this.#poolSize = size;
    return pool;
  }

  /** Ensures that the area of `shm` has room for frames of this size, and the system for the area. */
  #makeRoom(size: number): void {
    if (this.#transport.isShared || size === this.#areaSize) return;
    const wanted = size * shmFrames;
    const free = runtime.descriptors.freeSpace(sharedFolder);
    // `shmsink` writes without a check, which ends the process (SIGBUS) when there is no room.
    if (wanted > free)
      throw new AllocationError(
        `expected ${wanted} bytes to be free in ${sharedFolder} for ${shmFrames} frames, found ${free}`,
      );
    this.#pipeline.get('sink').set('shm-size', wanted);
    this.#areaSize = size;
  }

  /**
   * Sends a frame. Bytes, and buffers from elsewhere, are copied into shared memory once; a buffer from `acquire`, or
   * with memory that has fds, is sent without a copy. Times, offsets, flags and metas arrive as far as the transport
   * carries them: `unixfd` carries those that GStreamer serialises, such as `GstVideoMeta` and custom metas; `shm`
   * carries only bytes. The facade stays yours and unchanged: dispose it, so that its memory can be reused.
   */
  async write(frame: Buffer | RawBuffer | Bytes, options: WriteOptions = {}): Promise<void> {
    using raw = frame instanceof Buffer ? null : facadeOfRaw(frame);
    await this.#write(raw ?? (frame as Buffer | Bytes), options);
  }

  async #write(frame: Buffer | Bytes, options: WriteOptions): Promise<void> {
    this.#check();
    const { pts, ...waitOptions } = expectOptions('options', options, [...waitOptionNames, 'pts']);
    checkWait(waitOptions);
    if (pts !== undefined) expectSize('options.pts', pts);
    // shmsink accesses the first memory even of a buffer without memory.
    if (frame instanceof Buffer && frame.size === 0) throw outOfRange('frame', 'at least one byte long', frame);
    if (frame instanceof Buffer && (!this.#transport.isShared || isSentAsIs(frame, this.#version))) {
      this.#makeRoom(frame.size);
      using copy = pts === undefined ? null : stamped(frame, pts);
      return await this.#attended(this.#source.push(copy ?? frame, waitOptions));
    }
    using mapping = frame instanceof Buffer ? frame.map(MapFlags.READ) : null;
    const bytes = mapping ? mapping.bytes : expectBytes('frame', frame as Bytes);
    using copy = await this.acquire(bytes.length, waitOptions);
    copy.fill(0, bytes);
    if (frame instanceof Buffer) describeLike(copy, frame);
    if (pts !== undefined) copy.pts = pts;
    await this.#attended(this.#source.push(copy, waitOptions));
  }

  /** Frees the pool's memory at once; the garbage collector may free the pool itself later. */
  #dropPool(): void {
    this.#pool?.stop();
    this.#pool?.dispose();
    this.#pool = null;
  }

  #check(): void {
    if (this.#closing) throw new DisposedError('the FrameWriter was closed before');
  }

  /** Sends the end of the stream to the readers, and frees the path. Every call resolves when that is done. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      this.#source.endOfStream();
      await this.#attended(this.#pipeline.finished({ timeout: closeTimeout }));
    } catch {
      // A failed pipeline sends no end of stream.
    }
    await this.#attended(this.#pipeline.stop());
    this.#rest();
    this.#pipeline.dispose();
    this.#dropPool();
    sockets.remove(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Nanoseconds that a closing writer waits for frames in transit. */
const closeTimeout = 2e9;

function keepToUser(path: string): void {
  try {
    sockets.setMode(path, socketMode);
  } catch (cause) {
    throw new PipelineError(`${path} could not be kept from other users`, { cause, detail: (cause as Error).message });
  }
}

function removeRemains(path: string): void {
  try {
    sockets.remove(path);
  } catch (cause) {
    throw new PipelineError(
      `expected a free path, got ${path}, where a dead process left a socket that cannot be removed`,
      {
        cause,
        detail: (cause as Error).message,
      },
    );
  }
}

export function needElement(name: string): void {
  if (!elementExists(name)) {
    throw new UnavailableError(
      `the element ${name} is missing; it comes with gst-plugins-bad (Debian: gstreamer1.0-plugins-bad)`,
    );
  }
}

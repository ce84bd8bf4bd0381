import { runtime } from '#runtime';
import { normaliseCaps } from '../caps/caps.ts';
import { ShmdataError } from '../errors.ts';
import {
  type Bytes,
  expectBytes,
  expectFunction,
  expectInteger,
  expectOptions,
  expectSize,
  outOfRange,
} from '../expect.ts';
import { expectInternal, type Internal, internal } from '../facade.ts';
import { MapFlags } from '../map-flags.ts';
import { Buffer, facadeOfRaw } from '../memory/buffer.ts';
import type { RawBuffer } from '../raw-types.ts';
import { expectSocketPath, objectionTo } from '../socket-path.ts';
import { shareTurn } from '../turn.ts';
import { checkWait, type WaitOptions } from '../wait.ts';
import { ElementWriter } from './element-writer.ts';
import { NativeWriter } from './native-writer.ts';
import { longestTurn } from './pace.ts';
import { expectType, fitsType } from './protocol.ts';
import type { Frame, WriterBackend, WriterStatistics } from './writer-backend.ts';

const defaultMode = 0o600;
/** Nanoseconds. */
const defaultReaderTimeout = 1e9;

export interface ShmdataWriterOptions {
  /**
   * Description of the frames for readers, at most 4095 bytes: caps by convention, sent as GStreamer prints them,
   * `format=(string)RGBA` for `format=RGBA`; other programs read no other form. Other text is sent unchanged.
   */
  type: string;
  /** Initial bytes of shared memory, at least 1; it grows with the frames. Default 1. */
  size?: number;
  /** Permissions of socket, memory and semaphores. Readers need write permission as well. Default 0o600. */
  mode?: number;
  /**
   * Nanoseconds that readers may take for a frame, at least 20 ms. Then all readers are disconnected, and working ones
   * reconnect at once. Default one second; with null none is disconnected, and a reader that dies in the middle of a
   * frame can block the writer forever.
   */
  readerTimeout?: number | null;
}

export type ShmdataWriterEvent = 'connect' | 'disconnect';
const eventNames: readonly string[] = ['connect', 'disconnect'];
const shortestReaderTimeout = 20e6;

/**
 * Sends frames to any shmdata reader on this machine: other programs' followers, `shmdatasrc`, `ShmdataReader`. There
 * is one frame at a time: the next one can be written when all readers have released it, and late readers begin with
 * the next one.
 *
 * On Node.js, the main thread blocks for readers that finish within a millisecond, and yields to the event loop every
 * 4 ms, even in a program that only writes.
 *
 * An open writer keeps the process alive; use `await using writer = await ShmdataWriter.open(…)`.
 */
export class ShmdataWriter {
  /** Path of the socket. */
  readonly path: string;
  /** Description of the frames for readers: caps in the form GStreamer prints them. */
  readonly type: string;
  readonly #listeners: Record<ShmdataWriterEvent, Set<(id: number) => void>> = {
    connect: new Set(),
    disconnect: new Set(),
  };
  #backend: WriterBackend | null = null;

  private constructor(key: Internal, path: string, type: string) {
    expectInternal(key, 'ShmdataWriter');
    runtime.threads.keepHere(this);
    this.path = path;
    this.type = type;
  }

  /**
   * Opens a path of at most 107 bytes. The remains of a dead writer are replaced.
   * @throws ShmdataError when another writer lives there, something that is no socket is in the way, or the folder is
   *   writable for all and not sticky
   */
  static async open(path: string, options: ShmdataWriterOptions): Promise<ShmdataWriter> {
    expectSocketPath(path);
    const given = expectOptions('options', options, ['type', 'size', 'mode', 'readerTimeout']);
    const type = wireType(expectType('options.type', given.type));
    const size = expectSize('options.size', given.size ?? 1, Number.MAX_SAFE_INTEGER, 1);
    if (size > runtime.availableMemory) throw outOfRange('options.size', `at most ${runtime.availableMemory}`, size);
    const mode = expectInteger('options.mode', given.mode ?? defaultMode, 0, 0o777);
    const { readerTimeout = defaultReaderTimeout } = given;
    if (readerTimeout !== null)
      expectSize('options.readerTimeout', readerTimeout, Number.MAX_SAFE_INTEGER, shortestReaderTimeout);
    const objection = objectionTo(path, runtime.sockets);
    if (objection) throw new ShmdataError(objection);
    const writer = new ShmdataWriter(internal, path, type);
    const settings = { type, size, mode, readerTimeout: readerTimeout ?? Number.POSITIVE_INFINITY };
    const backend = runtime.systemV ? NativeWriter : ElementWriter;
    writer.#backend = await backend.open(path, settings, {
      connect: (id) => writer.#emit('connect', id),
      disconnect: (id) => writer.#emit('disconnect', id),
    });
    return writer;
  }

  get #open(): WriterBackend {
    return this.#backend as WriterBackend;
  }

  /** The type in the form GStreamer prints caps; null where the type is not caps. */
  get caps(): string | null {
    return normaliseCaps(this.type);
  }

  /** How many readers get the frames. */
  get clients(): number {
    return this.#open.clients;
  }

  /** A copy of the statistics so far. */
  get statistics(): WriterStatistics {
    return this.#open.statistics;
  }

  /** Calls `listener` with a reader's unique number when it connects (`connect`) and leaves (`disconnect`). */
  on(event: ShmdataWriterEvent, listener: (id: number) => void): this {
    const listeners = this.#listenersOf(event);
    listeners.add(expectFunction('listener', listener));
    return this;
  }

  /** Removes a listener. */
  off(event: ShmdataWriterEvent, listener: (id: number) => void): this {
    this.#listenersOf(event).delete(listener);
    return this;
  }

  #listenersOf(event: ShmdataWriterEvent): Set<(id: number) => void> {
    if (eventNames.includes(event)) return this.#listeners[event];
    throw outOfRange('event', `one of ${eventNames.join(', ')}`, event);
  }

  /** Runs in a microtask, so that listeners do not act, or throw, in the middle of an operation of the writer. */
  #emit(event: ShmdataWriterEvent, id: number): void {
    queueMicrotask(() => {
      for (const listener of [...this.#listeners[event]]) listener(id);
    });
  }

  /**
   * Copies a frame into the shared memory once, a buffer directly from its mapped memories, and notifies the readers.
   * It resolves when they can read the frame; they may still be using it. Frames are written in the order of the calls.
   * @throws ShmdataError when the memory cannot be made
   */
  async write(frame: Buffer | RawBuffer | Bytes, options: WaitOptions = {}): Promise<void> {
    const checked = checkWait(options);
    using raw = frame instanceof Buffer ? null : facadeOfRaw(frame);
    const written = this.#open.write(frameOf(raw ?? frame), checked);
    if (written) await written;
    // Otherwise a program that does nothing else would accept no reader.
    const turn = shareTurn(longestTurn);
    if (turn) await turn;
  }

  /** Writes at once, or drops the frame and returns false while readers still use the previous one. */
  tryWrite(frame: Buffer | RawBuffer | Bytes): boolean {
    using raw = frame instanceof Buffer ? null : facadeOfRaw(frame);
    return this.#open.tryWrite(frameOf(raw ?? frame));
  }

  /** Gives readers half a second at most for the last frame, disconnects them, and frees the path. Idempotent. */
  async close(): Promise<void> {
    await this.#open.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Caps as `shmdatasink` writes them; other text, or caps too long in that form, unchanged. */
function wireType(type: string): string {
  const caps = normaliseCaps(type);
  return caps !== null && caps !== 'EMPTY' && fitsType(caps) ? caps : type;
}

function frameOf(frame: Buffer | RawBuffer | Bytes): Frame {
  if (frame instanceof Buffer) {
    return {
      size: frame.size,
      isCertain: false,
      copyTo(target) {
        // One memory after the other: mapping them all as one would merge them first.
        let offset = 0;
        const count = frame.memoryCount;
        for (let index = 0; index < count; index++) {
          using mapping = frame.mapRange(index, 1, MapFlags.READ);
          target.copy(mapping.bytes, offset);
          offset += mapping.size;
        }
      },
    };
  }
  const bytes = expectBytes('frame', frame);
  return { size: bytes.length, isCertain: true, copyTo: (target) => target.copy(bytes, 0) };
}

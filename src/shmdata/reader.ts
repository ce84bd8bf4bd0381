import { runtime } from '#runtime';
import { normaliseCaps } from '../caps/caps.ts';
import { expectBoolean, expectOptions } from '../expect.ts';
import { expectInternal, type Internal, internal } from '../facade.ts';
import { expectSocketPath } from '../socket-path.ts';
import { checkWait, isAborted, pause, type WaitOptions } from '../wait.ts';
import { Connection } from './connection.ts';
import { elementFrames } from './element-reader.ts';
import { FrameIteration, Frames } from './frames.ts';
import type { ReaderEvents, ShmdataFrame, ShmdataReaderOptions, ShmdataReaderStatistics } from './reader-backend.ts';

/** Nanoseconds between checks for a writer. */
const lookInterval = 50e6;

/**
 * Receives frames from any shmdata writer: other programs, `shmdatasink`, `ShmdataWriter`. A writer may start late,
 * stop, and start again with another type.
 *
 *     for await (const { bytes, type } of ShmdataReader.follow('/tmp/camera')) …
 *
 * The reader is connected while it is iterated. A writer waits for its readers: a slow reader should use `copy`. On
 * Node.js, the main thread blocks for frames faster than a thousand a second, and yields to the event loop every 4 ms.
 */
export class ShmdataReader implements AsyncIterable<ShmdataFrame> {
  /** Path of the socket. */
  readonly path: string;
  readonly #options: ShmdataReaderOptions;
  readonly #statistics: ShmdataReaderStatistics = { frames: 0, bytes: 0, held: 0, longestHold: 0, connections: 0 };
  #type: string | null = null;
  #isConnected = false;
  #obstacle: string | null = null;

  private constructor(key: Internal, path: string, options: ShmdataReaderOptions) {
    expectInternal(key, 'ShmdataReader');
    runtime.threads.keepHere(this);
    this.path = path;
    this.#options = options;
  }

  /** Reads from a path of at most 107 bytes; the reader connects when iterated. */
  static follow(path: string, options: ShmdataReaderOptions = {}): ShmdataReader {
    expectSocketPath(path);
    const given = expectOptions('options', options, ['signal', 'copy', 'reconnect']);
    expectBoolean('options.copy', given.copy ?? false);
    expectBoolean('options.reconnect', given.reconnect ?? true);
    // A signal that is already aborted ends the first iteration, as it does later ones.
    if (given.signal && !isAborted({ signal: given.signal })) checkWait({ signal: given.signal });
    return new ShmdataReader(internal, path, given);
  }

  /** The description of the frames by the current or the last writer; null before the first. */
  get type(): string | null {
    return this.#type;
  }

  /** The type in the form GStreamer prints caps; null where the type is not caps. */
  get caps(): string | null {
    return this.#type === null ? null : normaliseCaps(this.#type);
  }

  /** Whether a writer is connected now. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Why no writer was found, or why the writer found did not accept this reader; null after one did. */
  get obstacle(): string | null {
    return this.#obstacle;
  }

  /** A copy of the statistics so far. */
  get statistics(): ShmdataReaderStatistics {
    return { ...this.#statistics };
  }

  /**
   * The iteration ends with the signal, on `break`, and without `reconnect` when the writer leaves.
   * @throws ShmdataError for a peer that is no shmdata writer
   */
  [Symbol.asyncIterator](): AsyncGenerator<ShmdataFrame, void, undefined> {
    const events: ReaderEvents = {
      connected: (type) => {
        if (type !== null) this.#type = type;
        this.#isConnected = true;
        this.#obstacle = null;
        this.#statistics.connections++;
      },
      disconnected: () => {
        this.#isConnected = false;
      },
      refused: (reason) => {
        this.#obstacle = reason;
      },
    };
    if (!runtime.systemV) return elementFrames(this.path, this.#options, events, this.#statistics);
    const { signal } = this.#options;
    const options = signal ? { signal } : {};
    const now: { frames: Frames | null } = { frames: null };
    return new FrameIteration(this.#frames(events, options, now), () => now.frames?.nextSoon(options) ?? null);
  }

  /** The frames of one writer after the other; `now` holds those of the current writer. */
  async *#frames(
    events: ReaderEvents,
    options: Pick<WaitOptions, 'signal'>,
    now: { frames: Frames | null },
  ): AsyncGenerator<ShmdataFrame, void, undefined> {
    const { reconnect = true, copy = false } = this.#options;
    while (!isAborted(options)) {
      const connection = await Connection.open(this.path, options, events.refused);
      if (connection) {
        events.connected(connection.type);
        const frames = new Frames(connection, copy, this.#statistics);
        now.frames = frames;
        try {
          for (;;) {
            const frame = await frames.next(options);
            if (!frame) break;
            yield frame;
          }
        } finally {
          now.frames = null;
          frames.end();
          events.disconnected();
          await connection.close();
        }
        if (!reconnect) return;
      }
      await pause(lookInterval, options);
    }
  }
}

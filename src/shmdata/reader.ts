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

/** Nanoseconds between looks for a writer. */
const lookInterval = 50e6;

/**
 * Takes frames from any shmdata writer: other programs', `shmdatasink`, `ShmdataWriter`. A writer may come late, go, and
 * come again with another type.
 *
 *     for await (const { bytes, type } of ShmdataReader.follow('/tmp/camera')) …
 *
 * It is connected while it is iterated. A writer waits for its readers: who is slow should ask for a `copy`. On Node.js, frames
 * that come faster than a thousand a second are waited for on the main thread, and everything else has its turn every 4 ms.
 */
export class ShmdataReader implements AsyncIterable<ShmdataFrame> {
  /** Where the socket is. */
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

  /** Reads from a path of at most 107 bytes; it connects when it is iterated. */
  static follow(path: string, options: ShmdataReaderOptions = {}): ShmdataReader {
    expectSocketPath(path);
    const given = expectOptions('options', options, ['signal', 'copy', 'reconnect']);
    expectBoolean('options.copy', given.copy ?? false);
    expectBoolean('options.reconnect', given.reconnect ?? true);
    // A signal that was given before ends the first iteration, as it does later ones.
    if (given.signal && !isAborted({ signal: given.signal })) checkWait({ signal: given.signal });
    return new ShmdataReader(internal, path, given);
  }

  /** What the writer says its frames are, or the last one said; null before the first. */
  get type(): string | null {
    return this.#type;
  }

  /** The type in the form GStreamer prints caps; null where it is no caps. */
  get caps(): string | null {
    return this.#type === null ? null : normaliseCaps(this.#type);
  }

  /** Whether a writer is there now. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Why there is no writer, or why the one found would not let this reader in; null after one did. */
  get obstacle(): string | null {
    return this.#obstacle;
  }

  /** How it has fared so far, as a copy. */
  get statistics(): ShmdataReaderStatistics {
    return { ...this.#statistics };
  }

  /**
   * Ends with the signal, on `break`, and without `reconnect` when the writer goes.
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

  /** What one writer after the other sends; `now` has the one that is there. */
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

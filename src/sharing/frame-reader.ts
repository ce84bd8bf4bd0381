import { runtime } from '#runtime';
import { PipelineError, UnavailableError } from '../errors.ts';
import { expectBoolean, expectOptions, expectString } from '../expect.ts';
import { expectInternal, type Internal, internal } from '../facade.ts';
import { checkBacking, eachMemory } from '../fd/file-backing.ts';
import { needSeals, sealAgainstShrinking } from '../fd/seals.ts';
import { bufferKind } from '../kinds.ts';
import type { Sample } from '../memory/sample.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { expectSocketPath } from '../socket-path.ts';
import { isAborted, pause, type WaitOptions } from '../wait.ts';
import { needElement } from './frame-writer.ts';
import { type TransportName, transportOf } from './transport.ts';
import { WriterWatch } from './writer-watch.ts';

const { c, sockets } = runtime;

/** Nanoseconds between checks for a writer. */
const lookInterval = 50e6;

export interface FrameReaderOptions {
  /** Ends the iteration. */
  signal?: NonNullable<WaitOptions['signal']>;
  /** Default `unixfd`. */
  transport?: TransportName;
  /**
   * Accept only frames in memory that no process can shrink, so that reading them is safe whatever the writer does
   * (`FrameWriter` and GStreamer's shared memory provide such memory). Each frame is sealed where possible. Not with
   * `shm`, and not in GJS: `UnavailableError`. Default false.
   */
  sealed?: boolean;
  /** Caps of the frames, which `shm` does not carry. */
  caps?: string;
  /** Wait for the next writer when one has closed or died. Default true; false ends with the first writer. */
  reconnect?: boolean;
}

/**
 * Receives frames from a `FrameWriter`, or any `unixfdsink` or `shmsink`: an iterator of samples, which the caller
 * disposes. A writer may start late, stop, and start again with other caps.
 */
export class FrameReader implements AsyncIterable<Sample> {
  /** Path of the socket. */
  readonly path: string;
  readonly #options: FrameReaderOptions;
  #connections = 0;
  #isConnected = false;

  private constructor(key: Internal, path: string, options: FrameReaderOptions) {
    expectInternal(key, 'FrameReader');
    runtime.threads.keepHere(this);
    this.path = path;
    this.#options = options;
  }

  /** Reads from a path; the reader connects when iterated. @throws TypeError for options that do not fit the transport */
  static follow(path: string, options: FrameReaderOptions = {}): FrameReader {
    expectSocketPath(path);
    const checked = expectOptions('options', options, ['signal', 'transport', 'caps', 'reconnect', 'sealed']);
    const transport = transportOf(checked.transport ?? 'unixfd');
    expectBoolean('options.reconnect', checked.reconnect ?? true);
    if (expectBoolean('options.sealed', checked.sealed ?? false)) {
      needSeals();
      if (!transport.isShared) throw new UnavailableError('`sealed` needs frames with fds, which shm does not send');
    }
    if (checked.caps !== undefined) expectString('options.caps', checked.caps);
    else if (!transport.carriesCaps) throw new TypeError('expected `options.caps`, as shm does not carry them');
    return new FrameReader(internal, path, checked);
  }

  /** Number of writers that the reader has been connected to. */
  get connections(): number {
    return this.#connections;
  }

  /** Whether a writer is connected, even if it has sent nothing yet. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /**
   * The iteration ends with the signal, on `break`, and without `reconnect` when the writer ends its stream.
   * @throws AllocationError for a frame that cannot be sealed, when `sealed`; MapError for an incomplete one
   * @throws PipelineError without `reconnect` when the writer dies; `shm` cannot distinguish that from an end
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Sample, void, undefined> {
    const { signal, reconnect = true } = this.#options;
    const options = signal ? { signal } : {};
    while (!isAborted(options)) {
      if ((await sockets.probe(this.path)) === 'live') {
        try {
          yield* this.#frames(options);
          if (!reconnect) return;
        } catch (error) {
          if (!reconnect || !(error instanceof PipelineError)) throw error;
        }
      }
      await pause(lookInterval, options);
    }
  }

  /** The samples of one writer. */
  async *#frames(options: Pick<WaitOptions, 'signal'>): AsyncGenerator<Sample, void, undefined> {
    const transport = transportOf(this.#options.transport ?? 'unixfd');
    needElement(transport.source);
    const filter = transport.carriesCaps ? '' : '! capsfilter name=filter ';
    // With `async=false` the pipeline plays as soon as it is connected, not when the first frame arrives.
    await using pipeline = Pipeline.parse(
      `${transport.source} name=source ${filter}! appsink name=sink sync=false async=false`,
    );
    if (!transport.carriesCaps) {
      pipeline.get('source').set('is-live', true).set('do-timestamp', true);
      pipeline.get('filter').set('caps', this.#options.caps ?? null);
    }
    const sink = pipeline.appSink('sink');
    // When `shmsrc` finds no listener, GStreamer complains (`gst_poll_remove_fd`), and a writer may leave between a
    // check and the connection. So `shmsrc` connects to a relay in this process.
    const relay = transport.isShared ? null : await sockets.relay(this.path).catch(leftEarly);
    const watch = new WriterWatch(this.path, () => void pipeline.stop().catch(() => {}));
    try {
      pipeline.get('source').set('socket-path', relay?.path ?? this.path);
      await pipeline.play();
      await relay?.connected.catch(leftEarly);
      this.#connections++;
      this.#isConnected = true;
      for await (const sample of sink.frames(options)) {
        if (this.#options.sealed) seal(sample);
        watch.isWaiting = false;
        yield sample;
        watch.isWaiting = true;
      }
    } catch (error) {
      if (!watch.isGone) throw error;
    } finally {
      relay?.close();
      watch.close();
      this.#isConnected = false;
    }
    if (watch.isGone) throw new PipelineError('the writer died in the midst of a message');
  }
}

function leftEarly(cause: Error): never {
  throw new PipelineError('the writer could not be connected to', { cause, detail: cause.message });
}

/** Disposes the sample when sealing fails. */
function seal(sample: Sample): void {
  const { buffer } = sample;
  try {
    if (!buffer) return;
    eachMemory(bufferKind.handleOf(buffer), 0, -1, (memory) => {
      sealAgainstShrinking(c.gst_fd_memory_get_fd(memory));
      checkBacking(memory);
    });
  } catch (error) {
    sample.dispose();
    throw error;
  }
}

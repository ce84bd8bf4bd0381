/** A writer for engines without access to libc: the element `shmdatasink`, which comes with shmdata. */
import { runtime } from '#runtime';
import { normaliseCaps } from '../caps/caps.ts';
import { DisposedError, ShmdataError, UnavailableError } from '../errors.ts';
import { outOfRange } from '../expect.ts';
import { Buffer } from '../memory/buffer.ts';
import { type AppSrc, pushesFor } from '../pipeline/app-src.ts';
import { elementExists } from '../pipeline/element-factory.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { WaitOptions } from '../wait.ts';
import type { Frame, WriterBackend, WriterEvents, WriterSettings, WriterStatistics } from './writer-backend.ts';

/** @throws UnavailableError that says what to install */
export function needShmdataElement(name: 'shmdatasink' | 'shmdatasrc'): void {
  if (elementExists(name)) return;
  throw new UnavailableError(
    `the element ${name} is missing: this engine reaches shmdata only through the GStreamer plugin that comes with shmdata ` +
      '(gitlab.com/sat-mtl/tools/shmdata). Install it, and set GST_PLUGIN_PATH where it went to a folder GStreamer does not look in. ' +
      'On Node.js nothing has to be installed',
  );
}

const elementMode = 0o600;
/** Nanoseconds that a closing writer waits for frames in transit. */
const closeTimeout = 2e9;

export class ElementWriter implements WriterBackend {
  readonly #pipeline: Pipeline;
  readonly #source: AppSrc;
  readonly #statistics = { frames: 0, bytes: 0, dropped: 0, waited: 0, longestWait: 0, evictions: 0 };
  #closing: Promise<void> | null = null;

  private constructor(path: string, pipeline: Pipeline) {
    this.#pipeline = pipeline;
    this.#source = pipeline.appSrc('source');
    pushesFor(this.#source, {
      what: `the readers of ${path}`,
      why: () => 'the frame before is still with one of them: a reader holds a frame until it asks for the next one',
      warns: true,
    });
  }

  static async open(path: string, { type, mode, size }: WriterSettings, _events: WriterEvents): Promise<ElementWriter> {
    needShmdataElement('shmdatasink');
    if (mode !== elementMode) throw new UnavailableError('shmdatasink has no other mode than 0o600');
    const caps = normaliseCaps(type);
    if (caps === null) throw outOfRange('options.type', 'caps, as shmdatasink has no other types', type);
    const found = await runtime.sockets.probe(path);
    if (found === 'live' || found === 'not a socket')
      throw new ShmdataError(
        `expected a free path, got ${path}, which is ${found === 'live' ? 'in use' : 'no socket'}`,
      );
    const pipeline = Pipeline.parse(
      'appsrc name=source format=time max-buffers=1 ! shmdatasink name=sink sync=false async=false',
    );
    try {
      pipeline.get('sink').set('socket-path', path).set('initial-size', size);
      const writer = new ElementWriter(path, pipeline);
      writer.#source.caps = caps;
      await pipeline.play();
      return writer;
    } catch (error) {
      pipeline.dispose();
      throw error;
    }
  }

  get clients(): number {
    throw new UnavailableError(
      'shmdatasink tells of its clients on a streaming thread alone, where no JavaScript runs',
    );
  }

  get statistics(): WriterStatistics {
    return { ...this.#statistics };
  }

  async write(frame: Frame, options: WaitOptions): Promise<void> {
    if (this.#closing) throw new DisposedError('the ShmdataWriter was closed before');
    using buffer = Buffer.alloc(frame.size);
    frame.copyTo({ copy: (bytes, offset) => void buffer.fill(offset, bytes) });
    await this.#source.push(buffer, options);
    this.#statistics.frames++;
    this.#statistics.bytes += frame.size;
  }

  tryWrite(): boolean {
    throw new UnavailableError('shmdatasink does not tell whether readers are busy');
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      this.#source.endOfStream();
      await this.#pipeline.finished({ timeout: closeTimeout });
    } catch {
      // A failed pipeline sends no end of stream.
    }
    await this.#pipeline.stop();
    this.#pipeline.dispose();
  }
}

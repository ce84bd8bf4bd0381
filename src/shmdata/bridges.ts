/** Bridges live pipelines and shmdata. Caps are sent as GStreamer prints them and accepted in any form it parses. */

import { isFixedCaps } from '../caps/caps.ts';
import type { PipelineError } from '../errors.ts';
import { expectBoolean, expectOptions, wrongType } from '../expect.ts';
import { Buffer } from '../memory/buffer.ts';
import { AppSink } from '../pipeline/app-sink.ts';
import { AppSrc, whenOver } from '../pipeline/app-src.ts';
import { BufferPool } from '../pool/buffer-pool.ts';
import { nanosecondsPerMillisecond } from '../time.ts';
import { isAborted, type WaitOptions, wait } from '../wait.ts';
import { ShmdataReader } from './reader.ts';
import type { ShmdataFrame } from './reader-backend.ts';
import { ShmdataWriter, type ShmdataWriterOptions } from './writer.ts';

const nanosecondsPerSecond = 1e9;

export interface AppSinkToShmdataOptions extends Pick<ShmdataWriterOptions, 'mode' | 'readerTimeout'> {
  /** Ends the bridge. */
  signal?: NonNullable<WaitOptions['signal']>;
  /** Drop a frame while readers still use the previous one, instead of making the pipeline wait. Default false. */
  drop?: boolean;
}

export interface BridgeReport {
  frames: number;
  dropped: number;
}

/**
 * Sends the frames of an appsink to shmdata readers, until the stream ends or the signal aborts. Each frame is copied
 * once, from its mapped memory to shared memory. The path exists from the first frame on; new caps close and reopen it.
 * @throws PipelineError when the pipeline fails; ShmdataError when the path is taken
 */
export async function appSinkToShmdata(
  sink: AppSink,
  path: string,
  options: AppSinkToShmdataOptions = {},
): Promise<BridgeReport> {
  if (!(sink instanceof AppSink)) throw wrongType('sink', 'an AppSink', sink);
  const given = expectOptions('options', options, ['signal', 'drop', 'mode', 'readerTimeout']);
  const { signal, drop = false, ...writerOptions } = given;
  expectBoolean('options.drop', drop);
  const ending = signal ? { signal } : {};
  const report: BridgeReport = { frames: 0, dropped: 0 };
  let writer: ShmdataWriter | null = null;
  try {
    for await (using sample of sink.frames(ending)) {
      const { buffer, caps } = sample;
      if (!buffer) continue;
      const type: string = caps ?? '';
      if (writer?.type !== type) {
        await writer?.close();
        writer = null;
        writer = await ShmdataWriter.open(path, { ...writerOptions, type });
      }
      if (!drop) await writer.write(buffer, ending);
      else if (!writer.tryWrite(buffer)) {
        report.dropped++;
        continue;
      }
      report.frames++;
    }
  } catch (error) {
    if (!isAborted(ending)) throw error;
  } finally {
    await writer?.close();
  }
  return report;
}

export interface ShmdataToAppSrcOptions {
  /** Ends the bridge. */
  signal?: NonNullable<WaitOptions['signal']>;
  /** Continue with the next writer when one leaves. Default true. */
  reconnect?: boolean;
  /** Drop a frame while the source has no room, instead of making the writer wait. Default false. */
  drop?: boolean;
}

/**
 * Pushes the frames of a shmdata into an appsrc, until the signal aborts, the pipeline stops or ends, or, without
 * `reconnect`, the writer leaves. Each frame is copied once, into a pooled buffer while sizes do not change. Its time
 * is its arrival, unless `do-timestamp` of the source is set. The stream is not ended: call `source.endOfStream()`.
 * @throws FlowError when the pipeline does not play yet; PipelineError when it fails; ShmdataError for a peer that is no
 *   shmdata writer
 */
export async function shmdataToAppSrc(
  path: string,
  source: AppSrc,
  options: ShmdataToAppSrcOptions = {},
): Promise<BridgeReport> {
  if (!(source instanceof AppSrc)) throw wrongType('source', 'an AppSrc', source);
  const { drop = false, signal, ...readerOptions } = expectOptions('options', options, ['signal', 'reconnect', 'drop']);
  expectBoolean('options.drop', drop);
  const over = new Over(source, signal ? { signal } : {});
  const ending = { signal: over.signal };
  const stampsItself = source.get('do-timestamp') === true;
  const report: BridgeReport = { frames: 0, dropped: 0 };
  using copies = new Copies();
  let type: string | null = null;
  let duration: number | null = null;
  let begin: number | null = null;
  /** The error of a push that is not awaited. */
  let failure: { error: unknown } | null = null;
  let isPushing = false;
  try {
    const reader = ShmdataReader.follow(path, { ...readerOptions, ...ending });
    for await (const frame of reader) {
      if (failure) throw (failure as { error: unknown }).error;
      if (frame.size === 0) continue;
      if (isPushing) {
        report.dropped++;
        continue;
      }
      if (frame.type !== type) {
        ({ type } = frame);
        // Text that is not fixed caps is tolerated, as in `shmdatasrc`.
        const { caps } = reader;
        if (caps !== null && isFixedCaps(caps)) source.caps = caps;
        duration = frameTime(caps);
      }
      const buffer = copies.of(frame);
      buffer.duration = duration;
      if (!stampsItself) {
        begin ??= performance.now();
        buffer.pts = Math.round((performance.now() - begin) * nanosecondsPerMillisecond);
      }
      // `push` takes its own reference at once.
      const pushed = source.push(buffer, ending);
      buffer.dispose();
      if (drop) {
        isPushing = true;
        pushed
          .catch((error: unknown) => {
            failure = { error };
          })
          .finally(() => {
            isPushing = false;
          });
      } else await pushed;
      report.frames++;
    }
  } catch (error) {
    // `push` rejects with its own error when the pipeline has stopped.
    if (!isAborted(ending)) throw error;
  } finally {
    over.close();
  }
  if (over.failure) throw over.failure;
  return report;
}

/** One signal for everything that ends a bridge to a source. */
class Over {
  readonly #controller = new AbortController();
  readonly #unfollow: () => void;
  #end: () => void = () => {};
  failure: PipelineError | null = null;

  constructor(source: AppSrc, options: Pick<WaitOptions, 'signal'>) {
    const abort = (): void => this.#controller.abort();
    wait<void>(
      options,
      (resolve) => {
        this.#end = resolve;
        return () => {};
      },
      { what: 'the end of the bridge' },
    ).catch(abort);
    this.#unfollow = whenOver(source, (failure) => {
      this.failure = failure;
      abort();
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  close(): void {
    this.#unfollow();
    this.#end();
  }
}

/** Nanoseconds from one frame to the next; without a duration, muxers omit the last frame. */
function frameTime(caps: string | null): number | null {
  const [, frames, seconds] = /framerate=\(fraction\)(\d+)\/(\d+)/.exec(caps ?? '') ?? [];
  return Number(frames) > 0 ? Math.round((nanosecondsPerSecond * Number(seconds)) / Number(frames)) : null;
}

/** Copies frames into pooled buffers. */
class Copies {
  #pool: BufferPool | null = null;
  #size = 0;

  of({ bytes, size }: ShmdataFrame): Buffer {
    if (size !== this.#size) {
      this.dispose();
      this.#size = size;
      return Buffer.from(bytes);
    }
    this.#pool ??= BufferPool.create({ size });
    const buffer = this.#pool.tryAcquire();
    return buffer ? buffer.fill(0, bytes) : Buffer.from(bytes);
  }

  dispose(): void {
    this.#pool?.dispose();
    this.#pool = null;
    this.#size = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

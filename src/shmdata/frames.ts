/** The frames of one writer: a frame ends when the next one is requested. */

import { nanosecondsPerMillisecond } from '../time.ts';
import { isTurnDue, shareTurn } from '../turn.ts';
import type { WaitOptions } from '../wait.ts';
import type { Connection } from './connection.ts';
import { longestTurn } from './pace.ts';
import type { ShmdataFrame, ShmdataReaderStatistics } from './reader-backend.ts';

/** An iteration that bypasses the event loop for frames that are there at once; a generator does the rest. */
export class FrameIteration implements AsyncGenerator<ShmdataFrame, void, undefined> {
  readonly #generator: AsyncGenerator<ShmdataFrame, void, undefined>;
  readonly #soon: () => ShmdataFrame | null;
  /** Number of requests that the generator has not answered. */
  #asked = 0;
  readonly #given = (): void => {
    this.#asked--;
  };

  constructor(generator: AsyncGenerator<ShmdataFrame, void, undefined>, soon: () => ShmdataFrame | null) {
    this.#generator = generator;
    this.#soon = soon;
  }

  next(): Promise<IteratorResult<ShmdataFrame, void>> {
    const value = this.#asked === 0 ? this.#soon() : null;
    if (value) return Promise.resolve({ value, done: false });
    return this.#ask(this.#generator.next());
  }

  return(): Promise<IteratorResult<ShmdataFrame, void>> {
    return this.#ask(this.#generator.return());
  }

  throw(reason: unknown): Promise<IteratorResult<ShmdataFrame, void>> {
    return this.#ask(this.#generator.throw(reason));
  }

  #ask<T>(answer: Promise<T>): Promise<T> {
    this.#asked++;
    answer.then(this.#given, this.#given);
    return answer;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

export class Frames {
  readonly #connection: Connection;
  readonly #copies: boolean;
  readonly #statistics: ShmdataReaderStatistics;
  #held = -1;
  #begin = 0;

  constructor(connection: Connection, copies: boolean, statistics: ShmdataReaderStatistics) {
    this.#connection = connection;
    this.#copies = copies;
    this.#statistics = statistics;
  }

  /** Null when the writer is gone or the signal is aborted. */
  async next(options: Pick<WaitOptions, 'signal'>): Promise<ShmdataFrame | null> {
    this.end();
    const turn = shareTurn(longestTurn);
    if (turn) await turn;
    return this.#take(await this.#connection.next(options));
  }

  /** A frame that is there, or almost there; else null: call `next`. */
  nextSoon(options: Pick<WaitOptions, 'signal'>): ShmdataFrame | null {
    this.end();
    return isTurnDue(longestTurn) ? null : this.#take(this.#connection.nextSoon(options));
  }

  #take(bytes: Uint8Array | null): ShmdataFrame | null {
    if (!bytes) return null;
    this.#begin = performance.now();
    const size = bytes.length;
    this.#held = size;
    const { type } = this.#connection;
    if (!this.#copies) return { bytes, size, type };
    const copy = bytes.slice();
    this.end();
    return { bytes: copy, size, type };
  }

  /** Ends the frame returned last. Idempotent. */
  end(): void {
    if (this.#held < 0) return;
    this.#connection.release();
    const held = (performance.now() - this.#begin) * nanosecondsPerMillisecond;
    const statistics = this.#statistics;
    statistics.frames++;
    statistics.bytes += this.#held;
    statistics.held += held;
    statistics.longestHold = Math.max(statistics.longestHold, held);
    this.#held = -1;
  }
}

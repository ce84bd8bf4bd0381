/** A writer of our own, on SysV shared memory. */
import { DisposedError, ShmdataError } from '../errors.ts';
import type { WaitOptions } from '../wait.ts';
import { checkWait, wait } from '../wait.ts';
import { Clients } from './clients.ts';
import { busy } from './frame-lock.ts';
import { greeting } from './protocol.ts';
import { type Publication, publish } from './publication.ts';
import type { Frame, WriterBackend, WriterEvents, WriterSettings, WriterStatistics } from './writer-backend.ts';

/** Milliseconds of one wait for readers, which nothing can interrupt. */
const step = 20;
/** Milliseconds that readers have for the last frame when the writer closes. */
const drainTime = 500;
const nanosecondsPerMillisecond = 1e6;

const statisticsAtFirst = (): WriterStatistics => ({
  frames: 0,
  bytes: 0,
  dropped: 0,
  waited: 0,
  longestWait: 0,
  evictions: 0,
});

export class NativeWriter implements WriterBackend {
  readonly #clients: Clients;
  readonly #publication: Publication;
  readonly #readerTimeout: number;
  readonly #statistics = statisticsAtFirst();
  /** Writes that wait for the one before. */
  readonly #line: (() => void)[] = [];
  #isWriting = false;
  #isClosed = false;

  private constructor(clients: Clients, publication: Publication, readerTimeout: number) {
    this.#clients = clients;
    this.#publication = publication;
    this.#readerTimeout = readerTimeout;
  }

  static async open(path: string, settings: WriterSettings, events: WriterEvents): Promise<NativeWriter> {
    const { type, size, mode, readerTimeout } = settings;
    const lost = (owesOne: boolean): void => writer.#settle(owesOne);
    const clients = new Clients(greeting(type, size), { ...events, lost });
    const publication = await publish(path, { size, mode }, (socket) => clients.accept(socket));
    await publication.segment.populate();
    // Nobody is lost before there is a frame.
    const writer = new NativeWriter(clients, publication, readerTimeout);
    return writer;
  }

  get clients(): number {
    return this.#clients.registered;
  }

  get statistics(): WriterStatistics {
    return { ...this.#statistics };
  }

  async write(frame: Frame, options: WaitOptions): Promise<void> {
    checkWait(options);
    this.#check();
    if (this.#isWriting) await this.#turn(options);
    this.#isWriting = true;
    try {
      this.#check();
      if (!this.#tryLock()) await this.#lock(options);
      this.#publish(frame);
    } finally {
      this.#isWriting = false;
      this.#line.shift()?.();
    }
  }

  tryWrite(frame: Frame): boolean {
    this.#check();
    if (this.#isWriting || !this.#tryLock()) {
      this.#statistics.dropped++;
      return false;
    }
    this.#publish(frame);
    return true;
  }

  #check(): void {
    if (this.#isClosed) throw new DisposedError('the ShmdataWriter was closed before');
  }

  async #turn(options: WaitOptions): Promise<void> {
    await wait<void>(options, (resolve) => {
      const next = (): void => {
        // Whoever comes between now and then has to wait as well.
        this.#isWriting = true;
        resolve();
      };
      this.#line.push(next);
      return () => {
        const index = this.#line.indexOf(next);
        if (index >= 0) this.#line.splice(index, 1);
      };
    });
  }

  #tryLock(): boolean {
    const result = this.#publication.lock.tryLock();
    if (result === 0) return true;
    if (result === busy) return false;
    throw new ShmdataError("the shmdata's semaphores were removed by somebody else", { detail: `errno ${-result}` });
  }

  /** Waits for the readers of the frame before. */
  async #lock(options: WaitOptions): Promise<void> {
    const { lock } = this.#publication;
    const begin = performance.now();
    const end = begin + (options.timeout ?? Infinity) / nanosecondsPerMillisecond;
    try {
      for (;;) {
        const now = performance.now();
        const isLate = (now - begin) * nanosecondsPerMillisecond >= this.#readerTimeout;
        if (isLate) this.#evict();
        if (this.#tryLock()) return;
        const timeout = end === Infinity ? {} : { timeout: Math.max(0, (end - now) * nanosecondsPerMillisecond) };
        await wait<void>({ ...options, ...timeout }, (resolve) => {
          void lock.whenReleased(step).then(resolve);
          return () => {};
        });
        this.#check();
      }
    } finally {
      const waited = (performance.now() - begin) * nanosecondsPerMillisecond;
      this.#statistics.waited += waited;
      this.#statistics.longestWait = Math.max(this.#statistics.longestWait, waited);
    }
  }

  /** Inside the lock, and to its end without a pause. */
  #publish(frame: Frame): void {
    const { lock, segment } = this.#publication;
    try {
      segment.reserve(frame.size);
      frame.copyTo(segment);
      const readers = this.#clients.registered;
      // Before they are told, so that at no moment somebody could be told and not counted.
      lock.commit(readers);
      lock.subtract(this.#clients.notify(frame.size));
      this.#statistics.frames++;
      this.#statistics.bytes += frame.size;
    } finally {
      // A peer that released more often than it was told has taken our own count.
      if (lock.unlock() < 0) this.#renew();
    }
  }

  /** Releases for readers that are gone: what is owed beyond those that are left. */
  #settle(owesOne: boolean): void {
    if (this.#isClosed) return;
    const { lock } = this.#publication;
    const excess = lock.owing - this.#clients.notified;
    lock.subtract(Math.max(excess, owesOne ? 1 : 0));
  }

  /**
   * Readers that do not release, or died before they could: nobody can tell who of them it is. All have to come again,
   * to new semaphores, so that a late release does not count among theirs.
   */
  #evict(): void {
    this.#statistics.evictions++;
    this.#renew();
  }

  #renew(): void {
    const result = this.#publication.lock.renew();
    this.#clients.dismiss();
    if (result < 0) throw new ShmdataError('the semaphores could not be made again', { detail: `errno ${-result}` });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { lock } = this.#publication;
    const end = performance.now() + drainTime;
    while (this.#clients.notified > 0 && lock.owing > 0 && performance.now() < end) await lock.whenReleased(step);
    this.#publication.withdraw(() => this.#clients.dismiss());
  }
}

/** The package's own writer, on SysV shared memory. */
import { runtime } from '#runtime';
import { DisposedError, ShmdataError } from '../errors.ts';
import { nanosecondsPerMillisecond, timeText } from '../time.ts';
import type { WaitOptions } from '../wait.ts';
import { type WaitReason, wait } from '../wait.ts';
import { Clients } from './clients.ts';
import { busy } from './frame-lock.ts';
import { longestBlock, Pace } from './pace.ts';
import { greeting } from './protocol.ts';
import { type Publication, publish } from './publication.ts';
import type { Frame, WriterBackend, WriterEvents, WriterSettings, WriterStatistics } from './writer-backend.ts';

/** Milliseconds of one uninterruptible wait for readers. */
const step = 20;
/** Milliseconds that readers have for the last frame when the writer closes. */
const drainTime = 500;
/** Milliseconds between two warnings about evicted readers. */
const warningInterval = 60_000;

const statisticsAtFirst = (): WriterStatistics => ({
  frames: 0,
  bytes: 0,
  dropped: 0,
  waited: 0,
  longestWait: 0,
  evictions: 0,
});

export class NativeWriter implements WriterBackend {
  readonly #path: string;
  readonly #clients: Clients;
  readonly #publication: Publication;
  readonly #readerTimeout: number;
  readonly #reason: WaitReason;
  readonly #pace: Pace;
  readonly #statistics = statisticsAtFirst();
  /** Time of the last warning about evicted readers. */
  #warned = Number.NEGATIVE_INFINITY;
  /** Writes that wait for the previous one. */
  readonly #line: (() => void)[] = [];
  #isWriting = false;
  #closing: Promise<void> | null = null;

  private constructor(path: string, clients: Clients, publication: Publication, readerTimeout: number) {
    this.#path = path;
    this.#clients = clients;
    this.#publication = publication;
    this.#readerTimeout = readerTimeout;
    this.#pace = new Pace(() => clients.hasOurs);
    this.#reason = {
      what: `the readers of ${path}`,
      why: () =>
        clients.notified === 0
          ? null
          : `the frame before is still with ${clients.suspects}. A reader holds a frame until it asks for the next one, unless it takes copies; \`tryWrite\` drops frames instead of waiting, and \`readerTimeout\` limits the wait`,
      warns: true,
    };
  }

  static async open(path: string, settings: WriterSettings, events: WriterEvents): Promise<NativeWriter> {
    const { type, size, mode, readerTimeout } = settings;
    const lost = (owesOne: boolean): void => writer.#settle(owesOne);
    const clients = new Clients(greeting(type, size), { ...events, lost });
    const publication = await publish(path, { size, mode }, (socket) => clients.accept(socket));
    await publication.segment.populate();
    // No reader can be lost before the first frame.
    const writer = new NativeWriter(path, clients, publication, readerTimeout);
    return writer;
  }

  get clients(): number {
    return this.#clients.registered;
  }

  get statistics(): WriterStatistics {
    return { ...this.#statistics };
  }

  write(frame: Frame, options: WaitOptions): Promise<void> | null {
    this.#check();
    if (this.#isWriting) return this.#writeLater(frame, options);
    if (this.#tryLock()) this.#publish(frame, false);
    else if (this.#lockSoon()) this.#publish(frame, true);
    else return this.#writeLater(frame, options);
    return null;
  }

  async #writeLater(frame: Frame, options: WaitOptions): Promise<void> {
    if (this.#isWriting) await this.#turn(options);
    this.#isWriting = true;
    try {
      this.#check();
      if (this.#tryLock()) this.#publish(frame, false);
      else await this.#publishSoon(frame, options);
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
    this.#publish(frame, false);
    return true;
  }

  #check(): void {
    if (this.#closing) throw new DisposedError('the ShmdataWriter was closed before');
  }

  async #turn(options: WaitOptions): Promise<void> {
    await wait<void>(
      options,
      (resolve) => {
        const next = (): void => {
          // A write that is called before this one resumes must wait as well.
          this.#isWriting = true;
          resolve();
        };
        this.#line.push(next);
        return () => {
          const index = this.#line.indexOf(next);
          if (index >= 0) this.#line.splice(index, 1);
        };
      },
      this.#reason,
    );
  }

  #tryLock(): boolean {
    return this.#isLocked(this.#publication.lock.tryLock());
  }

  /** Blocks the main thread for the readers of the previous frame, as long as `Pace` permits. */
  #lockSoon(): boolean {
    if (!this.#pace.isFast) return false;
    const begin = performance.now();
    const isLocked = this.#isLocked(this.#publication.lock.lockSoon(longestBlock));
    this.#pace.blocked(!isLocked);
    if (isLocked) this.#count(begin);
    return isLocked;
  }

  #isLocked(result: number): boolean {
    if (result === 0) return true;
    if (result === busy) return false;
    throw new ShmdataError("the shmdata's semaphores were removed by somebody else", { detail: `errno ${-result}` });
  }

  /** Waits for the readers of the previous frame. */
  async #publishSoon(frame: Frame, options: WaitOptions): Promise<void> {
    const begin = performance.now();
    let isWanted = true;
    const publish = async (published: () => void): Promise<void> => {
      while (isWanted) {
        this.#check();
        if ((performance.now() - begin) * nanosecondsPerMillisecond >= this.#readerTimeout) this.#evict();
        // Synchronously: an abort or `close` in between would leave the lock held, or the memory removed.
        if (this.#tryLock()) {
          this.#publish(frame, false);
          return published();
        }
        await this.#publication.lock.whenReleased(step);
      }
    };
    try {
      await wait<void>(
        options,
        (resolve, reject) => {
          publish(resolve).catch(reject);
          return () => {
            isWanted = false;
          };
        },
        this.#reason,
      );
    } finally {
      this.#pace.waited(this.#count(begin));
    }
  }

  /** Counts the wait since `begin`; returns its milliseconds. */
  #count(begin: number): number {
    const waited = performance.now() - begin;
    const time = waited * nanosecondsPerMillisecond;
    this.#statistics.waited += time;
    this.#statistics.longestWait = Math.max(this.#statistics.longestWait, time);
    return waited;
  }

  /**
   * Runs with the lock held, and synchronously to its end.
   * @param isAwaited whether readers finished so soon that they already block for this frame: if copying cannot fail,
   *   they are notified before it is complete, so that they are awake when it is
   */
  #publish(frame: Frame, isAwaited: boolean): void {
    const isEarly = isAwaited && frame.isCertain;
    const { lock, segment } = this.#publication;
    try {
      segment.reserve(frame.size, () => this.#clients.dismiss());
      if (isEarly) this.#announce(frame.size);
      frame.copyTo(segment);
      if (!isEarly) this.#announce(frame.size);
      this.#statistics.frames++;
      this.#statistics.bytes += frame.size;
    } finally {
      // A peer that released more often than it was notified has taken the writer's own count.
      if (lock.unlock() < 0) this.#renew();
    }
  }

  #announce(size: number): void {
    const { lock } = this.#publication;
    // Before the notification, so that no reader is ever notified and not counted.
    lock.commit(this.#clients.registered);
    lock.subtract(this.#clients.notify(size));
  }

  /** Releases for readers that are gone: the releases owed beyond those of the remaining readers. */
  #settle(owesOne: boolean): void {
    if (this.#closing) return;
    const { lock } = this.#publication;
    const excess = lock.owing - this.#clients.notified;
    lock.subtract(Math.max(excess, owesOne ? 1 : 0));
  }

  /**
   * Disconnects all readers when one does not release, or died before it could: the writer cannot know which. They must
   * reconnect, to new semaphores, so that a late release is not counted as theirs.
   */
  #evict(): void {
    this.#statistics.evictions++;
    const now = performance.now();
    if (now - this.#warned > warningInterval) {
      this.#warned = now;
      runtime.diagnostics.warn(
        `all readers of ${this.#path} were sent away, as ${this.#clients.suspects} took longer than ${timeText(this.#readerTimeout)} for a frame, or died with it; those that are well come back at once. \`readerTimeout\` sets the time, and a reader that takes copies holds no frame`,
        'GST_ALLOCATORS_SHMDATA',
      );
    }
    this.#renew();
  }

  #renew(): void {
    const result = this.#publication.lock.renew();
    this.#clients.dismiss();
    if (result < 0) throw new ShmdataError('the semaphores could not be made again', { detail: `errno ${-result}` });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { lock } = this.#publication;
    const end = performance.now() + drainTime;
    while (this.#clients.notified > 0 && lock.owing > 0 && performance.now() < end) await lock.whenReleased(step);
    this.#publication.withdraw(() => this.#clients.dismiss());
  }
}

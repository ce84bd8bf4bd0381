/** One connection of a reader to a writer, from the greeting until either side ends it. */
import { ShmdataError } from '../errors.ts';
import type { RawMapping, StreamListener, StreamSocket } from '../runtime/port/index.ts';
import { isAborted, type WaitOptions, type WaitReason, wait } from '../wait.ts';
import { busy, FrameLock } from './frame-lock.ts';
import { isSame, keysOf, needSystemV } from './ipc-keys.ts';
import { longestBlock, Pace } from './pace.ts';
import { greetingSize, type Message, MessageParser, quit } from './protocol.ts';
import { ForeignSegment } from './segment.ts';

type Signal = Pick<WaitOptions, 'signal'>;

/** Milliseconds of one uninterruptible wait for the writer. */
const step = 20;
/** Nanoseconds that a writer has to send its greeting. */
const greetingTime = 3e9;
/** Nanoseconds for the writer to reply when the reader leaves, or to disconnect when its semaphores are gone. */
const farewellTime = 1e9;

const reason: WaitReason = { what: 'what the shmdata writer sends next' };

/** Messages of the writer that have not been handled yet. */
class Inbox implements StreamListener {
  readonly parser = new MessageParser();
  #error: unknown = null;
  #wake: (() => void) | null = null;
  isClosed = false;
  /** Called for each update when it arrives, before it is handled. */
  announced: () => void = () => {};

  data(bytes: Uint8Array): void {
    if (this.#error) return;
    try {
      const updates = this.parser.push(bytes);
      for (let index = 0; index < updates; index++) this.announced();
    } catch (error) {
      this.#error = error;
    }
    this.#wake?.();
  }

  /** The next message, if it has already arrived. */
  next(): Message | null {
    return this.parser.next();
  }

  closed(): void {
    this.isClosed = true;
    this.#wake?.();
  }

  /**
   * The next message; null when none will arrive, or none arrived before the options ended the wait.
   * @throws ShmdataError for data that no writer sends
   */
  async take(options: WaitOptions): Promise<Message | null> {
    for (;;) {
      const message = this.next();
      if (message) return message;
      if (this.#error) throw this.#error;
      if (this.isClosed || isAborted(options)) return null;
      try {
        await wait<void>(
          options,
          (resolve) => {
            this.#wake = resolve;
            return () => {
              this.#wake = null;
            };
          },
          reason,
        );
      } catch {
        return null;
      }
    }
  }
}

export class Connection {
  readonly #socket: StreamSocket;
  readonly #inbox: Inbox;
  readonly #segment: ForeignSegment;
  readonly #lock: FrameLock;
  readonly #announcing: Pace;
  readonly #writing: Pace;
  #isOver = false;
  #mapping: RawMapping | null = null;
  /** The message that has arrived and was not handled. */
  #message: Message | null = null;
  #isHolding = false;
  /** Number of frames announced and not released. */
  #owed = 0;
  /** The writer's description of its frames. */
  readonly type: string;

  private constructor(inbox: Inbox, socket: StreamSocket, segment: ForeignSegment, lock: FrameLock, type: string) {
    this.#inbox = inbox;
    this.#socket = socket;
    this.#segment = segment;
    this.#lock = lock;
    this.type = type;
    const isOurs = socket.process === needSystemV().processes.id;
    this.#announcing = new Pace(() => isOurs);
    this.#writing = new Pace(() => isOurs);
    // On arrival: if this process dies before it owes the release, the writer is left waiting.
    inbox.announced = () => {
      if (lock.owe() === 0) this.#owed++;
    };
  }

  /**
   * Null when no writer accepts this reader; `refused` gets the reason.
   * @throws ShmdataError for a peer that is no shmdata writer
   */
  static async open(path: string, options: Signal, refused: (reason: string) => void): Promise<Connection | null> {
    const systemV = needSystemV();
    const identity = systemV.files.identify(path, true);
    if (!identity?.isSocket) {
      refused(identity ? 'what is there is no socket' : 'nothing is there');
      return null;
    }
    const inbox = new Inbox();
    let socket: StreamSocket;
    try {
      socket = await systemV.streamSockets.connect(path, inbox);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      refused(code === 'ECONNREFUSED' ? 'nobody listens there any more' : message);
      return null;
    }
    const keys = keysOf(identity);
    const segment = new ForeignSegment(keys.memory);
    try {
      // Another writer may have taken the path meanwhile.
      const lock = isSame(systemV.files.identify(path, true), identity) ? FrameLock.open(keys.semaphores) : null;
      if (!lock || !segment.refresh()) refused('its memory or semaphores are missing, or not for this user');
      else {
        const type = await Connection.#shakeHands(inbox, socket, options, refused);
        if (type !== null) return new Connection(inbox, socket, segment, lock, type);
      }
    } catch (error) {
      socket.close();
      segment.detach();
      throw error;
    }
    socket.close();
    segment.detach();
    return null;
  }

  static async #shakeHands(
    inbox: Inbox,
    socket: StreamSocket,
    options: Signal,
    refused: (reason: string) => void,
  ): Promise<string | null> {
    const message = await inbox.take({ ...options, timeout: greetingTime });
    const { greeting } = inbox.parser;
    if (message?.kind !== 'greeting' || !greeting) {
      refused('it hung up before its greeting was whole, or did not greet in time');
      return null;
    }
    // Sent in one piece: writers take a second piece for a quit.
    if (socket.send(greeting) === greetingSize) return message.type;
    refused('it hung up before it was acknowledged');
    return null;
  }

  /** The next frame, valid until `release`, if it takes no trip through the event loop; else null: call `next`. */
  nextSoon(options: Signal): Uint8Array | null {
    // `close` handles frames that a fast writer has announced by then.
    if (isAborted(options)) return null;
    this.#message ??= this.#inbox.next() ?? this.#takeSoon();
    if (this.#message?.kind !== 'update' || !this.#enterSoon()) return null;
    return this.#message.size > this.#segment.capacity ? null : this.#view(this.#message.size);
  }

  /**
   * The bytes of the next frame, valid until `release`; null when the writer is gone or the signal is aborted.
   * @throws ShmdataError for behaviour that no writer shows
   */
  async next(options: Signal): Promise<Uint8Array | null> {
    const bytes = this.nextSoon(options);
    if (bytes || isAborted(options)) return bytes;
    const message = this.#message ?? (await this.#take(options));
    this.#message = null;
    if (message?.kind !== 'update') {
      this.#isOver ||= message?.kind === 'quit' || this.#inbox.isClosed;
      return null;
    }
    if (!(await this.#enter(() => !isAborted(options))) || isAborted(options)) return null;
    const { size } = message;
    const { capacity } = this.#segment;
    if (size <= capacity) return this.#view(size);
    this.release();
    throw new ShmdataError(`the writer announced a frame of ${size} bytes, its memory has ${capacity}`);
  }

  #view(size: number): Uint8Array {
    this.#message = null;
    this.#mapping = this.#segment.view(size);
    return this.#mapping.bytes;
  }

  /** Blocks the main thread for a message, as long as `Pace` permits. */
  #takeSoon(): Message | null {
    if (!this.#announcing.isFast) return null;
    const bytes = this.#socket.receiveSoon(longestBlock);
    this.#announcing.blocked(bytes === null);
    if (bytes) this.#inbox.data(bytes);
    return this.#inbox.next();
  }

  async #take(options: Signal): Promise<Message | null> {
    const begin = performance.now();
    const message = await this.#inbox.take(options);
    this.#announcing.waited(performance.now() - begin);
    return message;
  }

  /** Blocks likewise for the frame: most writers announce it before it is complete. */
  #enterSoon(): boolean {
    this.#isHolding = true;
    if (!this.#segment.refresh()) return false;
    const result = this.#lock.tryEnter();
    if (result !== busy || !this.#announcing.isFast || !this.#writing.isFast) return result === 0;
    const isEntered = this.#lock.enterSoon(longestBlock) === 0;
    this.#writing.blocked(!isEntered);
    return isEntered;
  }

  /** Ends the frame: its bytes are revoked and the writer may continue. Idempotent. */
  release(): void {
    // First, because the writer waits for it; no code reads the bytes in between.
    if (this.#isHolding) this.#leave();
    this.#isHolding = false;
    this.#mapping?.release();
    this.#mapping = null;
  }

  #leave(): void {
    if (this.#owed === 0) return;
    this.#owed--;
    this.#lock.leave();
  }

  /** Waits until the frame is complete, but not for long once it is unwanted. False when it will not be complete. */
  async #enter(isWanted: () => boolean): Promise<boolean> {
    this.#isHolding = true;
    const isThere = this.#segment.refresh();
    const begin = performance.now();
    let end = Number.POSITIVE_INFINITY;
    for (;;) {
      const result = this.#lock.tryEnter();
      if (result === 0 && isThere) {
        this.#writing.waited(performance.now() - begin);
        return true;
      }
      const isAbandoned = this.#inbox.isClosed || performance.now() > end;
      if (result !== busy || isAbandoned) {
        this.release();
        if (result !== busy) return this.#vanished();
        this.#isOver ||= this.#inbox.isClosed;
        return false;
      }
      // The writer is writing: give it time to finish.
      if (end === Number.POSITIVE_INFINITY && !isWanted()) end = performance.now() + farewellTime / 1e6;
      await this.#lock.whenWritten(step);
    }
  }

  /** The writer is about to leave: waits for its quit or disconnection. */
  async #vanished(): Promise<false> {
    this.#isOver = true;
    while ((await this.#inbox.take({ timeout: farewellTime }))?.kind === 'update');
    return false;
  }

  /** Sends quit to the writer and handles frames that it has announced meanwhile, until it replies. */
  async close(): Promise<void> {
    this.release();
    if (!this.#isOver && !this.#inbox.isClosed && this.#socket.send(quit) === quit.length) {
      const end = performance.now() + farewellTime / 1e6;
      for (;;) {
        const timeout = Math.max(0, (end - performance.now()) * 1e6);
        let message: Message | null = null;
        try {
          message = await this.#inbox.take({ timeout });
        } catch {
          // Invalid data from the writer no longer matters.
        }
        if (message?.kind !== 'update') break;
        if (await this.#enter(() => false)) this.release();
      }
    }
    this.#isOver = true;
    while (this.#owed > 0) this.#leave();
    this.#socket.close();
    this.#segment.detach();
  }
}

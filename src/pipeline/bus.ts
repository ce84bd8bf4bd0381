import { runtime } from '#runtime';
import { type Owned, owned } from '../owned.ts';
import type { Handle, HoldingWatch } from '../runtime/port/index.ts';
import { type Message, takeMessage } from './message.ts';

const { c, fields, references, streams } = runtime;

interface Native {
  readonly bus: Owned;
  readonly pipeline: Handle;
}

/** What some elements report goes to somebody else first. */
export interface Owner {
  owns(source: Handle): boolean;
  /** Whether the message is for nobody else. */
  take(message: Message, source: Handle): boolean;
}

/** Reads a pipeline's bus as long as it is open, and tells everybody who listens. */
export class Bus {
  /** Null once disposed: where a collector frees what is dropped, nothing may keep it. */
  #native: Native | null;
  #watch: HoldingWatch | null = null;
  #holds = true;
  readonly #listeners = new Set<(message: Message) => void>();
  /** The last one first: it may be inside another one. */
  #owners: readonly Owner[] = [];

  /** Takes the bus over; the pipeline is lent for the life of this object. */
  constructor(bus: Handle, pipeline: Handle) {
    this.#native = { bus: owned(bus, 'object'), pipeline };
  }

  get isDisposed(): boolean {
    return this.#native === null;
  }

  listen(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Gives what ends that. */
  own(owner: Owner): () => void {
    this.#owners = [owner, ...this.#owners];
    return () => {
      this.#owners = this.#owners.filter((each) => each !== owner);
    };
  }

  open(): void {
    if (!this.#native || this.#watch) return;
    this.#watch = streams.watchBus(this.#native.bus.handle, () => this.drain());
    this.#watch.hold(this.#holds);
  }

  /** Whether the process stays alive for what is to come. */
  hold(holds: boolean): void {
    if (this.#holds === holds) return;
    this.#holds = holds;
    this.#watch?.hold(holds);
  }

  close(): void {
    this.#watch?.close();
    this.#watch = null;
  }

  /** Hands out all messages there are. */
  drain(): void {
    // A listener may dispose the pipeline.
    while (this.#native) {
      const native = c.gst_bus_pop(this.#native.bus.handle);
      if (!native) return;
      const source = this.#owners.length ? fields.reference(native, 'GstMessage.src', 'object') : null;
      const owner = source && this.#owners.find((each) => each.owns(source));
      const message = takeMessage(native, this.#native.pipeline);
      const isTaken = source && owner?.take(message, source);
      if (source) references.drop(source, 'object', 0);
      if (isTaken) continue;
      for (const listener of [...this.#listeners]) listener(message);
    }
  }

  dispose(): void {
    this.close();
    this.#listeners.clear();
    this.#native?.bus.dispose();
    this.#native = null;
  }
}

import { runtime } from '#runtime';
import { type Owned, owned } from '../owned.ts';
import type { Handle, HoldingWatch } from '../runtime/port/index.ts';
import { type Message, takeMessage } from './message.ts';

const { c, fields, references, streams } = runtime;

interface Native {
  readonly bus: Owned;
  readonly pipeline: Handle;
}

/** Gets the messages of some elements before all other listeners. */
export interface Owner {
  owns(source: Handle): boolean;
  /** Whether the message must not reach other listeners. */
  take(message: Message, source: Handle): boolean;
}

/** Reads a pipeline's bus while it is open, and calls all listeners. */
export class Bus {
  /** Null once disposed: the finalizer's state must not reference it. */
  #native: Native | null;
  #watch: HoldingWatch | null = null;
  #holds = true;
  readonly #listeners = new Set<(message: Message) => void>();
  /** The newest owner first: it may be inside an older one. */
  #owners: readonly Owner[] = [];

  /** Takes over the bus; the pipeline must outlive this object. */
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

  /** Returns a function that removes the owner. */
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

  /** Whether the process stays alive for further messages. */
  hold(holds: boolean): void {
    if (this.#holds === holds) return;
    this.#holds = holds;
    this.#watch?.hold(holds);
  }

  close(): void {
    this.#watch?.close();
    this.#watch = null;
  }

  /** Handles all messages that are on the bus. */
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

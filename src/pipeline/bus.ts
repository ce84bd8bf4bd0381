import { runtime } from '#runtime';
import { type Owned, owned } from '../owned.ts';
import type { Handle, HoldingWatch } from '../runtime/port/index.ts';
import { type Message, takeMessage } from './message.ts';

const { c, streams } = runtime;

interface Native {
  readonly bus: Owned;
  readonly pipeline: Handle;
}

/** Reads a pipeline's bus as long as it is open, and tells everybody who listens. */
export class Bus {
  /** Null once disposed: where a collector frees what is dropped, nothing may keep it. */
  #native: Native | null;
  #watch: HoldingWatch | null = null;
  #holds = true;
  readonly #listeners = new Set<(message: Message) => void>();

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
      const message = takeMessage(native, this.#native.pipeline);
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

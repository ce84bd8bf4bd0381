import { runtime } from '#runtime';
import type { Handle, Watch } from '../runtime/runtime.ts';
import { type Message, takeMessage } from './message.ts';

const { c, references, waiting } = runtime;

/** Reads a pipeline's bus as long as it is open, and tells everybody who listens. */
export class Bus {
  readonly #bus: Handle;
  readonly #pipeline: Handle;
  #watch: Watch | null = null;
  readonly #listeners = new Set<(message: Message) => void>();

  /** Takes the bus over; the pipeline is lent for the life of this object. */
  constructor(bus: Handle, pipeline: Handle) {
    this.#bus = bus;
    this.#pipeline = pipeline;
  }

  listen(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  open(): void {
    this.#watch ??= waiting.watchBus(this.#bus, () => this.drain());
  }

  close(): void {
    this.#watch?.close();
    this.#watch = null;
  }

  /** Hands out all messages there are. */
  drain(): void {
    for (;;) {
      const native = c.gst_bus_pop(this.#bus);
      if (!native) return;
      const message = takeMessage(native, this.#pipeline);
      for (const listener of [...this.#listeners]) listener(message);
    }
  }

  dispose(): void {
    this.close();
    this.#listeners.clear();
    references.drop(this.#bus, 'object', 0);
  }
}

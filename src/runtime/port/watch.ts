/** Something that calls back on the main thread until it is closed. Idempotent. */
export interface Watch {
  close(): void;
}

/**
 * A watch that can be told to listen, and not to: listening costs the streaming thread something for each frame, and
 * keeps the process alive. It does not listen at first, and who tells it to must look once more before waiting.
 */
export interface FlowWatch extends Watch {
  listen(listening: boolean): void;
}

/**
 * A watch that keeps the process alive as long as it is to. It does at first. GJS holds no program, whatever it is told.
 */
export interface HoldingWatch extends Watch {
  hold(holds: boolean): void;
}

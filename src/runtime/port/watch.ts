/** Calls back on the main thread until it is closed; closing is idempotent. */
export interface Watch {
  close(): void;
}

/**
 * A watch whose listening can be switched on and off: listening costs the streaming thread time for each frame, and
 * keeps the process alive. It starts switched off; after switching it on, check once more before waiting.
 */
export interface FlowWatch extends Watch {
  listen(listening: boolean): void;
}

/**
 * A watch that can keep the process alive, and does so at first. It never does in GJS.
 */
export interface HoldingWatch extends Watch {
  hold(holds: boolean): void;
}

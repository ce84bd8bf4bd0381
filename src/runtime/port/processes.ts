/** This process, and others. */
export interface Processes {
  /** This process's id. */
  readonly id: number;
  isAlive(process: number): boolean;
  /**
   * Calls back while the process exits in an orderly way, where nothing can be awaited any more. Gives what cancels
   * that.
   */
  atExit(callback: () => void): () => void;
}

/** This process, and others. */
export interface Processes {
  /** This process's id. */
  readonly id: number;
  isAlive(process: number): boolean;
  /**
   * Calls back while the process exits normally, when nothing can be awaited any more. The result cancels that.
   */
  atExit(callback: () => void): () => void;
}

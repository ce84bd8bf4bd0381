/** Unix sockets by their path. */
export interface Sockets {
  /**
   * What is at a path: nothing, something that is no socket, a socket without a listener, or a socket with one. A
   * listener in the same network namespace does not notice the probe. A socket that cannot be probed (no permission,
   * full backlog) counts as live.
   */
  probe(path: string): Promise<'absent' | 'not a socket' | 'stale' | 'live'>;
  /** The inode number of the socket that listens at a path; null if this network namespace has none. */
  listener(path: string): string | null;
  /**
   * Makes reads fail on this process's connections at `path` whose peer is gone, if they were already at EOF at the
   * previous call.
   */
  endDead(path: string): void;
  /**
   * Waits for one connection on a private socket of this user, and then connects to the process that listens at `path`.
   * Relays the bytes of either to the other, until one of them ends.
   */
  relay(path: string): Promise<Relay>;
  /** Removes a file's name; a missing one is no error. @throws GstError if it cannot be removed */
  remove(path: string): void;
  /**
   * Whether any user may move and remove other users' files in the folder of a path: writable for all, and not sticky.
   */
  isOpenToAll(path: string): boolean;
  /**
   * Sets the permissions of a socket.
   * @throws GstError if the path names no socket, or a symbolic link
   */
  setMode(path: string, mode: number): void;
}

export interface Relay {
  readonly path: string;
  /** Rejects, with the connection closed, when no process listens any more. */
  readonly connected: Promise<void>;
  /** Stops listening; an existing connection stays open. Idempotent. */
  close(): void;
}

/**
 * Prefix of the relays' folders, one for each: in the file system where frames are shared without fds, and short enough
 * for a socket address.
 */
export const relayFolder = '/dev/shm/gst-allocators-relay-';

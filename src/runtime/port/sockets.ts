/** Unix sockets by their path. */
export interface Sockets {
  /**
   * Who is there: nobody, something that is no socket, a socket that no process listens at any more, or a process.
   * The process notices nothing, as long as it is in the same network namespace.
   * A socket whose listener cannot be asked (no permission, no room) counts as live.
   */
  probe(path: string): Promise<'absent' | 'not a socket' | 'stale' | 'live'>;
  /** Which socket listens at a path, by the kernel's number; null for none that this network namespace knows of. */
  listener(path: string): string | null;
  /**
   * Makes reads fail on this process's connections at `path` whose peer is gone, if they were at their end already at the
   * previous call.
   */
  endDead(path: string): void;
  /**
   * Waits for one connection at a path of this user's alone, where it cannot be refused, and then connects to the process
   * that listens at `path`: what comes from either goes to the other, until one of them ends.
   */
  relay(path: string): Promise<Relay>;
  /** Removes a file's name; one that is not there is no mistake. @throws GstError for what cannot be removed */
  remove(path: string): void;
  /** Whether everybody may move and remove everybody's files in the folder of a path: writable for all, and not sticky. */
  isOpenToAll(path: string): boolean;
  /**
   * Sets the permissions of a socket.
   * @throws GstError where the path names nothing or anything else, a symbolic link included
   */
  setMode(path: string, mode: number): void;
}

export interface Relay {
  readonly path: string;
  /** Rejects when nobody listens any more: the connection is closed then. */
  readonly connected: Promise<void>;
  /** Nobody is to connect any more; a connection that is there stays. Idempotent. */
  close(): void;
}

/**
 * Where relays wait, each in a folder of its own: there where frames are shared without fds, and short enough for an
 * address.
 */
export const relayFolder = '/dev/shm/gst-allocators-relay-';

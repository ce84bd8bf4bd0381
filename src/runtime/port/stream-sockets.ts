import type { Watch } from './watch.ts';

/** A connected unix stream socket. */
export interface StreamSocket {
  /** Sends what fits at once: the number of bytes taken, or −errno. Never waits, never raises SIGPIPE. */
  send(bytes: Uint8Array): number;
  /**
   * Waits on the spot for so many nanoseconds at most; gives what comes, which is good until the next call, in the
   * listener's place. Null where nothing comes.
   */
  receiveSoon(nanoseconds: number): Uint8Array | null;
  /** Who is at the other end, by its id in this process's PID namespace; null where that is not known. */
  readonly process: number | null;
  /** Closes it now; `closed` is not called any more. Idempotent. */
  close(): void;
}

/** What a stream socket tells, on the main thread. */
export interface StreamListener {
  data(bytes: Uint8Array): void;
  /** The peer is gone. `failed`: not by an orderly end, or with bytes of ours unread. */
  closed(failed: boolean): void;
}

/** Unix stream sockets to talk over. */
export interface StreamSockets {
  /** Rejects with an error whose `code` is errno's name. */
  connect(path: string, listener: StreamListener): Promise<StreamSocket>;
  /** Listens at a new name with that mode. Closing leaves the name to the caller. */
  listen(path: string, mode: number, accept: (socket: StreamSocket) => StreamListener): Promise<Watch>;
}

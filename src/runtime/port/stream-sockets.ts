import type { Watch } from './watch.ts';

/** A connected unix stream socket. */
export interface StreamSocket {
  /** Sends what fits without waiting: the number of bytes sent, or −errno. Never raises SIGPIPE. */
  send(bytes: Uint8Array): number;
  /**
   * Blocks this thread for `nanoseconds` at most; returns the bytes that arrive, which the listener then does not get.
   * They are valid until the next call. Null if nothing arrives.
   */
  receiveSoon(nanoseconds: number): Uint8Array | null;
  /** Id of the peer's process in this process's PID namespace; null if it is not known. */
  readonly process: number | null;
  /** Closes it now; `closed` is not called any more. Idempotent. */
  close(): void;
}

/** Callbacks of a stream socket, on the main thread. */
export interface StreamListener {
  data(bytes: Uint8Array): void;
  /** The peer has closed the connection. `failed`: abnormally, or before it had read all that was sent. */
  closed(failed: boolean): void;
}

/** Unix stream sockets. */
export interface StreamSockets {
  /** Rejects with an error whose `code` is the name of the errno. */
  connect(path: string, listener: StreamListener): Promise<StreamSocket>;
  /** Listens at a new path with that mode. The caller removes the path after closing. */
  listen(path: string, mode: number, accept: (socket: StreamSocket) => StreamListener): Promise<Watch>;
}

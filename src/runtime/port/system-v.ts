import type { Files } from './files.ts';
import type { Ipc } from './ipc.ts';
import type { Processes } from './processes.ts';
import type { StreamSockets } from './stream-sockets.ts';

/** What an engine with a way to libc has beyond the rest of the port: all that shmdata takes. */
export interface SystemV {
  readonly files: Files;
  readonly ipc: Ipc;
  readonly processes: Processes;
  readonly streamSockets: StreamSockets;
}

import type { Files } from './files.ts';
import type { Ipc } from './ipc.ts';
import type { Processes } from './processes.ts';
import type { StreamSockets } from './stream-sockets.ts';

/** The parts of the port that need libc: all that shmdata requires. */
export interface SystemV {
  readonly files: Files;
  readonly ipc: Ipc;
  readonly processes: Processes;
  readonly streamSockets: StreamSockets;
}

import type { StreamSocket } from '../runtime/port/index.ts';
import { expectSocketPath } from '../socket-path.ts';
import { needSystemV } from './ipc-keys.ts';
import { MessageParser } from './protocol.ts';

/** Milliseconds a writer has for its greeting; other implementations must greet within 1000. */
const greetingTime = 1200;

export interface Probed {
  /** Nothing exists; not a socket; a socket without a listener; a process that listens, or may. */
  state: 'absent' | 'not a socket' | 'stale' | 'live';
  /** The type of a live shmdata; null for anything else. */
  type: string | null;
}

/** Probes a path as a reader that does not stay. The writer sees only a connection that ends. */
export async function probe(path: string): Promise<Probed> {
  expectSocketPath(path);
  const found = needSystemV().files.identify(path, true);
  if (!found) return { state: 'absent', type: null };
  if (!found.isSocket) return { state: 'not a socket', type: null };
  const parser = new MessageParser();
  let type: string | null = null;
  let end = (): void => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  let socket: StreamSocket;
  try {
    socket = await needSystemV().streamSockets.connect(path, {
      data(bytes) {
        try {
          parser.push(bytes);
          const message = parser.next();
          if (message?.kind === 'greeting') type = message.type;
          if (message) end();
        } catch {
          end();
        }
      },
      closed: () => end(),
    });
  } catch (error) {
    const { code } = error as { code?: string };
    return { state: code === 'ECONNREFUSED' ? 'stale' : code === 'ENOENT' ? 'absent' : 'live', type: null };
  }
  // The greeting is read to its end: other implementations of writers spin when it is left unread.
  const timer = setTimeout(end, greetingTime);
  await done;
  clearTimeout(timer);
  socket.close();
  return { state: 'live', type };
}

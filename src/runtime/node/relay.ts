import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { type Relay, relayFolder } from '../port/sockets.ts';

/** The reader keeps the process alive, not these sockets. `close` reports the end. */
const quiet = (socket: Socket): Socket => socket.on('error', () => {}).unref();

function pass(from: Socket, to: Socket): void {
  from.on('close', () => to.destroy()).pipe(to);
}

export async function relay(path: string): Promise<Relay> {
  const folder = mkdtempSync(relayFolder);
  const own = `${folder}/socket`;
  const stopListening = (): void => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const connection = Promise.withResolvers<void>();
  connection.promise.catch(() => {});
  const server = createServer((reader) => {
    stopListening();
    quiet(reader);
    const writer = quiet(connect(path));
    writer.once('connect', () => {
      pass(writer, reader);
      pass(reader, writer);
      connection.resolve();
    });
    writer.once('error', (error) => {
      reader.destroy();
      connection.reject(error);
    });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path: own, exclusive: true }, resolve).unref();
    });
  } catch (error) {
    stopListening();
    throw error;
  }
  return { path: own, connected: connection.promise, close: stopListening };
}

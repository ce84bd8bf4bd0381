/** Unix stream sockets: `node:net` for what arrives, `send` of libc for what goes, so that its outcome is known at once. */
import { closeSync, constants, openSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import type { StreamListener, StreamSocket, Watch } from '../runtime.ts';
import koffi from './koffi.ts';
import { libcFunction } from './library.ts';
import { sockets } from './sockets.ts';

const neverWait = 0x4040; // MSG_NOSIGNAL | MSG_DONTWAIT
const badDescriptor = -9; // −EBADF
const interrupted = 4; // EINTR
/** Connections that may wait to be accepted. */
const backlog = 10;
/** Bytes of `sun_path` without its NUL. */
const longestName = 107;

const socketLevel = 1; // SOL_SOCKET
const peerCredentials = 17; // SO_PEERCRED
const getsockopt = libcFunction('int getsockopt(int fd, int level, int name, void *value, void *size)');
const sendBytes = libcFunction('long send(int fd, void *bytes, size_t size, int flags)');

function descriptorOf(socket: Socket): number {
  const { fd = -1 } = (socket as unknown as { _handle: { fd?: number } | null })._handle ?? {};
  return socket.destroyed ? -1 : fd;
}

function send(socket: Socket, bytes: Uint8Array): number {
  const fd = descriptorOf(socket);
  if (fd < 0) return badDescriptor;
  for (;;) {
    const sent = Number(sendBytes(fd, bytes, bytes.length, neverWait));
    if (sent >= 0) return sent;
    const errno = koffi.errno();
    if (errno !== interrupted) return -errno;
  }
}

function wrap(socket: Socket): StreamSocket {
  return {
    send: (bytes) => send(socket, bytes),
    get process() {
      // `struct ucred` begins with the id.
      const found = new Int32Array(3);
      const size = Uint32Array.of(found.byteLength);
      return getsockopt(descriptorOf(socket), socketLevel, peerCredentials, found, size) < 0 ? null : found[0] || null;
    },
    close() {
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.destroy();
    },
  };
}

function tell(socket: Socket, listener: StreamListener): void {
  let failed = false;
  socket.on('data', (bytes) => listener.data(bytes as Uint8Array));
  socket.on('error', () => {
    failed = true;
  });
  socket.on('close', () => listener.closed(failed));
}

export function connectStream(path: string, listener: StreamListener): Promise<StreamSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      tell(socket, listener);
      resolve(wrap(socket));
    });
  });
}

export async function listenStream(
  path: string,
  mode: number,
  accept: (socket: StreamSocket) => StreamListener,
): Promise<Watch> {
  // A name that is too long for the address can still be reached by way of its open folder.
  const folder =
    new TextEncoder().encode(path).length > longestName
      ? openSync(dirname(path), constants.O_DIRECTORY | constants.O_RDONLY)
      : null;
  try {
    const server = createServer((socket) => tell(socket, accept(wrap(socket))));
    const name = folder === null ? path : `/proc/self/fd/${folder}/${basename(path)}`;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path: name, backlog, exclusive: true }, resolve);
    });
    sockets.setMode(path, mode);
    return { close: () => void server.close() };
  } finally {
    if (folder !== null) closeSync(folder);
  }
}

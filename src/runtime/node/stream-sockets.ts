/** Unix stream sockets: `node:net` receives, libc's `send` sends, so that its result is known at once. */
import { closeSync, constants, openSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { fitsAddress } from '../../socket-path.ts';
import type { StreamListener, StreamSocket, StreamSockets, Watch } from '../port/index.ts';
import { libcFunction } from './ffi.ts';
import koffi from './koffi.ts';
import { sockets } from './sockets.ts';

const neverWait = 0x4040; // MSG_NOSIGNAL | MSG_DONTWAIT
const badDescriptor = -9; // −EBADF
const interrupted = 4; // EINTR
/** Connections that may wait to be accepted. */
const backlog = 10;

const socketLevel = 1; // SOL_SOCKET
const peerCredentials = 17; // SO_PEERCRED
const getsockopt = libcFunction('int getsockopt(int fd, int level, int name, void *value, void *size)');
const dontWait = 0x40; // MSG_DONTWAIT
const readable = 1; // POLLIN
/** `struct pollfd` */
const entry = new Int32Array(2);
/** `struct timespec` of less than a second. */
const onSpot = new BigInt64Array(2);
const received = new Uint8Array(4096);
const ppoll = libcFunction('int ppoll(void *fds, unsigned long count, void *time, void *mask)');
const receive = libcFunction('long recv(int fd, void *bytes, size_t size, int flags)');
const sendBytes = libcFunction('long send(int fd, void *bytes, size_t size, int flags)');

function send(fd: number, bytes: Uint8Array): number {
  if (fd < 0) return badDescriptor;
  for (;;) {
    const sent = Number(sendBytes(fd, bytes, bytes.length, neverWait));
    if (sent >= 0) return sent;
    const errno = koffi.errno();
    if (errno !== interrupted) return -errno;
  }
}

/** `node:net` has already passed the bytes that it read to the listener, and will report the end. */
function receiveSoon(fd: number, nanoseconds: number): Uint8Array | null {
  entry[0] = fd;
  entry[1] = readable;
  onSpot[1] = BigInt(nanoseconds);
  if ((ppoll(entry, 1, onSpot, null) as number) <= 0) return null;
  const size = Number(receive(fd, received, received.length, dontWait));
  return size > 0 ? received.subarray(0, size) : null;
}

function wrap(socket: Socket): StreamSocket {
  const { fd: opened = -1 } = (socket as unknown as { _handle: { fd?: number } | null })._handle ?? {};
  // After that, the number may belong to another file.
  const descriptor = (): number => (socket.destroyed ? -1 : opened);
  return {
    send: (bytes) => send(descriptor(), bytes),
    receiveSoon: (nanoseconds) => (socket.destroyed ? null : receiveSoon(opened, nanoseconds)),
    get process() {
      // `struct ucred` begins with the process id.
      const found = new Int32Array(3);
      const size = Uint32Array.of(found.byteLength);
      return getsockopt(descriptor(), socketLevel, peerCredentials, found, size) < 0 ? null : found[0] || null;
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

function connectTo(path: string, listener: StreamListener): Promise<StreamSocket> {
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

async function listenAt(path: string, mode: number, accept: (socket: StreamSocket) => StreamListener): Promise<Watch> {
  // A path that is too long for the address can be reached through its open folder.
  const folder = fitsAddress(path) ? null : openSync(dirname(path), constants.O_DIRECTORY | constants.O_RDONLY);
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

export const streamSockets: StreamSockets = { connect: connectTo, listen: listenAt };

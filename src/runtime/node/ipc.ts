/** SysV shared memory and semaphores, by libc's own functions. */
import { nanosecondsPerMillisecond } from '../../time.ts';
import type { Ipc } from '../port/index.ts';
import { libcFunction } from './ffi.ts';
import koffi from './koffi.ts';
import { ifFree } from './libuv-queue.ts';
import { viewBytes } from './mapping.ts';
import { thread } from './thread-rules.ts';

const remove = 0; // IPC_RMID
const status = 2; // IPC_STAT
const populateWrite = 23; // MADV_POPULATE_WRITE, of Linux 5.14
const getValue = 12; // GETVAL
const setSize = 2;
const operationSize = 6;
const interrupted = 4; // EINTR
const again = 11; // EAGAIN

/** Offsets in `struct shmid_ds` of 64-bit Linux. */
const statusSize = 112;
const modeOffset = 20;
const sizeOffset = 48;
const creatorOffset = 80;
const attachedOffset = 88;

const orErrno = (result: number): number => (result < 0 ? -koffi.errno() : result);

const shmat = libcFunction('intptr shmat(int id, void *address, int flags)');
const shmdt = libcFunction('int shmdt(uintptr address)');
const memcpy = libcFunction('uintptr memcpy(uintptr to, void *from, size_t size)');
const madvise = libcFunction('int madvise(uintptr address, size_t size, int advice)');
const shmget = libcFunction('int shmget(int key, size_t size, int flags)');
const semget = libcFunction('int semget(int key, int count, int flags)');
const shmctl = libcFunction('int shmctl(int id, int command, void *status)');
const semctl = libcFunction('int semctl(int id, int semaphore, int command, int value)');
const semop = libcFunction('int semop(int id, void *operations, size_t count)');
const semtimedop = libcFunction('int semtimedop(int id, void *operations, size_t count, void *time)');

/** `struct timespec` of less than a second. */
const onSpot = new BigInt64Array(2);

function sleepUntilZero(id: number, semaphore: number, milliseconds: number): Promise<void> {
  const operation = Uint16Array.of(semaphore, 0, 0);
  const time = BigInt64Array.of(0n, BigInt(milliseconds * nanosecondsPerMillisecond));
  return new Promise((resolve) => semtimedop.async(id, operation, 1, time, () => resolve()));
}

/** Polls without a thread, at first after a millisecond, then at growing intervals. */
function lookUntilZero(id: number, semaphore: number, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  return new Promise((resolve) => {
    const look = (delay: number): void => {
      if ((semctl(id, semaphore, getValue, 0) as number) > 0 && performance.now() < end)
        setTimeout(look, delay, delay * 2);
      else resolve();
    };
    look(1);
  });
}

export const ipc: Ipc = {
  getSegment: (key, size, flags) => orErrno(shmget(key, size, flags)),
  attachSegment(id) {
    const address = shmat(id, null, 0) as number;
    return address === -1 ? -koffi.errno() : address;
  },
  detachSegment: (address) => void shmdt(address),
  segmentStatus(id) {
    const bytes = new Uint8Array(statusSize);
    if (shmctl(id, status, bytes) < 0) return null;
    const view = new DataView(bytes.buffer);
    return {
      mode: view.getUint32(modeOffset, true),
      size: Number(view.getBigUint64(sizeOffset, true)),
      creator: view.getInt32(creatorOffset, true),
      attached: Number(view.getBigUint64(attachedOffset, true)),
    };
  },
  removeSegment: (id) => void shmctl(id, remove, null),
  copy: (bytes, address) => void memcpy(address, bytes, bytes.length),
  view: viewBytes,

  getSet: (key, flags) => orErrno(semget(key, setSize, flags)),
  operate(id, operations) {
    for (;;) {
      if (semop(id, operations, operations.length / operationSize) === 0) return 0;
      const errno = koffi.errno();
      if (errno !== interrupted) return -errno;
    }
  },
  // An optimisation, which workers skip.
  populate: (address, size) =>
    new Promise((resolve) =>
      thread.callsBack ? madvise.async(address, size, populateWrite, () => resolve()) : resolve(),
    ),
  operateSoon(id, operations, nanoseconds) {
    onSpot[1] = BigInt(nanoseconds);
    if (semtimedop(id, operations, operations.length / operationSize, onSpot) === 0) return 0;
    const errno = koffi.errno();
    return errno === interrupted ? -again : -errno;
  },
  whenZero: (id, semaphore, milliseconds) =>
    (thread.callsBack ? ifFree('peer', () => sleepUntilZero(id, semaphore, milliseconds)) : null) ??
    lookUntilZero(id, semaphore, milliseconds),
  value: (id, semaphore) => orErrno(semctl(id, semaphore, getValue, 0)),
  removeSet: (id) => void semctl(id, 0, remove, 0),
};

import { closeSync, constants, openSync } from 'node:fs';
import koffi from 'koffi';
import type { SystemCalls } from '../runtime.ts';
import { errnoName } from './descriptors.ts';
import { libc, type NativeFunction } from './library.ts';

let ioctl: NativeFunction | undefined;
let fcntl: NativeFunction | undefined;
const interrupted = 4; // EINTR

const orErrno = (result: number): number => (result < 0 ? -koffi.errno() : result);

export const systemCalls: SystemCalls = {
  pageSize: libc.func('int getpagesize()')() as number,
  askDevice(path, request, argument) {
    ioctl ??= libc.func('int ioctl(int fd, unsigned long request, void *argument)') as NativeFunction;
    let device: number;
    try {
      device = openSync(path, constants.O_RDWR);
    } catch (error) {
      return (error as NodeJS.ErrnoException).errno as number;
    }
    try {
      let result: number;
      do result = orErrno(ioctl(device, request, argument));
      while (result === -interrupted);
      return result;
    } finally {
      closeSync(device);
    }
  },
  fcntl(fd, command, argument) {
    fcntl ??= libc.func('int fcntl(int fd, int command, int argument)') as NativeFunction;
    return orErrno(fcntl(fd, command, argument));
  },
  errorName: (result) => errnoName(-result),
};

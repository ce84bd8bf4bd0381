import { closeSync, constants, openSync } from 'node:fs';
import type { SystemCalls } from '../port/index.ts';
import { errnoName } from './descriptors.ts';
import { libcFunction } from './ffi.ts';
import koffi from './koffi.ts';

const ioctl = libcFunction('int ioctl(int fd, unsigned long request, void *argument)');
const fcntl = libcFunction('int fcntl(int fd, int command, int argument)');
const pageSize = libcFunction('int getpagesize()');
const interrupted = 4; // EINTR

const orErrno = (result: number): number => (result < 0 ? -koffi.errno() : result);

export const systemCalls: SystemCalls = {
  pageSize: pageSize(),
  askDevice(path, request, argument) {
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
    return orErrno(fcntl(fd, command, argument));
  },
  errorName: (result) => errnoName(-result),
};

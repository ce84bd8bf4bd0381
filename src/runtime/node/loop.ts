import type { Loop } from '../port/index.ts';
import { libcFunction } from './ffi.ts';

/** Microseconds; the kernel adds its slack of 50. */
const napLength = 20;
const usleep = libcFunction('int usleep(unsigned int microseconds)');

export const loop: Loop = {
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds).unref();
    return { close: () => clearInterval(timer) };
  },
  beforeEnd(callback) {
    process.once('beforeExit', callback);
    return { close: () => process.off('beforeExit', callback) };
  },
  nap() {
    usleep(napLength);
  },
};

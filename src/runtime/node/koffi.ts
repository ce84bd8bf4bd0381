/** Loads koffi, which calls C. If that fails, the error says what this package needs. */
import { createRequire } from 'node:module';
import type Koffi from 'koffi';
import { UnavailableError } from '../../errors.ts';

/**
 * Loads a package relative to this file. Bundlers do not bundle packages with binaries; in a CommonJS bundle
 * `import.meta` is empty, and `__filename` is used.
 */
export const requireInstalled = createRequire(import.meta.url ?? __filename);

const { bun, deno } = process.versions;
if (bun || deno) {
  throw new UnavailableError(
    `gst-allocators needs Node.js 22 or newer, or GJS; this is ${bun ? `Bun ${bun}` : `Deno ${deno}`}, which lacks the ` +
      'functions of libuv that waiting for a frame takes (`uv_poll`): its programs would end there',
  );
}

function loadKoffi(): typeof Koffi {
  try {
    return requireInstalled('koffi');
  } catch (cause) {
    throw new UnavailableError(
      `koffi could not be loaded, and C is called by it. Its binary for ${process.platform} on ${process.arch} is an optional ` +
        'dependency: `npm install` without --omit=optional. A bundle needs the package koffi installed beside it',
      { cause },
    );
  }
}
const koffi = loadKoffi();
export default koffi;

/**
 * Bytes of koffi's stack for C, as large as that of a thread: a seek takes about one kilobyte for each element of a
 * pipeline, and koffi's default is 128 kilobytes. Pages are allocated only when they are used.
 */
const stackSize = 2 ** 23;
// Before the first library is loaded: koffi accepts no settings afterwards.
try {
  koffi.config({ sync_stack_size: stackSize, async_stack_size: stackSize });
} catch {
  // Other code in this process used koffi first, and its settings stay.
}

function loadLibc() {
  try {
    return koffi.load('libc.so.6');
  } catch (cause) {
    throw new UnavailableError(
      'expected the GNU C library (libc.so.6), found none: systems with musl, such as Alpine Linux, are not supported; ' +
        'use one with glibc (Debian, Ubuntu, Fedora; as a container, node:24 and not node:24-alpine)',
      { cause },
    );
  }
}
export const libc = loadLibc();

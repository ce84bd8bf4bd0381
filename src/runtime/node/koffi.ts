/** koffi, which calls C: loaded where it can be, and else refused with what this package needs. */
import { createRequire } from 'node:module';
import type Koffi from 'koffi';
import { UnavailableError } from '../../errors.ts';

/**
 * Loads a package from where this file is. A bundler leaves such packages where they are, which have binaries; in a
 * CommonJS bundle `import.meta` is empty, and there is `__filename`.
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
 * Bytes of stack for C, as much as a thread has: each element of a pipeline takes about one kilobyte of it for a seek, and
 * koffi would give 128. Memory is taken where it is used.
 */
const stackSize = 2 ** 23;
// Before anything is loaded: koffi takes no settings afterwards.
try {
  koffi.config({ sync_stack_size: stackSize, async_stack_size: stackSize });
} catch {
  // Whoever used koffi first in this process has decided.
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

import { spawn } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import koffi from 'koffi';
import { gi, UnavailableError } from '../../src/index.ts';
import type { Host } from './host.ts';

const libc = koffi.load('libc.so.6');
const makePipe = libc.func('int pipe(int *ends)');
const duplicate = libc.func('int dup(int fd)');
const makeSocket = libc.func('int socket(int family, int type, int protocol)');

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const indexUrl = new URL('../../src/index.js', import.meta.url).href;

export const host: Host = {
  temporaryFolder: tmpdir(),
  processId: process.pid,
  environment: (name) => process.env[name] ?? '',
  setEnvironment(name, value) {
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  },
  openFile(bytes) {
    const directory = mkdtempSync(join(tmpdir(), 'gst-allocators-'));
    const fd = openSync(join(directory, 'file'), 'wx+');
    rmSync(directory, { recursive: true });
    writeSync(fd, bytes);
    return fd;
  },
  openReadOnly: (path) => openSync(path, 'r'),
  openDevice: (path) => openSync(path, 'r+'),
  openDirectory: () => openSync('/', 'r'),
  openSocket: () => makeSocket(1, 1, 0) as number,
  openPipe() {
    const ends = new Int32Array(2);
    makePipe(ends);
    return { read: ends[0] as number, write: ends[1] as number };
  },
  duplicate: (fd) => duplicate(fd) as number,
  isOpen(fd) {
    try {
      fstatSync(fd);
      return true;
    } catch {
      return false;
    }
  },
  close: closeSync,
  read(fd, offset, length) {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
  },
  write: (fd, offset, bytes) => void writeSync(fd, bytes, 0, bytes.length, offset),
  truncate: ftruncateSync,
  fileOf(fd) {
    const { dev, ino } = fstatSync(fd);
    return `${dev}:${ino}`;
  },
  openFds: () =>
    readdirSync('/proc/self/fd')
      .filter((fd) => {
        try {
          // The fd that reads the directory is gone by now.
          readlinkSync(`/proc/self/fd/${fd}`);
          return true;
        } catch {
          return false;
        }
      })
      .map(Number),
  linkOf(fd) {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  },
  async settled() {},
  collectOnce: gc,
  async collect() {
    for (let round = 0; round < 3; round++) {
      gc();
      // Finalizers run in tasks of their own.
      await sleep(1);
    }
    // node-gtk releases the results of raw calls in GLib's main loop; without node-gtk there are none.
    try {
      const context = gi.GLib.MainContext.default();
      while (context.iteration(false));
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  },
  disposesAtOnce: true,
  run: (program, environment = {}) =>
    new Promise((resolve, reject) => {
      const source = `
        const gst = await import(${JSON.stringify(indexUrl)});
        const collect = async () => {
          for (let round = 0; round < 3; round++) {
            gc();
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        };
        const value = await (${program})(gst, { collect });
        process.stdout.write(JSON.stringify({ value }));`;
      const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', source], {
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (text) => {
        stdout += text;
      });
      child.stderr.on('data', (text) => {
        stderr += text;
      });
      child.on('error', reject);
      child.on('close', (status) => {
        resolve({ status, stderr, value: stdout ? JSON.parse(stdout).value : undefined });
      });
    }),
};

/** Each test gives back the dma-bufs it used: none stays mapped, which no list of fds would tell, and none is left anywhere. */
import { assert } from 'chai';
import { host } from '#host';
import { copies, sources } from './sources.ts';

/** Bytes read at a time: the kernel writes its text anew for each. */
const chunk = 32768;

export function readText(path: string): string {
  const fd = host.openReadOnly(path);
  let text = '';
  try {
    for (let bytes = host.read(fd, 0, chunk); bytes.length; bytes = host.read(fd, text.length, chunk))
      text += String.fromCharCode(...bytes);
  } finally {
    host.close(fd);
  }
  return text;
}

/** Whether programs that are started go without the fd. */
export const closesOnExec = (fd: number): boolean =>
  (Number.parseInt(/^flags:\s*(\d+)/m.exec(readText(`/proc/self/fdinfo/${fd}`))?.[1] ?? '', 8) & 0o2000000) !== 0;

/** All dma-bufs of this machine; null where this process may not know. */
function objects(): number | null {
  try {
    return Number(/^Total (\d+) objects/m.exec(readText('/sys/kernel/debug/dma_buf/bufinfo'))?.[1]);
  } catch {
    return null;
  }
}

/** Where other programs make some, only those of this process can be counted. */
export const isAlone = objects() === sources.length * copies;

const held = (): { mapped: number; objects: number | null } => ({
  mapped: readText('/proc/self/maps').split('/dmabuf:').length - 1,
  objects: isAlone ? objects() : null,
});

/** Checks before something counts as leaked: some is closed or collected a little later. */
const looks = 20;

/** To be called in a `describe`, for all its tests. */
export function watchDmaBufs(): void {
  let before: string;
  beforeEach(() => {
    before = JSON.stringify(held());
  });
  afterEach(async () => {
    for (let look = 0; look < looks && JSON.stringify(held()) !== before; look++) await host.collect();
    assert.strictEqual(JSON.stringify(held()), before, 'dma-bufs are left');
  });
}

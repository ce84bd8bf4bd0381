/** Systems that are not as the one the specs run on: each is imitated, for a process of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from 'chai';
import { procOf } from '../../src/runtime/proc.ts';
import type { Package } from '../harness/host.ts';
import { engines, inChild } from './child.ts';
import { ownFolder } from './folder.ts';

const main = new URL('../../../package/gst-allocators.js', import.meta.url).href;
const privately = ['unshare', '--mount', '--propagation', 'private'];
const canMount = spawnSync(privately[0] as string, [...privately.slice(1), 'true']).status === 0;
const having = (commands: string): string[] => [...privately, 'sh', '-e', '-c', `${commands}\nexec "$@"`, 'sh'];

/** The error of an import, by name and text. */
function imported(environment: object, ...options: string[]): string {
  const program = `await import(${JSON.stringify(main)}).then(() => console.log('imported'), (error) =>
    console.log(error.name, error.message))`;
  const { stdout, stderr } = spawnSync(process.execPath, [...options, '--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  assert.strictEqual(stderr, '');
  return stdout.trim();
}

describe('Other platforms', function () {
  this.timeout(60_000);
  const folder = ownFolder();

  /** A library for LD_PRELOAD, with which no library of that name is found. */
  function without(name: string): string {
    const [source, library] = [join(folder, `without-${name}.c`), join(folder, `without-${name}.so`)];
    writeFileSync(
      source,
      `#define _GNU_SOURCE
      #include <dlfcn.h>
      #include <string.h>
      void *dlopen(const char *path, int flags) {
        void *(*next)(const char *, int) = dlsym(RTLD_NEXT, "dlopen");
        return next(path && strstr(path, "${name}") ? "/nowhere/${name}" : path, flags);
      }`,
    );
    execFileSync('gcc', ['-shared', '-fPIC', '-o', library, source]);
    return library;
  }

  it('Bun and Deno are refused at import, as neither has what waiting takes', () => {
    for (const [key, name] of Object.entries({ bun: 'Bun', deno: 'Deno' })) {
      const disguise = `Object.defineProperty(process, 'versions', { value: { ...process.versions, ${key}: '1.2.3' } })`;
      const url = `data:text/javascript,${encodeURIComponent(disguise)}`;
      assert.match(
        imported({}, '--import', url),
        new RegExp(`^UnavailableError .* needs Node.js 22 .*this is ${name} 1.2.3`),
      );
    }
  });

  it('musl is refused at import, with what to use instead', () => {
    assert.match(imported({ LD_PRELOAD: without('libc.so.6') }), /^UnavailableError .*GNU C library.*node:24-alpine/);
  });

  it('koffi without its binary is refused at import', () => {
    const found = imported({ LD_PRELOAD: without('koffi.node') });
    assert.match(found, /^UnavailableError koffi could not be loaded.*--omit=optional/);
  });

  it('a library of GStreamer that is missing stops nothing but what needs it', async () => {
    const program = (gst: Package) => {
      const query = new gst.AllocationQuery('video/x-raw');
      query.metas.add('GstVideoMetaAPI');
      const has = query.hasMeta('GstVideoMetaAPI');
      query.dispose();
      return has;
    };
    const { value, stderr } = await inChild('node', program, { environment: { LD_PRELOAD: without('libgstaudio') } });
    assert.deepEqual([value, stderr], [true, '']);
  });

  for (const engine of engines) {
    it(`the core of GStreamer alone: features() names the package of libgstallocators (${engine})`, async function () {
      const node = engine === 'node';
      if (!node && !canMount) return this.skip();
      const { value } = await inChild(engine, (gst) => gst.features().shmAllocator, {
        environment: node ? { LD_PRELOAD: without('libgstallocators') } : {},
        within: node
          ? []
          : having('find /usr/lib* -name GstAllocators-1.0.typelib -exec mount --bind /dev/null {} \\;'),
      });
      const { available, found } = value as { available: boolean; found: string };
      assert.isFalse(available);
      assert.match(
        found,
        node ? /apt install .*libgstreamer-plugins-base1\.0-0/ : /apt install .*gir1\.2-gst-plugins-base/,
      );
    });

    it(`a display whose card is not the first (${engine})`, async function () {
      if (!canMount) return this.skip();
      const devices = `mount -t tmpfs tmpfs ${folder}
        for name in null zero urandom; do touch ${folder}/$name; mount --bind /dev/$name ${folder}/$name; done
        mkdir ${folder}/dri
        touch ${folder}/dri/card1
        mount --rbind ${folder} /dev`;
      const ask = (gst: Package) => gst.features().drmDumbAllocator;
      const { value, stderr } = await inChild(engine, ask, { within: having(devices) });
      assert.deepEqual([value, stderr], [{ available: true, found: '/dev/dri/card1' }, '']);
      const without = await inChild(engine, ask, { within: having(`${devices}\nrm /dev/dri/card1`) });
      assert.match((without.value as { found: string }).found, /no card/);
    });

    it(`no /proc (${engine})`, async function () {
      if (!canMount) return this.skip();
      const { code, value } = await inChild(engine, (gst) => gst.Buffer.alloc(4096).size, {
        within: having('mount -t tmpfs tmpfs /proc'),
        environment: { G_DEBUG: '' },
      });
      assert.deepEqual([code, value], [0, 4096]);
    });
  }

  it('pages of 16 and 64 KiB: what is left of the address space is not counted in pages', () => {
    const left = (status: string): number => {
      const texts: Record<string, string> = {
        '/proc/self/limits': 'Max address space         1073741824           unlimited            bytes',
        '/proc/self/status': status,
      };
      return procOf({ read: (path) => texts[path] ?? '', names: () => [], exists: () => true }).addressSpaceLeft();
    };
    assert.strictEqual(left('VmPeak:\t  900000 kB\nVmSize:\t  524288 kB\n'), 2 ** 29 - 2 ** 26);
    assert.strictEqual(left(''), 2 ** 30 - 2 ** 26);
  });
});

/** What SECURITY.md promises: who gets at a socket, and that nothing a peer or a path says is carried out. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';
import { FrameReader, FrameWriter, PipelineError, ShmdataError, ShmdataWriter } from '../../src/index.ts';
import { grayCaps } from '../harness/caps.ts';
import { rejects } from '../harness/expectations.ts';
import { sleep } from '../harness/sleep.ts';
import { engines, inChild } from './child.ts';
import { ownFolder } from './folder.ts';

const root = new URL('../../../../', import.meta.url);
const caps = grayCaps(64, 64);

describe('Security', function () {
  this.timeout(30_000);
  const folder = ownFolder();
  const path = join(folder, 'socket');
  const everything = (): string[] => readdirSync(folder, { recursive: true }) as string[];

  for (const engine of engines) {
    for (const transport of ['unixfd', 'shm'] as const) {
      it(`a FrameWriter's socket is its user's alone, whatever the umask (${transport}, ${engine})`, async () => {
        const before = process.umask(0);
        try {
          const { code, value, stderr } = await inChild(
            engine,
            async ({ FrameWriter, ...gst }, _, { path, transport, caps }) => {
              const writer = await FrameWriter.open(path, { caps, transport });
              const modeOf = (file: string): number =>
                gst.gi.Gio.File.new_for_path(file).query_info('unix::mode', 0, null).get_attribute_uint32('unix::mode');
              const mode =
                gst.runtime === 'gjs'
                  ? modeOf(path)
                  : (globalThis as unknown as { process: typeof process }).process
                      .getBuiltinModule('node:fs')
                      .statSync(path).mode;
              await writer.close();
              return mode & 0o777;
            },
            { argument: { path, transport, caps } },
          );
          assert.strictEqual(stderr, '');
          assert.strictEqual(code, 0);
          assert.strictEqual(value, 0o600);
        } finally {
          process.umask(before);
        }
      });
    }

    it(`a folder that is writable for all and not sticky is refused (${engine})`, async () => {
      chmodSync(folder, 0o777);
      const open = () =>
        inChild(
          engine,
          async ({ FrameWriter, ShmdataWriter, features }, _, { path, caps }) => {
            const outcome = (opening: Promise<{ close(): Promise<void> }>) =>
              opening.then(
                (writer) => writer.close().then(() => 'open'),
                (error: Error) => `${error.name}: ${error.message}`,
              );
            return [
              await outcome(FrameWriter.open(path, { caps })),
              await outcome(FrameWriter.open(path, { caps, transport: 'shm' })),
              features().shmdata?.available ? await outcome(ShmdataWriter.open(path, { type: caps })) : 'none',
            ];
          },
          { argument: { path, caps } },
        );
      const [unixfd, shm, shmdata] = (await open()).value as string[];
      assert.match(unixfd ?? '', /^PipelineError: .*sticky/);
      assert.match(shm ?? '', /^PipelineError: .*sticky/);
      assert.match(shmdata ?? '', /^ShmdataError: .*sticky|^none$/);
      assert.deepEqual(everything(), []);
      chmodSync(folder, 0o1777);
      for (const outcome of (await open()).value as string[]) assert.match(outcome, /^open$|^none$/);
    });
  }

  it("a ShmdataWriter's socket is its user's alone, whatever the umask", async () => {
    const before = process.umask(0);
    try {
      await using writer = await ShmdataWriter.open(path, { type: caps });
      assert.strictEqual(statSync(writer.path).mode & 0o777, 0o600);
    } finally {
      process.umask(before);
    }
  });

  for (const [what, target] of [
    ['to a file', 'file'],
    ['to nothing', 'nothing'],
    ['to a socket that somebody listens at', 'other'],
  ] as const) {
    it(`a symbolic link ${what} is refused, and nothing happens to what it names`, async () => {
      writeFileSync(join(folder, 'file'), 'precious', { mode: 0o644 });
      const other = createServer().listen(join(folder, 'other'));
      await new Promise((resolve) => other.once('listening', resolve));
      const modeBefore = statSync(join(folder, 'other')).mode;
      symlinkSync(target, path);
      const before = everything().sort();
      for (const transport of ['unixfd', 'shm'] as const)
        await rejects(FrameWriter.open(path, { caps, transport }), PipelineError, /no socket/);
      await rejects(ShmdataWriter.open(path, { type: caps }), ShmdataError, /no socket/);
      assert.strictEqual(readlinkSync(path), target);
      assert.deepEqual(everything().sort(), before);
      assert.strictEqual(readFileSync(join(folder, 'file'), 'utf8'), 'precious');
      assert.strictEqual(statSync(join(folder, 'other')).mode, modeBefore);
      await new Promise((resolve) => other.close(resolve));
    });
  }

  it('a path is a name, however much it looks like a pipeline', async () => {
    const odd = join(folder, '"a" ! filesink location=evil name=b \\');
    const writer = await FrameWriter.open(odd, { caps });
    assert.deepEqual(everything(), [odd.slice(folder.length + 1)]);
    const abort = new AbortController();
    const reading = (async () => {
      for await (using sample of FrameReader.follow(odd, { signal: abort.signal })) return sample.caps;
      return null;
    })();
    for (let pts = 0; pts < 4e9; pts += 1e7) {
      if ((await Promise.race([reading, null])) !== null) break;
      await writer.write(new Uint8Array(64 * 64), { pts, timeout: 2e9 });
      await sleep(10);
    }
    abort.abort();
    assert.include((await reading) ?? '', 'GRAY8');
    await writer.close();
    assert.deepEqual(everything(), []);
  });

  it('caps are caps, and what follows them is refused', async () => {
    const evil = join(folder, 'evil');
    for (const more of [`! filesink location=${evil}`, '\n! fakesink', '"']) {
      await rejects(FrameWriter.open(path, { caps: `${caps} ${more}` }), RangeError, /caps/);
      const follow = async () => {
        for await (using _ of FrameReader.follow(path, {
          transport: 'shm',
          caps: `${caps} ${more}`,
          reconnect: false,
        }));
      };
      const server = createServer().listen(path);
      await new Promise((resolve) => server.once('listening', resolve));
      await follow().then(
        () => assert.fail('it was taken'),
        (error: unknown) => assert.match(String(error), /caps/i),
      );
      await new Promise((resolve) => server.close(resolve));
    }
    assert.isFalse(existsSync(evil));
  });

  it('a type that a shmdata peer sends is neither carried out nor printed as it is', async () => {
    const type = `video/x-raw, format=I420 ! filesink location=${folder}/evil \x1b]0;title\x07\x1b[2J`;
    await using writer = await ShmdataWriter.open(path, { type });
    const command = fileURLToPath(new URL('../../src/shmdata/command.js', import.meta.url));
    const run = (...words: string[]) =>
      new Promise<{ status: number | null; said: string }>((resolve) => {
        let said = '';
        const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (text) => {
            said += text;
          });
        child.on('close', (status) => resolve({ status, said }));
      });
    const list = await run('list', folder);
    assert.include(list.said, 'video/x-raw');
    const record = await run('record', path, join(folder, 'film.mkv'), '--seconds', '2');
    assert.strictEqual(record.status, 1, record.said);
    const watched = run('watch', path, '--seconds', '1');
    for (let count = 0; count < 20; count++) {
      await writer.write(new Uint8Array(10));
      await sleep(40);
    }
    for (const { said } of [list, record, await watched]) assert.notMatch(said, /[^\P{Cc}\n]/u);
    assert.isFalse(existsSync(join(folder, 'evil')));
  });
});

describe('Dependencies', () => {
  interface Locked {
    version: string;
    resolved?: string;
    integrity?: string;
    hasInstallScript?: boolean;
    dev?: boolean;
  }
  const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
  const { devDependencies, allowScripts } = JSON.parse(read('package.json'));
  const packages = Object.entries(lock.packages).filter(([name]) => name !== '');

  it('are pinned: each by version and checksum, none by an address', () => {
    for (const [name, { version, resolved, integrity }] of packages) {
      assert.match(version, /^\d+\.\d+\.\d+/, name);
      assert.match(integrity ?? '', /^sha512-/, name);
      assert.isUndefined(resolved, name);
    }
    for (const [name, range] of Object.entries(devDependencies)) assert.match(range as string, /^\d+\.\d+\.\d+$/, name);
  });

  it('that want to run something when they are installed are the ones SECURITY.md lists, and run nothing unasked', () => {
    const listed = [...read('SECURITY.md').matchAll(/^\| `([\w@/-]+)` \|/gm)].map(([, name]) => name);
    const wanting = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([name]) => name.replace(/^.*node_modules\//, ''));
    assert.deepEqual(listed.sort(), wanting.sort());
    assert.match(read('.npmrc'), /^ignore-scripts=true$/m);
    assert.deepEqual(allowScripts, { 'node-gtk': true });
  });

  it('are what package.json asks for', () => {
    const { status, stdout, stderr } = spawnSync('npm', ['ls', '--all', '--package-lock-only'], {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
    });
    assert.strictEqual(status, 0, stdout + stderr);
  });

  it('that are installed with the package have no weakness npm audit knows of, where the registry says', function () {
    const { stdout } = spawnSync(
      'npm',
      ['audit', '--json', '--package-lock-only', '--omit=dev', '--fetch-retries=0', '--fetch-timeout=8000'],
      { cwd: fileURLToPath(root), encoding: 'utf8' },
    );
    const { message, vulnerabilities } = JSON.parse(stdout) as { message?: string; vulnerabilities?: object };
    if (!vulnerabilities) {
      // Mirrors answer 405 or 404; without a network there is no answer. That says nothing of the dependencies.
      console.log(`      not asked: ${message?.replace(/\S+:\/\/\S+/g, '…')}`);
      this.skip();
    }
    assert.deepEqual(vulnerabilities, {});
  });
});

import gi from 'gi';
import System from 'system';
import type { Host, Ran } from './host.ts';
import { sleep } from './sleep.ts';

const GLib = gi.require('GLib', '2.0');
const Gio = gi.require('Gio', '2.0');

const packagePath = GLib.filename_from_uri(import.meta.url.replace(/[^/]*$/, 'gst-allocators.js'))[0];

const pathOf = (fd: number): string => `/proc/self/fd/${fd}`;

/** A duplicate that no GLib object closes behind our back. */
function duplicate(fd: number): number {
  const list = new Gio.UnixFDList();
  list.append(fd);
  return list.steal_fds()[0];
}

async function collect(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    System.gc();
    // GJS handles toggle references and dropped wrappers in the main loop.
    await sleep(15);
  }
}

export const host: Host = {
  temporaryFolder: GLib.get_tmp_dir(),
  environment: (name) => GLib.getenv(name) ?? '',
  setEnvironment(name, value) {
    if (value === null) GLib.unsetenv(name);
    else GLib.setenv(name, value, true);
  },
  processId: Number(GLib.file_read_link('/proc/self')),
  openFile(bytes) {
    const [fd, path] = GLib.file_open_tmp('gst-allocators-XXXXXX');
    GLib.unlink(path);
    if (bytes.length) host.write(fd, 0, bytes);
    return fd;
  },
  openReadOnly(path) {
    const stream = Gio.File.new_for_path(path).read(null);
    const fd = duplicate(stream.get_fd());
    stream.close(null);
    return fd;
  },
  openDevice(path) {
    const stream = Gio.File.new_for_path(path).open_readwrite(null);
    const fd = duplicate(stream.get_input_stream().get_fd());
    stream.close(null);
    return fd;
  },
  openDirectory: () => null,
  openSocket() {
    const socket = Gio.Socket.new(Gio.SocketFamily.UNIX, Gio.SocketType.STREAM, 0);
    const fd = duplicate(socket.get_fd());
    socket.close();
    return fd;
  },
  openPipe() {
    // The child is gone in a moment; its pipes stay.
    const [, , write, read, errors] = GLib.spawn_async_with_pipes(
      null,
      ['true'],
      null,
      GLib.SpawnFlags.SEARCH_PATH,
      null,
    );
    GLib.close(errors);
    return { read, write };
  },
  duplicate,
  isOpen: (fd) => GLib.file_test(pathOf(fd), GLib.FileTest.IS_SYMLINK),
  close(fd) {
    if (!host.isOpen(fd)) throw new Error(`fd ${fd} is not open`);
    GLib.close(fd);
  },
  read(fd, offset, length) {
    const stream = Gio.File.new_for_path(pathOf(fd)).read(null);
    stream.seek(offset, GLib.SeekType.SET, null);
    const bytes = stream.read_bytes(length, null).toArray() as Uint8Array;
    stream.close(null);
    return bytes;
  },
  write(fd, offset, bytes) {
    const stream = Gio.File.new_for_path(pathOf(fd)).open_readwrite(null);
    stream.seek(offset, GLib.SeekType.SET, null);
    stream.get_output_stream().write_bytes(new GLib.Bytes(bytes), null);
    stream.close(null);
  },
  truncate(fd, size) {
    const stream = Gio.File.new_for_path(pathOf(fd)).open_readwrite(null);
    stream.truncate(size, null);
    stream.close(null);
  },
  fileOf(fd) {
    const info = Gio.File.new_for_path(pathOf(fd)).query_info('unix::device,unix::inode', 0, null);
    return `${info.get_attribute_uint32('unix::device')}:${info.get_attribute_uint64('unix::inode')}`;
  },
  openFds() {
    const fds: number[] = [];
    const directory = GLib.Dir.open('/proc/self/fd', 0);
    for (let name = directory.read_name(); name !== null; name = directory.read_name()) fds.push(Number(name));
    directory.close();
    return fds.filter((fd) => host.isOpen(fd));
  },
  linkOf(fd) {
    try {
      return GLib.file_read_link(pathOf(fd));
    } catch {
      return '';
    }
  },
  settled: collect,
  collectOnce: () => System.gc(),
  collect,
  disposesAtOnce: false,
  async run<T>(program: unknown, environment: Record<string, string> = {}): Promise<Ran<T>> {
    const [fd, path] = GLib.file_open_tmp('gst-allocators-XXXXXX');
    GLib.close(fd);
    const source = `
      import * as gst from ${JSON.stringify(`file://${packagePath}`)};
      import System from 'system';
      // What esbuild puts around functions to keep their names.
      const __name = (value) => value;
      const collect = async () => {
        for (let round = 0; round < 3; round++) {
          System.gc();
          await new Promise((resolve) => setTimeout(resolve, 15));
        }
      };
      const value = await (${program})(gst, { collect });
      print(JSON.stringify({ value }));`;
    GLib.file_set_contents(path, new TextEncoder().encode(source));
    const launcher = new Gio.SubprocessLauncher({
      flags: Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_PIPE,
    });
    for (const [name, value] of Object.entries(environment)) launcher.setenv(name, value, true);
    const child = launcher.spawnv(['gjs', '-m', path]);
    const [stdout, stderr] = await new Promise<[string, string]>((resolve, reject) => {
      child.communicate_utf8_async(null, null, (_: unknown, result: unknown) => {
        try {
          const [, out, err] = child.communicate_utf8_finish(result);
          resolve([out, err]);
        } catch (error) {
          reject(error);
        }
      });
    });
    GLib.unlink(path);
    return {
      status: child.get_if_exited() ? child.get_exit_status() : null,
      stderr,
      value: stdout ? JSON.parse(stdout).value : undefined,
    };
  },
};

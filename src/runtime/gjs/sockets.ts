import type { Sockets } from '../runtime.ts';
import { isListenedAt } from '../unix-sockets.ts';
import { GLib, gi } from './namespaces.ts';

export const sockets: Sockets = {
  async probe(path) {
    const { Gio } = gi;
    const file = Gio.File.new_for_path(path);
    const { NOFOLLOW_SYMLINKS } = Gio.FileQueryInfoFlags;
    let mode: number;
    try {
      mode = file.query_info('unix::mode', NOFOLLOW_SYMLINKS, null).get_attribute_uint32('unix::mode');
    } catch {
      return 'absent';
    }
    if ((mode & 0o170000) !== 0o140000) return 'not a socket';
    const [, table] = GLib.file_get_contents('/proc/net/unix');
    if (isListenedAt(path, new TextDecoder().decode(table))) return 'live';
    return new Promise((resolve) => {
      const address = Gio.UnixSocketAddress.new(path);
      // biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
      new Gio.SocketClient().connect_async(address, null, (client: any, result: any) => {
        try {
          client.connect_finish(result).close(null);
          resolve('live');
        } catch (error) {
          // biome-ignore lint/suspicious/noExplicitAny: a GLib.Error
          const refused = (error as any).matches?.(Gio.IOErrorEnum, Gio.IOErrorEnum.CONNECTION_REFUSED);
          resolve(refused ? 'stale' : file.query_exists(null) ? 'live' : 'absent');
        }
      });
    });
  },
  remove(path) {
    const { Gio } = gi;
    try {
      Gio.File.new_for_path(path).delete(null);
    } catch {
      // It was not there.
    }
  },
};

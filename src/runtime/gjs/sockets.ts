import { GstError } from '../../errors.ts';
import { endDead } from '../dead-connections.ts';
import type { Sockets } from '../port/index.ts';
import { connections } from './dead-connections.ts';
import { Gio } from './namespaces.ts';
import { proc } from './proc.ts';
import { relay } from './relay.ts';

const everybodyWrites = 0o0002;
const sticky = 0o1000;

/** `st_mode` of a file, or of the symbolic link itself; null if there is none. */
// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
function modeOf(file: any): number | null {
  try {
    const info = file.query_info('unix::mode', Gio.FileQueryInfoFlags.NOFOLLOW_SYMLINKS, null);
    return info.get_attribute_uint32('unix::mode');
  } catch {
    return null;
  }
}

const isSocket = (mode: number | null): boolean => mode !== null && (mode & 0o170000) === 0o140000;

export const sockets: Sockets = {
  async probe(path) {
    const file = Gio.File.new_for_path(path);
    const mode = modeOf(file);
    if (mode === null) return 'absent';
    if (!isSocket(mode)) return 'not a socket';
    if (sockets.listener(path) !== null) return 'live';
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
  listener: (path) => proc.listenerAt(path),
  relay,
  endDead: (path) => endDead(path, proc, connections),
  remove(path) {
    try {
      Gio.File.new_for_path(path).delete(null);
    } catch (cause) {
      // biome-ignore lint/suspicious/noExplicitAny: a GLib.Error
      if ((cause as any).matches?.(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND)) return;
      throw new GstError(`${path} could not be removed`, { cause, detail: (cause as Error).message });
    }
  },
  isOpenToAll(path) {
    try {
      const folder = Gio.File.new_for_path(path).get_parent();
      const mode = folder
        .query_info('unix::mode', Gio.FileQueryInfoFlags.NONE, null)
        .get_attribute_uint32('unix::mode');
      return (mode & (everybodyWrites | sticky)) === everybodyWrites;
    } catch {
      return false;
    }
  },
  setMode(path, mode) {
    const file = Gio.File.new_for_path(path);
    if (!isSocket(modeOf(file))) throw new GstError(`expected a socket, got ${path}, which is none`);
    // GIO does not follow a link here, and reports one as an error.
    file.set_attribute_uint32('unix::mode', mode, Gio.FileQueryInfoFlags.NOFOLLOW_SYMLINKS, null);
  },
};

import type { Connections } from '../dead-connections.ts';
import { descriptors } from './descriptors.ts';
import { Gio, GLib } from './namespaces.ts';

export const connections: Connections = {
  link(fd) {
    try {
      return GLib.file_read_link(`/proc/self/fd/${fd}`);
    } catch {
      return null;
    }
  },
  isAtEnd(fd) {
    const socket = Gio.Socket.new_from_fd(descriptors.duplicate(fd));
    try {
      return socket.condition_check(GLib.IOCondition.HUP) !== 0 && socket.get_available_bytes() === 0;
    } finally {
      socket.close();
    }
  },
  /**
   * Without dup3, closes the number and takes it again: a duplicate gets the lowest free number. Only an fd that
   * another thread opens within these microseconds can take it first; the connection itself is useless by now.
   */
  replace(fd) {
    const nothing = Gio.File.new_for_path('/dev/null').read(null);
    const list = new Gio.UnixFDList();
    const taken = (): number => list.peek_fds().at(-1);
    do list.append(nothing.get_fd());
    while (taken() < fd);
    GLib.close(fd);
    list.append(nothing.get_fd());
    for (const filler of list.steal_fds()) if (filler !== fd) GLib.close(filler);
    nothing.close(null);
  },
};

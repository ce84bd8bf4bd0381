import Gio from 'gi://Gio?version=2.0';
import GLib from 'gi://GLib?version=2.0';
import system from 'system';
import { consume } from './consumer.ts';

const [socket = '', picture = ''] = system.programArgs;

await consume(socket, picture, {
  tell: (line) => print(JSON.stringify(line)),
  inode: (fd) =>
    Gio.File.new_for_path(`/proc/self/fd/${fd}`)
      .query_info('unix::inode', Gio.FileQueryInfoFlags.NONE, null)
      .get_attribute_uint64('unix::inode'),
  save: (path, bytes) => void GLib.file_set_contents(path, bytes),
  peakMemory: () => {
    const [, status] = GLib.file_get_contents('/proc/self/status');
    return Number(/VmHWM:\s*(\d+)/.exec(new TextDecoder().decode(status))?.[1]) * 1024;
  },
});

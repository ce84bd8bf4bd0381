import { procOf } from '../proc.ts';
import { GLib } from './namespaces.ts';

const decoder = new TextDecoder();

export const proc = procOf({
  read: (path) => decoder.decode(GLib.file_get_contents(path)[1]),
  names(folder) {
    const found: string[] = [];
    const directory = GLib.Dir.open(folder, 0);
    for (let name = directory.read_name(); name !== null; name = directory.read_name()) found.push(name);
    directory.close();
    return found;
  },
  exists: (path) => GLib.file_test(path, GLib.FileTest.EXISTS),
});

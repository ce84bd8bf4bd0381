import { openLimit } from '../descriptor-text.ts';
import { GLib } from './namespaces.ts';

/** How many more files this process may open; infinite where the system does not tell. */
export function spareFiles(): number {
  try {
    const limits = GLib.file_get_contents('/proc/self/limits')[1];
    const directory = GLib.Dir.open('/proc/self/fd', 0);
    let open = 0;
    while (directory.read_name() !== null) open++;
    directory.close();
    return openLimit(new TextDecoder().decode(limits)) - open;
  } catch {
    // Where none is left, not even these can be read.
    return GLib.file_test('/proc/self/limits', GLib.FileTest.EXISTS) ? 0 : Number.POSITIVE_INFINITY;
  }
}

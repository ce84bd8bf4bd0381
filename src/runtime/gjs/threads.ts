import type { Threads } from '../port/index.ts';
import { isPolling } from '../thread-state.ts';
import { GLib } from './namespaces.ts';

function read(path: string): string {
  const [, contents] = GLib.file_get_contents(path);
  return new TextDecoder().decode(contents);
}

export const threads: Threads = {
  // Nothing can be posted to another thread.
  keepHere() {},
  stopAtEnd() {},
  stopped() {},
  polling(name) {
    try {
      const directory = GLib.Dir.open('/proc/self/task', 0);
      let count = 0;
      for (let thread = directory.read_name(); thread !== null; thread = directory.read_name()) {
        const isNamed = read(`/proc/self/task/${thread}/comm`).trim() === name;
        if (isNamed && isPolling(read(`/proc/self/task/${thread}/syscall`))) count++;
      }
      return count;
    } catch {
      return null;
    }
  },
};

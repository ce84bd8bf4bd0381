import { GstError } from '../../errors.ts';
import { type DescriptorInfo, type Descriptors, forbidden } from '../port/descriptors.ts';
import { Gio, GLib, init, namespace } from './namespaces.ts';
import { proc } from './proc.ts';
import { references, withRetry } from './references.ts';

/** The file type bits of `st_mode`. */
const kinds: Record<number, DescriptorInfo['kind']> = {
  1: 'pipe',
  2: 'character device',
  4: 'directory',
  6: 'block device',
  8: 'file',
  12: 'socket',
};

function inspect(fd: number): DescriptorInfo | null {
  if (!Number.isInteger(fd) || fd < 0) return null;
  const link = `/proc/self/fd/${fd}`;
  try {
    const info = Gio.File.new_for_path(link).query_info('unix::mode,standard::size', Gio.FileQueryInfoFlags.NONE, null);
    const kind = kinds[info.get_attribute_uint32('unix::mode') >> 12] ?? 'other';
    if (kind === 'file' || kind === 'other') {
      return proc.dmaBuf(fd) ?? { kind, size: kind === 'file' ? info.get_size() : null };
    }
    return { kind, size: null };
  } catch {
    return null;
  }
}

/** GLib logs a programming error on stderr when a number that names no open file is closed or duplicated. */
function expectOpen(fd: number): void {
  if (!inspect(fd)) throw new GstError(`fd ${fd} is not open`);
}

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

const append = withRetry(
  (list: Wrapper, fd: number): Error | null => {
    try {
      list.append(fd);
      return null;
    } catch (error) {
      return error as Error;
    }
  },
  (error) => error !== null,
);

const allocate = withRetry(
  (allocator: Wrapper, size: number) => allocator?.alloc(size, null) ?? null,
  (memory) => memory === null,
);

export const descriptors: Descriptors = {
  inspect,
  freeSpace(folder) {
    try {
      const info = Gio.File.new_for_path(folder).query_filesystem_info('filesystem::free', null);
      return Number(info.get_attribute_uint64('filesystem::free'));
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  },
  spare(wanted) {
    const spare = proc.spareFiles();
    if (spare >= wanted) return spare;
    references.collect();
    return proc.spareFiles();
  },
  size(fd) {
    try {
      return Gio.File.new_for_path(`/proc/self/fd/${fd}`)
        .query_info('standard::size', Gio.FileQueryInfoFlags.NONE, null)
        .get_size();
    } catch {
      return null;
    }
  },
  duplicate(fd) {
    expectOpen(fd);
    // GLib sets close-on-exec on the duplicate.
    const list = new Gio.UnixFDList();
    const problem = append(list, fd);
    if (problem) throw new GstError(`fd ${fd} could not be duplicated`, { detail: problem.message });
    return list.steal_fds()[0];
  },
  memory(_name, size) {
    // GJS has no `memfd_create`; the memories of this allocator are memfds, whatever their name.
    init();
    const { ShmAllocator } = namespace('GstAllocators');
    ShmAllocator.init_once();
    const memory = allocate(ShmAllocator.get(), size);
    if (!memory) throw new GstError(`a memfd of ${size} bytes could not be made`);
    const fd = descriptors.duplicate(namespace('GstAllocators').fd_memory_get_fd(memory));
    references.drop(memory, 'mini', size);
    return fd;
  },
  close(fd) {
    expectOpen(fd);
    GLib.close(fd);
  },
  access(path) {
    const file = Gio.File.new_for_path(path);
    if (!file.query_exists(null)) return { usable: false, found: 'missing' };
    const info = file.query_info('access::can-read,access::can-write,unix::*', Gio.FileQueryInfoFlags.NONE, null);
    if (['access::can-read', 'access::can-write'].every((name) => info.get_attribute_boolean(name)))
      return { usable: true, found: 'usable' };
    const [mode, uid, gid] = ['unix::mode', 'unix::uid', 'unix::gid'].map((name) => info.get_attribute_uint32(name));
    return { usable: false, found: forbidden({ mode, uid, gid }) };
  },
};

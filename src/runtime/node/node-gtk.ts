/** node-gtk, loaded at the first request for a raw object: most programs make none. */
import type { LibraryHandle } from 'koffi';
import { UnavailableError } from '../../errors.ts';
import { gstNamespaces, versionOf } from '../namespaces.ts';
import type { RawNamespaces } from '../port/index.ts';
import koffi, { requireInstalled } from './koffi.ts';
import { init } from './marshal.ts';
import { thread } from './thread-rules.ts';
import { callOnMainStack } from './trampoline.ts';

export interface NodeGtk {
  require(namespace: string, version: string): unknown;
  System: { addressOf(wrapper: object): number; internalFieldCount(object: object): number };
}

let loaded: NodeGtk | undefined;

export function nodeGtk(): NodeGtk {
  if (loaded) return loaded;
  if (!thread.hasRawObjects) {
    throw new UnavailableError('raw GI objects belong to the main thread: node-gtk cannot be loaded in a worker');
  }
  init();
  preferOldRepository();
  try {
    const gtk = requireInstalled('node-gtk') as NodeGtk;
    // A wrapper gets its class from the namespaces loaded before it is made.
    for (const name of gstNamespaces) requireWhereThereIs(gtk, name);
    wakeTimers(gtk);
    callOnMainStack(gtk);
    loaded = gtk;
  } catch (cause) {
    throw new UnavailableError(
      'node-gtk could not be loaded, and raw GI objects come from it. It is an optional dependency, which npm leaves out ' +
        'where its addon can neither be downloaded nor compiled (that takes libgirepository1.0-dev, libcairo2-dev, g++, make ' +
        'and python3): `npm install node-gtk` tries again. npm 12 runs its install script only when allowed: `npm ' +
        'install-scripts approve node-gtk` (it notes that as allowScripts in package.json), then `npm rebuild node-gtk`',
      { cause },
    );
  }
  return loaded;
}

/** A missing namespace is reported at its first use. */
function requireWhereThereIs(gtk: NodeGtk, name: string): void {
  try {
    gtk.require(name, versionOf(name));
  } catch (cause) {
    if (name === 'Gst') throw cause;
  }
}

/**
 * From a module, node-gtk (4.1) runs a GLib main loop inside a timer, and Node schedules no other timer before that one
 * returns: timers set earlier, and timers of the same delay, would wait for as long as the program runs. One new timer,
 * of a delay that is otherwise unused, makes Node schedule all of them again. It is set from within the loop.
 */
function wakeTimers(gtk: NodeGtk): void {
  const { idleAdd, PRIORITY_DEFAULT } = gtk.require('GLib', '2.0') as {
    idleAdd(priority: number, callback: () => boolean): number;
    PRIORITY_DEFAULT: number;
  };
  idleAdd(PRIORITY_DEFAULT, () => {
    setTimeout(() => {}, rareDelay).unref();
    return false;
  });
}

/** Milliseconds. */
const rareDelay = 3;

/** Kept: koffi unloads collected libraries, and GObject would continue to use the types that this one registered. */
let oldRepository: LibraryHandle | undefined;

/**
 * node-gtk loads the newest installed GIRepository typelib, but is written for 2.0 and prints CRITICALs with 3.0.
 * Requiring 2.0 first makes it use 2.0.
 */
function preferOldRepository(): void {
  try {
    oldRepository ??= koffi.load('libgirepository-1.0.so.1');
    const require = oldRepository.func('g_irepository_require', 'void*', ['void*', 'str', 'str', 'int', 'void*']);
    require(null, 'GIRepository', '2.0', 0, null);
  } catch {
    // Without the library node-gtk cannot be loaded either, and reports it.
  }
}

const namespaces = new Map<string, unknown>();

/** `gi.Gst` and the like, each loaded at first access. */
export const gi: RawNamespaces = new Proxy({} as RawNamespaces, {
  get(_, name) {
    if (typeof name !== 'string' || !/^[A-Z]/.test(name)) return undefined;
    let found = namespaces.get(name);
    if (!found) {
      const gtk = nodeGtk();
      const version = versionOf(name);
      try {
        found = gtk.require(name, version);
      } catch (cause) {
        throw new UnavailableError(`expected the typelib ${name}-${version}, found none`, { cause });
      }
      namespaces.set(name, found);
    }
    return found;
  },
});

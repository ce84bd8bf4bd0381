/** The introspected namespaces, each loaded at first access. */
import introspection from 'gi';
import { GstError, UnavailableError } from '../../errors.ts';
import { gstNamespaces, versionOf } from '../namespaces.ts';
import type { RawNamespaces } from '../port/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: a namespace is whatever its typelib says
type Namespace = any;

const remedies =
  'on Debian and Ubuntu: apt install gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0; ' +
  'Fedora: dnf install gstreamer1 gstreamer1-plugins-base';

const loaded = new Map<string, Namespace>();

/** The namespace, without initialising GStreamer. */
export function namespace(name: string): Namespace {
  let found = loaded.get(name);
  if (!found) {
    const version = versionOf(name);
    try {
      found = introspection.require(name, version);
    } catch (cause) {
      throw new UnavailableError(`expected the typelib ${name}-${version}, found none (${remedies})`, { cause });
    }
    loaded.set(name, found);
  }
  return found;
}

export const GLib: Namespace = namespace('GLib');
export const GObject: Namespace = namespace('GObject');
export const Gio: Namespace = namespace('Gio');

let initialised = false;

/** `gst_init_check`. Idempotent. */
export function init(argv: readonly string[] = []): void {
  if (initialised) return;
  try {
    namespace('Gst').init_check(argv.length ? ['gst-allocators', ...argv] : null);
  } catch (cause) {
    if (cause instanceof GLib.Error) throw new GstError((cause as Error).message, { cause });
    throw cause;
  }
  initialised = true;
  // A wrapper gets its class from the namespaces loaded before it is made.
  for (const name of gstNamespaces) {
    try {
      namespace(name);
    } catch {
      // A missing namespace is reported at its first use.
    }
  }
}

/** Gst, initialised. */
export function gst(): Namespace {
  init();
  return namespace('Gst');
}

/** `gi.Gst` and the like. Access to those of GStreamer initialises it. */
export const gi: RawNamespaces = new Proxy({} as RawNamespaces, {
  get(_, name) {
    if (typeof name !== 'string' || !/^[A-Z]/.test(name)) return undefined;
    if (name.startsWith('Gst')) init();
    return namespace(name);
  },
});

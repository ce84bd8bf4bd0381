import { GLib } from './namespaces.ts';

/** GJS warns about 64-bit numbers that a Number rounds, such as all ones, "no time", which is expected here. */
export function withoutRoundingWarning<T>(read: () => T): T {
  const handler = GLib.log_set_handler('Gjs', GLib.LogLevelFlags.LEVEL_WARNING, () => undefined);
  try {
    return read();
  } finally {
    GLib.log_remove_handler('Gjs', handler);
  }
}

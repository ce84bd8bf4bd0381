/**
 * Flags for the whole process, for facts that GStreamer does not keep. GLib's table of quarks is shared by all threads,
 * all realms and all copies of the package. A flag cannot be cleared.
 */
import { runtime } from '#runtime';

const { c } = runtime;

export type ProcessNote = `${string}.initOnce`;

const textOf = (note: ProcessNote): string => `gst-allocators ${note}`;

export const noteForProcess = (note: ProcessNote): void => void c.g_quark_from_string(textOf(note));

export const isNotedForProcess = (note: ProcessNote): boolean => c.g_quark_try_string(textOf(note)) !== 0;

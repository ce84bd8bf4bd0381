/**
 * What this package notes for the whole process, where GStreamer has no place for it: GLib's table of quarks is one for all
 * threads, all realms and all copies of the package. What is noted once stays.
 */
import { runtime } from '#runtime';

const { c } = runtime;

export type ProcessNote = `${string}.initOnce`;

const textOf = (note: ProcessNote): string => `gst-allocators ${note}`;

export const noteForProcess = (note: ProcessNote): void => void c.g_quark_from_string(textOf(note));

export const isNotedForProcess = (note: ProcessNote): boolean => c.g_quark_try_string(textOf(note)) !== 0;

/** Types of `dist/gjs/gst-allocators.js`, where the bundle step copies this: the one API, and GJS's raw namespaces. */
import type { RawNamespaces } from '#types/gjs';

export * from 'gst-allocators';
/** The raw namespaces of GJS: `gi.Gst`, `gi.GstAllocators`, `gi.GstApp`, `gi.GstVideo`. */
export declare const gi: RawNamespaces;

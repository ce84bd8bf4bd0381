/** Types of `dist/gjs/gst-allocators.js`, where the bundle step copies this: the one API, and GJS's raw namespaces. */
import type { RawNamespaces } from '#types/gjs';

export * from '../package/gst-allocators.js';
/** The raw namespaces of GJS: `gi.Gst`, `gi.GstAllocators`, `gi.GstApp`, `gi.GstVideo`. */
export declare const gi: RawNamespaces;

/** The module brings these where GJS lacks them. With the types of the DOM or of Node.js they are the same ones. */
declare global {
  interface AbortSignal {
    readonly aborted: boolean;
    // biome-ignore lint/suspicious/noExplicitAny: so it is in the DOM
    readonly reason: any;
    throwIfAborted(): void;
  }
  interface AbortController {
    readonly signal: AbortSignal;
    // biome-ignore lint/suspicious/noExplicitAny: so it is in the DOM
    abort(reason?: any): void;
  }
  // biome-ignore lint/suspicious/noExplicitAny: any global of the DOM would do to find out whether it is there
  var AbortController: typeof globalThis extends { onmessage: any; AbortController: infer T }
    ? T
    : { prototype: AbortController; new (): AbortController };
}

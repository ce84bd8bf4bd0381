/** The raw namespaces as node-gtk has them, typed by its own generator from the GStreamer this package was built with. */
export interface RawNamespaces {
  readonly Gst: typeof import('./generated/node/Gst-1.0.js');
  readonly GstAllocators: typeof import('./generated/node/GstAllocators-1.0.js');
  readonly GstApp: typeof import('./generated/node/GstApp-1.0.js');
  readonly GstVideo: typeof import('./generated/node/GstVideo-1.0.js');
  readonly GObject: typeof import('./generated/node/GObject-2.0.js');
  readonly GLib: typeof import('./generated/node/GLib-2.0.js');
  // biome-ignore lint/suspicious/noExplicitAny: any other namespace that is installed
  readonly [namespace: string]: any;
}

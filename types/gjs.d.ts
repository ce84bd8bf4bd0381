/** The raw namespaces as GJS has them, typed by ts-for-gir from the GStreamer this package was built with. */
export interface RawNamespaces {
  readonly Gst: typeof import('./generated/gjs/gst-1.0.js').default;
  readonly GstAllocators: typeof import('./generated/gjs/gstallocators-1.0.js').default;
  readonly GstApp: typeof import('./generated/gjs/gstapp-1.0.js').default;
  readonly GstVideo: typeof import('./generated/gjs/gstvideo-1.0.js').default;
  readonly GObject: typeof import('./generated/gjs/gobject-2.0.js').default;
  readonly GLib: typeof import('./generated/gjs/glib-2.0.js').default;
  // biome-ignore lint/suspicious/noExplicitAny: any other namespace that is installed
  readonly [namespace: string]: any;
}

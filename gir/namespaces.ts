/** The introspected namespaces this package binds, with the oldest version each entry of the API works with. */
export const namespaces = {
  'Gst-1.0': '1.24',
  'GstAllocators-1.0': '1.24',
  'GstApp-1.0': '1.24',
  'GstVideo-1.0': '1.24',
  'GstAudio-1.0': '1.24',
  'GObject-2.0': '2.76',
  'GLib-2.0': '2.76',
} as const;

/** Namespaces that are public as `gi.*`, and for which typings are generated. */
export const publicNamespaces = ['Gst-1.0', 'GstAllocators-1.0', 'GstApp-1.0', 'GstVideo-1.0'] as const;

export type NamespaceName = keyof typeof namespaces;

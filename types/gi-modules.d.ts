/** GJS's `gi://` modules for the programs of this repository. Not for those who use it: they bring their own. */

declare module 'gi://Gst?version=1.0' {
  import Gst from '#types/generated/gjs/gst-1.0';
  export default Gst;
}
declare module 'gi://GstApp?version=1.0' {
  import GstApp from '#types/generated/gjs/gstapp-1.0';
  export default GstApp;
}
declare module 'gi://GLib?version=2.0' {
  import GLib from '#types/generated/gjs/glib-2.0';
  export default GLib;
}
declare module 'gi://GObject?version=2.0' {
  import GObject from '#types/generated/gjs/gobject-2.0';
  export default GObject;
}
declare module 'gi://*' {
  // biome-ignore lint/suspicious/noExplicitAny: a namespace that nothing here generates typings for
  const namespace: any;
  export default namespace;
}

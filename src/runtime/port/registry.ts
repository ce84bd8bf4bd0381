import type { PropertyDetails, PropertyInfo } from './properties.ts';

/** A plugin that is installed (`GstPlugin`). */
export interface RegisteredPlugin {
  name: string;
  /** The module it is built from (`gst-plugins-good`). */
  source: string;
  version: string;
  /** Its library; null for what GStreamer has in itself. */
  file: string | null;
  /** The elements it brings, by their factories. */
  factories: string[];
}

/** A property, as its class declares it. */
export interface RegisteredProperty extends PropertyInfo, PropertyDetails {
  /** Name of the GType that the value's type is built on (`gint`, `GEnum`, `GObject`). */
  fundamental: string;
  deprecated: boolean;
  /** Highest state in which the element takes a change of it; null where it does not say so. */
  mutableIn: 'ready' | 'paused' | 'playing' | null;
  /** What each nick is for. */
  descriptions: ReadonlyMap<string, string>;
}

/** A signal that is emitted to make the element do something. */
export interface ActionSignal {
  name: string;
  /** Names of GTypes. */
  takes: string[];
  returns: string;
}

/** A GType with what it declares itself. */
export interface RegisteredType {
  name: string;
  properties: RegisteredProperty[];
  actions: ActionSignal[];
}

export interface RegisteredElement {
  factory: string;
  title: string;
  description: string;
  /** Its type, and the types it derives from up to `GstObject`, which comes last. */
  types: RegisteredType[];
}

/** The elements that are installed (`GstRegistry`), by their classes: none is made for it. */
export interface Registry {
  plugins(): RegisteredPlugin[];
  /** Null for an element whose plugin cannot be loaded. */
  element(factory: string): RegisteredElement | null;
}

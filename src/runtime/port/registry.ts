import type { PropertyDetails, PropertyInfo } from './properties.ts';

/** An installed plugin (`GstPlugin`). */
export interface RegisteredPlugin {
  name: string;
  /** The module it is built from (`gst-plugins-good`). */
  source: string;
  version: string;
  /** Its library; null for a plugin that is part of GStreamer itself. */
  file: string | null;
  /** Its elements, by their factories. */
  factories: string[];
}

/** A property, as its class declares it. */
export interface RegisteredProperty extends PropertyInfo, PropertyDetails {
  /** Name of the fundamental GType of the value's type (`gint`, `GEnum`, `GObject`). */
  fundamental: string;
  deprecated: boolean;
  /** Highest state in which the element accepts a change; null if it declares none. */
  mutableIn: 'ready' | 'paused' | 'playing' | null;
  /** The description of each nick. */
  descriptions: ReadonlyMap<string, string>;
}

/** An action signal: emitting it calls the element. */
export interface ActionSignal {
  name: string;
  /** Names of GTypes. */
  takes: string[];
  returns: string;
}

/** A GType with its own declarations, without inherited ones. */
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

/** The installed elements (`GstRegistry`), read from their classes without making an element. */
export interface Registry {
  plugins(): RegisteredPlugin[];
  /** Null for an element whose plugin cannot be loaded. */
  element(factory: string): RegisteredElement | null;
}

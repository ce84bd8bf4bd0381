import type { Handle } from '../../generated/symbols.ts';

export interface PropertyInfo {
  name: string;
  /** GType name of the value (`gint`, `GstCaps`, `GstVideoTestSrcPattern`). */
  type: string;
  readable: boolean;
  writable: boolean;
  /** Can be set only at construction: in a description. */
  constructOnly: boolean;
}

/** The values that a property accepts, by its `GParamSpec`. */
export interface PropertyDetails {
  /** Its purpose, in one line (`g_param_spec_get_blurb`). */
  blurb: string | null;
  /** As `get` returns it. */
  default: unknown;
  /** For numbers and flags; else null. */
  minimum: number | bigint | null;
  maximum: number | bigint | null;
  /**
   * The nicks of an enumeration or of flags, each with its number. GJS finds those of an enumeration from -64 to 1023 and
   * the powers of two, and none of flags.
   */
  nicks: ReadonlyMap<string, number>;
}

/** GObject properties. */
export interface Properties {
  list(object: Handle): PropertyInfo[];
  details(object: Handle, property: PropertyInfo): PropertyDetails;
  get(object: Handle, property: PropertyInfo): unknown;
  /** False when the property does not accept the value, and keeps its old one. */
  set(object: Handle, property: PropertyInfo, value: unknown): boolean;
}

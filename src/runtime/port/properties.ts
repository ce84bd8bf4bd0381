import type { Handle } from '../../generated/symbols.ts';

export interface PropertyInfo {
  name: string;
  /** GType name of the value (`gint`, `GstCaps`, `GstVideoTestSrcPattern`). */
  type: string;
  readable: boolean;
  writable: boolean;
  /** Can be set only while the object is made: in a description. */
  constructOnly: boolean;
}

/** What a property takes, by its `GParamSpec`. */
export interface PropertyDetails {
  /** What it is for, in one line (`g_param_spec_get_blurb`). */
  blurb: string | null;
  /** As `get` gives it. */
  default: unknown;
  /** Of numbers and flags; null for all else. */
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
  /** False when the property does not take the value: it is then as it was. */
  set(object: Handle, property: PropertyInfo, value: unknown): boolean;
}

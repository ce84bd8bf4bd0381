import type { Handle } from '../symbols.ts';

export interface PropertyInfo {
  name: string;
  /** GType name of the value (`gint`, `GstCaps`, `GstVideoTestSrcPattern`). */
  type: string;
  readable: boolean;
  writable: boolean;
}

/** GObject properties. */
export interface Properties {
  list(object: Handle): PropertyInfo[];
  get(object: Handle, property: PropertyInfo): unknown;
  /** Throws a `TypeError` that says what the property takes. */
  set(object: Handle, property: PropertyInfo, value: unknown): void;
}

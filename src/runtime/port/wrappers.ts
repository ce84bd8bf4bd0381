import type { Handle } from '../../generated/symbols.ts';
import type { Family } from './references.ts';

/** Converts between handles and the objects of the engine's own bindings. */
export interface Wrappers {
  /** The engine's wrapper; `typeName` is the GType's name (`GstBuffer`). It holds a reference of its own. */
  toRaw(handle: Handle, family: Family, typeName: string): unknown;
  /** A handle for a raw object of that type or of a derived type; null for anything else. */
  fromRaw(raw: unknown, family: Family, typeName: string): Handle | null;
  /** GType name of an object (`GstShmAllocator`). */
  typeName(object: Handle): string;
  isA(object: Handle, typeName: string): boolean;
  /** All elements of a bin, including those of nested bins. */
  elements(bin: Handle): Handle[];
  /** The sources or sinks that are direct children of a bin, including bins. */
  ends(bin: Handle, which: 'sources' | 'sinks'): Handle[];
  /** The pads that an element has now. */
  pads(element: Handle): Handle[];
  /** The source pads among them. */
  sourcePads(element: Handle): Handle[];
}

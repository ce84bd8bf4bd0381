/** Caps as values to compute with; all functions of the package take and return caps as text. */
import { runtime } from '#runtime';
import { expectSize, expectString, outOfRange, wrongType } from '../expect.ts';
import type { Handle } from '../runtime/port/index.ts';
import { takeCaps, withCaps } from './caps.ts';
import type { Structure } from './field-value.ts';
import { parseStructure } from './structure-syntax.ts';

const { c } = runtime;

/**
 * The formats that a stream may have, or has (`GstCaps`): structures, preferred ones first. Plain data: nothing to
 * dispose, and every change returns a new object. Pass `String(caps)` to functions that take caps.
 */
export class Caps {
  /** The caps as GStreamer prints them (`gst_caps_to_string`). */
  readonly text: string;

  /**
   * `gst_caps_from_string`.
   * @throws RangeError for text that is not caps
   */
  constructor(text: string) {
    expectString('text', text);
    this.text = withCaps('text', text, (native) => c.gst_caps_to_string(native as Handle));
    Object.freeze(this);
  }

  /** The text. */
  toString(): string {
    return this.text;
  }

  /** `gst_caps_is_any`. */
  get isAny(): boolean {
    return lend(this, (native) => c.gst_caps_is_any(native));
  }

  /** `gst_caps_is_empty`. */
  get isEmpty(): boolean {
    return lend(this, (native) => c.gst_caps_is_empty(native));
  }

  /** Whether the caps leave no choice (`gst_caps_is_fixed`). */
  get isFixed(): boolean {
    return lend(this, (native) => c.gst_caps_is_fixed(native));
  }

  /** Number of structures (`gst_caps_get_size`). */
  get size(): number {
    return lend(this, (native) => c.gst_caps_get_size(native));
  }

  /** A structure with its fields and their types (`gst_caps_get_structure`). */
  structure(index: number): Structure {
    return this.#at(index, (native) =>
      parseStructure(c.gst_structure_to_string(c.gst_caps_get_structure(native, index))),
    );
  }

  /** Features that a structure requires, such as `memory:DMABuf` (`gst_caps_get_features`). @since 1.2 */
  features(index: number): string[] {
    return this.#at(index, (native) => {
      const features = c.gst_caps_get_features(native, index);
      return features ? c.gst_caps_features_to_string(features).split(/\s*,\s*/) : [];
    });
  }

  #at<T>(index: number, use: (native: Handle) => T): T {
    return lend(this, (native) => {
      const count = c.gst_caps_is_any(native) ? 0 : c.gst_caps_get_size(native);
      expectSize('index', index);
      if (index >= count) throw outOfRange('index', `less than ${count}, the number of structures`, index);
      return use(native);
    });
  }

  /** The structures in order. */
  *[Symbol.iterator](): Iterator<Structure> {
    for (let index = 0; index < this.size; index++) yield this.structure(index);
  }

  /** The formats that both allow (`gst_caps_intersect`), in the order of these caps. */
  intersect(other: Caps | string): Caps {
    return lendBoth(this, other, (native, second) => taken(c.gst_caps_intersect(native, second)));
  }

  /** Whether both allow a common format (`gst_caps_can_intersect`). */
  canIntersect(other: Caps | string): boolean {
    return lendBoth(this, other, (native, second) => c.gst_caps_can_intersect(native, second));
  }

  /**
   * The formats that these caps allow and `other` does not (`gst_caps_subtract`).
   * @throws RangeError for ANY: only all of it can be subtracted, or nothing
   */
  subtract(other: Caps | string): Caps {
    return lendBoth(this, other, (native, second) => {
      if (c.gst_caps_is_any(native) && !c.gst_caps_is_any(second) && !c.gst_caps_is_empty(second))
        throw outOfRange('other', 'ANY or EMPTY where it is taken from ANY', c.gst_caps_to_string(second));
      return taken(c.gst_caps_subtract(native, second));
    });
  }

  /** Whether `superset` allows every format of these caps (`gst_caps_is_subset`). */
  isSubset(superset: Caps | string): boolean {
    return lendBoth(this, superset, (native, second) => c.gst_caps_is_subset(native, second));
  }

  /** Whether both allow the same formats (`gst_caps_is_equal`). */
  isEqual(other: Caps | string): boolean {
    return lendBoth(this, other, (native, second) => c.gst_caps_is_equal(native, second));
  }

  /**
   * Fixed caps with one of the possible formats (`gst_caps_fixate`).
   * @throws RangeError for ANY and for empty caps, which cannot be fixed
   */
  fixate(): Caps {
    return lend(this, (native) => {
      if (c.gst_caps_is_any(native) || c.gst_caps_is_empty(native))
        throw outOfRange('this', 'caps that leave a choice', this.text);
      return taken(c.gst_caps_fixate(native));
    });
  }

  /** The caps without lists (`gst_caps_normalize`): one structure for each alternative. */
  normalize(): Caps {
    return lend(this, (native) => taken(c.gst_caps_normalize(native)));
  }

  /** The caps with fewer structures, where some allow the formats of others (`gst_caps_simplify`). */
  simplify(): Caps {
    return lend(this, (native) => taken(c.gst_caps_simplify(native)));
  }
}

const taken = (native: Handle): Caps => new Caps(takeCaps(native) as string);

function lend<T>(caps: Caps, use: (native: Handle) => T): T {
  return withCaps('caps', caps.text, (native) => {
    if (!native) throw wrongType('caps', 'Caps', caps);
    return use(native);
  });
}

function lendBoth<T>(caps: Caps, other: Caps | string, use: (native: Handle, other: Handle) => T): T {
  const text = expectString('other', other instanceof Caps ? other.text : other);
  return lend(caps, (native) => withCaps('other', text, (second) => use(native, second as Handle)));
}

/** The values that fields of a structure can hold. */
import { expectInteger, expectString, largestInt, outOfRange } from '../expect.ts';

/** A ratio (`GstFraction`), such as a frame rate. */
export class Fraction {
  /** `gst_value_get_fraction_numerator`. */
  readonly numerator: number;
  /** `gst_value_get_fraction_denominator`; not 0. */
  readonly denominator: number;

  /** @param denominator not 0 */
  constructor(numerator: number, denominator = 1) {
    this.numerator = expectInteger('numerator', numerator, -largestInt, largestInt);
    this.denominator = expectInteger('denominator', denominator, -largestInt, largestInt);
    if (denominator === 0) throw outOfRange('denominator', 'anything but 0', denominator);
  }

  /** The form used in caps: `30/1`. */
  toString(): string {
    return `${this.numerator}/${this.denominator}`;
  }
}

/**
 * A value with a type that JavaScript cannot express: `new TypedValue('double', 5)`. When read back, values of types
 * without a JavaScript form (flags, ranges, lists of alternatives) are text: `('bitmask', '0x3')`.
 */
export class TypedValue {
  /** The type as given, or as GStreamer prints it. */
  readonly type: string;
  /** The value, or its text where the type has no JavaScript form. */
  readonly value: boolean | number | bigint | string | readonly FieldValue[];

  /** @param type `int`, `uint`, `int64`, `uint64`, `float`, `double`, `boolean`, `string` or the name of a GType */
  constructor(type: string, value: boolean | number | bigint | string | readonly FieldValue[]) {
    if (!/^[A-Za-z][\w-]*$/.test(expectString('type', type))) throw outOfRange('type', 'the name of a type', type);
    this.type = type;
    this.value = value;
  }
}

/** A structure within a structure (`GstStructure`). */
export class Structure {
  /** `gst_structure_get_name`. */
  readonly name: string;
  /** The fields, by their names. */
  readonly fields: Fields;

  constructor(name: string, fields: Fields = {}) {
    this.name = expectStructureName('name', name);
    this.fields = fields;
  }
}

/**
 * A value of a field. Whole numbers are `int`, or `int64` if too large for `int`; other numbers are `double`. An array
 * holds values of one type; an object is a structure with the name of its field.
 */
export type FieldValue =
  | boolean
  | number
  | bigint
  | string
  | null
  | Fraction
  | TypedValue
  | Structure
  | { readonly [field: string]: FieldValue }
  | readonly FieldValue[];

export interface Fields {
  readonly [field: string]: FieldValue;
}

export function expectStructureName(name: string, value: unknown): string {
  if (!/^[A-Za-z][\w/.:+-]*$/.test(expectString(name, value))) {
    throw outOfRange(name, 'a letter, then letters, digits and any of _ - / . : +', value);
  }
  return value as string;
}

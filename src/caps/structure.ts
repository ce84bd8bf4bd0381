/**
 * Structures as plain objects. Both engines read and write them in the text form that GStreamer itself prints and
 * parses (`gst_structure_to_string`, `gst_structure_from_string`): it keeps the type of every field.
 */
import { runtime } from '#runtime';
import { expectString, largestInt, outOfRange, wrongType } from '../expect.ts';
import type { Handle } from '../runtime/port/index.ts';
import { isReadableStructure } from './caps-syntax.ts';
import { type Fields, type FieldValue, Fraction, Structure, TypedValue } from './field-value.ts';
import { parseStructure, quote } from './structure-syntax.ts';

const { c } = runtime;

/** Calls `use` with a native structure that has these fields. */
export function withStructure<T>(name: string, path: string, fields: Fields, use: (native: Handle) => T): T {
  const { text, count } = writeStructure(name, path, fields, 0);
  const [native] = isReadableStructure(text) ? c.gst_structure_from_string(text) : [null];
  if (!native) throw outOfRange(path, 'fields that GStreamer can take', fields);
  try {
    if (c.gst_structure_n_fields(native) !== count) throw outOfRange(path, 'fields that GStreamer can take', fields);
    return use(native);
  } finally {
    c.gst_structure_free(native);
  }
}

/** The fields of a structure's text. */
export const readFields = (text: string): Record<string, FieldValue> => ({ ...parseStructure(text).fields });

/** A fraction, a structure or an array in the text form that properties take; any other value as it is. */
export function textOf(path: string, type: string, value: unknown): unknown {
  if (type === 'GstFraction' && value instanceof Fraction) return String(value);
  if (type === 'GstStructure' && value instanceof Structure)
    return writeStructure(value.name, path, value.fields, 0).text;
  return type === 'GstValueArray' && Array.isArray(value) ? writeArray(path, '', value, null, 0) : value;
}

function expectFields(path: string, fields: unknown): Fields {
  if (fields === null || typeof fields !== 'object' || Array.isArray(fields))
    throw wrongType(path, 'an object', fields);
  return fields as Fields;
}

/** Each level of quotes doubles the escape characters inside it. */
const deepest = 8;

function writeStructure(name: string, path: string, fields: Fields, depth: number): { text: string; count: number } {
  const written = Object.entries(expectFields(path, fields)).map(([key, value]) => {
    if (!/^[A-Za-z][\w/.:+-]*$/.test(key)) throw outOfRange(path, 'an object whose keys are names of fields', key);
    return `${key}=${write(`${path}.${key}`, key, value, depth + 1)}`;
  });
  return { text: [name, ...written].join(', '), count: written.length };
}

/** A value with its type: `(int)5`. */
function write(path: string, key: string, value: FieldValue, depth: number): string {
  if (depth > deepest) throw outOfRange(path, `nested no deeper than ${deepest}`, value);
  if (Array.isArray(value)) return writeArray(path, key, value, null, depth);
  if (value instanceof TypedValue) {
    return Array.isArray(value.value)
      ? writeArray(path, key, value.value, value.type, depth)
      : writeTyped(path, value.type, value.value as Exclude<TypedValue['value'], readonly FieldValue[]>);
  }
  switch (typeof value) {
    case 'boolean':
      return `(boolean)${value}`;
    case 'string':
      return `(string)${quote(expectString(path, value))}`;
    case 'number':
      return writeTyped(path, numberType(value), value);
    case 'bigint':
      return writeTyped(path, value > 2n ** 63n - 1n ? 'uint64' : 'int64', value);
  }
  if (value === null) return '(string)NULL';
  if (value instanceof Fraction) return `(fraction)${value}`;
  if (typeof value !== 'object') throw wrongType(path, 'a value that a field can hold', value);
  const [name, fields] = value instanceof Structure ? [value.name, value.fields] : [key, value as Fields];
  return `(structure)${quote(`${writeStructure(name, path, fields, depth).text};`)}`;
}

function numberType(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return 'double';
  return value >= -(2 ** 31) && value <= largestInt ? 'int' : 'int64';
}

/** C names and ranges of the types for whole numbers. */
const wholeTypes = new Map<string, [string, bigint, bigint]>([
  ['int', ['int', -(2n ** 31n), 2n ** 31n - 1n]],
  ['uint', ['uint', 0n, 2n ** 32n - 1n]],
  ['int64', ['gint64', -(2n ** 63n), 2n ** 63n - 1n]],
  ['gint64', ['gint64', -(2n ** 63n), 2n ** 63n - 1n]],
  ['uint64', ['guint64', 0n, 2n ** 64n - 1n]],
  ['guint64', ['guint64', 0n, 2n ** 64n - 1n]],
]);

function writeTyped(path: string, type: string, value: boolean | number | bigint | string): string {
  const whole = wholeTypes.get(type);
  if (typeof value === 'string') {
    // Ranges, lists of alternatives, and words of types that cannot be quoted are written unchanged.
    const isPlain = type !== 'string' && /^(?:[\w/.:+-]+|[[{].*)$/s.test(value);
    return `(${whole?.[0] ?? type})${isPlain ? value : quote(expectString(path, value))}`;
  }
  if (whole) {
    const [name, least, most] = whole;
    const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
    if (!isWhole) throw wrongType(path, `a whole number for ${type}`, value);
    if (BigInt(value) < least || BigInt(value) > most) throw outOfRange(path, `from ${least} to ${most}`, value);
    return `(${name})${value}`;
  }
  if (type === 'boolean' && typeof value === 'boolean') return `(boolean)${value}`;
  if ((type === 'double' || type === 'float') && typeof value === 'number') {
    const text = Number.isNaN(value) ? 'nan' : Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
    return `(${type})${Object.is(value, -0) ? '-0' : text}`;
  }
  throw wrongType(path, `a value for the type ${type}`, value);
}

/** The text form names one type for all the elements. */
function writeArray(
  path: string,
  key: string,
  given: readonly FieldValue[],
  type: string | null,
  depth: number,
): string {
  // Holes are read as undefined, and a proxy is read once.
  const values = Array.from(given);
  const isFractional = values.some((value) => typeof value === 'number' && numberType(value) === 'double');
  const isLarge = values.some((value) => typeof value === 'number' && numberType(value) === 'int64');
  const numbers = type ?? (isFractional ? 'double' : isLarge ? 'int64' : null);
  const written = values.map((value, index) => {
    const at = `${path}[${index}]`;
    if (numbers && typeof value === 'number') return writeTyped(at, numbers, value);
    return type && !(value instanceof TypedValue) && !Array.isArray(value)
      ? writeTyped(at, type, value as number)
      : write(at, key, value, depth + 1);
  });
  const types = new Set(written.map((text) => /^\(\w+\)|^</.exec(text)?.[0]));
  if (types.size > 1) throw wrongType(path, 'an array of values of one type', values);
  return `<${written.join(', ')}>`;
}

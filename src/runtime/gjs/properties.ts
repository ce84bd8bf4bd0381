import type { Handle } from '../../generated/symbols.ts';
import type { Properties, PropertyInfo } from '../port/index.ts';
import { GObject, gst } from './namespaces.ts';
import { wrappers } from './wrappers.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

const readableFlag = 1;
const writableFlag = 2;
const constructOnlyFlag = 8;

interface Accessor {
  get(value: Wrapper): Wrapper;
  /** Puts `wanted` into the value; false when it does not fit. */
  set(value: Wrapper, wanted: unknown): boolean;
  /** For numbers: the range of the type. */
  range?: readonly [number | bigint, number | bigint];
}

function integer(name: string, least: bigint, most: bigint): Accessor {
  return {
    // As text: GJS rounds numbers that a Number cannot hold, and warns.
    get(value) {
      const exact = BigInt(gst().value_serialize(value));
      return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
    },
    set(value, wanted) {
      if (typeof wanted !== 'bigint' && !Number.isSafeInteger(wanted)) return false;
      const exact = BigInt(wanted as number | bigint);
      if (exact < least || exact > most) return false;
      value[`set_${name}`](/64|long/.test(name) ? wanted : Number(exact));
      return true;
    },
    range: [least, most],
  };
}

function plain(name: string, fits: (wanted: unknown) => boolean, most?: number): Accessor {
  return {
    ...(most === undefined ? {} : { range: [-most, most] }),
    get: (value) => value[`get_${name}`](),
    set(value, wanted) {
      if (!fits(wanted)) return false;
      value[`set_${name}`](wanted);
      return true;
    },
  };
}

const isNumber = (wanted: unknown) => typeof wanted === 'number';

/** By name of the fundamental type. */
const accessors: Record<string, Accessor> = {
  gboolean: plain('boolean', (wanted) => typeof wanted === 'boolean'),
  gint: integer('int', -(2n ** 31n), 2n ** 31n - 1n),
  guint: integer('uint', 0n, 2n ** 32n - 1n),
  glong: integer('long', -(2n ** 63n), 2n ** 63n - 1n),
  gulong: integer('ulong', 0n, 2n ** 64n - 1n),
  gint64: integer('int64', -(2n ** 63n), 2n ** 63n - 1n),
  guint64: integer('uint64', 0n, 2n ** 64n - 1n),
  gfloat: plain('float', isNumber, (2 - 2 ** -23) * 2 ** 127),
  gdouble: plain('double', isNumber, Number.MAX_VALUE),
  gchararray: plain('string', (wanted) => wanted === null || typeof wanted === 'string'),
};

/** GJS has no fundamental GTypes except GObject's own: GstFraction, for example, is missing. */
function fundamentalOf(type: unknown): string | null {
  try {
    return GObject.type_fundamental(type).name;
  } catch {
    return null;
  }
}

function newValue(type: unknown): Wrapper {
  const value = new GObject.Value();
  try {
    value.init(type);
  } catch {
    // The call has taken effect; but it also returns the value, and GJS cannot convert an array.
  }
  return value;
}

/** Numbers of flags by their text: GJS has no way to look up the nicks that GStreamer prints. */
const readFlags = new Map<string, number>();

const objectPrototype = GObject.Object.prototype;

export const properties: Properties = {
  list(object) {
    return GObject.Object.list_properties.call((object as Wrapper).constructor).map((spec: Wrapper) => ({
      name: spec.get_name(),
      type: spec.value_type.name,
      readable: (spec.flags & readableFlag) !== 0,
      writable: (spec.flags & writableFlag) !== 0 && (spec.flags & constructOnlyFlag) === 0,
      constructOnly: (spec.flags & constructOnlyFlag) !== 0,
    }));
  },

  details(object, property) {
    const type = GObject.type_from_name(property.type);
    const fundamental = fundamentalOf(type);
    const spec = specOf(object, property);
    const accessor = fundamental === null ? undefined : accessors[fundamental];
    /** The value that the property makes of one that it does not accept. */
    const validated = (fill: (value: Wrapper) => void): Wrapper => {
      const value = newValue(type);
      fill(value);
      GObject.param_value_validate(spec, value);
      return value;
    };
    const [minimum, maximum] =
      fundamental === 'GFlags'
        ? [0, validated((value) => value.set_flags(2 ** 32 - 1)).get_flags()]
        : (accessor?.range?.map((extreme) => accessor.get(validated((value) => accessor.set(value, extreme)))) ?? []);
    const value = newValue(type);
    GObject.param_value_set_default(spec, value);
    const hasNoText = fundamental === 'GObject' || fundamental === 'GBoxed';
    return {
      blurb: spec.get_blurb(),
      default: accessor ? accessor.get(value) : hasNoText ? null : gst().value_serialize(value),
      minimum: minimum ?? null,
      maximum: maximum ?? null,
      nicks: fundamental === 'GEnum' ? nicksOf(spec, type) : new Map(),
    };
  },

  get(object, property) {
    const type = GObject.type_from_name(property.type);
    const fundamental = fundamentalOf(type);
    const value = newValue(type);
    objectPrototype.get_property.call(object, property.name, value);
    const accessor = fundamental === null ? undefined : accessors[fundamental];
    if (accessor) return accessor.get(value);
    if (fundamental === 'GObject') return value.get_object();
    if (fundamental === 'GBoxed') {
      // A GValue does not show its boxed content; a property of the wrapper does.
      const boxed = (object as Wrapper)[property.name.replaceAll('-', '_')];
      if (boxed === null || boxed === undefined) return null;
      const { Buffer, BufferList, Caps, Sample, Structure } = gst();
      if (boxed instanceof Sample || boxed instanceof Buffer || boxed instanceof BufferList) return boxed;
      if (boxed instanceof Caps || boxed instanceof Structure) return boxed.to_string();
    }
    const text = gst().value_serialize(value);
    if (fundamental === 'GFlags') readFlags.set(`${property.type} ${text}`, value.get_flags());
    return text;
  },

  set: assign,
};

/** Introspection does not list a type's values, but a property tells which ones it accepts. */
function nicksOf(spec: Wrapper, type: unknown): Map<string, number> {
  const nicks = new Map<string, number>();
  const value = newValue(type);
  const look = (number: number) => {
    value.set_enum(number);
    if (!GObject.param_value_validate(spec, value)) nicks.set(gst().value_serialize(value), number);
  };
  for (let number = -64; number < 1024; number++) look(number);
  for (let bit = 10; bit < 31; bit++) look(2 ** bit);
  return nicks;
}

function assign(object: Handle, property: PropertyInfo, given: unknown): boolean {
  const type = GObject.type_from_name(property.type);
  const fundamental = fundamentalOf(type);
  const wanted = (fundamental === 'GFlags' && readFlags.get(`${property.type} ${given}`)) || given;
  const put = (fill: (value: Wrapper) => boolean): boolean => {
    const value = newValue(type);
    // GObject accepts null for an object, which the check would refuse.
    if (!fill(value) || (wanted !== null && !isValid(object, property, value))) return false;
    objectPrototype.set_property.call(object, property.name, value);
    return true;
  };
  const accessor = fundamental === null ? undefined : accessors[fundamental];
  if (accessor && put((value) => accessor.set(value, wanted))) return true;
  if (fundamental === 'GEnum' && integerIn(wanted, -(2 ** 31), 2 ** 31 - 1)) {
    return put((value) => {
      value.set_enum(wanted);
      return true;
    });
  }
  if (fundamental === 'GFlags' && integerIn(wanted, 0, 2 ** 32 - 1)) {
    return put((value) => {
      value.set_flags(wanted);
      return true;
    });
  }
  // Every type has the text form of gst-launch: nicks of enumerations, caps, fractions, structures.
  if (typeof wanted === 'string') {
    // GStreamer would read an empty text as zero.
    if (wanted.trim() === '' || !canRead(property.type, wanted)) return false;
    gst().util_set_object_arg(object, property.name, wanted);
    return true;
  }
  if (fundamental === 'GObject') {
    if (wanted !== null && !wrappers.fromRaw(wanted, 'object', property.type)) return false;
    return put((value) => {
      value.set_object(wanted);
      return true;
    });
  }
  if (wanted === null && fundamental === 'GBoxed') return put(() => true);
  if (wanted === null || !wrappers.fromRaw(wanted, 'mini', property.type)) return false;
  // The boxed content of a GValue cannot be set here; GJS makes the value itself.
  objectPrototype.set_property.call(object, property.name, wanted);
  return true;
}

/** GObject warns on stderr about a value outside the property's own range. */
const isValid = (object: Handle, property: PropertyInfo, value: Wrapper): boolean =>
  GObject.param_value_is_valid(specOf(object, property), value);

const specOf = (object: Handle, property: PropertyInfo): Wrapper =>
  GObject.Object.find_property.call((object as Wrapper).constructor, property.name);

const integerIn = (wanted: unknown, least: number, most: number): boolean =>
  Number.isInteger(wanted) && (wanted as number) >= least && (wanted as number) <= most;

/** Setting by text fails silently; reading the same text as a field of a structure reports failure. */
function canRead(type: string, text: string): boolean {
  // Numbers, nicks and fractions are written plainly, caps and structures in quotes.
  const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`;
  // Brackets mark an array: the type before them is that of its elements.
  const isArray = type === 'GstValueArray';
  if (isArray && !text.trim().startsWith('<')) return false;
  const typed = isArray ? '' : `(${type})`;
  return [text, quoted].some((written) => {
    const [structure] = gst().Structure.from_string(`text, value=${typed}${written}`);
    return structure?.n_fields() === 1;
  });
}

/** What GJS takes as an argument of that type; null for a value of another one. */
export function argumentOf(typeName: string, wanted: unknown): { value: unknown } | null {
  const type = GObject.type_from_name(typeName);
  const fundamental = fundamentalOf(type);
  const accessor = fundamental === null ? undefined : accessors[fundamental];
  if (accessor) return accessor.set(newValue(type), wanted) ? { value: wanted } : null;
  if (fundamental === 'GEnum' && integerIn(wanted, -(2 ** 31), 2 ** 31 - 1)) return { value: wanted };
  if (fundamental === 'GFlags' && integerIn(wanted, 0, 2 ** 32 - 1)) return { value: wanted };
  if (fundamental === 'GObject') {
    return wanted === null || wrappers.fromRaw(wanted, 'object', typeName) ? { value: wanted } : null;
  }
  if (typeof wanted === 'string') {
    const value = newValue(type);
    if (wanted.trim() === '' || !canRead(typeName, wanted)) return null;
    if (typeName === 'GstCaps') return { value: gst().Caps.from_string(wanted) };
    if (typeName === 'GstStructure') return { value: gst().Structure.from_string(wanted)[0] };
    if (!gst().value_deserialize(value, wanted)) return null;
    if (fundamental === 'GEnum') return { value: value.get_enum() };
    return fundamental === 'GFlags' ? { value: value.get_flags() } : null;
  }
  return fundamental === 'GBoxed' && (wanted === null || wrappers.fromRaw(wanted, 'mini', typeName))
    ? { value: wanted }
    : null;
}

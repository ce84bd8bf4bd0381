/** GObject properties through a GValue, without node-gtk's wrappers, which would keep the object alive. */

import { fields, type Handle, structs } from '../../generated/symbols.ts';
import type { Properties, PropertyDetails, PropertyInfo } from '../port/index.ts';
import { call } from './ffi.ts';
import koffi from './koffi.ts';
import { address, takeText, toHandle } from './marshal.ts';
import { pointerOf, typeByName, typeName, valueBytes, wrappers } from './wrappers.ts';

const readableFlag = 1;
const writableFlag = 2;
const constructOnlyFlag = 8;

interface Accessor {
  name: string;
  check: 'boolean' | 'number' | 'integer' | 'string';
  least?: bigint | number;
  most?: bigint | number;
}

const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/** GType numbers of the fundamental types: fixed by GLib's ABI. */
const accessors = new Map<number, Accessor>([
  [20, { name: 'boolean', check: 'boolean' }],
  [24, { name: 'int', check: 'integer', least: -(2n ** 31n), most: 2n ** 31n - 1n }],
  [28, { name: 'uint', check: 'integer', least: 0n, most: 2n ** 32n - 1n }],
  [32, { name: 'long', check: 'integer', least: -(2n ** 63n), most: 2n ** 63n - 1n }],
  [36, { name: 'ulong', check: 'integer', least: 0n, most: 2n ** 64n - 1n }],
  [40, { name: 'int64', check: 'integer', least: -(2n ** 63n), most: 2n ** 63n - 1n }],
  [44, { name: 'uint64', check: 'integer', least: 0n, most: 2n ** 64n - 1n }],
  [56, { name: 'float', check: 'number', least: -largestFloat, most: largestFloat }],
  [60, { name: 'double', check: 'number', least: -Number.MAX_VALUE, most: Number.MAX_VALUE }],
  [64, { name: 'string', check: 'string' }],
]);
const enumeration = 48;
const flagSet = 52;
const boxedType = 72;
const objectType = 80;
/** Boxed types without a useful text form: returned as raw objects. */
const rawTypes = new Set(['GstSample', 'GstBuffer', 'GstBufferList']);

/** Calls `use` with a `GValue` of that type. */
export function withValue<T>(type: number, use: (value: Uint8Array) => T): T {
  const value = new Uint8Array(valueBytes);
  call('g_value_init', value, type);
  try {
    return use(value);
  } finally {
    call('g_value_unset', value);
  }
}

const classOf = (object: Handle): number =>
  Number(koffi.decode.uint64(address(object) + fields['GTypeInstance.g_class'][1]));

export const properties: Properties = {
  list: (object) => listOf(classOf(object)).map(infoOf),

  details: (object, property) => detailsOf(specOf(object, property), property),

  get(object, property) {
    const type = typeByName(property.type);
    const fundamental = call('g_type_fundamental', type) as number;
    return withValue(type, (value) => {
      call('g_object_get_property', address(object), property.name, value);
      return read(value, fundamental, property);
    });
  },

  set(object, property, wanted) {
    const type = typeByName(property.type);
    const fundamental = call('g_type_fundamental', type) as number;
    return withValue(type, (value) => {
      // GObject accepts null for an object, which the check would refuse.
      if (!assign(value, fundamental, property, wanted)) return false;
      if (wanted !== null && !call('g_param_value_is_valid', specOf(object, property), value)) return false;
      call('g_object_set_property', address(object), property.name, value);
      return true;
    });
  },
};

/** The `GParamSpec`s of a class, including inherited ones. */
export function listOf(objectClass: number): number[] {
  const count = new Uint32Array(1);
  const list = call('g_object_class_list_properties', objectClass, count) as number;
  const specs = Array.from({ length: count[0] ?? 0 }, (_, index) => Number(koffi.decode.uint64(list + index * 8)));
  call('g_free', list);
  return specs;
}

export const flagsOf = (spec: number): number => koffi.decode.uint32(spec + fields['GParamSpec.flags'][1]);

export function infoOf(spec: number): PropertyInfo {
  const flags = flagsOf(spec);
  return {
    name: koffi.decode(spec, fields['GParamSpec.name'][1], 'str') as string,
    type: typeName(Number(koffi.decode.uint64(spec + fields['GParamSpec.value_type'][1]))),
    readable: (flags & readableFlag) !== 0,
    writable: (flags & writableFlag) !== 0 && (flags & constructOnlyFlag) === 0,
    constructOnly: (flags & constructOnlyFlag) !== 0,
  };
}

export function detailsOf(spec: number, property: PropertyInfo): PropertyDetails {
  const type = typeByName(property.type);
  const fundamental = call('g_type_fundamental', type) as number;
  const extreme = (wanted: unknown) =>
    withValue(type, (value) => {
      assign(value, fundamental, property, wanted);
      call('g_param_value_validate', spec, value); // clamps it to the range
      return read(value, fundamental, property) as number | bigint;
    });
  const accessor = accessors.get(fundamental);
  const isNumber = accessor?.most !== undefined;
  const kind = fundamental === enumeration ? 'GEnumClass' : fundamental === flagSet ? 'GFlagsClass' : null;
  const nicks = kind ? nicksOf(type, kind) : new Map<string, number>();
  return {
    blurb: call('g_param_spec_get_blurb', spec) as string | null,
    default: withValue(type, (value) => {
      call('g_param_value_set_default', spec, value);
      return read(value, fundamental, property);
    }),
    minimum: isNumber ? extreme(accessor.least) : kind === 'GFlagsClass' ? 0 : null,
    maximum: isNumber
      ? extreme(accessor.most)
      : kind === 'GFlagsClass'
        ? [...nicks.values()].reduce((all, bit) => all | bit, 0) >>> 0
        : null,
    nicks,
  };
}

export function read(value: Uint8Array, fundamental: number, property: Pick<PropertyInfo, 'type'>): unknown {
  const accessor = accessors.get(fundamental);
  if (accessor) {
    const got = call(`g_value_get_${accessor.name}`, value);
    return accessor.check === 'boolean' ? got !== 0 : got;
  }
  if (fundamental === objectType) {
    const pointer = call('g_value_get_object', value) as number;
    return pointer ? wrappers.toRaw(toHandle(pointer), 'object', property.type) : null;
  }
  if (fundamental === boxedType) {
    const pointer = call('g_value_get_boxed', value) as number;
    if (!pointer) return null;
    if (rawTypes.has(property.type)) return wrappers.toRaw(toHandle(pointer), 'mini', property.type);
    if (property.type === 'GstCaps') return takeText(call('gst_caps_to_string', pointer) as number);
    if (property.type === 'GstStructure') return takeText(call('gst_structure_to_string', pointer) as number);
  }
  return takeText(call('gst_value_serialize', value) as number);
}

const specOf = (object: Handle, property: PropertyInfo) =>
  call('g_object_class_find_property', classOf(object), property.name) as number;

function nicksOf(type: number, kind: 'GEnumClass' | 'GFlagsClass'): Map<string, number> {
  const known = call('g_type_class_ref', type) as number; // these classes stay
  const values = Number(koffi.decode.uint64(known + fields[`${kind}.values`][1]));
  const nicks = new Map<string, number>();
  for (let index = 0; index < koffi.decode.uint32(known + fields[`${kind}.n_values`][1]); index++) {
    const value = values + index * structs.GEnumValue;
    const number = koffi.decode.int32(value + fields['GEnumValue.value'][1]);
    const nick = koffi.decode(value, fields['GEnumValue.value_nick'][1], 'str') as string;
    nicks.set(nick, kind === 'GFlagsClass' ? number >>> 0 : number);
  }
  return nicks;
}

function fits({ check, least = 0n, most = 0n }: Accessor, wanted: unknown): boolean {
  if (check !== 'integer') return typeof wanted === check;
  if (typeof wanted !== 'bigint' && !Number.isSafeInteger(wanted)) return false;
  const exact = BigInt(wanted as number | bigint);
  return exact >= least && exact <= most;
}

const fitsWord = (wanted: unknown, least: number, most: number): boolean =>
  Number.isInteger(wanted) && (wanted as number) >= least && (wanted as number) <= most;

export function assign(
  value: Uint8Array,
  fundamental: number,
  property: Pick<PropertyInfo, 'type'>,
  wanted: unknown,
): boolean {
  const accessor = accessors.get(fundamental);
  if (accessor) {
    if (wanted === null && accessor.check === 'string') return true;
    if (fits(accessor, wanted)) {
      call(`g_value_set_${accessor.name}`, value, wanted);
      return true;
    }
  }
  if (fundamental === enumeration && fitsWord(wanted, -(2 ** 31), 2 ** 31 - 1)) {
    call('g_value_set_enum', value, wanted);
    return true;
  }
  if (fundamental === flagSet && fitsWord(wanted, 0, 2 ** 32 - 1)) {
    call('g_value_set_flags', value, wanted);
    return true;
  }
  // Every type has the text form of gst-launch: nicks of enumerations, caps, fractions, structures.
  // GStreamer would read an empty text as zero.
  if (typeof wanted === 'string' && wanted.trim() === '') return false;
  if (typeof wanted === 'string') return call('gst_value_deserialize_with_pspec', value, wanted, null) !== 0;
  if (fundamental !== objectType && fundamental !== boxedType) return false;
  if (wanted === null) return true;
  const pointer = pointerOf(wanted, property.type);
  if (!pointer) return false;
  call(fundamental === objectType ? 'g_value_set_object' : 'g_value_set_boxed', value, pointer);
  return true;
}

/** GObject properties through a GValue, without node-gtk's wrappers, which would keep the object alive. */
import koffi from 'koffi';
import { wrongType } from '../../expect.ts';
import type { Properties, PropertyInfo } from '../runtime.ts';
import { fields, type Handle } from '../symbols.ts';
import { address, takeText, toHandle } from './functions.ts';
import { type NativeFunction, native } from './library.ts';
import { typeByName, typeName, valueBytes, wrappers } from './wrappers.ts';

const readableFlag = 1;
const writableFlag = 2;

/** GType numbers of the fundamental types: fixed by GLib's ABI. */
const accessors = new Map<number, { name: string; check: 'boolean' | 'number' | 'integer' | 'string' }>([
  [20, { name: 'boolean', check: 'boolean' }],
  [24, { name: 'int', check: 'integer' }],
  [28, { name: 'uint', check: 'integer' }],
  [40, { name: 'int64', check: 'integer' }],
  [44, { name: 'uint64', check: 'integer' }],
  [56, { name: 'float', check: 'number' }],
  [60, { name: 'double', check: 'number' }],
  [64, { name: 'string', check: 'string' }],
]);
const enumeration = 48;
const flagSet = 52;
const objectType = 80;

const bound = new Map<string, NativeFunction>();
const call = (symbol: string, ...values: unknown[]): unknown => {
  let fn = bound.get(symbol);
  if (!fn) {
    fn = native(symbol);
    bound.set(symbol, fn);
  }
  return fn(...values);
};

function withValue<T>(type: number, use: (value: Uint8Array) => T): T {
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
  list(object) {
    const count = new Uint32Array(1);
    const list = call('g_object_class_list_properties', classOf(object), count) as number;
    const infos: PropertyInfo[] = [];
    for (let index = 0; index < (count[0] ?? 0); index++) {
      const spec = Number(koffi.decode.uint64(list + index * 8));
      const flags = koffi.decode.uint32(spec + fields['GParamSpec.flags'][1]);
      infos.push({
        name: koffi.decode(spec, fields['GParamSpec.name'][1], 'str') as string,
        type: typeName(Number(koffi.decode.uint64(spec + fields['GParamSpec.value_type'][1]))),
        readable: (flags & readableFlag) !== 0,
        writable: (flags & writableFlag) !== 0,
      });
    }
    call('g_free', list);
    return infos;
  },

  get(object, property) {
    const type = typeByName(property.type);
    const fundamental = call('g_type_fundamental', type) as number;
    return withValue(type, (value) => {
      call('g_object_get_property', address(object), property.name, value);
      const accessor = accessors.get(fundamental);
      if (accessor) {
        const got = call(`g_value_get_${accessor.name}`, value);
        return accessor.check === 'boolean' ? got !== 0 : got;
      }
      if (fundamental === objectType) {
        const pointer = call('g_value_get_object', value) as number;
        return pointer ? wrappers.toRaw(toHandle(pointer), 'object', property.type) : null;
      }
      return takeText(call('gst_value_serialize', value) as number);
    });
  },

  set(object, property, wanted) {
    const type = typeByName(property.type);
    const fundamental = call('g_type_fundamental', type) as number;
    withValue(type, (value) => {
      if (!assign(value, fundamental, property, wanted)) {
        throw wrongType(property.name, `a value of type ${property.type}`, wanted);
      }
      call('g_object_set_property', address(object), property.name, value);
    });
  },
};

function assign(value: Uint8Array, fundamental: number, property: PropertyInfo, wanted: unknown): boolean {
  const accessor = accessors.get(fundamental);
  if (accessor) {
    if (wanted === null && accessor.check === 'string') return true;
    const fits =
      accessor.check === 'integer'
        ? Number.isSafeInteger(wanted) || typeof wanted === 'bigint'
        : typeof wanted === accessor.check;
    if (fits) {
      call(`g_value_set_${accessor.name}`, value, wanted);
      return true;
    }
  }
  if (typeof wanted === 'number' && Number.isInteger(wanted)) {
    if (fundamental === enumeration) call('g_value_set_enum', value, wanted);
    else if (fundamental === flagSet) call('g_value_set_flags', value, wanted);
    else return false;
    return true;
  }
  // Everything has a text form, the one of gst-launch: nicks of enumerations, caps, fractions, structures.
  if (typeof wanted === 'string') return call('gst_value_deserialize_with_pspec', value, wanted, null) !== 0;
  const family = fundamental === objectType ? 'object' : 'mini';
  if (wanted === null) return fundamental === objectType;
  const handle = wrappers.fromRaw(wanted, family, property.type);
  if (!handle) return false;
  call(family === 'object' ? 'g_value_set_object' : 'g_value_set_boxed', value, address(handle));
  call(family === 'object' ? 'g_object_unref' : 'gst_mini_object_unref', address(handle));
  return true;
}

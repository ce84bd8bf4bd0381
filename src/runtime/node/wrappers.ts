import { fields, type Handle } from '../../generated/symbols.ts';
import type { Wrappers } from '../port/index.ts';
import { letGoWhenCollected } from './collected-wrappers.ts';
import { type NativeFunction, native } from './ffi.ts';
import koffi from './koffi.ts';
import { address, init, toHandle } from './marshal.ts';
import { gi, nodeGtk } from './node-gtk.ts';
import { references } from './references.ts';

/** Size of a GValue. */
export const valueBytes = 24;
const iteratorOk = 1;
const iteratorResync = 2;

let typeFromName: NativeFunction | undefined;
let typeIsA: NativeFunction | undefined;
let nameOfType: NativeFunction | undefined;

export function typeByName(name: string): number {
  init();
  typeFromName ??= native('g_type_from_name');
  return typeFromName(name) as number;
}

export function typeName(type: number): string {
  nameOfType ??= native('g_type_name');
  return nameOfType(type) as string;
}

function isA(type: number, name: string): boolean {
  typeIsA ??= native('g_type_is_a');
  const wanted = typeByName(name);
  return wanted !== 0 && typeIsA(type, wanted) !== 0;
}

/** Address of the native object of a raw object of that type or of a derived type; 0 for anything else. */
export function pointerOf(raw: unknown, name: string): number {
  if (raw === null || typeof raw !== 'object') return 0;
  const type = (raw as { __gtype__?: unknown }).__gtype__;
  if (typeof type !== 'bigint') return 0;
  const { System } = nodeGtk();
  // An object that only inherits from a wrapper class holds no pointer.
  if (System.internalFieldCount(raw) < 1 || !isA(Number(type), name)) return 0;
  return Number(System.addressOf(raw));
}

export const gTypeOf = (object: Handle): number => {
  const typeClass = koffi.decode.uint64(address(object) + fields['GTypeInstance.g_class'][1]);
  return Number(koffi.decode.uint64(typeClass));
};

export const wrappers: Wrappers = {
  toRaw(handle, family, name) {
    const Value = gi.GObject.Value;
    const value = new Value();
    const pointer = nodeGtk().System.addressOf(value);
    native('g_value_init')(pointer, family === 'object' ? gTypeOf(handle) : typeByName(name));
    // The wrapper takes a reference of its own; `unset` drops the GValue's reference, without waiting for the
    // collector.
    native(family === 'object' ? 'g_value_set_object' : 'g_value_set_boxed')(pointer, address(handle));
    const raw = family === 'object' ? value.getObject() : value.getBoxed();
    value.unset();
    if (family === 'object') letGoWhenCollected(raw, address(handle));
    return raw;
  },
  fromRaw(raw, family, name) {
    const pointer = pointerOf(raw, name);
    return pointer ? references.another(toHandle(pointer), family) : null;
  },
  typeName: (object) => typeName(gTypeOf(object)),
  isA: (object, name) => isA(gTypeOf(object), name),
  elements: (bin) => objectsOf(native('gst_bin_iterate_recurse')(address(bin)) as number),
  ends: (bin, which) => objectsOf(native(`gst_bin_iterate_${which}`)(address(bin)) as number),
  pads: (element) => objectsOf(native('gst_element_iterate_pads')(address(element)) as number),
  sourcePads: (element) => objectsOf(native('gst_element_iterate_src_pads')(address(element)) as number),
};

/** The objects of a GstIterator; frees the iterator. */
export function objectsOf(iterator: number): Handle[] {
  const next = native('gst_iterator_next');
  const resync = native('gst_iterator_resync');
  const value = new Uint8Array(valueBytes);
  let found: Handle[] = [];
  for (;;) {
    const result = next(iterator, value);
    if (result === iteratorOk) {
      found.push(references.another(toHandle(native('g_value_get_object')(value)), 'object'));
      native('g_value_reset')(value);
    } else if (result === iteratorResync) {
      for (const handle of found) references.drop(handle, 'object', 0);
      found = [];
      resync(iterator);
    } else break;
  }
  if (new BigUint64Array(value.buffer)[0]) native('g_value_unset')(value);
  native('gst_iterator_free')(iterator);
  return found;
}

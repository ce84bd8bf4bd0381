/** The element registry, read from the classes of the elements. */

import { fields, structs } from '../../generated/symbols.ts';
import type { Action, RegisteredElement, RegisteredProperty, RegisteredType, Registry } from '../port/index.ts';
import { call } from './ffi.ts';
import koffi from './koffi.ts';
import { init, takeText } from './marshal.ts';
import { detailsOf, flagsOf, infoOf, listOf } from './properties.ts';
import { typeByName, typeName } from './wrappers.ts';

const deprecatedFlag = 2 ** 31;
/** `GST_PARAM_MUTABLE_…`. */
const mutableFlags = { playing: 1 << 12, paused: 1 << 11, ready: 1 << 10 } as const;
const actionFlag = 1 << 5;

const pointerAt = (address: number): number => Number(koffi.decode.uint64(address));

function* itemsOf(list: number): Generator<number> {
  for (let node = list; node; node = pointerAt(node + fields['GList.next'][1]))
    yield pointerAt(node + fields['GList.data'][1]);
}

/** Cached, as many types share an ancestor. */
const known = new Map<number, RegisteredType>();

export const registry: Registry = {
  plugins() {
    init();
    const own = call('gst_registry_get') as number;
    const list = call('gst_registry_get_plugin_list', own) as number;
    const plugins = [...itemsOf(list)].map((plugin) => {
      const name = call('gst_plugin_get_name', plugin) as string;
      const features = call('gst_registry_get_feature_list_by_plugin', own, name) as number;
      const factories = [...itemsOf(features)]
        .filter((feature) => isFactory(feature))
        .map((feature) => takeText(call('gst_object_get_name', feature) as number) ?? '');
      call('gst_plugin_feature_list_free', features);
      const word = (key: 'source' | 'version' | 'filename') => call(`gst_plugin_get_${key}`, plugin) as string;
      return {
        name,
        source: word('source'),
        version: word('version'),
        file: word('filename') || null,
        factories: factories.sort(),
      };
    });
    call('gst_plugin_list_free', list);
    return plugins.sort((a, b) => (a.name < b.name ? -1 : 1));
  },

  element(name) {
    init();
    const factory = call('gst_element_factory_find', name) as number;
    const loaded = factory ? (call('gst_plugin_feature_load', factory) as number) : 0;
    if (factory) call('g_object_unref', factory);
    if (!loaded) return null;
    const word = (key: string) => (call('gst_element_factory_get_metadata', loaded, key) as string | null) ?? '';
    const element: RegisteredElement = {
      factory: name,
      title: word('long-name'),
      description: word('description'),
      types: [],
    };
    const base = typeByName('GInitiallyUnowned');
    for (
      let type = call('gst_element_factory_get_element_type', loaded) as number;
      type && type !== base;
      type = call('g_type_parent', type) as number
    )
      element.types.push(typeOf(type));
    call('g_object_unref', loaded);
    return element;
  },
};

const gTypeOf = (object: number): number => pointerAt(pointerAt(object));
const isFactory = (feature: number): boolean => typeName(gTypeOf(feature)) === 'GstElementFactory';

function typeOf(type: number): RegisteredType {
  let found = known.get(type);
  if (!found) {
    const objectClass = call('g_type_class_ref', type) as number; // never released, like the elements' classes
    const parent = call('g_type_parent', type) as number;
    const inherited = type === typeByName('GstObject') ? [] : listOf(call('g_type_class_ref', parent) as number);
    // Properties of an interface have the interface as owner.
    const own = listOf(objectClass).filter((spec) => !inherited.includes(spec));
    found = { name: typeName(type), properties: own.map(propertyOf), actions: actionsOf(type) };
    known.set(type, found);
  }
  return found;
}

function propertyOf(spec: number): RegisteredProperty {
  const info = infoOf(spec);
  const flags = flagsOf(spec);
  const type = typeByName(info.type);
  const states = ['playing', 'paused', 'ready'] as const;
  return {
    ...info,
    ...detailsOf(spec, info),
    fundamental: typeName(call('g_type_fundamental', type) as number),
    deprecated: (flags & deprecatedFlag) !== 0,
    mutableIn: states.find((state) => flags & mutableFlags[state]) ?? null,
    descriptions: descriptionsOf(type),
  };
}

function descriptionsOf(type: number): Map<string, string> {
  const fundamental = typeName(call('g_type_fundamental', type) as number);
  if (fundamental !== 'GEnum' && fundamental !== 'GFlags') return new Map();
  const kind = `${fundamental}Class` as const;
  const typeClass = call('g_type_class_ref', type) as number;
  const values = pointerAt(typeClass + fields[`${kind}.values`][1]);
  const count = koffi.decode.uint32(typeClass + fields[`${kind}.n_values`][1]);
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const value = values + index * structs.GEnumValue;
      const text = (field: 'value_nick' | 'value_name') =>
        koffi.decode(value, fields[`GEnumValue.${field}`][1], 'str') as string;
      return [text('value_nick'), text('value_name')];
    }),
  );
}

export function actionsOf(type: number): Action[] {
  const count = new Uint32Array(1);
  const ids = call('g_signal_list_ids', type, count) as number;
  const actions: Action[] = [];
  for (let index = 0; index < (count[0] ?? 0); index++) {
    const id = koffi.decode.uint32(ids + index * 4);
    const query = new Uint8Array(structs.GSignalQuery);
    call('g_signal_query', id, query);
    const view = new DataView(query.buffer);
    const at = (field: 'return_type' | 'param_types' | 'signal_name') =>
      Number(view.getBigUint64(fields[`GSignalQuery.${field}`][1], true));
    if (!(view.getUint32(fields['GSignalQuery.signal_flags'][1], true) & actionFlag)) continue;
    // The lowest bit of a type is G_SIGNAL_TYPE_STATIC_SCOPE.
    const nameAt = (type: number) => typeName(type - (type % 2));
    const parameters = view.getUint32(fields['GSignalQuery.n_params'][1], true);
    actions.push({
      id,
      name: koffi.decode.string(at('signal_name')),
      takes: Array.from({ length: parameters }, (_, at_) => nameAt(pointerAt(at('param_types') + at_ * 8))),
      returns: nameAt(at('return_type')),
    });
  }
  call('g_free', ids);
  return actions;
}

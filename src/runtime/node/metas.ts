import { type Handle, fields as table } from '../../generated/symbols.ts';
import type { MetaName, Metas } from '../port/index.ts';
import { readAudioMeta } from './audio-meta.ts';
import { call, findFunction } from './ffi.ts';
import koffi from './koffi.ts';
import { address, takeText } from './marshal.ts';
import { addVideoMeta, readVideoMeta } from './video-meta.ts';
import { typeByName, typeName } from './wrappers.ts';

/**
 * The GType of a meta's API. GStreamer registers it when its `…_get_type` is first called, which may not have happened
 * yet.
 */
function apiType(api: string): number {
  const known = typeByName(api);
  if (known || !/^\w+$/.test(api)) return known;
  const symbol = `${api.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()}_get_type`;
  return (findFunction(symbol, 'size_t')?.() as number | undefined) ?? 0;
}

/**
 * `gst_meta_api_type_register` attaches a list of tags, which may be empty, to the type. `gst_meta_api_type_get_tags`
 * returns null for an empty list, and crashes on any other type.
 */
function isMetaApi(type: number): boolean {
  return call('g_type_get_qdata', type, call('g_quark_from_string', 'tags')) !== 0;
}

const word = (pointer: number): number => Number(koffi.decode.uint64(pointer));

function list(buffer: Handle): MetaName[] {
  const next = (): number => call('gst_buffer_iterate_meta', address(buffer), state) as number;
  const state = new BigUint64Array(1);
  const found: MetaName[] = [];
  for (let meta = next(); meta; meta = next()) {
    const info = word(meta + table['GstMeta.info'][1]);
    const api = word(info + table['GstMetaInfo.api'][1]);
    found.push({ api: typeName(api), type: typeName(word(info + table['GstMetaInfo.type'][1])), tags: tagsOf(api) });
  }
  return found;
}

function tagsOf(api: number): string[] {
  const tags: string[] = [];
  let at = call('gst_meta_api_type_get_tags', api) as number;
  for (; at && word(at); at += 8) tags.push(koffi.decode.string(word(at)));
  return tags;
}

/**
 * The structure of a custom meta on this buffer; 0 for none. GStreamer logs an error on stderr for a name that is not
 * registered.
 */
function customStructure(buffer: Handle, name: string): number {
  if (!typeByName(name)) return 0;
  const meta = call('gst_buffer_get_custom_meta', address(buffer), name) as number;
  return meta && (call('gst_custom_meta_get_structure', meta) as number);
}

function setFields(structure: number, fields: Handle): void {
  const count = call('gst_structure_n_fields', address(fields)) as number;
  for (let index = 0; index < count; index++) {
    const field = call('gst_structure_nth_field_name', address(fields), index);
    call('gst_structure_set_value', structure, field, call('gst_structure_get_value', address(fields), field));
  }
}

const pooledFlag = 2; // GST_META_FLAG_POOLED
const lockedFlag = 4; // GST_META_FLAG_LOCKED
const cropApi = 'GstVideoCropMetaAPI';
const cropFields = ['x', 'y', 'width', 'height'] as const;

export const metas: Metas = {
  list,
  customTags(name) {
    const api = typeByName(`${name}-api`);
    return api && typeByName(name) && isMetaApi(api) ? tagsOf(api) : null;
  },
  registerCustom(name, tags) {
    if (typeByName(name) || typeByName(`${name}-api`)) return false;
    const words = tags.map((tag) => new TextEncoder().encode(`${tag}\0`));
    const vector = BigUint64Array.from([...words.map((tag) => koffi.address(tag)), 0n]);
    return call('gst_meta_register_custom', name, vector, null, null, null) !== 0;
  },
  addCustom(buffer, name, fields) {
    const meta = call('gst_buffer_add_custom_meta', address(buffer), name) as number;
    if (!meta) return false;
    setFields(call('gst_custom_meta_get_structure', meta) as number, fields);
    return true;
  },
  setCustom(buffer, name, fields) {
    const structure = customStructure(buffer, name);
    if (structure) setFields(structure, fields);
    return structure !== 0;
  },
  remove(buffer, index) {
    const state = new BigUint64Array(1);
    let meta = 0;
    for (let at = 0; at <= index; at++) meta = call('gst_buffer_iterate_meta', address(buffer), state) as number;
    if (!meta || koffi.decode.uint32(meta + table['GstMeta.flags'][1]) & lockedFlag) return false;
    return call('gst_buffer_remove_meta', address(buffer), meta) !== 0;
  },
  custom(buffer, name) {
    const structure = customStructure(buffer, name);
    return structure ? takeText(call('gst_structure_to_string', structure) as number) : null;
  },
  addVideo: addVideoMeta,
  addCrop(buffer, fields) {
    const meta = call('gst_buffer_add_meta', address(buffer), call('gst_video_crop_meta_get_info'), null) as number;
    if (!meta) return false;
    for (const field of cropFields) koffi.encode(meta, table[`GstVideoCropMeta.${field}`][1], 'uint32', fields[field]);
    return true;
  },
  crop(buffer) {
    const meta = call('gst_buffer_get_meta', address(buffer), apiType(cropApi)) as number;
    if (!meta) return null;
    const [x, y, width, height] = cropFields.map((field) =>
      koffi.decode.uint32(meta + table[`GstVideoCropMeta.${field}`][1]),
    ) as [number, number, number, number];
    return { x, y, width, height };
  },
  video: readVideoMeta,
  videoToCheck: readVideoMeta,
  noteVideo() {},
  audio: readAudioMeta,
  keepInPool(buffer) {
    const state = new BigUint64Array(1);
    const next = (): number => call('gst_buffer_iterate_meta', address(buffer), state) as number;
    const offset = table['GstMeta.flags'][1];
    for (let meta = next(); meta; meta = next()) {
      koffi.encode(meta, offset, 'uint32', koffi.decode.uint32(meta + offset) | pooledFlag);
    }
  },
  offered: (query, index) =>
    typeName(call('gst_query_parse_nth_allocation_meta', address(query), index, null) as number),
  offer(query, api) {
    const type = apiType(api);
    if (!type || !isMetaApi(type)) return false;
    call('gst_query_add_allocation_meta', address(query), type, null);
    return true;
  },
};

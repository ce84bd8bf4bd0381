import type { Metas } from '../runtime.ts';
import { address } from './functions.ts';
import { libraries, native } from './library.ts';
import { readVideoMeta } from './video-meta.ts';
import { typeByName, typeName } from './wrappers.ts';

/** The GType of a meta's API. GStreamer registers it when its `…_get_type` is first called, which nobody may have done yet. */
function apiType(api: string): number {
  const known = typeByName(api);
  if (known || !/^\w+$/.test(api)) return known;
  const symbol = `${api.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()}_get_type`;
  for (const library of libraries()) {
    try {
      return library.func(symbol, 'size_t', [])() as number;
    } catch {
      // The next library may have it.
    }
  }
  return 0;
}

/**
 * `gst_meta_api_type_register` hangs a list of tags, maybe an empty one, on the type. `gst_meta_api_type_get_tags` gives
 * null for an empty list, and crashes on any other type.
 */
function isMetaApi(type: number): boolean {
  const [library] = libraries();
  const quark = library?.func('g_quark_from_string', 'uint32', ['str'])('tags');
  return library?.func('g_type_get_qdata', 'uintptr', ['size_t', 'uint32'])(type, quark) !== 0;
}

export const metas: Metas = {
  video: readVideoMeta,
  offered: (query, index) =>
    typeName(native('gst_query_parse_nth_allocation_meta')(address(query), index, null) as number),
  offer(query, api) {
    const type = apiType(api);
    if (!type || !isMetaApi(type)) return false;
    native('gst_query_add_allocation_meta')(address(query), type, null);
    return true;
  },
};

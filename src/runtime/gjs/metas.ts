import { UnavailableError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import { gstNamespaces } from '../namespaces.ts';
import type { Metas } from '../port/index.ts';
import { readAudioMeta } from './audio-meta.ts';
import { GObject, gst, init, namespace } from './namespaces.ts';
import { addSerialised } from './serialised-buffer.ts';
import { addVideoMeta, noteVideoMeta, readVideoMeta, videoMetaToCheck } from './video-meta.ts';

/**
 * The GType of a meta's API. GStreamer registers it when its `…_get_type` is first called, which may not have happened
 * yet.
 */
function apiType(api: string): unknown {
  const known = GObject.type_from_name(api);
  if (known || !/^Gst\w+$/.test(api)) return known;
  const name = `${api
    .slice(3)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()}_get_type`.replace(/^_/, '');
  for (const library of gstNamespaces) {
    try {
      const type = namespace(library)[name]?.();
      if (type) return type;
    } catch {
      // The next library may have it.
    }
  }
  return null;
}

/** GStreamer registers the APIs of metas as pointer types, and nothing else with such a name. */
const isMetaApi = (type: unknown): boolean => GObject.type_parent(type)?.name === 'gpointer';

/**
 * GJS cannot wrap the results of some functions (`GstMetaInfo`, `GstVideoMeta`), and throws after they have run:
 * callers check the outcome by other means.
 */
export function withoutResult(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!/no way to copy/.test((error as Error).message)) throw error;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Number of metas of an API on the buffer. Iterating the metas would create wrappers that hold the buffer. */
const countOf = (buffer: Handle, api: unknown): number => (api ? (buffer as Wrapper).get_n_meta(api) : 0);

/** The implementation of an API by its name: `GstVideoMeta` after `GstVideoMetaAPI`, a custom one after `name-api`. */
const implementationOf = (api: string): string => api.replace(/(-api|API)$/, '');

const cropRefusal =
  'a GstVideoCropMeta cannot be reached in GJS: introspection offers neither its fields nor a way to add one';

export const metas: Metas = {
  list(buffer) {
    init();
    const apis: Wrapper[] = GObject.type_children(GObject.type_from_name('gpointer'));
    return apis.flatMap((type) => {
      const count = /(-api|API)$/.test(type.name) ? countOf(buffer, type) : 0;
      const name = { api: type.name, type: implementationOf(type.name) };
      return Array.from({ length: count }, () => ({ ...name, tags: gst().Meta.api_type_get_tags(type) ?? [] }));
    });
  },
  customTags(name) {
    init();
    const api = GObject.type_from_name(`${name}-api`);
    return api && GObject.type_from_name(name) && isMetaApi(api) ? (gst().Meta.api_type_get_tags(api) ?? []) : null;
  },
  registerCustom(name, tags) {
    init();
    if (GObject.type_from_name(name) || GObject.type_from_name(`${name}-api`)) return false;
    withoutResult(() => gst().Meta.register_custom(name, [...tags], null));
    return GObject.type_from_name(name) !== null;
  },
  addCustom(buffer, name, fields) {
    const structure = fields as Wrapper;
    if (structure.n_fields() === 0) return (buffer as Wrapper).add_custom_meta(name) !== null;
    // Introspection returns the structure of an existing meta as a copy.
    const api = GObject.type_from_name(`${name}-api`);
    const before = countOf(buffer, api);
    addSerialised(buffer, { name, content: new TextEncoder().encode(`${structure.to_string()}\0`) });
    return countOf(buffer, api) > before;
  },
  setCustom(buffer, name) {
    if (!countOf(buffer, GObject.type_from_name(`${name}-api`))) return false;
    throw new UnavailableError(
      'the fields of a custom meta that is there cannot be changed in GJS: introspection gives a copy of them',
    );
  },
  remove() {
    throw new UnavailableError('a meta cannot be removed in GJS: introspection gives copies of metas');
  },
  custom(buffer, name) {
    if (!countOf(buffer, GObject.type_from_name(`${name}-api`))) return null;
    return (buffer as Wrapper).get_custom_meta(name)?.get_structure().to_string() ?? null;
  },
  addVideo(buffer, fields) {
    const api = namespace('GstVideo').video_meta_api_get_type();
    const before = countOf(buffer, api);
    withoutResult(() => addVideoMeta(buffer, fields));
    return countOf(buffer, api) > before;
  },
  addCrop() {
    throw new UnavailableError(cropRefusal);
  },
  crop(buffer) {
    if (!countOf(buffer, apiType('GstVideoCropMetaAPI'))) return null;
    throw new UnavailableError(cropRefusal);
  },
  video: readVideoMeta,
  videoToCheck: videoMetaToCheck,
  noteVideo: noteVideoMeta,
  audio: (buffer) => (countOf(buffer, apiType('GstAudioMetaAPI')) ? readAudioMeta(buffer) : null),
  // An existing meta cannot be written to.
  keepInPool() {},
  // biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
  offered: (query, index) => (query as any).parse_nth_allocation_meta(index)[0].name,
  offer(query, api) {
    const type = apiType(api);
    if (!type || !isMetaApi(type)) return false;
    // biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
    (query as any).add_allocation_meta(type, null);
    return true;
  },
};

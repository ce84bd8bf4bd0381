import type { Metas } from '../runtime.ts';
import { GObject, namespace } from './namespaces.ts';
import { readVideoMeta } from './video-meta.ts';

/** The GType of a meta's API. GStreamer registers it when its `…_get_type` is first called, which nobody may have done yet. */
function apiType(api: string): unknown {
  const known = GObject.type_from_name(api);
  if (known || !/^Gst\w+$/.test(api)) return known;
  const name = `${api
    .slice(3)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()}_get_type`.replace(/^_/, '');
  for (const library of ['Gst', 'GstVideo', 'GstAudio']) {
    try {
      const type = namespace(library)[name]?.();
      if (type) return type;
    } catch {
      // The next library may have it.
    }
  }
  return null;
}

/** GStreamer registers the APIs of metas, and nothing else that is named so, as pointer types. */
const isMetaApi = (type: unknown): boolean => GObject.type_parent(type)?.name === 'gpointer';

export const metas: Metas = {
  video: readVideoMeta,
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

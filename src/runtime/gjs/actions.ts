/** Action signals. GJS would convert what does not fit, so their arguments are checked first. */

import type { Action, Actions } from '../port/index.ts';
import { GObject, gst } from './namespaces.ts';
import { argumentOf } from './properties.ts';

const actionFlag = 1 << 5;

/** By name of the GType: constants of the process. */
const known = new Map<string, readonly Action[]>();

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
function listOf(type: any): readonly Action[] {
  let found = known.get(type.name);
  if (!found) {
    const parent = GObject.type_parent(type);
    // GObject's own actions are the notifications of its properties.
    found = parent?.name ? [...actionsOf(type), ...listOf(parent)] : [];
    known.set(type.name, found);
  }
  return found;
}

function actionsOf(type: unknown): Action[] {
  const found: Action[] = [];
  for (const id of GObject.signal_list_ids(type)) {
    const {
      signal_name: name,
      signal_flags: flags,
      return_type: returns,
      param_types: takes,
    } = GObject.signal_query(id);
    if (!(flags & actionFlag)) continue;
    found.push({ id, name, takes: takes.map((each: { name: string }) => each.name), returns: returns.name });
  }
  return found;
}

export const actions: Actions = {
  list: (object) => listOf(GObject.type_from_name(GObject.type_name_from_instance(object))),

  emit(object, { name, takes }, values) {
    const given: unknown[] = [];
    for (const [index, value] of values.entries()) {
      const made = argumentOf(takes[index] as string, value);
      if (!made) return { refused: index };
      given.push(made.value);
    }
    const result = GObject.Object.prototype.emit.call(object, name, ...given);
    const { Caps, Structure } = gst();
    return { result: result instanceof Caps || result instanceof Structure ? result.to_string() : result };
  },
};

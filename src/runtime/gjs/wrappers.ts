/** A handle is the wrapper already. */

import type { Handle } from '../../generated/symbols.ts';
import type { Family, Wrappers } from '../port/index.ts';
import { isSentinel } from './bus.ts';
import { GObject, init } from './namespaces.ts';
import { borrow, references } from './references.ts';

const iteratorOk = 1;
const iteratorResync = 2;

/** False for a prototype, and for an object that only inherits from one: they wrap no native object. */
function isInstance(raw: object): boolean {
  try {
    return /^\[(boxed|object) instance wrapper /.test(String(raw));
  } catch {
    return false;
  }
}

function typeOf(raw: object, family: Family): unknown {
  if (family === 'object') return GObject.type_from_name(GObject.type_name_from_instance(raw));
  return (raw.constructor as { $gtype?: unknown }).$gtype ?? null;
}

function isA(raw: object, family: Family, typeName: string): boolean {
  init();
  const wanted = GObject.type_from_name(typeName);
  if (!wanted) return false;
  try {
    const type = typeOf(raw, family);
    return type !== null && GObject.type_is_a(type, wanted);
  } catch {
    return false;
  }
}

/** The objects of an iterator. */
// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
export function collected(iterator: any): any[] {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const found: any[] = [];
  for (;;) {
    const [result, one] = iterator.next();
    if (result === iteratorOk) found.push(one);
    else if (result === iteratorResync) {
      found.length = 0;
      iterator.resync();
    } else return found;
  }
}

export const wrappers: Wrappers = {
  toRaw(handle, family) {
    // The holder of the wrapper can pass it on unnoticed.
    if (family === 'mini') borrow(handle);
    return handle;
  },
  fromRaw(raw, family, typeName) {
    if (raw === null || typeof raw !== 'object' || !isInstance(raw) || !isA(raw, family, typeName)) return null;
    return references.another(raw as Handle, family);
  },
  typeName: (object) => GObject.type_name_from_instance(object),
  isA: (object, typeName) => isA(object, 'object', typeName),
  // biome-ignore lint/suspicious/noExplicitAny: as above
  ends: (bin, which) => collected((bin as any)[`iterate_${which}`]()),
  // biome-ignore lint/suspicious/noExplicitAny: as above
  pads: (element) => collected((element as any).iterate_pads()),
  // biome-ignore lint/suspicious/noExplicitAny: as above
  sourcePads: (element) => collected((element as any).iterate_src_pads()),
  // biome-ignore lint/suspicious/noExplicitAny: as above
  elements: (bin) => collected((bin as any).iterate_recurse()).filter((element) => !isSentinel(element)),
};

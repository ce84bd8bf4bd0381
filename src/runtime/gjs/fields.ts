import { UnavailableError } from '../../errors.ts';
import type { FieldName, Handle } from '../../generated/symbols.ts';
import type { Fields } from '../port/index.ts';
import { gst, namespace } from './namespaces.ts';
import { withoutRoundingWarning } from './rounding.ts';
import { serialise, setOtherFlags } from './serialised-buffer.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Flags below `GST_BUFFER_FLAG_LAST`. */
const coreFlags = (1 << 20) - 1;
const none = 0xffff_ffff_ffff_ffffn;

interface Accessor {
  get(handle: Handle): unknown;
  set(handle: Handle, value: unknown): void;
}

const accessors = new Map<FieldName, Accessor>();

/** The field as the class declares it, and not an element's property of the same name. */
function accessor(field: FieldName): Accessor {
  let found = accessors.get(field);
  if (!found) {
    const [type = '', name = ''] = field.split('.');
    const owner = type.startsWith('Gst') ? gst()[type.slice(3)] : namespace('GLib')[type.slice(1)];
    const declared = owner && Object.getOwnPropertyDescriptor(owner.prototype, name);
    found =
      declared?.get && declared.set
        ? { get: (handle) => declared.get?.call(handle), set: (handle, value) => declared.set?.call(handle, value) }
        : {
            get: (handle) => (handle as Wrapper)[name],
            set: (handle, value) => {
              (handle as Wrapper)[name] = value;
            },
          };
    accessors.set(field, found);
  }
  return found;
}

export const fields: Fields = {
  number: (handle, field) => Number(accessor(field).get(handle)),
  numbers: (handle, field, count) => (accessor(field).get(handle) as unknown[]).slice(0, count).map(Number),
  time(handle, field) {
    const { get } = accessor(field);
    const value = Number(withoutRoundingWarning(() => get(handle)));
    return Number.isSafeInteger(value) ? value : null;
  },
  text: (handle, field) => (accessor(field).get(handle) as string | null | undefined) ?? null,
  reference: (handle, field) => (accessor(field).get(handle) as Handle | null | undefined) ?? null,
  setNumber(handle, field, value) {
    try {
      accessor(field).set(handle, value);
    } catch (cause) {
      if (!field.endsWith('.flags')) throw cause;
      const flags = `0x${value.toString(16)}`;
      throw new UnavailableError(`flags that introspection has no name for cannot be set in GJS: ${flags}`, { cause });
    }
  },
  setTime: (handle, field, value) => accessor(field).set(handle, value ?? none),
  mediaFlags: (buffer) => serialise(buffer).flags & ~coreFlags,
  setBufferFlags(handle, flags) {
    const buffer = handle as Wrapper;
    const known = Object.values(gst().BufferFlags).reduce((all: number, flag) => all | Number(flag), 0);
    const changed = (flags ^ buffer.get_flags()) & known;
    buffer.unset_flags(changed & ~flags);
    buffer.set_flags(changed & flags);
    // GJS refuses bits that the type does not name.
    setOtherFlags(handle, known, flags & ~known);
  },
  flags(handle, family) {
    const { Buffer, Object: GstObject } = gst();
    if (family === 'object') {
      objectFlags ??= Object.getOwnPropertyDescriptor(GstObject.prototype, 'flags')?.get;
      return objectFlags?.call(handle) as number;
    }
    if (handle instanceof Buffer) return (handle as Wrapper).get_flags();
    throw new UnavailableError(
      'the flags of a mini-object other than a buffer cannot be read in GJS: introspection does not offer them',
    );
  },
};

let objectFlags: ((this: unknown) => unknown) | undefined;

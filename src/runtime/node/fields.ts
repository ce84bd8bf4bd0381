import { type FieldName, fields as table } from '../../generated/symbols.ts';
import type { Family, Fields } from '../port/index.ts';
import koffi from './koffi.ts';
import { address, toHandle } from './marshal.ts';
import { references } from './references.ts';

const none = 0xffff_ffff_ffff_ffffn;

const readers: Record<string, (pointer: number) => number | bigint> = {
  int32: koffi.decode.int32,
  uint32: koffi.decode.uint32,
  int64: koffi.decode.int64,
  uint64: koffi.decode.uint64,
  size: koffi.decode.uint64,
  double: koffi.decode.double,
};
const bytesOf: Record<string, number> = { int32: 4, uint32: 4, int64: 8, uint64: 8, size: 8, double: 8 };
const types: Record<string, string> = { size: 'uint64', int32: 'int32', uint32: 'uint32', double: 'double' };

function number(handle: unknown, field: FieldName): number {
  const [kind, offset] = table[field];
  return Number(readers[kind]?.((handle as number) + offset));
}

/** Flags below `GST_BUFFER_FLAG_LAST`. */
const coreFlags = (1 << 20) - 1;
/** Flags below `GST_MINI_OBJECT_FLAG_LAST`. */
const miniObjectFlags = (1 << 4) - 1;

export const fields: Fields = {
  number,
  numbers(handle, field, count) {
    const [kind, offset] = table[field];
    const bytes = bytesOf[kind] as number;
    return Array.from({ length: count }, (_, index) =>
      Number(readers[kind]?.(address(handle) + offset + index * bytes)),
    );
  },
  time(handle, field) {
    const value = koffi.decode.uint64(address(handle) + table[field][1]);
    // All ones means no time; a stream does not reach any other time beyond the safe integers.
    return typeof value === 'bigint' ? null : value;
  },
  text(handle, field) {
    return koffi.decode(address(handle), table[field][1], 'str') as string | null;
  },
  reference(handle, field, family) {
    const pointer = Number(koffi.decode.uint64(address(handle) + table[field][1]));
    if (!pointer) return null;
    return references.another(toHandle(pointer), family);
  },
  setNumber(handle, field, value) {
    const [kind, offset] = table[field];
    koffi.encode(address(handle), offset, types[kind] ?? kind, value);
  },
  setTime(handle, field, value) {
    koffi.encode(address(handle), table[field][1], 'uint64', value ?? none);
  },
  mediaFlags: (buffer) => number(buffer, 'GstMiniObject.flags') & ~coreFlags,
  setBufferFlags(buffer, flags) {
    const kept = number(buffer, 'GstMiniObject.flags') & miniObjectFlags;
    koffi.encode(address(buffer), table['GstMiniObject.flags'][1], 'uint32', flags | kept);
  },
  flags(handle, family: Family) {
    return number(handle, family === 'mini' ? 'GstMiniObject.flags' : 'GstObject.flags');
  },
};

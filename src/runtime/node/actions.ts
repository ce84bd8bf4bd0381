/** Action signals, emitted with GValues. */

import type { Action, Actions } from '../port/index.ts';
import { call } from './ffi.ts';
import { address } from './marshal.ts';
import { assign, read } from './properties.ts';
import { actionsOf } from './registry.ts';
import { gTypeOf, typeByName, valueBytes } from './wrappers.ts';

const enumeration = 48;
const flagSet = 52;

/** By GType: constants of the process. */
const known = new Map<number, readonly Action[]>();

function listOf(type: number): readonly Action[] {
  let found = known.get(type);
  if (!found) {
    const parent = call('g_type_parent', type) as number;
    // GObject's own actions are the notifications of its properties.
    found = parent === 0 ? [] : [...actionsOf(type), ...listOf(parent)];
    known.set(type, found);
  }
  return found;
}

export const actions: Actions = {
  list: (object) => listOf(gTypeOf(object)),

  emit(object, { id, takes, returns }, values) {
    const memory = new Uint8Array(valueBytes * (values.length + 2));
    const at = (index: number): Uint8Array => memory.subarray(index * valueBytes, (index + 1) * valueBytes);
    const result = at(values.length + 1);
    let begun = 0;
    try {
      call('g_value_init', at(0), gTypeOf(object));
      begun = 1;
      call('g_value_set_object', at(0), address(object));
      for (const [index, value] of values.entries()) {
        const type = typeByName(takes[index] as string);
        call('g_value_init', at(begun), type);
        begun++;
        if (!assign(at(index + 1), call('g_type_fundamental', type) as number, { type: takes[index] as string }, value))
          return { refused: index };
      }
      if (returns === 'void') {
        call('g_signal_emitv', memory, id, 0, null);
        return { result: undefined };
      }
      const type = typeByName(returns);
      const fundamental = call('g_type_fundamental', type) as number;
      call('g_value_init', result, type);
      try {
        call('g_signal_emitv', memory, id, 0, result);
        if (fundamental === enumeration) return { result: call('g_value_get_enum', result) };
        if (fundamental === flagSet) return { result: call('g_value_get_flags', result) };
        return { result: read(result, fundamental, { type: returns }) };
      } finally {
        call('g_value_unset', result);
      }
    } finally {
      for (let index = 0; index < begun; index++) call('g_value_unset', at(index));
    }
  },
};

/** `c`: the functions of the symbol table with owned results, returned outs, computed lengths and thrown GErrors. */

import { GstError } from '../../errors.ts';
import type { Handle, Value } from '../../generated/symbols.ts';
import { fields } from '../../generated/symbols.ts';
import { lazyFunctions } from '../lazy-functions.ts';
import { entry, type NativeFunction, native, readWord } from './ffi.ts';
import koffi from './koffi.ts';

let initialised = false;

/** `gst_init_check`. Idempotent. */
export function init(argv: readonly string[] = []): void {
  if (initialised) return;
  const failure = new BigUint64Array(1);
  // gst_init takes `int *argc, char ***argv` and rewrites both; GStreamer keeps no pointer to them.
  const words = ['gst-allocators', ...argv].map((word) => new TextEncoder().encode(`${word}\0`));
  const pointers = BigUint64Array.from([...words.map((word) => koffi.address(word)), 0n]);
  const count = Int32Array.of(words.length);
  const vector = BigUint64Array.of(koffi.address(pointers));
  const done = native('gst_init_check')(argv.length ? count : null, argv.length ? vector : null, failure);
  if (!done) throw takeError(failure) ?? new GstError('GStreamer could not be initialised');
  initialised = true;
}

let freeError: NativeFunction | undefined;
let freeText: NativeFunction | undefined;

/** The GError in the slot as an exception; empties the slot. */
export function takeError(slot: BigUint64Array): GstError | null {
  const error = slot[0];
  if (!error) return null;
  slot[0] = 0n;
  const message = koffi.decode(error, fields['GError.message'][1], 'str') as string;
  freeError ??= native('g_error_free');
  freeError(error);
  return new GstError(message);
}

export function takeText(pointer: number): string | null {
  if (!pointer) return null;
  const text = koffi.decode.string(pointer);
  freeText ??= native('g_free');
  freeText(pointer);
  return text;
}

type Convert = (value: never) => unknown;
type AnyFunction = (...values: unknown[]) => unknown;

const acquire: Record<string, NativeFunction> = {};
function addReference(family: string, pointer: number): void {
  // `ref_sink` adds a reference, except to a floating object, whose only reference it takes over.
  const symbol = family === 'mini' ? 'gst_mini_object_ref' : 'g_object_ref_sink';
  acquire[symbol] ??= native(symbol);
  acquire[symbol](pointer);
}

/** The conversion of the raw result into an owned one; null if there is nothing to do. */
function conversion(word: string): Convert | null {
  const { kind, owned } = readWord(word);
  if (kind === 'bool') return (value: number) => value !== 0;
  if (kind === 'string' && owned) return takeText;
  if (kind === 'struct' || kind === 'pointer' || ((kind === 'mini' || kind === 'object') && owned)) {
    return (pointer: number) => pointer || null;
  }
  if (kind === 'mini' || kind === 'object') {
    return (pointer: number) => {
      if (!pointer) return null;
      addReference(kind, pointer);
      return pointer;
    };
  }
  return null;
}

/** A typed array of one element that C writes an out parameter to, and how to read it. */
function outSlot(word: string): { slot: NodeJS.TypedArray; read: () => unknown } {
  const { kind, owned } = readWord(word);
  const convert = conversion(word) as ((value: unknown) => unknown) | null;
  const done = convert ?? ((value: unknown) => value);
  const from = <T extends NodeJS.TypedArray>(slot: T, number: (value: T[0]) => unknown = (value) => value) => {
    const zero = slot[0] as T[0];
    return {
      slot,
      read: () => {
        const value = slot[0] as T[0];
        // A function that fails may leave its outs unset: clear the pointer of the previous call.
        slot[0] = zero;
        return done(number(value));
      },
    };
  };
  if (kind === 'int32' || kind === 'bool') return from(new Int32Array(1));
  if (kind === 'uint32') return from(new Uint32Array(1));
  if (kind === 'double') return from(new Float64Array(1));
  if (kind === 'float') return from(new Float32Array(1));
  if (kind === 'int64') return from(new BigInt64Array(1), safeNumber);
  if (kind === 'uint64') return from(new BigUint64Array(1), safeNumber);
  if (kind === 'string' && !owned) {
    return from(new BigUint64Array(1), (pointer) => (pointer ? koffi.decode.string(pointer) : null));
  }
  const words = new Uint32Array(2);
  return {
    slot: words,
    read: () => {
      // A BigInt would cost more than the rest of the read.
      const value = (words[0] as number) + (words[1] as number) * 2 ** 32;
      words.fill(0);
      return done(value);
    },
  };
}

const safeNumber = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

function bind(symbol: string): AnyFunction {
  const { returns, takes, throws } = entry(symbol);
  const call = native(symbol);
  const convert = conversion(returns) as ((value: unknown) => unknown) | null;
  const given = takes.map(readWord);
  const consumed = given.map(({ kind, direction, owned }) =>
    direction === 'in' && owned && (kind === 'mini' || kind === 'object') ? kind : null,
  );
  const isPlain = ({ kind, direction }: Value, index: number) =>
    direction === 'in' && kind !== 'bytes' && kind !== 'length' && !consumed[index];
  if (given.every(isPlain) && !throws) return convert ? withResult(call, takes.length, convert) : (call as AnyFunction);

  const outs = new Map<number, ReturnType<typeof outSlot>>();
  takes.forEach((word, index) => {
    if (given[index]?.direction === 'out') outs.set(index, outSlot(word));
  });
  if (given.every((value, index) => outs.has(index) || isPlain(value, index)) && !throws && returns !== 'void')
    return withOuts(call, takes.length, outs, convert);

  const failure = throws ? new BigUint64Array(1) : null;
  const newParams = given.some(({ direction }) => direction === 'into') ? native('gst_allocation_params_new') : null;

  return (...values) => {
    const passed: unknown[] = [];
    let next = 0;
    let bytes: Uint8Array | null = null;
    let into: unknown = null;
    for (let index = 0; index < takes.length; index++) {
      const { kind, direction } = given[index] as Value;
      const out = outs.get(index);
      if (out) passed.push(out.slot);
      else if (direction === 'into') {
        into = newParams?.();
        passed.push(into);
      } else if (kind === 'length') passed.push(bytes?.length ?? 0);
      else {
        const value = values[next++];
        if (kind === 'bytes') bytes = value as Uint8Array;
        const family = consumed[index];
        if (family && value) addReference(family, value as number);
        passed.push(value);
      }
    }
    if (failure) passed.push(failure);
    const raw = call(...passed);
    const error = failure && takeError(failure);
    if (error) {
      dropFailedResult(returns, raw);
      throw error;
    }
    const results = returns === 'void' ? [] : [convert ? convert(raw) : raw];
    for (const out of outs.values()) results.push(out.read());
    if (into) results.push(into);
    return results.length > 1 ? results : results[0];
  };
}

/** `gst_parse_launch` may return half a pipeline along with its error. */
function dropFailedResult(word: string, pointer: unknown): void {
  const { kind, owned } = readWord(word);
  if (kind !== 'object' || !pointer) return;
  if (!owned) addReference('object', pointer as number);
  native('g_object_unref')(pointer);
}

/** For functions that are ordinary except for their outs: everything is prepared in advance. */
function withOuts(
  call: NativeFunction,
  arity: number,
  outs: Map<number, ReturnType<typeof outSlot>>,
  convert: ((value: unknown) => unknown) | null,
): AnyFunction {
  const passed: unknown[] = Array.from({ length: arity }, (_, index) => outs.get(index)?.slot ?? null);
  const given = [...passed.keys()].filter((index) => !outs.has(index));
  const [first, ...others] = [...outs.values()].map(({ read }) => read);
  return (...values) => {
    for (let index = 0; index < given.length; index++) passed[given[index] as number] = values[index];
    const raw = call(...passed);
    const results = [convert ? convert(raw) : raw, first?.()];
    for (const read of others) results.push(read());
    return results;
  };
}

/** A closure of the right arity: a rest parameter would allocate an array for each call. */
function withResult(call: NativeFunction, arity: number, convert: (value: unknown) => unknown): AnyFunction {
  if (arity === 0) return () => convert(call());
  if (arity === 1) return (a) => convert(call(a));
  if (arity === 2) return (a, b) => convert(call(a, b));
  if (arity === 3) return (a, b, c) => convert(call(a, b, c));
  return (...values) => convert(call(...values));
}

export const c = lazyFunctions((symbol) => {
  init();
  return bind(symbol);
});

export type Pointer = number;
/** On Node a handle is an address. */
export const address = (handle: Handle): Pointer => handle as unknown as Pointer;
export const toHandle = (pointer: Pointer): Handle => pointer as unknown as Handle;

/**
 * koffi calls C on a separate stack, on which V8 cannot run JavaScript: a handler that is called there does not run,
 * and a garbage collection in it ends the process. node-gtk calls handlers on its caller's stack. So once node-gtk is
 * loaded, C functions that may run JavaScript (a handler of `notify`, a method of a class written in JavaScript) are
 * called through node-gtk, on the thread's own stack: it emits a signal whose only handler is GObject's generic
 * marshaller, in C, which calls any function with any words as arguments.
 */

import { fields, structs } from '../../generated/symbols.ts';
import { call, libraryOf, native, readWord, takeTheMainStack } from './ffi.ts';
import koffi from './koffi.ts';
import type { NodeGtk } from './node-gtk.ts';

const objectType = 80; // G_TYPE_OBJECT
const wordType = 44; // G_TYPE_UINT64
const nothing = 4; // G_TYPE_NONE
const runLast = 2; // G_SIGNAL_RUN_LAST
const noHooks = 64; // G_SIGNAL_NO_HOOKS
const connectSwapped = 2; // G_CONNECT_SWAPPED

/** Size of a GValue in words: its type, then its content. */
const valueWords = 3;
const mostArguments = 8;

/** Every copy of this package in the process emits the same signal, each on an object of its own. */
const typeName = 'GstAllocatorsMainStack';
const signalName = 'call';
/** Parameters of the marshaller, without the closure. */
const parameters = 5;

function type(): number {
  const known = call('g_type_from_name', typeName) as number;
  if (known) return known;
  const query = new DataView(new ArrayBuffer(structs.GTypeQuery));
  call('g_type_query', objectType, new Uint8Array(query.buffer));
  const size = (field: 'GTypeQuery.class_size' | 'GTypeQuery.instance_size') => query.getUint32(fields[field][1], true);
  const [ofClass, ofObject] = [size('GTypeQuery.class_size'), size('GTypeQuery.instance_size')];
  const made = call('g_type_register_static_simple', objectType, typeName, ofClass, null, ofObject, null, 0) as number;
  const types = new BigUint64Array(parameters).fill(BigInt(wordType));
  call('g_signal_newv', signalName, made, runLast | noHooks, null, null, null, null, nothing, parameters, types);
  return made;
}

interface Emitter {
  emit(signal: string, ...words: (number | bigint)[]): void;
}

function emitterOf(gtk: NodeGtk, object: number): Emitter {
  const { Value } = gtk.require('GObject', '2.0') as { Value: new () => { getObject(): Emitter; unset(): void } };
  const value = new Value();
  const address = gtk.System.addressOf(value);
  call('g_value_init', address, objectType);
  call('g_value_set_object', address, object);
  const emitter = value.getObject();
  value.unset();
  return emitter;
}

/** Permanent: applies for the rest of the process. */
export function callOnMainStack(gtk: NodeGtk): void {
  const object = call('g_object_new_with_properties', type(), 0, null, null) as number;
  const marshal = libraryOf('g_cclosure_marshal_generic').symbol('g_cclosure_marshal_generic');
  // The closure's own callback and data are not used: each call passes its function. The data are appended to the
  // words, one more than the function takes.
  const closure = native('g_cclosure_new')(marshal, null, null);
  native('g_signal_connect_data')(object, signalName, marshal, closure, null, connectSwapped);
  const emitter = emitterOf(gtk, object);

  const passed = new BigUint64Array(new ArrayBuffer(mostArguments * valueWords * 8));
  for (let index = 0; index < mostArguments; index++) passed[index * valueWords] = BigInt(wordType);
  const result = BigUint64Array.of(BigInt(wordType), 0n, 0n);
  const [passedAt, resultAt] = [koffi.address(passed), koffi.address(result)];

  takeTheMainStack((address, returns, values) => {
    // Values that are passed by address must live until the call returns.
    const kept = values.map((value) => (typeof value === 'string' ? new TextEncoder().encode(`${value}\0`) : value));
    for (const [index, value] of kept.entries()) passed[index * valueWords + 1] = wordOf(value);
    // Arguments and result are read at once, so that a handler may call this function again.
    emitter.emit(signalName, resultAt, kept.length, passedAt, 0, address);
    kept.length = 0;
    return resultOf(returns, result[1] as bigint);
  });
}

function wordOf(value: unknown): bigint {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return BigInt(value);
  return value === null || value === undefined ? 0n : koffi.address(value as Uint8Array);
}

function resultOf(returns: string, word: bigint): number | undefined {
  const { kind } = readWord(returns);
  if (kind === 'void') return undefined;
  return Number(kind === 'bool' || kind === 'int32' ? BigInt.asIntN(32, word) : word);
}

/** Binds C functions through koffi, each at its first use, with the types of the symbol table. */
import type { KoffiFunc, LibraryHandle } from 'koffi';
import { UnavailableError } from '../../errors.ts';
import { functions, libraries as libraryNames, type TableEntry, type Value, values } from '../../generated/symbols.ts';
import { lackOf } from '../lazy-functions.ts';
import { gstNamespaces } from '../namespaces.ts';
import koffi, { libc } from './koffi.ts';
import { mayCallBack } from './may-call-back.ts';
import { thread } from './thread-rules.ts';

const remedies =
  'on Debian and Ubuntu: apt install libgstreamer1.0-0 libgstreamer-plugins-base1.0-0; Fedora: dnf install gstreamer1 gstreamer1-plugins-base';

const loaded = new Map<string, LibraryHandle>();

function load(name: string): LibraryHandle {
  let library = loaded.get(name);
  if (!library) {
    try {
      library = koffi.load(name);
    } catch (cause) {
      throw new UnavailableError(`expected the library ${name}, found none (${remedies})`, { cause });
    }
    loaded.set(name, library);
  }
  return library;
}

/** A function outside the symbol table, from any of GStreamer's installed libraries; null if none has it. */
export function findFunction(symbol: string, returns: string): NativeFunction | null {
  for (const namespace of gstNamespaces) {
    try {
      return load(libraryNames[namespace] as string).func(symbol, returns, []) as NativeFunction;
    } catch {
      // The library is missing, or has no such function: the next one may have it.
    }
  }
  return null;
}

/**
 * A function of the C library by its prototype, bound at its first call, or at once if this thread may not bind late.
 */
export function libcFunction(prototype: string): NativeFunction {
  let fn = thread.bindsLate ? null : libc.func(prototype);
  const bound = () => (fn ??= libc.func(prototype));
  const call = (...values: unknown[]) => bound()(...values);
  return Object.assign(call, {
    async: (...values: unknown[]) => bound().async(...values),
  }) as unknown as NativeFunction;
}

/** Address, for use as a callback. */
export const eventfdWrite = libc.symbol('eventfd_write');

// biome-ignore lint/suspicious/noExplicitAny: the table, not the compiler, knows the prototypes
export type NativeFunction = KoffiFunc<(...values: any[]) => any>;

export const readWord = (word: string): Value => values[word] as Value;

const argumentTypes: Record<string, string> = {
  size: 'size_t',
  length: 'size_t',
  string: 'str',
};
const resultTypes: Record<string, string> = { bool: 'int', size: 'size_t', string: 'str' };
const pointers = new Set(['mini', 'object', 'struct', 'pointer', 'bytes']);

/**
 * Type of pointer arguments: an object in which koffi finds a pointer (array, null), or an address, which takes half
 * the time.
 */
type PointerType = 'void*' | 'uintptr';

function argumentType(word: string, pointer: PointerType): string {
  const { kind, direction, nullable } = readWord(word);
  if (direction !== 'in') return pointer;
  if ((kind === 'mini' || kind === 'object') && !nullable) return 'uintptr';
  return pointers.has(kind) ? pointer : (argumentTypes[kind] ?? kind);
}

/** Pointers come back as plain numbers: user space has 47 bits of addresses. */
function resultType(word: string): string {
  const { kind, owned } = readWord(word);
  if (kind === 'string' && owned) return 'uintptr';
  return pointers.has(kind) ? 'uintptr' : (resultTypes[kind] ?? kind);
}

export function entry(symbol: string): TableEntry {
  const found = functions[symbol];
  if (!found) throw new Error(`${symbol} is not in the symbol table: add it to gir/wanted.ts`);
  return found;
}

const bound: Record<PointerType, Map<string, NativeFunction>> = { 'void*': new Map(), uintptr: new Map() };

/** The function without marshalling: handles are addresses, outs are typed arrays or addresses. */
export function native(symbol: string, pointer: PointerType = 'void*'): NativeFunction {
  let fn = bound[pointer].get(symbol);
  if (!fn) {
    fn = bind(symbol, pointer);
    bound[pointer].set(symbol, fn);
  }
  return fn;
}

export const libraryOf = (symbol: string): LibraryHandle =>
  load(libraryNames[entry(symbol).gi.split('.', 1)[0] as string] as string);

function bind(symbol: string, pointer: PointerType): NativeFunction {
  const { returns, takes, since, throws } = entry(symbol);
  const library = libraryOf(symbol);
  const types = [...takes.map((word) => argumentType(word, pointer)), ...(throws ? ['void*'] : [])];
  try {
    const fn = library.func(symbol, resultType(returns), types) as NativeFunction;
    return mayCallBack.has(symbol) ? besideKoffi(symbol, fn) : fn;
  } catch (cause) {
    throw new UnavailableError(
      `${symbol} ${since ? `needs version ${since} of its library, the one found is older` : 'is missing from its library'}`,
      { cause },
    );
  }
}

type Caller = (address: bigint, returns: string, values: unknown[]) => number | undefined;

/** Calls C without koffi's stack; null until that is needed. */
let caller: Caller | null = null;
export const takeTheMainStack = (found: Caller): void => {
  caller = found;
};

function besideKoffi(symbol: string, fn: NativeFunction): NativeFunction {
  const { returns, takes, throws } = entry(symbol);
  let address = 0n;
  const go = (take: Caller, values: unknown[]) => {
    address ||= koffi.address(libraryOf(symbol).symbol(symbol));
    return take(address, returns, values);
  };
  // A rest parameter would allocate an array for each call, and some calls are made for each frame.
  const call =
    takes.length === 1 && !throws
      ? (a: unknown) => (caller ? go(caller, [a]) : fn(a))
      : (...values: unknown[]) => (caller ? go(caller, values) : fn(...values));
  return Object.assign(call, { async: fn.async }) as NativeFunction;
}

/** Calls the function as it is. */
export const call = (symbol: string, ...values: unknown[]): unknown => native(symbol)(...values);

export const lack = lackOf(native);

if (!thread.bindsLate) for (const symbol of Object.keys(functions)) if (!lack(symbol)) native(symbol, 'uintptr');

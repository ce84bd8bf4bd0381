/** Binds C functions through koffi, each at its first use, with the types the symbol table gives. */
import koffi, { type KoffiFunc, type LibraryHandle } from 'koffi';
import { UnavailableError } from '../../errors.ts';
import { functions, libraries as libraryNames, type TableEntry } from '../symbols.ts';

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

/** GStreamer's libraries, all loaded. */
export const libraries = (): LibraryHandle[] =>
  Object.entries(libraryNames)
    .filter(([namespace]) => namespace.startsWith('Gst'))
    .map(([, name]) => load(name));

export const libc: LibraryHandle = koffi.load('libc.so.6');

// biome-ignore lint/suspicious/noExplicitAny: the table, not the compiler, knows the prototypes
export type NativeFunction = KoffiFunc<(...values: any[]) => any>;

const argumentTypes: Record<string, string> = {
  size: 'size_t',
  length: 'size_t',
  string: 'str',
};
const resultTypes: Record<string, string> = { bool: 'int', size: 'size_t', string: 'str' };
const pointers = new Set(['mini', 'object', 'struct', 'pointer', 'bytes']);

export const kindOf = (word: string): string => word.replace(/^(out|into) /, '').replace(/[+?]/g, '');

/** What is passed for a pointer: what koffi finds one in (arrays, null), or an address, which takes half the time. */
type PointerType = 'void*' | 'uintptr';

function argumentType(word: string, pointer: PointerType): string {
  if (/^(out|into) /.test(word)) return pointer;
  const kind = kindOf(word);
  if (/^(mini|object)\+?$/.test(word)) return 'uintptr';
  return pointers.has(kind) ? pointer : (argumentTypes[kind] ?? kind);
}

/** Pointers come back as plain numbers: user space has 47 bits of addresses. */
function resultType(word: string): string {
  const kind = kindOf(word);
  if (word.startsWith('string+')) return 'uintptr';
  return pointers.has(kind) ? 'uintptr' : (resultTypes[kind] ?? kind);
}

export function entry(symbol: string): TableEntry {
  const found = functions[symbol];
  if (!found) throw new Error(`${symbol} is not in the symbol table: add it to gir/wanted.ts`);
  return found;
}

const bound: Record<PointerType, Map<string, NativeFunction>> = { 'void*': new Map(), uintptr: new Map() };

/** The function with nothing done to its arguments: handles are addresses, outs are typed arrays or addresses. */
export function native(symbol: string, pointer: PointerType = 'void*'): NativeFunction {
  let fn = bound[pointer].get(symbol);
  if (!fn) {
    fn = bind(symbol, pointer);
    bound[pointer].set(symbol, fn);
  }
  return fn;
}

function bind(symbol: string, pointer: PointerType): NativeFunction {
  const { gi, returns, takes, since, throws } = entry(symbol);
  const library = load(libraryNames[gi.split('.', 1)[0] as string] as string);
  const types = [...takes.map((word) => argumentType(word, pointer)), ...(throws ? ['void*'] : [])];
  try {
    return library.func(symbol, resultType(returns), types) as NativeFunction;
  } catch (cause) {
    throw new UnavailableError(
      `${symbol} ${since ? `needs version ${since} of its library, the one found is older` : 'is missing from its library'}`,
      { cause },
    );
  }
}

/** Calls the function as it is. */
export const call = (symbol: string, ...values: unknown[]): unknown => native(symbol)(...values);

export function has(symbol: string): boolean {
  try {
    native(symbol);
    return true;
  } catch (error) {
    if (error instanceof UnavailableError) return false;
    throw error;
  }
}

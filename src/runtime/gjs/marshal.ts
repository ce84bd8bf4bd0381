/** `c`: the functions of the symbol table through introspection, which computes lengths and returns outs by itself. */
import { GstError, UnavailableError } from '../../errors.ts';
import { functions, type Handle, type TableEntry, type Value, values } from '../../generated/symbols.ts';
import { lackOf, lazyFunctions } from '../lazy-functions.ts';
import { popMessage } from './bus.ts';
import { keeps } from './kept-arguments.ts';
import { fill } from './mapping.ts';
import { GLib, gst, init, namespace } from './namespaces.ts';
import { borrow, notePooled, own, withRetry } from './references.ts';
import { withoutRoundingWarning } from './rounding.ts';

type AnyFunction = (...values: unknown[]) => unknown;

function entry(symbol: string): TableEntry {
  const found = functions[symbol];
  if (!found) throw new Error(`${symbol} is not in the symbol table: add it to gir/wanted.ts`);
  return found;
}

/** The introspected function, methods with their instance as the first argument; null if there is none. */
function introspected({ gi, hidden }: TableEntry): AnyFunction | null {
  if (hidden) return null;
  const [path = '', method] = gi.split('#', 2) as [string, string?];
  const [first = '', ...names] = path.split('.');
  let found = namespace(first);
  let owner: unknown;
  for (const name of names) {
    owner = found;
    found = found?.[name];
  }
  if (method === undefined) return typeof found === 'function' ? (...values) => found.apply(owner, values) : null;
  // Taken from the class that declares it: a derived class may have another function of the same name.
  const declared = found?.prototype?.[method];
  return typeof declared === 'function' ? (self, ...values) => declared.apply(self, values) : null;
}

function native(symbol: string): AnyFunction {
  const found = entry(symbol);
  const call = introspected(found);
  if (call) return call;
  const version = namespace('Gst').version_string();
  throw new UnavailableError(
    found.hidden || !found.since
      ? `${symbol} cannot be called from GJS: introspection does not offer it (found ${version})`
      : `${symbol} needs version ${found.since} of its library, found ${version}`,
  );
}

export const lack = lackOf(native);

const everything = 0xffff_ffff_ffff_ffffn;

/** Functions for which the general way is wrong. */
const special: Record<string, (call: AnyFunction) => AnyFunction> = {
  // A method needs an instance; the C function uses the default allocator for NULL.
  gst_allocator_alloc: (call) => (allocator, size, params) =>
    call(allocator ?? gst().Allocator.find(null), size, params),
  // An empty array arrives as a null pointer, which this function cannot take.
  gst_buffer_new_memdup: (call) => (bytes) => ((bytes as Uint8Array).length ? call(bytes) : gst().Buffer.new()),
  gst_buffer_fill: () => (buffer, offset, bytes) => fill(buffer, offset as number, bytes as Uint8Array),
  gst_buffer_pool_acquire_buffer: (call) => (pool, params) => {
    notePooled();
    return call(pool, params);
  },
  // These belong to their wrapper, and the collector frees them.
  gst_structure_free: () => () => undefined,
  gst_video_info_free: () => () => undefined,
  gst_audio_info_free: () => () => undefined,
  gst_allocation_params_free: () => () => undefined,
  gst_segment_free: () => () => undefined,
  // A meta of the copy refers to a pool's buffer, and keeps it from its pool.
  gst_buffer_copy_region:
    (call) =>
    (buffer, ...values) => {
      if ((buffer as { pool: unknown }).pool) borrow(buffer);
      return call(buffer, ...values);
    },
  gst_buffer_copy_into:
    (call) =>
    (into, buffer, ...values) => {
      if ((buffer as { pool: unknown }).pool) borrow(buffer);
      return call(into, buffer, ...values);
    },
  // GStreamer accepts memory that is mapped and in another buffer, although it must not be in both.
  gst_buffer_replace_memory_range: () => (buffer, index, length, memory) => {
    // biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
    const wrapper = buffer as any;
    wrapper.remove_memory_range(index, length);
    wrapper.insert_memory(index, memory);
  },
  gst_bus_pop: () => (bus) => popMessage(bus as Handle),
};

const flowError = -5;
const isNothing = (result: unknown): boolean => result === null;

/** Functions that need file descriptors or memory, which dropped wrappers may still hold, and their sign of failure. */
const hasFailed: Record<string, (result: unknown) => boolean> = {
  gst_allocator_alloc: isNothing,
  gst_buffer_new_allocate: isNothing,
  gst_buffer_copy_deep: isNothing,
  gst_memory_copy: isNothing,
  gst_buffer_pool_acquire_buffer: (result) => (result as [number])[0] === flowError,
};

/** All bits of a flags type that have a name. */
export const knownFlags = (type: object): number =>
  Object.values(type).reduce((all: number, flag) => (typeof flag === 'number' ? all | flag : all), 0);

function bind(symbol: string): AnyFunction {
  const { gi, returns, takes, throws } = entry(symbol);
  const general = native(symbol);
  let call = special[symbol]?.(general) ?? general;
  const failed = hasFailed[symbol];
  if (failed) call = withRetry(call, failed);

  const given = takes.map(readWord);
  const passed = given.filter(({ kind, direction }) => direction === 'in' && kind !== 'length');
  const unsigned = indices(passed, ({ kind }) => kind === 'size' || kind === 'uint64');
  if (unsigned.length) call = withAllOnes(call, unsigned);
  const kept = [...(keeps[symbol] ?? []), ...indices(passed, isOwnedMini)];
  if (kept.length) call = withLent(call, kept);
  const ownsResult = [readWord(returns), ...given].some((value) => isOwnedMini(value) && value.direction !== 'into');
  if (ownsResult && !isGetter(gi)) call = withOwned(call);
  if (returns === 'uint64' || takes.includes('out uint64')) call = withRounding(call);
  return throws ? withErrors(call) : call;
}

/** A result of all ones, which means none, is not a safe Number. */
function withRounding(call: AnyFunction): AnyFunction {
  return (...values) => withoutRoundingWarning(() => call(...values));
}

const readWord = (word: string): Value => values[word] as Value;
const isOwnedMini = ({ kind, owned }: Value): boolean => kind === 'mini' && owned;

/** A method whose result is also referenced elsewhere: a pad keeps its caps, an appsink its last sample. */
const isGetter = (path: string): boolean => /#(get|try_pull)_/.test(path);

const indices = (given: readonly Value[], wanted: (value: Value) => boolean): number[] =>
  given.flatMap((value, index) => (wanted(value) ? [index] : []));

/** −1 stands for all ones in unsigned sizes and times: everything, or no time. */
function withAllOnes(call: AnyFunction, places: readonly number[]): AnyFunction {
  return (...values) => {
    for (const place of places) if (values[place] === -1 || values[place] === -1n) values[place] = everything;
    return call(...values);
  };
}

function withLent(call: AnyFunction, places: readonly number[]): AnyFunction {
  return (...values) => {
    for (const place of places) borrow(values[place]);
    return call(...values);
  };
}

function withOwned(call: AnyFunction): AnyFunction {
  return (...values) => {
    const result = call(...values);
    if (Array.isArray(result)) for (const one of result) own(one);
    else own(result);
    return result;
  };
}

function withErrors(call: AnyFunction): AnyFunction {
  return (...values) => {
    try {
      return call(...values);
    } catch (error) {
      if (error instanceof GLib.Error) throw new GstError((error as Error).message);
      throw error;
    }
  };
}

export const c = lazyFunctions((symbol) => {
  init();
  return bind(symbol);
});

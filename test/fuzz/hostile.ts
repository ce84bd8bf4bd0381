/** Values that nobody should pass, by name: none is so large that it could do harm by being accepted. */
import type { Any } from './targets.ts';

/** Thrown by hostile getters and callbacks: it may come through every call, as it is. */
export class HostileError extends Error {}

const throwing = (): never => {
  throw new HostileError('thrown by a hostile value');
};

/** Nested so deep that a recursion over it ends where the stack does. */
function nested(depth: number): Any {
  let value: Any = 1;
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
}

function circular(): Any {
  const value: Any = { a: 1 };
  value.a = value;
  return value;
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(16);
  (bytes.buffer as Any).transfer(0);
  return bytes;
}

function shrunk(): Uint8Array {
  const buffer = new (ArrayBuffer as Any)(64, { maxByteLength: 64 });
  const bytes = new Uint8Array(buffer, 32, 32);
  buffer.resize(16);
  return bytes;
}

function growable(): Uint8Array {
  return new Uint8Array(new (ArrayBuffer as Any)(16, { maxByteLength: 64 }));
}

/** GJS has none. */
const shared = (): Any => (typeof SharedArrayBuffer === 'undefined' ? undefined : new SharedArrayBuffer(8));

/** An array whose length is a lie. */
function sparse(): unknown[] {
  const array = [1];
  array.length = 100_000;
  return array;
}

function pretender(kind: new (...values: never[]) => object): object {
  return Object.create(kind.prototype);
}

const values: Record<string, () => unknown> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  NaN: () => Number.NaN,
  '-1': () => -1,
  '-0': () => -0,
  '0': () => 0,
  '1': () => 1,
  '2': () => 2,
  '1.5': () => 1.5,
  '255': () => 255,
  '65536': () => 65536,
  '-2^31': () => -(2 ** 31),
  '2^48': () => 2 ** 48,
  '2^53-1': () => 2 ** 53 - 1,
  '2^53': () => 2 ** 53,
  '2^63': () => 2 ** 63,
  '2^64': () => 2 ** 64,
  Infinity: () => Number.POSITIVE_INFINITY,
  '-Infinity': () => Number.NEGATIVE_INFINITY,
  '1n': () => 1n,
  '2n^64-1': () => 2n ** 64n - 1n,
  '2n^70': () => 2n ** 70n,
  "''": () => '',
  'a number in text': () => '1',
  'a word': () => 'nonsense',
  NUL: () => 'a\0b',
  'lone surrogate': () => 'a\ud800b',
  'lone low surrogate': () => '\udfff',
  'not latin': () => 'é漢😀',
  'line ends': () => 'a\r\nb\t\v',
  quotes: () => '"\\"',
  format: () => '%s%n%p%d',
  markup: () => '<<<<[[[[{{{{((((',
  'a type name': () => 'GstBuffer',
  'an interface': () => 'GstURIHandler',
  'long text': () => 'a'.repeat(100_000),
  'deep brackets': () => `a/b, c=${'<'.repeat(20_000)}`,
  'deep bins': () => '( '.repeat(20_000),
  path: () => '/proc/self/mem',
  folder: () => '/tmp',
  __proto__: () => '__proto__',
  constructor: () => 'constructor',
  toString: () => 'toString',
  symbol: () => Symbol('a'),
  iterator: () => Symbol.iterator,
  object: () => ({}),
  'no prototype': () => Object.create(null),
  'no constructor': () => Object.create({ constructor: null }),
  frozen: () => Object.freeze({}),
  'known keys': () => ({ size: 1, flags: 1, min: 1, max: 1, signal: null, timeout: 1 }),
  'deeply nested': () => nested(5_000),
  'a bit nested': () => nested(12),
  circular,
  array: () => [],
  'array of undefined': () => [undefined],
  sparse,
  'array in array': () => [[[[]]]],
  function: () => () => 1,
  'throwing function': () => throwing,
  'asynchronous function': () => async () => throwing(),
  class: () => class {},
  date: () => new Date(Number.NaN),
  regexp: () => /a/g,
  map: () => new Map([[1, 2]]),
  error: () => new HostileError('an error'),
  promise: () => Promise.resolve(1),
  'rejected promise': () => {
    const promise = Promise.reject(new HostileError('rejected'));
    promise.catch(() => {});
    return promise;
  },
  // biome-ignore lint/suspicious/noThenProperty: it is hostile
  thenable: () => ({ then: throwing }),
  'throwing primitive': () => ({ [Symbol.toPrimitive]: throwing, toString: throwing, valueOf: throwing }),
  'number-like': () => ({ valueOf: () => 4, toString: () => '4' }),
  'throwing getters': () =>
    new Proxy({}, { get: throwing, ownKeys: throwing, getPrototypeOf: throwing, has: throwing }),
  'throwing keys': () => new Proxy({ size: 1 }, { ownKeys: throwing }),
  'revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'function proxy': () => new Proxy(() => 1, {}),
  'bytes proxy': () => new Proxy(new Uint8Array(4), {}),
  'detached bytes': detached,
  'detached buffer': () => detached().buffer,
  'bytes out of bounds': shrunk,
  'growable bytes': growable,
  'no bytes': () => new Uint8Array(0),
  'shared bytes': () => shared() && new Uint8Array(shared()),
  'shared buffer': shared,
  'float bytes': () => new Float64Array([1, 2]),
  'data view': () => new DataView(new ArrayBuffer(8), 3),
  'odd view': () => new DataView(new ArrayBuffer(0)),
  'bytes of a class of its own': () => new (class extends Uint8Array {})(4),
  'bytes that lie': () => Object.defineProperty(new Uint8Array(4), 'length', { value: 1_000_000 }),
  'bytes without prototype': () => Object.setPrototypeOf(new Uint8Array(4), null),
  'inherits from bytes': () => pretender(Uint8Array),
  'aborted signal': () => AbortSignal.abort(),
  'signal with a reason': () => AbortSignal.abort(5),
  'soon aborted signal': () => AbortSignal.timeout(1),
  'throwing signal': () => ({ aborted: false, addEventListener: throwing, removeEventListener: throwing }),
  'pretended signal': () => ({ aborted: false, addEventListener: () => {}, removeEventListener: () => {} }),
  'eager signal': () => ({
    aborted: false,
    addEventListener: (_: string, callback: () => void) => callback(),
    removeEventListener() {},
  }),
  'pretended cancellable': () => ({ is_cancelled: () => false, connect: () => 5, disconnect() {} }),
  'throwing cancellable': () => ({ is_cancelled: throwing, connect: throwing, disconnect: throwing }),
  'inherits from a signal': () => pretender(AbortSignal as Any),
  'closed fd': () => 12345,
  address: () => 4096,
  'pretended key': () => Symbol('gst-allocators'),
  global: () => globalThis,
};

export const hostileNames: readonly string[] = Object.keys(values);
export const hostileValue = (name: string): unknown => values[name]?.();

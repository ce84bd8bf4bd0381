/** Argument checks. They run before GStreamer sees a value, and phrase their errors alike. */

export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return isClass(value) ? 'a class' : 'a function';
  if (typeof value !== 'object') return String(value);
  const name = className(value);
  return name && name !== 'Object' ? `a ${name}` : 'an object';
}

/** Null if a proxy or a getter throws. */
function className(value: object): string | null {
  try {
    const maker = Object.getPrototypeOf(value)?.constructor;
    return typeof maker?.name === 'string' ? maker.name : null;
  } catch {
    return null;
  }
}

export function wrongType(name: string, wanted: string, got: unknown): TypeError {
  return new TypeError(
    `expected \`${name}\` to be ${wanted}, got ${describe(got)} (${got === null ? 'null' : typeof got})`,
  );
}

export function outOfRange(name: string, wanted: string, got: unknown): RangeError {
  return new RangeError(`expected \`${name}\` to be ${wanted}, got ${describe(got)}`);
}

/** G_MAXINT */
export const largestInt = 2 ** 31 - 1;
/** G_MAXUINT */
export const largestUint = 2 ** 32 - 1;

export function expectInteger(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw wrongType(name, `an integer from ${min} to ${max}`, value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw outOfRange(name, `an integer from ${min} to ${max}`, value);
  }
  return value;
}

/** Sizes, offsets and counts: non-negative safe integers. */
export function expectSize(name: string, value: unknown, max: number = Number.MAX_SAFE_INTEGER, min = 0): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const wanted = max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`;
  throw typeof value === 'number' ? outOfRange(name, wanted, value) : wrongType(name, wanted, value);
}

/** Nanoseconds. Fractions, which calculations leave, are rounded. */
export function expectTime(name: string, value: unknown): number {
  return expectSize(name, typeof value === 'number' && value >= 0 ? Math.round(value) : value);
}

/** A bit set within 32 bits. */
export function expectFlags(name: string, value: unknown): number {
  return expectInteger(name, value, 0, largestUint);
}

export function expectString(name: string, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value);
  if (value.includes('\0')) throw outOfRange(name, 'a string without a NUL character', value);
  return value;
}

export function expectBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
  return value;
}

/** Bytes from the caller. They are read during the call and not kept. */
export type Bytes = ArrayBufferLike | ArrayBufferView;

const isShared = (value: unknown): value is SharedArrayBuffer =>
  typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer;

/** Makes a new view if `length` is shadowed, so that GStreamer gets the real number of bytes. */
function viewOf(value: Bytes): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (isShared(value)) return new Uint8Array(value).slice();
  const isPlain = Object.getPrototypeOf(value) === Uint8Array.prototype && !Object.hasOwn(value, 'length');
  if (isPlain && value.buffer instanceof ArrayBuffer) return value as Uint8Array;
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  // Another thread may write to shared memory while GStreamer reads it: read it once, here.
  return value.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
}

/** Any view on bytes, as bytes; the memory still belongs to the caller. */
export function expectBytes(name: string, value: unknown): Uint8Array {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value) || isShared(value)) {
    try {
      return viewOf(value);
    } catch {
      throw outOfRange(name, 'bytes that are not detached', value);
    }
  }
  throw wrongType(name, 'an ArrayBuffer, a typed array or a Buffer of Node', value);
}

/** Refuses classes as well, which cannot be called. */
export function expectFunction<T>(name: string, value: T): T {
  if (typeof value !== 'function' || isClass(value)) throw wrongType(name, 'a function', value);
  return value;
}

/** Enforces at run time what `abstract` means to TypeScript. */
export function expectImplemented(made: { readonly prototype: object; readonly name: string }, method: string): void {
  if (typeof (made.prototype as Record<string, unknown>)[method] !== 'function')
    throw new TypeError(`expected a class with a method \`${method}\` of its own, got ${made.name} without one`);
}

/** Most functions that callers pass have no prototype; their text is not read. */
function isClass(value: object): boolean {
  try {
    return Object.hasOwn(value, 'prototype') && /^class\b/.test(Function.prototype.toString.call(value));
  } catch {
    return false;
  }
}

/**
 * Options are strict: an unknown key is refused, with the name that was probably meant. They are read once, here, so
 * that a getter cannot return another value after the check, or dispose an object in between.
 */
export function expectOptions<T extends object>(
  name: string,
  value: T | undefined,
  known: readonly string[],
): Partial<T> {
  if (value === undefined) return {};
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw wrongType(name, 'an object', value);
  const read: Partial<T> = {};
  for (const key of Object.keys(value)) {
    if (known.includes(key)) {
      read[key as keyof T] = value[key as keyof T];
      continue;
    }
    const near = nearest(key, known);
    throw new TypeError(
      `unknown key \`${key}\` in \`${name}\`${near ? `; did you mean \`${near}\`?` : `; known are ${known.join(', ')}`}`,
    );
  }
  return read;
}

/** The known word within two edits of `word`, if any, that keeps part of it. `Nearest` is the same for the compiler. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(3, word.length);
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

import { assert } from 'chai';

type ErrorClass = abstract new (...args: never[]) => Error;

/** Fails unless `attempt` throws exactly this class, with a message that matches. */
export function throws(attempt: () => unknown, wanted: ErrorClass, message?: RegExp): Error {
  let result: unknown;
  try {
    result = attempt();
  } catch (error) {
    return checked(error, wanted, message);
  }
  (result as Partial<Disposable> | null)?.[Symbol.dispose]?.();
  return assert.fail(`expected ${wanted.name} from ${attempt}, got no error`);
}

export async function rejects(promise: Promise<unknown>, wanted: ErrorClass, message?: RegExp): Promise<Error> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    return checked(error, wanted, message);
  }
  (result as Partial<Disposable> | null)?.[Symbol.dispose]?.();
  return assert.fail(`expected ${wanted.name}, got no error`);
}

function checked(error: unknown, wanted: ErrorClass, message: RegExp | undefined): Error {
  assert.instanceOf(error, Error);
  assert.strictEqual((error as Error).constructor.name, wanted.name, String((error as Error).stack));
  if (message) assert.match((error as Error).message, message);
  return error as Error;
}

/** Invalid sizes: numbers are refused with a RangeError, everything else with a TypeError. */
export const badNumbers: readonly number[] = [-1, Number.NaN, 1.5, Number.POSITIVE_INFINITY, 2 ** 53, -0.5];
export const notNumbers: readonly unknown[] = [undefined, null, '1', 1n, {}, [1], true, Symbol.iterator, () => 1];

/** Bytes that differ from their neighbours and from those of other seeds. */
export function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31) & 255);
}

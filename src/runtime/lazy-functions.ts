import { UnavailableError } from '../errors.ts';
import { type Functions, functions } from '../generated/symbols.ts';

/** The table's functions: each is bound when it is first looked up, and from then on is a plain property. */
export function lazyFunctions(bind: (symbol: string) => (...values: unknown[]) => unknown): Functions {
  const bound = {};
  for (const symbol of Object.keys(functions)) {
    Object.defineProperty(bound, symbol, {
      configurable: true,
      enumerable: true,
      get() {
        const value = bind(symbol);
        Object.defineProperty(bound, symbol, { value, enumerable: true });
        return value;
      },
    });
  }
  return bound as Functions;
}

/** Looks functions up with `bind`; the result is the reason why one is missing, or null. */
export function lackOf(bind: (symbol: string) => unknown): (symbol: string) => string | null {
  return (symbol) => {
    try {
      bind(symbol);
      return null;
    } catch (error) {
      if (error instanceof UnavailableError) return error.message;
      throw error;
    }
  };
}

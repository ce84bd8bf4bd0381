import { runtime, UnavailableError } from '../../src/index.ts';

/** Passes as well when it is GJS and the promise needs something of metas that introspection does not offer there. */
export function whereReachable(promise: () => void | Promise<void>): () => Promise<void> {
  return async () => {
    try {
      await promise();
    } catch (error) {
      if (runtime === 'gjs' && error instanceof UnavailableError) return;
      throw error;
    }
  };
}

import { runtime, UnavailableError } from '../../src/index.ts';
import { throws } from './expectations.ts';

/** Runs what works on Node; in GJS it has to throw an UnavailableError with this reason. */
export function unavailableInGjs(reason: RegExp, program: () => void): void {
  if (runtime === 'gjs') throws(program, UnavailableError, reason);
  else program();
}

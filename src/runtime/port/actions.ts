import type { Handle } from '../../generated/symbols.ts';
import type { ActionSignal } from './registry.ts';

/** An action signal of an object at hand. */
export interface Action extends ActionSignal {
  readonly id: number;
}

/** Action signals: those that a program may emit. */
export interface Actions {
  /** Those of the object's class and of the classes that it extends. */
  list(object: Handle): readonly Action[];
  /**
   * Emits one on this thread (`g_signal_emitv`), or gives the index of the argument that is not of its type.
   * @param values raw objects, texts, numbers and booleans, as many as the action takes
   */
  emit(object: Handle, action: Action, values: readonly unknown[]): { result: unknown } | { refused: number };
}

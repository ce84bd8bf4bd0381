/** References that a function holds for a while: `using caps = owned(c.gst_pad_get_current_caps(pad), 'mini')`. */
import { runtime } from '#runtime';
import { DisposedError } from './errors.ts';
import type { Family, Handle } from './runtime/port/index.ts';

const { references } = runtime;

/** A native reference without a facade. */
export class Owned {
  /** Null once disposed: GJS frees only handles that nothing refers to. */
  #handle: Handle | null;
  readonly #family: Family;

  constructor(handle: Handle, family: Family) {
    this.#handle = handle;
    this.#family = family;
  }

  /** The handle, lent. Throws `DisposedError` after `dispose()`. */
  get handle(): Handle {
    if (this.#handle === null) throw new DisposedError('the reference was dropped before');
    return this.#handle;
  }

  /** Hands the reference over: the caller owns it, and the end of the block drops nothing. */
  take(): Handle {
    const { handle } = this;
    this.#handle = null;
    return handle;
  }

  /** Drops the reference. Idempotent. */
  dispose(): void {
    const handle = this.#handle;
    if (handle === null) return;
    this.#handle = null;
    references.drop(handle, this.#family, 0);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Takes over a reference, which is dropped at the end of the block; null stays null, which `using` accepts. */
export function owned(handle: Handle, family: Family): Owned;
export function owned(handle: Handle | null, family: Family): Owned | null;
export function owned(handle: Handle | null, family: Family): Owned | null {
  return handle === null ? null : new Owned(handle, family);
}

/** One more reference to a lent handle. */
export const another = (handle: Handle, family: Family): Owned => new Owned(references.another(handle, family), family);

/** References that are dropped together. */
export class OwnedList {
  #handles: readonly Handle[];
  readonly #family: Family;

  /** Takes the references over. */
  constructor(handles: readonly Handle[], family: Family) {
    this.#handles = handles;
    this.#family = family;
  }

  get handles(): readonly Handle[] {
    return this.#handles;
  }

  /** Drops the references. Idempotent. */
  dispose(): void {
    const handles = this.#handles;
    this.#handles = [];
    for (const handle of handles) references.drop(handle, this.#family, 0);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

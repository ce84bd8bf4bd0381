/** Which class of facades stands for an allocator that C gives. The registry imports none of them: they declare themselves. */
import { runtime } from '#runtime';
import type { Kind } from '../facade.ts';
import type { Handle } from '../runtime/port/index.ts';
import type { Allocator } from './allocator.ts';

type Make = (handle: Handle) => Allocator;

/** A kind comes before those that it extends, in whichever order modules are loaded. */
const facades: { readonly kind: Kind; readonly make: Make }[] = [];

/** Declares the facade of a C class. */
export function facadeFor(kind: Kind, make: Make): void {
  const base = facades.findIndex((other) => kind.is(other.kind));
  facades.splice(base < 0 ? facades.length : base, 0, { kind, make });
}

/** A facade for an owned handle, of the most derived class there is for it. */
export function allocatorFor(handle: Handle): Allocator {
  const found = facades.find(({ kind }) => runtime.wrappers.isA(handle, kind.rawType));
  return (found as { make: Make }).make(handle);
}
